import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm'
import type { OutboxItem } from '../../../ports/outbox.ts'
import type { Store } from '../../../ports/store.ts'
import { outbox } from '../session/schema.ts'
import type { OrgSession } from '../session/org-session.ts'

type Outbox = Pick<Store, 'takeOutbox' | 'finishOutbox'>

/** Must exceed one dispatch round: rows taken by a killed dispatcher are redelivered after this. */
const TAKEN_SECONDS = 5

/** Wake-ups with a due time, by the database's clock. */
export function outboxOf(scope: OrgSession): Outbox {
  const mine = eq(outbox.orgId, scope.orgId)
  return {
    async takeOutbox(limit) {
      const db = scope.db()
      // Evaluated once, before any change: a subquery that is evaluated again would find other rows unlocked.
      const due = db.$with('due').as(
        db
          .select({ id: outbox.id })
          .from(outbox)
          .where(and(mine, lte(outbox.dueAt, sql`now()`)))
          .orderBy(asc(outbox.dueAt), asc(outbox.id))
          .limit(limit)
          .for('update', { skipLocked: true }),
      )
      const rows = await db
        .with(due)
        .update(outbox)
        .set({ dueAt: sql`now() + make_interval(secs => ${TAKEN_SECONDS})` })
        .where(inArray(outbox.id, db.select({ id: due.id }).from(due)))
        .returning()
      return rows
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .map(({ id, kind, about }) => ({ id: id.toString(), kind: kind as OutboxItem['kind'], about }))
    },
    async finishOutbox(ids) {
      if (ids.length > 0) {
        const done = inArray(
          outbox.id,
          ids.map((id) => BigInt(id)),
        )
        await scope.db().delete(outbox).where(and(mine, done))
      }
    },
  }
}
