import { addSeconds } from '../../contract/values/instant.ts'
import { eraseEndedBefore, type EraseDeps } from './erase-runs.ts'

const DAY_SECONDS = 86_400

/** Erases runs that ended more than `days` days ago, and deletes older events; returns the number of runs erased. */
export async function applyRetention(deps: EraseDeps, days: number): Promise<number> {
  const { store, clock } = deps
  const until = addSeconds(clock.now(), -days * DAY_SECONDS)
  const by = { kind: 'retention' as const, name: String(days) }
  const count = await eraseEndedBefore(deps, until, { by, reason: `Ended more than ${days} days ago` })
  await store.dropEventsBefore(until)
  if (count > 0) await store.clearDeadRows()
  return count
}
