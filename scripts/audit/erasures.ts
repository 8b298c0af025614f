import { and, eq } from 'drizzle-orm'
import type { Db } from '../../server/brain/adapters/postgres/session/database.ts'
import { body, erasure, run } from '../../server/brain/adapters/postgres/session/schema.ts'
import { ERASED_KEY, erasureHash, type Eraser } from '../../server/brain/domain/erasure.ts'
import type { AuditFinding, ChainEntry } from './chain.ts'

interface Held {
  entries: readonly ChainEntry[]
  hasKey: boolean
}

/**
 * Finds mistakes in the erasure of a run: a key gone without an erasure, an erasure other than the one in its chain, or
 * contents still present.
 */
export async function checkErasure(
  db: Db,
  { orgId, runId }: { orgId: string; runId: string },
  { entries, hasKey }: Held,
): Promise<AuditFinding[]> {
  const [found] = await db
    .select({ erasureId: run.erasureId })
    .from(run)
    .where(and(eq(run.orgId, orgId), eq(run.id, runId)))
  const told = entries.find(({ key }) => key === ERASED_KEY)
  const says = (what: string) => [{ runId, n: null, what }]
  if (!found) return []
  if (found.erasureId === null) {
    if (told) return says('says that it was erased, but not by whom')
    return hasKey ? [] : says('its key is gone, but no erasure tells of it')
  }
  const [row] = await db
    .select()
    .from(erasure)
    .where(and(eq(erasure.orgId, orgId), eq(erasure.id, found.erasureId)))
  if (!row) return says(`its erasure ${found.erasureId} is missing from the list`)
  const { id, at, reason, recordId: record } = row
  const by = { kind: row.byKind as Eraser['kind'], name: row.byName }
  if (told?.requestHash !== erasureHash({ id, at, by, reason, record })) return says(`its erasure ${id} was changed`)
  const left = await db.$count(body, and(eq(body.orgId, orgId), eq(body.runId, runId)))
  return hasKey || left > 0 ? says('is said to be erased, but its key or contents are still there') : []
}
