import type { Operation } from './change-set.ts'

/** One write request to the org that stands or falls as a whole. */
export interface PlannedTransaction {
  /** 1-based; the receipt's external id is `<digest>/<n>`. */
  n: number
  kind: 'composite' | 'owners' | 'convertLead' | 'merge'
  /** Indexes into the change set's operations. */
  operations: number[]
}

/**
 * The order of writing: what can be undone first, the irreversible last. One composite (updates, creates, deletes, receipt), then
 * owner changes, then each convertLead, then each merge. The composite is always there: it carries the receipt.
 */
export function planTransactions(operations: readonly Operation[]): PlannedTransaction[] {
  const pick = (...kinds: Operation['kind'][]) =>
    operations.flatMap((op, index) => (kinds.includes(op.kind) ? [index] : []))
  const owners = pick('changeOwner')
  const groups: Omit<PlannedTransaction, 'n'>[] = [
    { kind: 'composite', operations: pick('update', 'create', 'delete') },
    ...(owners.length > 0 ? [{ kind: 'owners' as const, operations: owners }] : []),
    ...pick('convertLead').map((index) => ({ kind: 'convertLead' as const, operations: [index] })),
    ...pick('merge').map((index) => ({ kind: 'merge' as const, operations: [index] })),
  ]
  return groups.map((group, index) => ({ n: index + 1, ...group }))
}

/** Unique external id of a transaction's receipt in the org. */
export function receiptKey(digest: string, n: number): string {
  return `${digest}/${n}`
}
