import { and, asc, desc, eq, lt, sql, type InferSelectModel } from 'drizzle-orm'
import type { DecisionStatus } from '../../../contract/http.ts'
import type { Approval, ChangeSetVersion, Decision } from '../../domain/decision.ts'
import type { Reads } from '../../domain/ports.ts'
import { linkedTo } from './read-runs.ts'
import { approval, body, changeSetVersion, decision } from './schema.ts'
import { mapInOrder, type Scope } from './scope.ts'

export type DecisionRow = InferSelectModel<typeof decision>
type SealedDecision = Pick<Decision, 'subject' | 'roster'>

export async function decisionOf(scope: Scope, row: DecisionRow): Promise<Decision> {
  const sealed = (await scope.seals.open(scope.db(), row.runId, row.sealed)) as SealedDecision
  return {
    id: row.id,
    runId: row.runId,
    mission: row.mission,
    status: row.status as DecisionStatus,
    version: row.version,
    subject: sealed.subject,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    commitsAt: row.commitsAt,
    roster: sealed.roster,
  }
}

export async function decisionColumns(scope: Scope, value: Decision) {
  const { subject, roster, ...open } = value
  const sealed: SealedDecision = { subject, roster }
  return { ...open, orgId: scope.orgId, sealed: await scope.seals.seal(scope.db(), value.runId, sealed) }
}

type DecisionReads = Pick<Reads, 'decision' | 'decisions' | 'changeSet' | 'approvals'>

export function readDecisions(scope: Scope): DecisionReads {
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

    async decisions({ status, record, mission, limit, before }) {
      const where = and(
        mine,
        status === undefined ? undefined : eq(decision.status, status),
        mission === undefined ? undefined : eq(decision.mission, mission),
        record === undefined ? undefined : linkedTo(scope, record, sql`${decision.runId}`),
        before === undefined ? undefined : lt(decision.id, before),
      )
      const rows = await scope.db().select().from(decision).where(where).orderBy(desc(decision.id)).limit(limit)
      return mapInOrder(rows, (row) => decisionOf(scope, row))
    },

    async changeSet(decisionId, version) {
      const join = and(
        eq(body.orgId, changeSetVersion.orgId),
        eq(body.runId, changeSetVersion.runId),
        eq(body.hash, changeSetVersion.bodyHash),
      )
      const [row] = await scope
        .db()
        .select({ runId: changeSetVersion.runId, sealed: body.sealed })
        .from(changeSetVersion)
        .innerJoin(body, join)
        .where(
          and(
            eq(changeSetVersion.orgId, scope.orgId),
            eq(changeSetVersion.decisionId, decisionId),
            eq(changeSetVersion.version, version),
          ),
        )
      return row ? ((await scope.seals.open(scope.db(), row.runId, row.sealed)) as ChangeSetVersion) : null
    },

    async approvals(decisionId) {
      const rows = await scope
        .db()
        .select()
        .from(approval)
        .where(and(eq(approval.orgId, scope.orgId), eq(approval.decisionId, decisionId)))
        .orderBy(asc(approval.n))
      return mapInOrder(rows, async (row) => {
        const kept = (await scope.seals.open(scope.db(), row.runId, row.sealed)) as Approval
        return { ...kept, voided: row.voided }
      })
    },
  }
}
