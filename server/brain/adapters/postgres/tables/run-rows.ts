import { and, eq, type InferSelectModel } from 'drizzle-orm'
import { sha256Of } from '../../../../contract/values/canonical.ts'
import type { Phase, RunStatus, Verdict } from '../../../../contract/states.ts'
import type { ErasedMark, Eraser } from '../../../domain/erasure.ts'
import { ContentsErased } from '../../../domain/errors.ts'
import type { HeldFor, Observation, Run } from '../../../domain/run.ts'
import type { RecordKey } from '../../../../contract/values/ids.ts'
import { placeOf } from '../session/places.ts'
import { erasure, run, runRecord } from '../session/schema.ts'
import type { OrgSession } from '../session/org-session.ts'

export type RunRow = InferSelectModel<typeof run>

/** The part of a run that names people and records, kept under the run's key. */
interface SealedRun extends Pick<
  Run,
  'trigger' | 'subject' | 'subjectName' | 'reason' | 'differences' | 'undo' | 'stray' | 'watched'
> {
  /** Hash of the row's open columns; absent in rows from before it was sealed along. */
  columns?: string
}

/** Sealed with a run whose columns were found altered: no columns have this hash, so that no later write makes them good. */
const ALTERED = 'altered'

/** Hash of the columns that stand beside the sealed part, but for the lease. The run's key seals it, so an edit of a column shows. */
function columnsHash(row: Omit<Run, keyof SealedRun | 'erased' | 'isAltered'> & { subjectId: string | null }): string {
  const { id, mission, missionVersion, title, status, phase, subjectId, verdict, decisionId, nextTryAt } = row
  const { tries, apiCalls, tokens, costMicros, currency, retrigger, startedAt, updatedAt } = row
  const about = [id, mission, missionVersion, title, startedAt, updatedAt]
  const stands = [status, phase, subjectId, verdict, decisionId, nextTryAt, tries, retrigger]
  return sha256Of([...about, ...stands, apiCalls, tokens, costMicros, currency])
}

/** Reads a run from its row; a run whose contents were erased is marked so, even when erased after the row was read. */
export async function runOf(scope: OrgSession, row: RunRow): Promise<Run> {
  if (row.erasureId !== null) return erasedRun(scope, row)
  try {
    return withContents(row, (await scope.seals.open(scope.db(), placeOf.run(row), row.sealed)) as SealedRun, null)
  } catch (error) {
    if (!(error instanceof ContentsErased)) throw error
    const where = and(eq(run.orgId, scope.orgId), eq(run.id, row.id))
    const [now] = await scope.db().select().from(run).where(where)
    return erasedRun(scope, now ?? row)
  }
}

/** The rest of an erased run: record ids, times, status, verdict. The subject's id decides who may know of the run. */
async function erasedRun(scope: OrgSession, row: RunRow): Promise<Run> {
  const subject = await subjectOf(scope, row)
  const trigger = { kind: 'erased' as const, change: null, subject, scope: null, launcher: null, at: row.startedAt }
  const left = {
    trigger: { ...trigger, idempotencyKey: '' },
    subject,
    subjectName: null,
    reason: null,
    differences: [],
  }
  return withContents(row, left, await markOf(scope, row))
}

async function subjectOf(scope: OrgSession, { id, subjectId }: RunRow): Promise<RecordKey | null> {
  if (subjectId === null) return null
  const where = and(eq(runRecord.orgId, scope.orgId), eq(runRecord.recordId, subjectId), eq(runRecord.runId, id))
  const [linked] = await scope.db().select({ object: runRecord.object }).from(runRecord).where(where)
  return { object: linked?.object ?? '', id: subjectId }
}

async function markOf(scope: OrgSession, { erasureId, updatedAt }: RunRow): Promise<ErasedMark> {
  const where = and(eq(erasure.orgId, scope.orgId), eq(erasure.id, erasureId ?? ''))
  const [told] = await scope.db().select().from(erasure).where(where)
  if (!told) return { at: updatedAt, by: { kind: 'unrecorded', name: '' } }
  return { at: told.at, by: { kind: told.byKind as Eraser['kind'], name: told.byName } }
}

function withContents(row: RunRow, sealed: SealedRun, erased: ErasedMark | null): Run {
  const run = contentsOf(row, sealed, erased)
  const { columns } = sealed
  const isAltered = columns !== undefined && columns !== columnsHash({ ...run, subjectId: row.subjectId })
  return isAltered ? { ...run, isAltered } : run
}

function contentsOf(row: RunRow, sealed: SealedRun, erased: ErasedMark | null): Run {
  return {
    id: row.id,
    mission: row.mission,
    missionVersion: row.missionVersion,
    title: row.title,
    status: row.status as RunStatus,
    phase: row.phase as Phase,
    trigger: sealed.trigger,
    subject: sealed.subject,
    subjectName: sealed.subjectName,
    reason: sealed.reason,
    nextTryAt: row.nextTryAt,
    tries: row.tries,
    verdict: row.verdict as Verdict | null,
    apiCalls: row.apiCalls,
    tokens: row.tokens,
    costMicros: row.costMicros,
    currency: row.currency,
    decisionId: row.decisionId,
    differences: sealed.differences,
    retrigger: row.retrigger,
    startedAt: row.startedAt,
    updatedAt: row.updatedAt,
    ...(row.heldFor !== null && { heldFor: row.heldFor as HeldFor }),
    ...(sealed.undo && { undo: sealed.undo }),
    ...(sealed.stray && { stray: sealed.stray }),
    ...(sealed.watched && { watched: sealed.watched }),
    erased,
  }
}

/** The columns of a run, without its lease. */
export async function columnsOf(scope: OrgSession, value: Run) {
  const {
    trigger,
    subject,
    subjectName,
    reason,
    differences,
    undo,
    stray,
    watched,
    erased: _mark,
    isAltered,
    ...open
  } = value
  const told = { ...(undo && { undo }), ...(stray && { stray }), ...(watched && { watched }) }
  const subjectId = subject?.id ?? null
  const columns = isAltered ? ALTERED : columnsHash({ ...open, subjectId })
  const sealed: SealedRun = { trigger, subject, subjectName, reason, differences, ...told, columns }
  return {
    ...open,
    orgId: scope.orgId,
    subjectId,
    sealed: await scope.seals.seal(scope.db(), placeOf.run(value), sealed),
  }
}

interface ObservationRow {
  id: string
  runId: string
  phase: string | null
  key: string | null
  n: number | null
  at: string
  sealed: string | null
  cursor: string
}

type Said = Pick<Observation, 'kind' | 'text' | 'records' | 'fields' | 'citations'>

/** Empty when it was erased, even after the row was read. */
export async function observationOf(scope: OrgSession, row: ObservationRow): Promise<Observation[]> {
  if (row.sealed === null) return []
  const { id, runId, cursor, at } = row
  try {
    const said = (await scope.seals.open(scope.db(), placeOf.event(row), row.sealed)) as Said
    return [{ ...said, id, runId, phase: row.phase as Phase, key: row.key ?? '', n: row.n ?? 0, cursor, at }]
  } catch (error) {
    if (error instanceof ContentsErased) return []
    throw error
  }
}
