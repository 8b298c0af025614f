import { and, eq, getTableColumns, sql } from 'drizzle-orm'
import { sha256Of } from '../../../../contract/values/canonical.ts'
import { ContentsErased, LeaseLost, NotFound } from '../../../domain/errors.ts'
import type { Tx } from '../../../ports/store.ts'
import type { Run } from '../../../domain/run.ts'
import type { RecordKey } from '../../../../contract/values/ids.ts'
import { nextRunStatus } from '../../../domain/transitions.ts'
import { bodyInsert } from '../session/bodies.ts'
import { stateOf, type RowState } from '../session/ledger.ts'
import { placeOf } from '../session/places.ts'
import { changeInsert, recordChange } from './changes.ts'
import { answerHashOf, requestHashOf, type KeptAnswer } from './read-runs.ts'
import { columnsOf, runOf } from './run-rows.ts'
import { event, journalEntry, missionVersion, run, runKey, runRecord, runTrigger } from '../session/schema.ts'
import type { OrgSession } from '../session/org-session.ts'

type RunWrites = Pick<
  Tx,
  'lockUnderLease' | 'insertRun' | 'rememberTrigger' | 'updateRun' | 'appendJournal' | 'observe' | 'linkRecords'
>

export function writeRuns(scope: OrgSession): RunWrites {
  return {
    lockUnderLease: (runId, fence) => lockUnderLease(scope, runId, fence),
    insertRun: (value) => insertRun(scope, value),
    async rememberTrigger(idempotencyKey, runId) {
      const row = { orgId: scope.orgId, idempotencyKey, runId }
      await scope.db().insert(runTrigger).values(row).onConflictDoNothing()
    },
    updateRun: (id, patch) => updateRun(scope, id, patch),
    appendJournal: (entry) => appendJournal(scope, entry),
    observe: (runId, phase, key, observations) => observe(scope, runId, phase, key, observations),
    linkRecords: (runId, records) => linkRecords(scope, runId, records),
  }
}

/** Reads the run and its journal's last entry in one query; the transaction caches both. */
async function lockUnderLease(scope: OrgSession, runId: string, fence: number): Promise<Run> {
  const { orgId, runId: ofRun, n, chain } = journalEntry
  const last = sql<[number, string] | null>`(select json_build_array(${n}, ${chain}) from ${journalEntry}
    where ${orgId} = ${scope.orgId} and ${ofRun} = ${runId} order by ${n} desc limit 1)`
  const where = and(eq(run.orgId, scope.orgId), eq(run.id, runId))
  const columns = { row: getTableColumns(run), last }
  const [found] = await scope.db().select(columns).from(run).where(where).for('update')
  if (!found || found.row.fence !== fence) throw new LeaseLost('another worker took this run over')
  const held = await runOf(scope, found.row)
  scope.locked.set(runId, { run: held, last: found.last && { n: found.last[0], chain: found.last[1] } })
  return held
}

async function insertRun(scope: OrgSession, value: Run): Promise<boolean> {
  const trigger = { orgId: scope.orgId, idempotencyKey: value.trigger.idempotencyKey, runId: value.id }
  const known = await scope.db().insert(runTrigger).values(trigger).onConflictDoNothing().returning()
  if (known.length === 0) return false
  await scope.seals.createKey(scope.db(), value.id)
  const row = { ...(await columnsOf(scope, value)), fence: 0 }
  const inserted = await scope.db().insert(run).values(row).onConflictDoNothing().returning()
  if (inserted.length === 0) {
    await scope
      .db()
      .delete(runTrigger)
      .where(and(eq(runTrigger.orgId, scope.orgId), eq(runTrigger.runId, value.id)))
    await scope
      .db()
      .delete(runKey)
      .where(and(eq(runKey.orgId, scope.orgId), eq(runKey.runId, value.id)))
    return false
  }
  scope.ledger.add(value.id, ...inserted.map(stateOf.run), ...(await missionStates(scope, value)))
  if (value.subject) await linkRecords(scope, value.id, [value.subject])
  await recordChange(scope, { kind: 'run', runId: value.id, decisionId: value.decisionId })
  return true
}

async function missionStates(scope: OrgSession, { mission: name, missionVersion: version }: Run): Promise<RowState[]> {
  const ofOrg = eq(missionVersion.orgId, scope.orgId)
  const where = and(ofOrg, eq(missionVersion.name, name), eq(missionVersion.version, version))
  return (await scope.db().select().from(missionVersion).where(where)).map(stateOf.mission)
}

async function updateRun(scope: OrgSession, id: string, patch: Partial<Omit<Run, 'id'>>): Promise<Run> {
  const known = scope.locked.get(id)
  const before = known?.run ?? (await lockedRun(scope, id))
  if (before.erased) throw new ContentsErased(id)
  if (patch.status !== undefined && patch.status !== before.status) nextRunStatus(before.status, patch.status)
  const after: Run = { ...before, ...patch, id, updatedAt: scope.clock.now() }
  const columns = await columnsOf(scope, after)
  const told = scope
    .db()
    .$with('told')
    .as(changeInsert(scope, { kind: 'run', runId: id, decisionId: after.decisionId }))
  const where = and(eq(run.orgId, scope.orgId), eq(run.id, id))
  const updated = await scope.db().with(told).update(run).set(columns).where(where).returning()
  scope.ledger.add(id, ...updated.map(stateOf.run))
  if (known) scope.locked.set(id, { ...known, run: after })
  return after
}

async function lockedRun(scope: OrgSession, id: string): Promise<Run> {
  const where = and(eq(run.orgId, scope.orgId), eq(run.id, id))
  const [row] = await scope.db().select().from(run).where(where).for('update')
  if (!row) throw new NotFound('run')
  return runOf(scope, row)
}

async function appendJournal(scope: OrgSession, entry: Parameters<Tx['appendJournal']>[0]): Promise<void> {
  const { runId, n, phase, key } = entry
  const kept: KeptAnswer = { salt: scope.ids.salt(), answer: entry.answer, request: entry.requestHash }
  const [requestHash, answerHash] = [requestHashOf(kept), answerHashOf(kept)]
  const before = await chainAt(scope, runId, n - 1)
  const chain = sha256Of([before, runId, n, phase, key, requestHash, answerHash])
  const row = { orgId: scope.orgId, runId, n, phase, key, requestHash, answerHash, chain, at: scope.clock.now() }
  const sealed = await scope.seals.seal(scope.db(), placeOf.body({ hash: answerHash, runId }), kept)
  const held = scope
    .db()
    .$with('held')
    .as(bodyInsert(scope, runId, answerHash, sealed))
  const entries = scope.db().with(held).insert(journalEntry).values(row).onConflictDoNothing()
  const inserted = await entries.returning({ n: journalEntry.n })
  if (inserted.length === 0) throw new LeaseLost(`entry ${n} of the journal is already there`)
  scope.ledger.add(runId, stateOf.journalEntry(row))
  const known = scope.locked.get(runId)
  if (known) scope.locked.set(runId, { ...known, last: { n, chain } })
}

async function chainAt(scope: OrgSession, runId: string, n: number): Promise<string | null> {
  const last = scope.locked.get(runId)?.last
  if (last?.n === n) return last.chain
  const where = and(eq(journalEntry.orgId, scope.orgId), eq(journalEntry.runId, runId), eq(journalEntry.n, n))
  const [entry] = await scope.db().select({ chain: journalEntry.chain }).from(journalEntry).where(where)
  if (n > 0 && !entry) throw new LeaseLost(`the journal has no entry ${n}`)
  return entry?.chain ?? null
}

async function observe(scope: OrgSession, ...[runId, phase, key, said]: Parameters<Tx['observe']>): Promise<void> {
  if (said.length === 0) return
  const at = scope.clock.now()
  const rows = []
  for (const [n, observation] of said.entries()) {
    const id = scope.ids.next()
    const sealed = await scope.seals.seal(scope.db(), placeOf.event({ id, runId }), observation)
    rows.push({ orgId: scope.orgId, id, kind: 'observation', runId, phase, key, n, at, sealed })
  }
  const inserted = await scope.db().insert(event).values(rows).onConflictDoNothing().returning()
  scope.ledger.add(runId, ...inserted.map(stateOf.observation))
  scope.tell('event')
}

async function linkRecords(scope: OrgSession, runId: string, records: readonly RecordKey[]): Promise<void> {
  if (records.length === 0) return
  const rows = records.map(({ object, id }) => ({ orgId: scope.orgId, runId, object, recordId: id }))
  const inserted = await scope.db().insert(runRecord).values(rows).onConflictDoNothing().returning()
  scope.ledger.add(runId, ...inserted.map(stateOf.record))
}
