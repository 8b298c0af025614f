import { sql } from 'drizzle-orm'
import { event } from './schema.ts'
import type { Scope } from './scope.ts'

/** The channel that wakes readers; what it says is only where to look. */
export const CHANNEL = 'missions_news'
/** `erased`: keys of runs were destroyed, so that nobody goes on holding them in memory. */
export type News = 'event' | 'outbox' | 'erased'

/** Told when the transaction commits; the same news twice in one transaction is told once. */
export async function tell(scope: Scope, news: News): Promise<void> {
  await scope.db().execute(sql`select pg_notify(${CHANNEL}, ${news})`)
}

/** A run or a decision changed: readers fetch it as it is by then. */
export async function recordChange(
  scope: Scope,
  about: { kind: 'run' | 'decision'; runId: string; decisionId: string | null },
): Promise<void> {
  const { kind, runId, decisionId } = about
  await scope
    .db()
    .insert(event)
    .values({ orgId: scope.orgId, id: scope.ids.next(), kind, runId, decisionId, at: scope.clock.now() })
  await tell(scope, 'event')
}
