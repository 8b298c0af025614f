import type { Operation } from '../../contract/operations/operation.ts'
import type { FieldTypes } from '../../contract/values/field-value.ts'
import type { RecordValues } from '../../contract/values/record-values.ts'
import type { Proposal } from '../domain/proposal.ts'
import type { UndoRequest } from '../domain/run.ts'
import type { UndoPlan } from './plan/plan-parts.ts'

/** What the phases of an undo leave for the next: plain data, stored in the run's journal. */
export interface UndoneResult extends Pick<Proposal, 'subject' | 'gate' | 'gatedFields' | 'names' | 'labels'> {
  asked: UndoRequest
  /** Day on which the decision was opened, `YYYY-MM-DD`. */
  proposedOn: string
  digest: string
  /** Only those whose transactions stand. */
  operations: Operation[]
  created: Record<string, string>
  /** Merged-away record by the id of each child it had; absent in results recorded before it was noted. */
  origins?: Record<string, string>
  /** Values of the records that ended, before they ended; absent likewise. */
  before?: Proposal['before']
}

export interface NowResult {
  /** Touched, created and moved records as they are now, deleted ones included. */
  records: RecordValues[]
  /** How their fields are compared; absent in results recorded before it was read. */
  types?: FieldTypes | undefined
  /** When it was read; absent in results recorded before it was noted. */
  at?: string
  /** Owners that records would go back to, and who asked; empty when the grant does not read users. */
  users: RecordValues[]
}

export type PlanResult = UndoPlan
