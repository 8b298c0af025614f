// What the plan of an undo is made of.
import type { Grant } from '../../../contract/grant.ts'
import type { Operation } from '../../../contract/operations/operation.ts'
import type { ComparedAs, FieldValue } from '../../../contract/values/field-value.ts'
import type { RecordKey } from '../../../contract/values/ids.ts'

/** What the mission may write, and how many records of it at once. */
export type UndoGrant = Pick<Grant, 'writes' | 'limits'>

/** What stands in the org and is to be put back, and what the mission may write. */
export interface Written {
  operations: readonly Operation[]
  /** Ids of created records by operation key. */
  created: Readonly<Record<string, string>>
  grant: UndoGrant
  /** Merged-away record by the id of each child that it had; null before anything is written, when only numbers count. */
  origins: Readonly<Record<string, string>> | null
  /** Values of ended records before they ended, as far as they were read. */
  before: Readonly<Record<string, Readonly<Record<string, FieldValue>>>>
  /** Instant of the reading; null before anything is written. */
  at: string | null
}

/** Values by record id as the org holds them; a record that is missing or says `IsDeleted` is gone. Users say `IsActive`. */
export type Held = ReadonlyMap<string, Readonly<Record<string, FieldValue>>>

/** Child records of one kind that stay with the record they were merged into. */
export interface MovedStay {
  why: 'moved' | 'too-many'
  object: string
  count: number
  into: RecordKey
}

/** Something that does not come back, and why. */
export type Stay =
  | {
      why: 'changed' | 'unread' | 'not-granted' | 'converted' | 'inactive' | 'cleared'
      record: RecordKey
      field: string
    }
  | { why: 'gone' | 'created' | 'worked-on' | 'transferred' | 'team' | 'lead-converted'; record: RecordKey }
  | { why: 'deleted' | 'purged' | 'ended-again' | 'restored' | 'merge-drops'; record: RecordKey }
  | { why: 'unfound'; object: string }
  | MovedStay

export interface UndoPlan {
  class: 'full' | 'partial' | 'none'
  /** Updates, then owners, then deletions, then restores. */
  operations: Operation[]
  stays: Stay[]
}

/** Why a value is put back, as the operations' `source`. */
export const UNDO_SOURCE = 'rule:undo, the value before'

export type Parts = Pick<UndoPlan, 'operations' | 'stays'>

/** The org as far as it was read. */
export interface Org {
  held: Held
  /** How the field is compared; null where that is not known. */
  typeOf(record: RecordKey, field: string): ComparedAs | null
}
