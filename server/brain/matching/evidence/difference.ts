/** Reason why two similar records are two companies. */
export type Difference =
  | { code: 'person-account' }
  | { code: 'parent'; parent: string }
  | { code: 'siblings'; parent: string }
  | { code: 'holding'; word: string }
  | { code: 'country'; a: string; b: string }
  | { code: 'franchise' }
  | { code: 'shared-website' }
  | { code: 'elsewhere' }
  | { code: 'duns' }
  /** A person said so. */
  | { code: 'kept-apart' }
  /** A number, letter, side, place or word of the names that only siblings have. */
  | { code: 'siblings-by-name'; a: string; b: string }
  /** A body of the company, e.g. its foundation. */
  | { code: 'body'; word: string }
