import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { Store } from '../../../ports/store.ts'
import type { StreamRow } from '../../../ports/stream.ts'
import type { Run } from '../../../domain/run.ts'
import { comparePositions, cursorText, isAfter, isSafe, parseCursor, START } from '../session/cursor.ts'
import { observationOf, runOf } from './run-rows.ts'
import { event, run, setting } from '../session/schema.ts'
import { mapInOrder, type OrgSession } from '../session/org-session.ts'

type Stream = Pick<Store, 'eventsAfter' | 'headCursor'>

/** Setting: position up to which events were deleted. */
export const FLOOR = 'events:floor'

/** The event table as a stream in a stable order: no row appears behind a cursor later. */
export function stream(scope: OrgSession): Stream {
  const headCursor = async () => {
    const [row] = await scope
      .db()
      .select({ cursor: cursorText(event) })
      .from(event)
      .where(and(eq(event.orgId, scope.orgId), isSafe(event)))
      .orderBy(sql`${event.xid} desc, ${event.seq} desc`)
      .limit(1)
    return row?.cursor ?? START
  }

  return {
    headCursor,
    async eventsAfter(cursor, limit) {
      const from = cursor ?? START
      if (cursor !== null && (await isUnknown(scope, cursor)))
        return { rows: [], cursor: await headCursor(), reset: true }
      const found = await scope
        .db()
        .select({
          id: event.id,
          kind: event.kind,
          runId: event.runId,
          decisionId: event.decisionId,
          phase: event.phase,
          key: event.key,
          n: event.n,
          at: event.at,
          sealed: event.sealed,
          cursor: cursorText(event),
        })
        .from(event)
        .where(and(eq(event.orgId, scope.orgId), isSafe(event), isAfter(event, from)))
        .orderBy(asc(event.xid), asc(event.seq))
        .limit(limit)
      const runs = await runsById(scope, new Set(found.filter(({ kind }) => kind === 'run').map(({ runId }) => runId)))
      const rows = await mapInOrder(found, async (row): Promise<StreamRow[]> => {
        const { cursor: at, runId } = row
        if (row.kind === 'observation')
          return (await observationOf(scope, row)).map((observation) => ({
            cursor: at,
            kind: 'observation',
            runId,
            observation,
          }))
        if (row.kind === 'decision') return [{ cursor: at, kind: 'decision', runId, decisionId: row.decisionId ?? '' }]
        const current = runs.get(runId)
        return current ? [{ cursor: at, kind: 'run', runId, run: current }] : []
      })
      return { rows: rows.flat(), cursor: found.at(-1)?.cursor ?? from, reset: false }
    },
  }
}

async function runsById(scope: OrgSession, ids: Set<string>): Promise<Map<string, Run>> {
  if (ids.size === 0) return new Map()
  const where = and(eq(run.orgId, scope.orgId), inArray(run.id, [...ids]))
  const rows = await scope.db().select().from(run).where(where)
  const runs = await mapInOrder(rows, (row) => runOf(scope, row))
  return new Map(runs.map((value) => [value.id, value]))
}

/** The cursor is older than the events that are kept, or from an earlier database. */
async function isUnknown(scope: OrgSession, cursor: string): Promise<boolean> {
  const position = parseCursor(cursor)
  const { rows } = await scope
    .db()
    .execute<{ next: string }>(sql`select pg_snapshot_xmax(pg_current_snapshot())::text as next`)
  if (position.xid >= BigInt(rows[0]?.next ?? 0)) return true
  const where = and(eq(setting.orgId, scope.orgId), eq(setting.key, FLOOR))
  const [floor] = await scope.db().select({ value: setting.value }).from(setting).where(where)
  return floor !== undefined && comparePositions(position, parseCursor(floor.value)) < 0
}
