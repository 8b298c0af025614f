import { and, eq, inArray, type InferSelectModel } from 'drizzle-orm'
import { sha256Of } from '../../../../contract/values/canonical.ts'
import type { ChangeSetVersion, Decision } from '../../../domain/decision.ts'
import { Conflict, ContentsErased, NotFound } from '../../../domain/errors.ts'
import type { Tx } from '../../../ports/store.ts'
import { nextDecisionStatus } from '../../../domain/transitions.ts'
import { keepBody } from '../session/bodies.ts'
import { stateOf } from '../session/ledger.ts'
import { placeOf } from '../session/places.ts'
import { recordChange } from './changes.ts'
import { decisionColumns, decisionOf } from './read-decisions.ts'
import { approval, changeSetVersion, decision } from '../session/schema.ts'
import { voidWhatEnded } from './voidings.ts'
import type { OrgSession } from '../session/org-session.ts'

type DecisionWrites = Pick<
  Tx,
  | 'insertDecision'
  | 'insertChangeSet'
  | 'updateDecision'
  | 'lockDecision'
  | 'insertApproval'
  | 'voidApprovals'
  | 'lapseApprovals'
>

export function writeDecisions(scope: OrgSession): DecisionWrites {
  return {
    async insertDecision(value, changeSet) {
      const columns = await decisionColumns(scope, value)
      const inserted = await scope.db().insert(decision).values(columns).returning()
      scope.ledger.add(value.runId, ...inserted.map(stateOf.decision))
      await insertChangeSet(scope, value.runId, changeSet)
      await recordChange(scope, { kind: 'decision', runId: value.runId, decisionId: value.id })
    },
    async insertChangeSet(changeSet) {
      const row = await locked(scope, changeSet.decisionId)
      await insertChangeSet(scope, row.runId, changeSet)
    },
    updateDecision: (id, patch) => updateDecision(scope, id, patch),
    async lockDecision(id) {
      const row = await lock(scope, id)
      return row ? decisionOf(scope, row) : null
    },
    async insertApproval(value) {
      const { runId } = await locked(scope, value.decisionId)
      const { decisionId, version, userId, verb, voided } = value
      const sealed = await scope.seals.seal(scope.db(), placeOf.approval({ ...value, runId }), value)
      const row = { orgId: scope.orgId, decisionId, version, runId, userId, verb, voided, sealed }
      const inserted = await scope.db().insert(approval).values(row).onConflictDoNothing().returning()
      if (inserted.length === 0) throw new Conflict('already-answered', 'this person has already answered this version')
      addAnswers(scope, inserted)
      await recordChange(scope, { kind: 'decision', runId, decisionId })
    },
    async voidApprovals(decisionId) {
      const where = and(eq(approval.orgId, scope.orgId), eq(approval.decisionId, decisionId))
      addAnswers(scope, await scope.db().update(approval).set({ voided: true }).where(where).returning())
    },
    async lapseApprovals(decisionId, userIds) {
      const mine = and(eq(approval.orgId, scope.orgId), eq(approval.decisionId, decisionId))
      const where = and(mine, inArray(approval.userId, [...userIds]), eq(approval.voided, false))
      const lapsed = { voided: true, lapsed: true }
      addAnswers(scope, await scope.db().update(approval).set(lapsed).where(where).returning())
    },
  }
}

function addAnswers(scope: OrgSession, rows: readonly InferSelectModel<typeof approval>[]): void {
  for (const row of rows) scope.ledger.add(row.runId, stateOf.approval(row))
}

const lock = async (scope: OrgSession, id: string) => {
  const where = and(eq(decision.orgId, scope.orgId), eq(decision.id, id))
  const [row] = await scope.db().select().from(decision).where(where).for('update')
  return row
}

const locked = async (scope: OrgSession, id: string) => {
  const row = await lock(scope, id)
  if (!row) throw new NotFound('decision')
  return row
}

async function insertChangeSet(scope: OrgSession, runId: string, changeSet: ChangeSetVersion): Promise<void> {
  const { decisionId, version, digest, createdAt } = changeSet
  const bodyHash = sha256Of(changeSet)
  const row = { orgId: scope.orgId, decisionId, version, runId, digest, bodyHash, createdAt }
  await scope.db().insert(changeSetVersion).values(row)
  scope.ledger.add(runId, stateOf.changeSet(row))
  await keepBody(scope, runId, bodyHash, changeSet)
}

async function updateDecision(scope: OrgSession, id: string, patch: Partial<Omit<Decision, 'id'>>): Promise<Decision> {
  const row = await locked(scope, id)
  const before = await decisionOf(scope, row)
  if (before.isErased) throw new ContentsErased(before.runId)
  if (patch.status !== undefined && patch.status !== before.status) nextDecisionStatus(before.status, patch.status)
  const after: Decision = { ...before, ...patch, id }
  const where = and(eq(decision.orgId, scope.orgId), eq(decision.id, id))
  const columns = await decisionColumns(scope, after)
  const updated = await scope.db().update(decision).set(columns).where(where).returning()
  scope.ledger.add(after.runId, ...updated.map(stateOf.decision))
  await recordChange(scope, { kind: 'decision', runId: after.runId, decisionId: id })
  await voidWhatEnded(scope, before, after)
  return after
}
