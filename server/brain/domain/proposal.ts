import type { Assertion } from '../../contract/assertion.ts'
import type { Evidence } from '../../contract/change-set.ts'
import type { GateRequirement } from '../../contract/gate/lines.ts'
import type { FieldValue } from '../../contract/values/field-value.ts'
import type { Operation } from '../../contract/operations/operation.ts'
import type { Risk } from '../../contract/states.ts'
import type { Phrase } from './phrase.ts'
import type { UndoRequest } from './run.ts'
import type { RecordKey } from '../../contract/values/ids.ts'

/** A named record, as it was read. */
export interface NamedRecord extends RecordKey {
  name: string
}

/** One check behind the band: for or against, by rule or by model, with what it rests on. */
export interface Check {
  label: Phrase
  agrees: boolean
  by: 'rule' | 'model'
  citations: string[]
}

/** A badge with the risk it stands for. */
export interface RatedBadge {
  code: string
  label: Phrase
  /** Whether the field behind it must be seen by the approvers. */
  gated: boolean
  risk: Risk
}

/** What approvers should weigh before they answer. It raises the risk, and changes neither gate nor operations. */
export interface Caution {
  code: string
  text: Phrase
  by: 'rule' | 'model'
}

/**
 * What the phases up to `propose` end with: the operations, and everything a person needs to judge them. Pure data: it is
 * journalled, and `decide` seals it.
 */
export interface Proposal {
  subject: NamedRecord
  operations: Operation[]
  /** `SystemModstamp` of every record an operation touches. */
  base: Record<string, string>
  /** Values that it was concluded from or that the card shows, of records that no operation ends, and that no operation sets. */
  evidence?: Evidence[]
  /** At most 40 words. */
  sentence: Phrase
  band: 'strong' | 'likely' | 'uncertain'
  risk: Risk
  /** Gated badges name the operations' fields that must be seen, e.g. `OwnerId`. */
  badges: { code: string; label: Phrase; gated: boolean }[]
  checks: Check[]
  wrongIf: Phrase[]
  /** Absent where there is none. */
  cautions?: Caution[]
  /** Whether the language model that was to review the operations did; absent where none was to. */
  review?: 'reviewed' | 'not-reviewed'
  /** What the review compares the operations with; absent where it was not read. */
  weighed?: {
    /** Related records by record id. */
    related: Record<string, number>
    /** Ids of users who are inactive. */
    inactiveUsers: string[]
  }
  gate: GateRequirement
  /** Must still hold when it is written; absent where the mission asserts nothing. */
  assertions?: Assertion[]
  /** Is not written before this time; absent where it may be at once. */
  notBefore?: string
  /** Fields that need a seen-tick, as `Object.Field`. */
  gatedFields: string[]
  /** Values that will not survive anywhere. */
  lost: { record: RecordKey; field: string; value: string }[]
  /** Child records that a merge moves, by object and lookup. `names` has at most 5. */
  moves: { object: string; field: string; label: string; ids: string[]; amount: string | null; names: NamedRecord[] }[]
  /** Read-back may find these different from the proposal; each is named with its reason. */
  expected: { object: string; id: string; field: string; reason: string }[]
  undo: { class: 'full' | 'partial' | 'none'; sentence: string }
  /** Set when this proposal puts an earlier decision back: then values changed meanwhile are left alone. */
  undoes?: UndoRequest
  /** A rejection as “not the same” keeps what it would merge apart in the org; absent where nothing is merged, or from before. */
  keepsApart?: true
  /** Names of every record mentioned, and labels of every field shown (`Object.Field`), as read. */
  names: Record<string, NamedRecord>
  labels: Record<string, string>
  /** Every value read of each touched record, for conflict marks, lost values and the later comparison of what else changed. */
  before: Record<string, Record<string, FieldValue>>
}
