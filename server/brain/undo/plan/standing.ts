// What of a change set stands in the org, told from what its commit left in the journal.
import { z } from 'zod'
import type { Operation } from '../../../contract/operations/operation.ts'
import { planTransactions } from '../../../contract/operations/operation.ts'
import type { JournalEntry } from '../../ports/runs.ts'

/** The part of the phase `commit`'s result that an undo starts from. */
const Committed = z.object({
  digest: z.string(),
  transactions: z.array(
    z.object({ n: z.number().int(), status: z.string(), created: z.record(z.string(), z.string()) }),
  ),
})

interface Standing {
  digest: string
  /** Operations of the transactions that stand, in the change set's order. */
  operations: Operation[]
  created: Record<string, string>
}

/** Null when the run has not committed anything. */
export function standingOf(journal: readonly JournalEntry[], operations: readonly Operation[]): Standing | null {
  const result = journal.findLast(({ phase, key }) => phase === 'commit' && key === 'result')
  const committed = Committed.safeParse(result?.answer)
  if (!committed.success) return null
  const { digest, transactions } = committed.data
  const created = Object.assign(
    {},
    ...transactions.filter(stands).map((outcome) => outcome.created),
  ) as Standing['created']
  return { digest, operations: standingOperations(operations, transactions), created }
}

const stands = ({ status }: { status: string }) => status === 'written' || status === 'already'

/** Operations of the transactions that stand, in the change set's order. */
export function standingOperations(
  operations: readonly Operation[],
  transactions: readonly { n: number; status: string }[],
): Operation[] {
  const standing = new Set(transactions.filter(stands).map(({ n }) => n))
  const planned = planTransactions(operations).filter(({ n }) => standing.has(n))
  const indexes = new Set(planned.flatMap((transaction) => transaction.operations))
  return operations.filter((_, index) => indexes.has(index))
}
