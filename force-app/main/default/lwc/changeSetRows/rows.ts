import type { DecisionView } from '../../../../../server/contract/http.ts'
import type { Shown } from './display'

export type Group = DecisionView['rows'][number]['group']

export interface Row {
  key: string
  group: Group
  symbol: string
  change: 'filled' | 'cleared' | 'changed'
  /** The change as a word. */
  word: string
  label: string
  field: string
  record: string
  /** Id of the record, or its key in the change set when it is to be made. */
  recordId: string
  before: Shown
  after: Shown
  source: string
  /** The source as stored. */
  storedSource: string
  note: string | null
  /** The whole row as one sentence for a screen reader. */
  spoken: string
}
export interface RowGroup {
  group: Group
  title: string
  rows: Row[]
}

/** A record that is to be made: its values are read together, not one by one. */
export interface Creation {
  key: string
  /** `New Task` */
  title: string
  rows: Row[]
  /** Where all values come from when it is one place for all of them; else null and each row names its own. */
  source: string | null
  /** The whole of it as one sentence for a screen reader. */
  spoken: string
}
