// Takes the change events of the org's streams one by one, and sets aside one that fails or hangs again and again.
import type { TriedChange } from '../ports/change-tries.ts'
import type { OrgChange } from '../ports/org-changes.ts'
import type { Tx } from '../ports/store.ts'
import { countOrSetAside, type SetAsideDeps } from './set-aside.ts'
import { savePosition, takeChange } from './take-change.ts'

interface TakeEventDeps extends SetAsideDeps {
  /** Rejects when the work is not done in time. */
  within(work: Promise<void>): Promise<void>
}

export interface EventTaker {
  /** A stream begins anew: its first event may be the one that ended the process before. */
  connected(topic: string): void
  /** Takes a change event or sets it aside. Throws when it is to be tried again. */
  take(change: OrgChange): Promise<void>
  /** The same for any event of a topic; `skip` saves the position of one that is set aside. */
  takeAs(event: TriedChange, work: () => Promise<void>, skip: (tx: Tx) => Promise<void>): Promise<void>
}

/** Only an event that failed, or that a stream begins with, is counted before it is taken: the others cost no write. */
export function openEventTaker(deps: TakeEventDeps): EventTaker {
  const suspects = new Set<string>()
  const takeAs: EventTaker['takeAs'] = async (event, work, skip) => {
    const { source: topic } = event
    const isCounted = suspects.has(topic)
    if (isCounted && (await countOrSetAside(deps, event, skip))) return
    suspects.add(topic)
    await deps.within(work())
    suspects.delete(topic)
    if (isCounted) await deps.store.transaction((tx) => tx.forgetTries(event))
  }
  return {
    connected: (topic) => void suspects.add(topic),
    take: (change) =>
      takeAs(
        triedOf(change),
        () => takeChange(deps, change),
        (tx) => savePosition(tx, change),
      ),
    takeAs,
  }
}

function triedOf({ topic, replayId, object, changeType, recordIds }: OrgChange): TriedChange {
  return { source: topic, position: replayId, object, change: changeType, recordIds }
}
