import { event } from './schema.ts'
import type { Scope } from './scope.ts'

/** The channel that wakes readers; what it says is only where to look. */
export const CHANNEL = 'missions_news'
/** `erased`: keys of runs were destroyed, so that nobody goes on holding them in memory. */
export type News = 'event' | 'outbox' | 'erased'

/** The statements that end a transaction and tell its news: one message to the database, told only if it commits. */
export const commitTelling = (news: ReadonlySet<News>): string =>
  [...[...news].map((each) => `notify ${CHANNEL}, '${each}'`), 'commit'].join('; ')

interface Change {
  kind: 'run' | 'decision'
  runId: string
  decisionId: string | null
}

/** A run or a decision changed: readers fetch it as it is by then. */
export async function recordChange(scope: Scope, about: Change): Promise<void> {
  await changeInsert(scope, about)
}

/** The statement that `recordChange` runs, to be made part of the one that changes the row. */
export function changeInsert(scope: Scope, { kind, runId, decisionId }: Change) {
  scope.tell('event')
  return scope
    .db()
    .insert(event)
    .values({ orgId: scope.orgId, id: scope.ids.next(), kind, runId, decisionId, at: scope.clock.now() })
}
