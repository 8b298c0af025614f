// Due work, found from the rows: also when its wake-up was lost with a dropped queue or a killed worker.
import { and, eq, exists, inArray, isNull, lte, ne, or, sql } from 'drizzle-orm'
import type { Store } from '../../../ports/store.ts'
import { isFree } from './leases.ts'
import { decision, run } from '../session/schema.ts'
import type { OrgSession } from '../session/org-session.ts'

/** Rows per sweep: the next sweep finds the rest. */
const MOST = 1000

export function unfinished(scope: OrgSession): Pick<Store, 'dueRuns' | 'overdueDecisions'> {
  const { orgId } = scope
  return {
    async dueRuns() {
      const now = scope.clock.now()
      const isDue = lte(run.nextTryAt, now)
      const mayWrite = and(
        eq(decision.status, 'approved'),
        or(isNull(decision.commitsAt), lte(decision.commitsAt, now)),
      )
      const over = inArray(decision.status, ['rejected', 'expired', 'superseded'])
      const answered = scope
        .db()
        .select({ one: sql`1` })
        .from(decision)
        .where(and(eq(decision.orgId, orgId), eq(decision.id, run.decisionId), or(mayWrite, over)))
      const due = or(
        and(eq(run.status, 'running'), or(isNull(run.nextTryAt), isDue)),
        and(eq(run.status, 'held'), isDue),
        and(eq(run.status, 'waiting'), exists(answered)),
      )
      const rows = await scope
        .db()
        .select({ id: run.id })
        .from(run)
        .where(and(eq(run.orgId, orgId), isFree, due))
        .orderBy(run.id)
      return rows.map(({ id }) => id)
    },

    async overdueDecisions() {
      const overdue = and(eq(decision.status, 'open'), lte(decision.expiresAt, scope.clock.now()))
      const rows = await scope
        .db()
        .select({ id: decision.id })
        .from(decision)
        .where(and(eq(decision.orgId, orgId), overdue, ne(decision.sealed, '')))
        .orderBy(decision.id)
        .limit(MOST)
      return rows.map(({ id }) => id)
    },
  }
}
