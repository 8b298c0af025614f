import type { SealedDocument } from '../../contract/change-set.ts'
import type { Operation } from '../../contract/operations/operation.ts'
import type { TransactionOutcome } from '../../contract/tool-shapes.ts'
import { planTransactions, type PlannedTransaction } from '../../contract/operations/operation.ts'
import type { ToolCall } from '../services/services.ts'
import type { States } from './state.ts'

/** One transaction of a commit with everything its writer needs. */
export interface Transaction {
  planned: PlannedTransaction
  operations: Operation[]
  document: SealedDocument
  digest: string
  /** Kept in the receipt. */
  anchor: string | null
  /** User ids, kept in the receipt. */
  approvers: readonly string[]
  /** The touched records as they were right before the first write. */
  states: States
  /** Operations of the owner changes, when those are written next: the composite shows their records as it leaves them. */
  nextOwners: Operation[]
}

export interface Effect {
  status: 'written' | 'already'
  receiptId?: string
  created?: Record<string, string>
  moved?: string[]
  /** Records of the owner changes that come next, as this transaction left them. */
  after?: States
}
export type OrgRefusal = NonNullable<TransactionOutcome['error']>

/** Writes one kind of transaction, and finds in the org if it stands. */
export interface TransactionWriter {
  /** Sends it once. Throws UnclearAnswer when its result is unknown. */
  write(transaction: Transaction, call: ToolCall): Promise<Effect | OrgRefusal>
  /** Its effect in the org now; null when there is none, which does not prove that there will be none. One API call or more. */
  probe(transaction: Transaction, call: ToolCall): Promise<Effect | null>
  /** The same from the states, without a call: for a commit that begins again. */
  stands(transaction: Transaction): Effect | null
}

export function transactionsOf(
  { document, digest, anchor, approvers }: Pick<Transaction, 'document' | 'digest' | 'anchor' | 'approvers'>,
  states: States,
): Transaction[] {
  const plan = planTransactions(document.operations)
  const operationsOf = (planned: PlannedTransaction | undefined): Operation[] =>
    planned?.operations.flatMap((index) => document.operations[index] ?? []) ?? []
  return plan.map((planned, index) => ({
    planned,
    operations: operationsOf(planned),
    nextOwners: plan[index + 1]?.kind === 'owners' ? operationsOf(plan[index + 1]) : [],
    document,
    digest,
    anchor,
    approvers,
    states,
  }))
}

export function outcomeOf(
  { planned }: Transaction,
  status: TransactionOutcome['status'],
  effect: Partial<Effect> = {},
  error: OrgRefusal | null = null,
): TransactionOutcome {
  const { receiptId = null, created = {}, moved = [] } = effect
  return { n: planned.n, kind: planned.kind, status, receiptId, created, moved, error }
}
