export type CheckName =
  | 'name'
  | 'website'
  | 'shared website'
  | 'page'
  | 'phone'
  | 'street'
  | 'unit'
  | 'postal code'
  | 'city'
  | 'state'
  | 'country'
  | 'legal form'
  | 'D-U-N-S'

/** One piece of evidence from two records: for or against the same company, with its fields. */
export interface Evidence {
  check: CheckName
  agrees: boolean
  /** Tenths of log odds; they add up to the score. */
  points: number
  a: string
  b: string
}

/** Evidence with its log odds, before they are rounded to points. */
export interface Weighed extends Omit<Evidence, 'points'> {
  weight: number
  /** Name of the weight where it is not the check's. */
  kind?: 'website section' | 'call centre' | 'local number'
}
