// Destroys the contents of runs: keys, bodies and encrypted columns go; chains, hashes, times, statuses and verdicts stay.
import { ENDED_STATUSES } from '../../../../contract/states.ts'
import { and, asc, desc, eq, inArray, isNull, lt, sql } from 'drizzle-orm'
import { sha256Of } from '../../../../contract/values/canonical.ts'
import { ERASED_KEY, erasureHash, type Erasure, type Eraser } from '../../../domain/erasure.ts'
import type { Reads, Store, Tx } from '../../../ports/store.ts'
import { parseCursor } from '../session/cursor.ts'
import { stateOf } from '../session/ledger.ts'
import { recordChange } from './changes.ts'
import { runOf } from './run-rows.ts'
import {
  approval,
  body,
  decision,
  erasure,
  event,
  journalEntry,
  run,
  runKey,
  runTrigger,
  setting,
} from '../session/schema.ts'
import { namingRuns } from './runs-mentioning.ts'
import { mapInOrder, type OrgSession } from '../session/org-session.ts'
import { FLOOR } from './stream.ts'

type ErasureWrites = Pick<Tx, 'lockRun' | 'erase'>

/** `onErased` is called when keys were destroyed, which holds only if the transaction commits. */
export function writeErasures(scope: OrgSession, onErased: () => void): ErasureWrites {
  return {
    async lockRun(id) {
      const where = and(eq(run.orgId, scope.orgId), eq(run.id, id))
      const [row] = await scope.db().select().from(run).where(where).for('update')
      return row ? runOf(scope, row) : null
    },
    async erase(value) {
      const { id, at, by, reason, record } = value
      const row = { orgId: scope.orgId, id, at, byKind: by.kind, byName: by.name, reason, recordId: record }
      await scope.db().insert(erasure).values(row)
      for (const runId of value.runs) {
        await chainErasure(scope, runId, value)
        await hideTriggers(scope, runId)
      }
      await destroy(scope, value)
      scope.locked.clear()
      for (const runId of value.runs) await recordChange(scope, { kind: 'run', runId, decisionId: null })
      scope.tell('erased')
      onErased()
    },
  }
}

/** Last link of the chain: the contents were erased, by which row of the list. */
async function chainErasure(scope: OrgSession, runId: string, value: Erasure): Promise<void> {
  const where = and(eq(journalEntry.orgId, scope.orgId), eq(journalEntry.runId, runId))
  const [last] = await scope.db().select().from(journalEntry).where(where).orderBy(desc(journalEntry.n)).limit(1)
  const ofRun = and(eq(run.orgId, scope.orgId), eq(run.id, runId))
  const [found] = await scope.db().select({ phase: run.phase }).from(run).where(ofRun)
  const [n, phase] = [(last?.n ?? 0) + 1, found?.phase ?? '']
  const [requestHash, answerHash] = [erasureHash(value), sha256Of(null)]
  const chain = sha256Of([last?.chain ?? null, runId, n, phase, ERASED_KEY, requestHash, answerHash])
  const link = { n, phase, key: ERASED_KEY, requestHash, answerHash, chain }
  await scope
    .db()
    .insert(journalEntry)
    .values({ ...link, orgId: scope.orgId, runId, at: value.at })
  scope.ledger.add(runId, stateOf.journalEntry({ n, chain, at: value.at }))
}

/** Trigger keys may be any text of a caller. Their marks still identify a second delivery, which then starts no run. */
async function hideTriggers(scope: OrgSession, runId: string): Promise<void> {
  const where = and(eq(runTrigger.orgId, scope.orgId), eq(runTrigger.runId, runId))
  for (const { idempotencyKey } of await scope.db().select().from(runTrigger).where(where)) {
    await scope
      .db()
      .update(runTrigger)
      .set({ idempotencyKey: scope.seals.mark(idempotencyKey) })
      .where(and(where, eq(runTrigger.idempotencyKey, idempotencyKey)))
  }
}

async function destroy(scope: OrgSession, { id: erasureId, runs }: Erasure): Promise<void> {
  const { orgId } = scope
  const db = scope.db()
  // The fence is raised: a worker that still has the lease can write nothing more.
  const gone = { sealed: '', erasureId, fence: sql`${run.fence} + 1`, leaseOwner: null, leaseUntil: null }
  const erased = await db
    .update(run)
    .set(gone)
    .where(and(eq(run.orgId, orgId), inArray(run.id, runs)))
    .returning()
  for (const row of erased) scope.ledger.add(row.id, stateOf.run(row))
  await db
    .update(decision)
    .set({ sealed: '' })
    .where(and(eq(decision.orgId, orgId), inArray(decision.runId, runs)))
  await db
    .update(approval)
    .set({ sealed: '' })
    .where(and(eq(approval.orgId, orgId), inArray(approval.runId, runs)))
  await db
    .update(event)
    .set({ sealed: null })
    .where(and(eq(event.orgId, orgId), inArray(event.runId, runs)))
  await db.delete(body).where(and(eq(body.orgId, orgId), inArray(body.runId, runs)))
  await db.delete(runKey).where(and(eq(runKey.orgId, orgId), inArray(runKey.runId, runs)))
}

export function readErasures(scope: OrgSession): Pick<Reads, 'erasures'> {
  return {
    async erasures({ limit, before }) {
      const mine = eq(erasure.orgId, scope.orgId)
      const where = before === undefined ? mine : and(mine, lt(erasure.id, before))
      const rows = await scope.db().select().from(erasure).where(where).orderBy(desc(erasure.id)).limit(limit)
      return mapInOrder(rows, async ({ id, at, byKind, byName, reason, recordId }) => {
        const of = and(eq(run.orgId, scope.orgId), eq(run.erasureId, id))
        const runs = await scope.db().select({ id: run.id }).from(run).where(of).orderBy(run.id)
        const by = { kind: byKind as Eraser['kind'], name: byName }
        return { id, at, by, reason, record: recordId, runs: runs.map((row) => row.id) }
      })
    },
  }
}

type Erasable = Pick<Store, 'runsMentioning' | 'endedBefore' | 'dropEventsBefore'>

export function findErasable(scope: OrgSession): Erasable {
  return {
    runsMentioning: (recordId, after) => namingRuns(scope, recordId, after),
    async endedBefore(time, limit) {
      const ended = and(eq(run.orgId, scope.orgId), inArray(run.status, ENDED_STATUSES), isNull(run.erasureId))
      const rows = await scope
        .db()
        .select({ id: run.id })
        .from(run)
        .where(and(ended, lt(run.updatedAt, time)))
        .orderBy(asc(run.updatedAt), asc(run.id))
        .limit(limit)
      return rows.map(({ id }) => id)
    },
    dropEventsBefore: (time) => dropEvents(scope, time),
  }
}

/** Observations with contents belong to runs that stay: only the others are deleted. */
async function dropEvents(scope: OrgSession, time: string): Promise<void> {
  const { rows } = await scope.db().execute<{ floor: string | null }>(sql`
    with gone as (
      delete from ${event} where ${event.orgId} = ${scope.orgId} and ${event.at} < ${time}
        and (${event.kind} <> 'observation' or ${event.sealed} is null)
      returning ${event.xid} as xid, ${event.seq} as seq)
    select xid::text || '.' || seq::text as floor from gone order by gone.xid desc, gone.seq desc limit 1`)
  const floor = rows[0]?.floor
  if (!floor) return
  parseCursor(floor)
  await scope
    .db()
    .insert(setting)
    .values({ orgId: scope.orgId, key: FLOOR, value: floor })
    .onConflictDoUpdate({ target: [setting.orgId, setting.key], set: { value: floor } })
}
