import { and, eq, lte, sql } from 'drizzle-orm'
import type { Decision } from '../../../domain/decision.ts'
import type { Voidings } from '../../../ports/decisions.ts'
import { addSeconds } from '../../../../contract/values/instant.ts'
import { approval, outbox, voiding } from '../session/schema.ts'
import type { OrgSession } from '../session/org-session.ts'

/** Rows per sweep: the next sweep finds the rest. */
const MOST = 1000

export function voidings(scope: OrgSession): Voidings {
  const { orgId } = scope
  const of = (decisionId: string) => and(eq(voiding.orgId, orgId), eq(voiding.decisionId, decisionId))
  return {
    async dueVoidings() {
      const due = and(eq(voiding.orgId, orgId), lte(voiding.dueAt, scope.clock.now()))
      const rows = await scope.db().select({ id: voiding.decisionId }).from(voiding).where(due).limit(MOST)
      return rows.map(({ id }) => id)
    },
    async finishVoiding(decisionId, at) {
      await scope
        .db()
        .delete(voiding)
        .where(and(of(decisionId), lte(voiding.dueAt, at)))
    },
    async postponeVoiding(decisionId, seconds) {
      const dueAt = addSeconds(scope.clock.now(), seconds)
      await scope.db().update(voiding).set({ dueAt }).where(of(decisionId))
    },
  }
}

const ENDED = ['rejected', 'expired', 'superseded']

/** Puts the decision down for voiding, with a wake-up, when a version of it ends of which approvals exist. */
export async function voidWhatEnded(scope: OrgSession, before: Decision, after: Decision): Promise<void> {
  const ended = after.version !== before.version || (after.status !== before.status && ENDED.includes(after.status))
  if (!ended) return
  const { orgId } = scope
  const given = and(eq(approval.orgId, orgId), eq(approval.decisionId, after.id), eq(approval.verb, 'approve'))
  const [one] = await scope.db().select({ n: approval.n }).from(approval).where(given).limit(1)
  if (!one) return
  const dueAt = scope.clock.now()
  await scope
    .db()
    .insert(voiding)
    .values({ orgId, decisionId: after.id, dueAt })
    .onConflictDoUpdate({ target: [voiding.orgId, voiding.decisionId], set: { dueAt } })
  await scope
    .db()
    .insert(outbox)
    .values({ orgId, kind: 'void-decision', about: after.id, dueAt: sql`now()` })
}
