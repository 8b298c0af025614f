// What the end of a decision does to others: runs that hang on it go on, and decisions about what it wrote are planned anew.
import { touchedBy } from '../../../contract/operations/operation.ts'
import { hasEnded, wrote } from '../../../contract/states.ts'
import type { Store } from '../../ports/store.ts'
import { openQuestions, overlapsOf } from './open-questions.ts'

/** Runs about one record that are looked at. */
const MOST_RUNS = 1_000

/** May come late or twice, and of a decision that has not ended: then it does nothing. */
export async function afterDecisionEnded({ store }: { store: Store }, decisionId: string): Promise<void> {
  const decision = await store.decision(decisionId)
  const run = decision && (await store.run(decision.runId))
  if (!run || !hasEnded(run.status) || decision.isErased) return
  const changeSet = await store.changeSet(decisionId, decision.version)
  if (!changeSet) return
  const { operations } = changeSet.proposal
  const records = [...new Set(operations.flatMap(touchedBy).map(({ id }) => id))]
  await wakeHanging(store, records)
  if (!wrote(run.verdict)) return
  for (const other of await openQuestions(store, records, run.id))
    if (other.decision.status === 'open' && overlapsOf(other.changeSet.proposal.operations, operations).length > 0)
      await planAnew(store, other.decision.id)
}

/** Each looks for itself whether what it hangs on has ended. */
async function wakeHanging(store: Store, records: readonly string[]): Promise<void> {
  const hanging = new Set<string>()
  for (const record of records)
    for (const { id, phase, decisionId } of await store.runs({ record, status: 'running', limit: MOST_RUNS }))
      if (phase === 'decide' && decisionId === null) hanging.add(id)
  for (const about of hanging)
    await store.transaction((tx) => tx.addOutbox({ kind: 'advance-run', about, dueInSeconds: 0 }))
}

/** What it proposes rests on records that are no longer so: it ends unanswered, and its run looks again. */
async function planAnew(store: Store, decisionId: string): Promise<void> {
  await store.transaction(async (tx) => {
    const decision = await tx.lockDecision(decisionId)
    if (decision?.status !== 'open') return
    const run = await tx.run(decision.runId)
    if (!run || hasEnded(run.status)) return
    await tx.voidApprovals(decisionId)
    await tx.updateDecision(decisionId, { status: 'superseded', commitsAt: null })
    const isUndo = run.trigger.undo !== undefined
    if (!isUndo) await tx.updateRun(run.id, { retrigger: true })
    await tx.addOutbox({ kind: 'advance-run', about: run.id, dueInSeconds: 0 })
  })
}
