import { and, asc, eq } from 'drizzle-orm'
import type { Db } from '../../server/brain/adapters/postgres/session/database.ts'
import { stateOf, type RowState } from '../../server/brain/adapters/postgres/session/ledger.ts'
import {
  approval,
  changeSetVersion,
  decision,
  event,
  journalEntry,
  run,
  runRecord,
} from '../../server/brain/adapters/postgres/session/schema.ts'

/** Every row of a run that has a state, as it is stored now. */
export async function storedRows(db: Db, orgId: string, runId: string): Promise<RowState[]> {
  const answers = and(eq(approval.orgId, orgId), eq(approval.runId, runId))
  const observations = and(eq(event.orgId, orgId), eq(event.runId, runId), eq(event.kind, 'observation'))
  return [
    ...(
      await db
        .select()
        .from(run)
        .where(and(eq(run.orgId, orgId), eq(run.id, runId)))
    ).map(stateOf.run),
    ...(
      await db
        .select()
        .from(decision)
        .where(and(eq(decision.orgId, orgId), eq(decision.runId, runId)))
    ).map(stateOf.decision),
    ...(await changeSetsOf(db, orgId, runId)).map(stateOf.changeSet),
    ...(await db.select().from(approval).where(answers).orderBy(asc(approval.n))).map(stateOf.approval),
    ...(await db.select().from(event).where(observations).orderBy(asc(event.seq))).map(stateOf.observation),
    ...(
      await db
        .select()
        .from(runRecord)
        .where(and(eq(runRecord.orgId, orgId), eq(runRecord.runId, runId)))
    ).map(stateOf.record),
    ...(
      await db
        .select()
        .from(journalEntry)
        .where(and(eq(journalEntry.orgId, orgId), eq(journalEntry.runId, runId)))
    ).map(stateOf.journalEntry),
  ]
}

const changeSetsOf = (db: Db, orgId: string, runId: string) =>
  db
    .select()
    .from(changeSetVersion)
    .where(and(eq(changeSetVersion.orgId, orgId), eq(changeSetVersion.runId, runId)))
