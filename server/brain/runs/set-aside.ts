// A change in the org that cannot be taken is set aside after some tries, visibly, so that those after it go on.
import type { TriedChange } from '../ports/change-tries.ts'
import type { Tx } from '../ports/store.ts'
import type { StartDeps } from './start-run.ts'

/** Tries of one change, by all processes together; with their pauses more than any deadlock or restart of the database lasts. */
export const MOST_TRIES = 6

export interface SetAsideDeps extends StartDeps {
  /** Receives each change that is tried no more, and why where it was not for failing again and again. */
  onSetAside(change: TriedChange, reason: string | null): void
}

/**
 * Counts a try of this change, in a transaction of its own: while the database is away it throws, and nothing is counted. Returns
 * true when the change is set aside, together with what `skip` writes.
 */
export async function countOrSetAside(
  { store, clock, onSetAside }: SetAsideDeps,
  change: TriedChange,
  skip: (tx: Tx) => Promise<void>,
): Promise<boolean> {
  const tries = await store.transaction((tx) => tx.countTry(change))
  if (tries !== null && tries <= MOST_TRIES) return false
  await store.transaction(async (tx) => {
    await tx.setAside(change, clock.now(), null)
    await skip(tx)
  })
  onSetAside(change, null)
  return true
}

/** Sets a change aside without a try, unless it is already, together with what `skip` writes: `reason` says why trying is no use. */
export async function setAsideNow(
  { store, clock, onSetAside }: SetAsideDeps,
  change: TriedChange,
  reason: string,
  skip: (tx: Tx) => Promise<void>,
): Promise<void> {
  const isNew = await store.transaction(async (tx) => {
    const tries = await tx.countTry(change)
    if (tries !== null) await tx.setAside(change, clock.now(), reason)
    await skip(tx)
    return tries !== null
  })
  if (isNew) onSetAside(change, reason)
}
