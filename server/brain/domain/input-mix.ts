/** The value of each dimension that one run came with, e.g. `country` → `DE`: names and codes, never a record's text. */
export type InputMix = Readonly<Record<string, string>>

/** So many runs of a day had this value. */
export interface InputCount {
  mission: string
  /** UTC, `2026-01-31`. */
  day: string
  dimension: string
  value: string
  runs: number
}

/** A change made on purpose, which may shift what comes to missions or what they make of it. */
export interface Mark {
  at: string
  kind: 'activation' | 'release' | 'model'
  /** Null: it concerns every mission. */
  mission: string | null
  /** In words, after “after”: `activation of tidy v3`. */
  what: string
}
