import type { InferSelectModel } from 'drizzle-orm'
import type { Phase, RunStatus, Verdict } from '../../../contract/http.ts'
import type { Observation, Run } from '../../domain/run.ts'
import type { run } from './schema.ts'
import type { Scope } from './scope.ts'

export type RunRow = InferSelectModel<typeof run>

/** The part of a run that names people and records, kept under the run's key. */
type SealedRun = Pick<Run, 'trigger' | 'subject' | 'subjectName' | 'reason' | 'differences' | 'undo'>

export async function runOf(scope: Scope, row: RunRow): Promise<Run> {
  const sealed = (await scope.seals.open(scope.db(), row.id, row.sealed)) as SealedRun
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
    decisionId: row.decisionId,
    differences: sealed.differences,
    retrigger: row.retrigger,
    startedAt: row.startedAt,
    updatedAt: row.updatedAt,
    ...(sealed.undo && { undo: sealed.undo }),
  }
}

/** The columns of a run; its lease is not among them. */
export async function columnsOf(scope: Scope, run: Run) {
  const { trigger, subject, subjectName, reason, differences, undo, ...open } = run
  const sealed: SealedRun = { trigger, subject, subjectName, reason, differences, ...(undo && { undo }) }
  return {
    ...open,
    orgId: scope.orgId,
    subjectId: subject?.id ?? null,
    sealed: await scope.seals.seal(scope.db(), run.id, sealed),
  }
}

export interface ObservationRow {
  id: string
  runId: string
  phase: string | null
  at: string
  sealed: string | null
  cursor: string
}

export async function observationOf(scope: Scope, row: ObservationRow): Promise<Observation> {
  const said = (await scope.seals.open(scope.db(), row.runId, row.sealed ?? '')) as Pick<
    Observation,
    'kind' | 'text' | 'records' | 'fields' | 'citations'
  >
  return { ...said, id: row.id, runId: row.runId, phase: row.phase as Phase, cursor: row.cursor, at: row.at }
}
