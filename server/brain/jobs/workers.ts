// The job door: runs the jobs of the queue, and fills the queue with due work from the database.
import type { Queue } from '../ports/outbox.ts'
import type { Store } from '../ports/store.ts'
import { expireDecision } from '../decisions/answers/expire.ts'
import { afterDecisionEnded } from '../decisions/others/after-end.ts'
import { findStrays } from '../decisions/strays/find-strays.ts'
import type { Receipt } from '../decisions/strays/settle-by-receipt.ts'
import { voidDecision } from '../decisions/voiding/void-decision.ts'
import { advanceRun, type RunnerDeps } from '../runs/runner.ts'
import { applyRetention } from '../erasure/apply-retention.ts'
import { eraseDeleted, type EraseDeletedDeps } from '../erasure/erase-deleted.ts'
import { compareWatched } from '../trials/compare-watched.ts'
import { dispatchOutbox } from './dispatch-outbox.ts'

export interface WorkersDeps {
  store: Store
  queue: Queue & { drop(): Promise<void> }
  runner: RunnerDeps
  /** Null: nothing is erased by age. */
  retentionDays: number | null
  /** Null: nothing is erased because its record was deleted. */
  eraseDeletedDays: number | null
  /** Receives held records that Salesforce does not return. */
  onMissing: EraseDeletedDeps['onMissing']
  /** Receives each receipt in the org whose decision is not approved here. */
  onStray(receipt: Receipt, byOther: boolean): void
  onError(error: unknown): void
}

/** Interval of the sweep for orphaned work, e.g. of a killed worker, or after a starting process dropped the queue. */
const SWEEP_MS = 10_000
const CHECKPOINT_MS = 60_000
const STRAYS_MS = 300_000
const WATCHED_MS = 3_600_000
const RETENTION_MS = 86_400_000

/** Empties the queue, fills it from the database, and runs jobs until `close`, which gives the runs under way back. */
export async function startWorkers(deps: WorkersDeps): Promise<{ close(): Promise<void> }> {
  const { store, queue, runner, retentionDays, eraseDeletedDays, onMissing, onStray, onError } = deps
  await queue.drop().catch(onError)
  const dispatcher = dispatchOutbox({ store, queue, onError })
  void queue.work(async ({ kind, about }) => {
    if (kind === 'advance-run') await advanceRun(runner, about)
    else if (kind === 'expire-decision') await expireDecision(runner, about)
    else if (kind === 'void-decision') await voidDecision(runner, about)
    else await afterDecisionEnded(runner, about)
  })
  const sweep = async () => {
    await runner.leases.giveBackLeft()
    for (const about of await store.dueRuns()) await queue.enqueueOnce({ kind: 'advance-run', about })
    for (const about of await store.overdueDecisions()) await queue.enqueueOnce({ kind: 'expire-decision', about })
    for (const about of await store.dueVoidings()) await queue.enqueueOnce({ kind: 'void-decision', about })
  }
  const timers = [
    setInterval(() => void sweep().catch(onError), SWEEP_MS),
    setInterval(() => void store.checkpoint().catch(onError), CHECKPOINT_MS),
  ]
  const startedAt = runner.clock.now()
  const lookForStrays = () => void findStrays({ ...runner, startedAt, onStray }).catch(onError)
  timers.push(setInterval(lookForStrays, STRAYS_MS))
  lookForStrays()
  const compare = () => void compareWatched(runner).catch(onError)
  timers.push(setInterval(compare, WATCHED_MS))
  compare()
  await sweep().catch(onError)
  if (eraseDeletedDays !== null) {
    const eraseGone = () => void eraseDeleted({ ...runner, onMissing }, eraseDeletedDays).catch(onError)
    timers.push(setInterval(eraseGone, RETENTION_MS))
    eraseGone()
  }
  if (retentionDays !== null) {
    const retain = () => void applyRetention(runner, retentionDays).catch(onError)
    timers.push(setInterval(retain, RETENTION_MS))
    retain()
  }
  return {
    async close() {
      for (const timer of timers) clearInterval(timer)
      dispatcher.close()
      await runner.leases.giveBackAll().catch(onError)
    },
  }
}
