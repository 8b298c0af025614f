import { type InferSelectModel, type SQL, and, asc, desc, eq, exists, gte, inArray, lt, ne, or, sql } from 'drizzle-orm'
import type { DecisionStatus, Risk } from '../../../../contract/states.ts'
import type { Approval, ChangeSetVersion, Decision } from '../../../domain/decision.ts'
import { ContentsEdited, ContentsErased } from '../../../domain/errors.ts'
import type { Reads } from '../../../ports/store.ts'
import { linkedTo } from './read-runs.ts'
import { runOf } from './run-rows.ts'
import { placeOf, type Place } from '../session/places.ts'
import { approval, body, changeSetVersion, decision, run } from '../session/schema.ts'
import { mapInOrder, type OrgSession } from '../session/org-session.ts'

type DecisionRow = InferSelectModel<typeof decision>
type SealedDecision = Pick<Decision, 'subject' | 'rosters' | 'settledBy'>

export async function decisionOf(scope: OrgSession, row: DecisionRow): Promise<Decision> {
  const kept = await openOrErased<SealedDecision>(scope, placeOf.decision(row), row.sealed)
  const sealed = kept ?? (await erasedDecision(scope, row))
  return {
    id: row.id,
    runId: row.runId,
    mission: row.mission,
    status: row.status as DecisionStatus,
    version: row.version,
    risk: row.risk as Risk | null,
    subject: sealed.subject,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    commitsAt: row.commitsAt,
    rosters: sealed.rosters,
    ...(sealed.settledBy && { settledBy: sealed.settledBy }),
    isErased: kept === null,
  }
}

/** Null for a row that was edited. */
async function readableOf(scope: OrgSession, row: DecisionRow): Promise<Decision | null> {
  try {
    return await decisionOf(scope, row)
  } catch (error) {
    if (error instanceof ContentsEdited) return null
    throw error
  }
}

/** Null when the contents were erased, even after the row was read. */
async function openOrErased<T>(scope: OrgSession, place: Place, sealed: string): Promise<T | null> {
  if (sealed === '') return null
  try {
    return (await scope.seals.open(scope.db(), place, sealed)) as T
  } catch (error) {
    if (error instanceof ContentsErased) return null
    throw error
  }
}

/** The rest of an erased decision: its record is the run's subject, without a name. */
async function erasedDecision(scope: OrgSession, { runId }: DecisionRow): Promise<SealedDecision> {
  const where = and(eq(run.orgId, scope.orgId), eq(run.id, runId))
  const [row] = await scope.db().select().from(run).where(where)
  const subject = (row && (await runOf(scope, row)).subject) ?? { object: '', id: '' }
  return { subject: { ...subject, name: '' }, rosters: [] }
}

export async function decisionColumns(scope: OrgSession, value: Decision) {
  const { subject, rosters, settledBy, isErased: _mark, ...open } = value
  const sealed: SealedDecision = { subject, rosters, ...(settledBy && { settledBy }) }
  return { ...open, orgId: scope.orgId, sealed: await scope.seals.seal(scope.db(), placeOf.decision(value), sealed) }
}

type DecisionReads = Pick<
  Reads,
  'decision' | 'decisions' | 'openDecisions' | 'changeSet' | 'changeSets' | 'approvals' | 'approvalsOf'
>

export function readDecisions(scope: OrgSession): DecisionReads {
  const mine = eq(decision.orgId, scope.orgId)
  return {
    async decision(id) {
      const [row] = await scope
        .db()
        .select()
        .from(decision)
        .where(and(mine, eq(decision.id, id)))
      return row ? decisionOf(scope, row) : null
    },

    openDecisions: (mission) =>
      scope.db().$count(decision, and(mine, eq(decision.mission, mission), eq(decision.status, 'open'))),

    async decisions({ limit, before, readable = false, ...filter }) {
      const where = and(mine, ...wantedBy(scope, filter), before === undefined ? undefined : lt(decision.id, before))
      const rows = await scope.db().select().from(decision).where(where).orderBy(desc(decision.id)).limit(limit)
      await scope.seals.prepare(
        scope.db(),
        rows.map(({ runId }) => runId),
      )
      const opened = await mapInOrder(rows, (row) => (readable ? readableOf(scope, row) : decisionOf(scope, row)))
      return opened.filter((each) => each !== null)
    },

    changeSet: async (decisionId, version) =>
      (await changeSetsOf(scope, [{ id: decisionId, version }])).get(decisionId) ?? null,
    changeSets: (versions) => changeSetsOf(scope, versions),
    approvals: async (decisionId) => (await approvalsOf(scope, [decisionId])).get(decisionId) ?? [],
    approvalsOf: (decisionIds) => approvalsOf(scope, decisionIds),
  }
}

type Filter = Omit<Parameters<Reads['decisions']>[0], 'limit' | 'before' | 'readable'>

function wantedBy(scope: OrgSession, filter: Filter): (SQL | undefined)[] {
  const { status, record, mission, risk, past, from, to, verdict, user } = filter
  const ofRun = and(eq(run.orgId, scope.orgId), eq(run.id, decision.runId), eq(run.verdict, verdict ?? ''))
  const ofUser = and(
    eq(approval.orgId, scope.orgId),
    eq(approval.decisionId, decision.id),
    eq(approval.userId, user ?? ''),
  )
  const one = { one: sql`1` }
  return [
    status === undefined ? undefined : eq(decision.status, status),
    mission === undefined ? undefined : eq(decision.mission, mission),
    risk === undefined ? undefined : eq(decision.risk, risk),
    record === undefined ? undefined : linkedTo(scope, record, sql`${decision.runId}`),
    past ? ne(decision.status, 'open') : undefined,
    from === undefined ? undefined : gte(decision.createdAt, from),
    to === undefined ? undefined : lt(decision.createdAt, to),
    verdict === undefined ? undefined : exists(scope.db().select(one).from(run).where(ofRun)),
    user === undefined ? undefined : exists(scope.db().select(one).from(approval).where(ofUser)),
  ]
}

async function changeSetsOf(
  scope: OrgSession,
  versions: readonly { id: string; version: number }[],
): Promise<Map<string, ChangeSetVersion>> {
  if (versions.length === 0) return new Map()
  const join = and(
    eq(body.orgId, changeSetVersion.orgId),
    eq(body.runId, changeSetVersion.runId),
    eq(body.hash, changeSetVersion.bodyHash),
  )
  const wanted = versions.map(({ id, version }) =>
    and(eq(changeSetVersion.decisionId, id), eq(changeSetVersion.version, version)),
  )
  const rows = await scope
    .db()
    .select({ id: changeSetVersion.decisionId, runId: body.runId, hash: body.hash, sealed: body.sealed })
    .from(changeSetVersion)
    .innerJoin(body, join)
    .where(and(eq(changeSetVersion.orgId, scope.orgId), or(...wanted)))
  const found = new Map<string, ChangeSetVersion>()
  for (const row of rows) {
    const changeSet = await openOrErased<ChangeSetVersion>(scope, placeOf.body(row), row.sealed)
    if (changeSet) found.set(row.id, changeSet)
  }
  return found
}

/** Oldest first. */
async function approvalsOf(scope: OrgSession, decisionIds: readonly string[]): Promise<Map<string, Approval[]>> {
  if (decisionIds.length === 0) return new Map()
  const rows = await scope
    .db()
    .select()
    .from(approval)
    .where(and(eq(approval.orgId, scope.orgId), inArray(approval.decisionId, [...decisionIds])))
    .orderBy(asc(approval.n))
  const found = new Map<string, Approval[]>()
  for (const row of rows) {
    const sealed = await openOrErased<Approval>(scope, placeOf.approval(row), row.sealed)
    const others = found.get(row.decisionId) ?? []
    if (sealed) found.set(row.decisionId, [...others, { ...sealed, voided: row.voided, lapsed: row.lapsed }])
  }
  return found
}
