import { and, asc, eq, gt, inArray, isNull } from 'drizzle-orm'
import { ContentsErased } from '../../../domain/errors.ts'
import { placeOf, type Place } from '../session/places.ts'
import { approval, body, decision, event, run, runRecord, runTrigger } from '../session/schema.ts'
import { mapInOrder, type OrgSession } from '../session/org-session.ts'

/** Runs searched per page. */
const PAGE = 50

/** Runs of one page that are linked to a record or mention its id in their contents. */
export async function namingRuns(
  scope: OrgSession,
  recordId: string,
  after: string | null,
): Promise<{ runIds: string[]; next: string | null }> {
  const kept = and(eq(run.orgId, scope.orgId), isNull(run.erasureId), after === null ? undefined : gt(run.id, after))
  const rows = await scope.db().select({ id: run.id }).from(run).where(kept).orderBy(asc(run.id)).limit(PAGE)
  const ids = rows.map(({ id }) => id)
  if (ids.length === 0) return { runIds: [], next: null }
  const linked = await linkedAmong(scope, recordId, ids)
  // The 15-character id names the same record and is the start of the 18-character one.
  const named = await mapInOrder(ids, async (id) => linked.has(id) || (await names(scope, id, recordId.slice(0, 15))))
  const runIds = ids.filter((_, at) => named[at])
  return { runIds, next: ids.length === PAGE ? (ids.at(-1) ?? null) : null }
}

async function linkedAmong(scope: OrgSession, recordId: string, ids: string[]): Promise<Set<string>> {
  const where = and(eq(runRecord.orgId, scope.orgId), eq(runRecord.recordId, recordId), inArray(runRecord.runId, ids))
  const rows = await scope.db().select({ runId: runRecord.runId }).from(runRecord).where(where)
  return new Set(rows.map(({ runId }) => runId))
}

async function names(scope: OrgSession, runId: string, text: string): Promise<boolean> {
  for (const load of [triggersOf, sealedColumnsOf, bodiesOf]) {
    if ((await load(scope, runId)).some((content) => content.includes(text))) return true
  }
  return false
}

async function triggersOf(scope: OrgSession, runId: string): Promise<string[]> {
  const where = and(eq(runTrigger.orgId, scope.orgId), eq(runTrigger.runId, runId))
  const rows = await scope.db().select({ key: runTrigger.idempotencyKey }).from(runTrigger).where(where)
  return rows.map(({ key }) => key)
}

async function sealedColumnsOf(scope: OrgSession, runId: string): Promise<string[]> {
  const { orgId } = scope
  const ofRun = (table: typeof decision | typeof approval | typeof event) =>
    and(eq(table.orgId, orgId), eq(table.runId, runId))
  const runs = await scope
    .db()
    .select()
    .from(run)
    .where(and(eq(run.orgId, orgId), eq(run.id, runId)))
  const decisions = await scope.db().select().from(decision).where(ofRun(decision))
  const approvals = await scope.db().select().from(approval).where(ofRun(approval))
  const { id, sealed } = event
  const events = await scope.db().select({ id, runId: event.runId, sealed }).from(event).where(ofRun(event))
  return openAll(scope, [
    ...runs.map((row) => ({ place: placeOf.run(row), sealed: row.sealed })),
    ...decisions.map((row) => ({ place: placeOf.decision(row), sealed: row.sealed })),
    ...approvals.map((row) => ({ place: placeOf.approval(row), sealed: row.sealed })),
    ...events.map((row) => ({ place: placeOf.event(row), sealed: row.sealed })),
  ])
}

async function bodiesOf(scope: OrgSession, runId: string): Promise<string[]> {
  const where = and(eq(body.orgId, scope.orgId), eq(body.runId, runId))
  const rows = await scope.db().select().from(body).where(where)
  return openAll(
    scope,
    rows.map((row) => ({ place: placeOf.body(row), sealed: row.sealed })),
  )
}

/** Readable contents; a run erased meanwhile has none. */
async function openAll(scope: OrgSession, rows: readonly { place: Place; sealed: string | null }[]): Promise<string[]> {
  const opened = await mapInOrder(rows, async ({ place, sealed }) => {
    if (!sealed) return []
    try {
      return [await scope.seals.openText(scope.db(), place, sealed)]
    } catch (error) {
      if (error instanceof ContentsErased) return []
      throw error
    }
  })
  return opened.flat()
}
