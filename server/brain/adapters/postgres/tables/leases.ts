import { and, eq, gte, isNull, lt, lte, or, sql } from 'drizzle-orm'
import { LeaseLost } from '../../../domain/errors.ts'
import type { Store } from '../../../ports/store.ts'
import { journalEntry, run } from '../session/schema.ts'
import type { OrgSession } from '../session/org-session.ts'

type Leases = Pick<Store, 'lease' | 'renew' | 'leaseEnds' | 'release' | 'releaseAllOf' | 'releaseAll'>

/** No worker has a lease on the run. */
export const isFree = or(isNull(run.leaseUntil), lt(run.leaseUntil, sql`now()`))

/** Entries of the run's journal. */
const entries = sql`(select coalesce(max(${journalEntry.n}), 0) from ${journalEntry}
  where ${journalEntry.orgId} = ${run.orgId} and ${journalEntry.runId} = ${run.id})`

/** `begins` after one more lease: counted anew once the journal grew. */
const nextBegins = sql<number>`case when ${entries} > ${run.begunAtEntry} then 1 else ${run.begins} + 1 end`

/** Leases on runs, by the database's clock. Each new lease raises the fence, so that the store refuses an earlier holder. */
export function leases(scope: OrgSession): Leases {
  const mine = eq(run.orgId, scope.orgId)
  return {
    async lease(runId, owner, seconds, mostBegins) {
      const counted = mostBegins === undefined ? undefined : lte(nextBegins, mostBegins)
      const [row] = await scope
        .db()
        .update(run)
        .set({
          leaseOwner: owner,
          leaseUntil: sql`now() + make_interval(secs => ${seconds})`,
          fence: sql`${run.fence} + 1`,
          begins: nextBegins,
          begunAtEntry: entries,
        })
        .where(and(mine, eq(run.id, runId), isFree, counted))
        .returning({ fence: run.fence, begins: run.begins })
      return row ?? null
    },

    async renew(runId, owner, seconds) {
      const isHeld = and(eq(run.leaseOwner, owner), gte(run.leaseUntil, sql`now()`))
      const renewed = await scope
        .db()
        .update(run)
        .set({ leaseUntil: sql`now() + make_interval(secs => ${seconds})` })
        .where(and(mine, eq(run.id, runId), isHeld))
        .returning({ fence: run.fence })
      return renewed.length > 0
    },

    async leaseEnds(runId, fence) {
      const where = and(mine, eq(run.id, runId), eq(run.fence, fence), gte(run.leaseUntil, sql`now()`))
      const [row] = await scope
        .db()
        .select({ until: sql<string>`${run.leaseUntil}::text` })
        .from(run)
        .where(where)
      if (!row) throw new LeaseLost('the lease of this run ended')
      return new Date(row.until).toISOString()
    },

    async release(runId, owner) {
      await scope
        .db()
        .update(run)
        .set({ leaseOwner: null, leaseUntil: null, begins: 0 })
        .where(and(mine, eq(run.id, runId), eq(run.leaseOwner, owner)))
    },

    async releaseAllOf(worker) {
      await scope
        .db()
        .update(run)
        .set({ leaseOwner: null, leaseUntil: null })
        .where(and(mine, sql`starts_with(${run.leaseOwner}, ${`${worker}/`})`))
    },

    async releaseAll() {
      await scope.db().update(run).set({ leaseOwner: null, leaseUntil: null }).where(mine)
    },
  }
}
