// Takes the change events of the org's streams one by one, and sets aside one that fails or hangs again and again.
import type { TriedChange } from '../ports/change-tries.ts'
import type { OrgChange } from '../ports/org-changes.ts'
import { countOrSetAside, type SetAsideDeps } from './set-aside.ts'
import { savePosition, takeChange } from './take-change.ts'

interface TakeEventDeps extends SetAsideDeps {
  /** Rejects when the work is not done in time. */
  within(work: Promise<void>): Promise<void>
}

export interface EventTaker {
  /** A stream begins anew: its first event may be the one that ended the process before. */
  connected(topic: string): void
  /** Takes an event or sets it aside. Throws when it is to be tried again. */
  take(change: OrgChange): Promise<void>
}

/** Only an event that failed, or that a stream begins with, is counted before it is taken: the others cost no write. */
export function openEventTaker(deps: TakeEventDeps): EventTaker {
  const suspects = new Set<string>()
  return {
    connected: (topic) => void suspects.add(topic),
    async take(change) {
      const { topic } = change
      const tried = triedOf(change)
      const isCounted = suspects.has(topic)
      if (isCounted && (await countOrSetAside(deps, tried, (tx) => savePosition(tx, change)))) return
      suspects.add(topic)
      await deps.within(takeChange(deps, change))
      suspects.delete(topic)
      if (isCounted) await deps.store.transaction((tx) => tx.forgetTries(tried))
    },
  }
}

function triedOf({ topic, replayId, object, changeType, recordIds }: OrgChange): TriedChange {
  return { source: topic, position: replayId, object, change: changeType, recordIds }
}
