// Starts dry runs: everything but the proposal, over the records that an administrator names or that a query finds.
import { NotFound } from '../domain/errors.ts'
import type { MissionVersion } from '../domain/mission.ts'
import type { Trigger } from '../domain/run.ts'
import { startStep } from '../missions/language/start-step.ts'
import type { Clock, Ids } from '../ports/clock.ts'
import type { Salesforce } from '../ports/salesforce.ts'
import type { Store } from '../ports/store.ts'
import { grantedQueries } from './granted-queries.ts'
import { insertNewRun } from '../runs/start-run.ts'

interface DryRunDeps {
  store: Store
  clock: Clock
  ids: Ids
  salesforce: Salesforce
}

interface Started {
  recordId: string
  /** Null when it was not started. */
  runId: string | null
  why: string | null
}

/** The active version of a mission, and the object that its runs start from. Throws NotFound. */
export async function triedMission(
  { store }: Pick<DryRunDeps, 'store'>,
  name: string,
): Promise<{ mission: MissionVersion; object: string }> {
  const mission = (await store.activeMissions()).find((active) => active.name === name)
  if (!mission) throw new NotFound('active mission')
  const object = startStep(mission.definition)?.object
  if (object === undefined) throw new NotFound('record that this mission starts from')
  return { mission, object }
}

/** Ids of the newest records that a condition of SOQL holds for, within what the mission may read. Throws SalesforceError. */
export async function newestRecords(
  { salesforce }: Pick<DryRunDeps, 'salesforce'>,
  { mission, object }: { mission: MissionVersion; object: string },
  { newest, where, userId }: { newest: number; where: string | null; userId: string },
): Promise<string[]> {
  const condition = where === null ? '' : ` WHERE ${where}`
  const query = `SELECT Id FROM ${object}${condition} ORDER BY CreatedDate DESC LIMIT ${newest}`
  const [records = []] = await grantedQueries(salesforce, mission, [query], { runId: null, userId })
  return records.map(({ id }) => id)
}

/** One run a record; none about a record with an open run, which would take later changes of it for its own. */
export async function startDryRuns(
  { store, clock, ids }: DryRunDeps,
  { mission, object }: { mission: MissionVersion; object: string },
  { recordIds, userId, role }: { recordIds: readonly string[]; userId: string; role: string },
): Promise<Started[]> {
  const started: Started[] = []
  for (const recordId of new Set(recordIds)) {
    const trigger: Trigger = {
      kind: 'launch',
      change: null,
      subject: { object, id: recordId },
      scope: null,
      launcher: userId,
      role,
      at: clock.now(),
      idempotencyKey: `dry-run:${ids.next()}`,
      trial: 'dry-run',
    }
    const runId = await store.transaction((tx) => insertNewRun({ clock, ids }, tx, mission, trigger))
    const why = runId === null ? 'a run of this mission about the record is open: try again when it has ended' : null
    started.push({ recordId, runId, why })
  }
  return started
}
