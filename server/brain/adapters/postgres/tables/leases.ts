import { and, eq, isNull, lt, or, sql } from 'drizzle-orm'
import type { Store } from '../../../ports/store.ts'
import { run } from '../session/schema.ts'
import type { OrgSession } from '../session/org-session.ts'

type Leases = Pick<Store, 'lease' | 'release' | 'releaseAll'>

/** No worker has a lease on the run. */
export const isFree = or(isNull(run.leaseUntil), lt(run.leaseUntil, sql`now()`))

/** Leases on runs, by the database's clock. Each new lease raises the fence, so that the store refuses an earlier holder. */
export function leases(scope: OrgSession): Leases {
  const mine = eq(run.orgId, scope.orgId)
  return {
    async lease(runId, owner, seconds) {
      const [row] = await scope
        .db()
        .update(run)
        .set({
          leaseOwner: owner,
          leaseUntil: sql`now() + make_interval(secs => ${seconds})`,
          fence: sql`case when ${run.leaseOwner} = ${owner} then ${run.fence} else ${run.fence} + 1 end`,
        })
        .where(and(mine, eq(run.id, runId), or(isFree, eq(run.leaseOwner, owner))))
        .returning({ fence: run.fence })
      return row ? { fence: row.fence } : null
    },

    async release(runId, owner) {
      await scope
        .db()
        .update(run)
        .set({ leaseOwner: null, leaseUntil: null })
        .where(and(mine, eq(run.id, runId), eq(run.leaseOwner, owner)))
    },

    async releaseAll() {
      await scope.db().update(run).set({ leaseOwner: null, leaseUntil: null }).where(mine)
    },
  }
}
