import {
  and,
  asc,
  count,
  desc,
  eq,
  exists,
  gte,
  inArray,
  isNotNull,
  lt,
  notInArray,
  or,
  sql,
  type SQL,
} from 'drizzle-orm'
import { sha256Of } from '../../../../contract/values/canonical.ts'
import { type Phase, ENDED_STATUSES, WRITING_VERDICTS } from '../../../../contract/states.ts'
import type { JournalEntry } from '../../../ports/runs.ts'
import type { Reads } from '../../../ports/store.ts'
import { cursorText, isAfter, isSafe } from '../session/cursor.ts'
import { observationOf, runOf, type RunRow } from './run-rows.ts'
import { placeOf } from '../session/places.ts'
import { body, event, journalEntry, run, runRecord, runTrigger } from '../session/schema.ts'
import { mapInOrder, type OrgSession } from '../session/org-session.ts'

type RunReads = Pick<
  Reads,
  | 'run'
  | 'runsById'
  | 'runs'
  | 'runsStartedSince'
  | 'runsPerHour'
  | 'heldRuns'
  | 'openRunAbout'
  | 'runOfTrigger'
  | 'journal'
  | 'observations'
  | 'runsThatChanged'
>

/** Records a run is about: its subject and every record it was linked to. */
export function linkedTo(scope: OrgSession, recordId: string, runId: SQL | typeof run.id): SQL {
  const linked = scope
    .db()
    .select({ one: sql`1` })
    .from(runRecord)
    .where(and(eq(runRecord.orgId, scope.orgId), eq(runRecord.recordId, recordId), eq(runRecord.runId, runId)))
  return exists(linked)
}

/** Stored form of an entry's answer: the salt prevents guessing the answer from its hash after an erasure. */
export interface KeptAnswer {
  salt: string
  answer: unknown
  /** Hash of the request. Missing in entries from before requests were salted: their column holds it. */
  request?: string
}
export const answerHashOf = (kept: KeptAnswer) => sha256Of([kept.salt, kept.answer])
/** Salted hash of the request, in the column and the chain: no guess is possible once the salt is erased. */
export const requestHashOf = (kept: KeptAnswer) => sha256Of([kept.salt, kept.request])

export function readRuns(scope: OrgSession): RunReads {
  const mine = eq(run.orgId, scope.orgId)
  const found = async (rows: RunRow[]) => {
    await scope.seals.prepare(
      scope.db(),
      rows.map(({ id }) => id),
    )
    return mapInOrder(rows, (row) => runOf(scope, row))
  }
  const first = async (rows: RunRow[]) => (await found(rows.slice(0, 1)))[0] ?? null

  return {
    run: async (id) =>
      first(
        await scope
          .db()
          .select()
          .from(run)
          .where(and(mine, eq(run.id, id))),
      ),

    async runsById(ids) {
      const rows =
        ids.length === 0
          ? []
          : await scope
              .db()
              .select()
              .from(run)
              .where(and(mine, inArray(run.id, [...ids])))
      return new Map((await found(rows)).map((each) => [each.id, each]))
    },

    async runs({ mission, status, record, limit, before }) {
      const where = and(
        mine,
        mission === undefined ? undefined : eq(run.mission, mission),
        status === undefined ? undefined : eq(run.status, status),
        record === undefined ? undefined : linkedTo(scope, record, run.id),
        before === undefined ? undefined : lt(run.id, before),
      )
      return found(await scope.db().select().from(run).where(where).orderBy(desc(run.id)).limit(limit))
    },

    runsStartedSince: (mission, since) =>
      scope.db().$count(run, and(mine, eq(run.mission, mission), gte(run.startedAt, since))),

    async runsPerHour(mission, from, to) {
      const hour = sql`substr(${run.startedAt}, 1, 13)`
      const rows = await scope
        .db()
        .select({ runs: count() })
        .from(run)
        .where(and(mine, eq(run.mission, mission), gte(run.startedAt, from), lt(run.startedAt, to)))
        .groupBy(hour)
      return rows.map(({ runs }) => runs)
    },
    heldRuns: (cause) => scope.db().$count(run, and(mine, eq(run.status, 'held'), eq(run.heldFor, cause))),

    async openRunAbout(mission, record) {
      const where = and(
        mine,
        eq(run.mission, mission),
        eq(run.subjectId, record),
        notInArray(run.status, ENDED_STATUSES),
      )
      return first(await scope.db().select().from(run).where(where).limit(1))
    },

    async runOfTrigger(key) {
      const trigger = scope
        .db()
        .select({ id: runTrigger.runId })
        .from(runTrigger)
        .where(and(eq(runTrigger.orgId, scope.orgId), inArray(runTrigger.idempotencyKey, [key, scope.seals.mark(key)])))
      return first(
        await scope
          .db()
          .select()
          .from(run)
          .where(and(mine, inArray(run.id, trigger))),
      )
    },

    journal: (runId) => readJournal(scope, runId),

    async observations(runId, after, limit) {
      const where = and(
        eq(event.orgId, scope.orgId),
        eq(event.runId, runId),
        eq(event.kind, 'observation'),
        isSafe(event),
        isNotNull(event.sealed),
        after === null ? undefined : isAfter(event, after),
      )
      const rows = await scope
        .db()
        .select({ ...observationColumns, cursor: cursorText(event) })
        .from(event)
        .where(where)
        .orderBy(asc(event.xid), asc(event.seq))
        .limit(limit)
      return (await mapInOrder(rows, (row) => observationOf(scope, row))).flat()
    },

    async runsThatChanged(recordId) {
      const about = or(eq(run.subjectId, recordId), linkedTo(scope, recordId, run.id))
      const where = and(mine, inArray(run.verdict, WRITING_VERDICTS), about)
      return found(await scope.db().select().from(run).where(where).orderBy(desc(run.id)))
    },
  }
}

const observationColumns = {
  id: event.id,
  runId: event.runId,
  phase: event.phase,
  key: event.key,
  n: event.n,
  at: event.at,
  sealed: event.sealed,
}

/** For an erased run: names and hashes, with null for every answer. For any other run, entries without an answer are left out. */
async function readJournal(scope: OrgSession, runId: string): Promise<JournalEntry[]> {
  const join = and(
    eq(body.orgId, journalEntry.orgId),
    eq(body.runId, journalEntry.runId),
    eq(body.hash, journalEntry.answerHash),
  )
  const rows = await scope
    .db()
    .select({ entry: journalEntry, sealed: body.sealed })
    .from(journalEntry)
    .leftJoin(body, join)
    .where(and(eq(journalEntry.orgId, scope.orgId), eq(journalEntry.runId, runId)))
    .orderBy(asc(journalEntry.n))
  const isErased = rows.some(({ sealed }) => sealed === null) && (await isErasedRun(scope, runId))
  const entries = await mapInOrder(rows, async ({ entry, sealed }) => {
    const { n, key, requestHash, chain, at } = entry
    const open = { runId, n, phase: entry.phase as Phase, key, chain, at }
    if (isErased) return [{ ...open, requestHash, answer: null }]
    if (sealed === null) return []
    const kept = (await scope.seals.open(
      scope.db(),
      placeOf.body({ hash: entry.answerHash, runId }),
      sealed,
    )) as KeptAnswer
    return [{ ...open, requestHash: kept.request ?? requestHash, answer: kept.answer }]
  })
  return entries.flat()
}

async function isErasedRun(scope: OrgSession, runId: string): Promise<boolean> {
  const where = and(eq(run.orgId, scope.orgId), eq(run.id, runId), isNotNull(run.erasureId))
  return (await scope.db().$count(run, where)) > 0
}
