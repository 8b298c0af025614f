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
