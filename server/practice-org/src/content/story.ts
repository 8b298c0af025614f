import type { Value } from '../org/values.ts'

type Row = Record<string, Value>

/** A planted case: the lead that triggers it, the accounts it meets, and what is true about them. */
export interface Story {
  name: string
  truth: 'merge' | 'link' | 'not-a-duplicate' | 'refused' | 'nothing'
  why: string
  /** Fields of the lead to create. */
  lead: Row
  accounts: {
    fields: Row
    /** Name of an earlier account of the story that is this one's parent. */
    parent?: string
    contacts?: Row[]
    opportunities?: Row[]
    cases?: Row[]
    tasks?: Row[]
    /** E-mails of earlier contacts that are related to this account too. */
    alsoRelates?: string[]
  }[]
}
