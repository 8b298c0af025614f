import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm'
import type { OutboxItem, Store } from '../../domain/ports.ts'
import { outbox } from './schema.ts'
import type { Scope } from './scope.ts'

type Outbox = Pick<Store, 'dueOutbox' | 'finishOutbox'>

/** Wake-ups with a due time, by the database's clock. Reading one does not take it: two dispatchers may enqueue it twice, which is harmless. */
export function outboxOf(scope: Scope): Outbox {
  const mine = eq(outbox.orgId, scope.orgId)
  return {
    async dueOutbox(limit) {
      const rows = await scope
        .db()
        .select()
        .from(outbox)
        .where(and(mine, lte(outbox.dueAt, sql`now()`)))
        .orderBy(asc(outbox.dueAt), asc(outbox.id))
        .limit(limit)
      return rows.map(({ id, kind, about, dueAt }) => ({
        id: id.toString(),
        kind: kind as OutboxItem['kind'],
        about,
        dueAt: new Date(dueAt).toISOString(),
      }))
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
