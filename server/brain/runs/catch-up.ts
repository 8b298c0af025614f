// After a gap in an object's events: a query by system time stamp finds what was created, changed or deleted meanwhile.
import type { ToolOutput } from '../../contract/tools.ts'
import type { MissionVersion } from '../domain/mission.ts'
import type { Trigger } from '../domain/run.ts'
import type { Salesforce } from '../ports/salesforce.ts'
import type { Tx } from '../ports/store.ts'
import { cancelRunsAbout, startedByDeletion } from './deleted-record.ts'
import { advanceOwed, owedCatchUp, type Owed } from './owed-catch-up.ts'
import { wroteItself } from './own-write.ts'
import { openReadingGrant } from './reading-grant.ts'
import { countOrSetAside, type SetAsideDeps } from './set-aside.ts'
import { startRunWithin } from './start-run.ts'
import { watermarkKey } from './stream-position.ts'
import { triggerKey, updateKey } from './take-change.ts'
import { changeName, missionsFor, missionsWatching } from './trigger-match.ts'

export interface CatchUpDeps extends SetAsideDeps {
  salesforce: Salesforce
}

type ChangedRecord = ToolOutput<'listChanges'>['changes'][number]
type ChangeType = 'CREATE' | 'UPDATE' | 'DELETE'

/**
 * Works off the catch-up that is owed for an object, page by page; how far it came is kept, so that another process goes on from
 * there. A record whose event was processed already starts nothing again. Throws SalesforceError.
 */
export async function catchUp(deps: CatchUpDeps, object: string): Promise<void> {
  const { store } = deps
  for (let owed = await owedCatchUp(store, object); owed; owed = await owedCatchUp(store, object)) {
    const read = owed
    const missions = missionsWatching(object, await store.activeMissions())
    const page = await readPage(deps, missions, object, read)
    for (const record of page?.changes ?? []) await takeOrSetAside(deps, object, read, record)
    const last = page?.changes.at(-1)
    await store.transaction(async (tx) => {
      if (last) await tx.raiseSetting(watermarkKey(object), last.at)
      await advanceOwed(tx, object, read, page?.more && last ? { since: last.at, after: last.id } : null)
    })
  }
}

const waitsForUpdates = (object: string, missions: readonly MissionVersion[]) =>
  missionsFor({ object, changeType: 'UPDATE', changedFields: null }, missions).length > 0

/** Null when no mission may read the object any more: nothing is left to start. */
async function readPage(
  { salesforce }: CatchUpDeps,
  missions: readonly MissionVersion[],
  object: string,
  { from, since, after }: Owed,
): Promise<ToolOutput<'listChanges'> | null> {
  const grant = await openReadingGrant(salesforce, missions, object)
  if (grant === null) return null
  const createdSince = waitsForUpdates(object, missions) ? null : from
  return salesforce.call('listChanges', { grant, object, since, after, createdSince }, { runId: null })
}

/** Of a record that was created and deleted meanwhile only the deletion is left to react to. */
function changesOf({ isDeleted, createdAt, modifiedAt }: ChangedRecord, { from }: Owed): ChangeType[] {
  if (isDeleted) return ['DELETE']
  if (createdAt < from) return ['UPDATE']
  return modifiedAt > createdAt ? ['CREATE', 'UPDATE'] : ['CREATE']
}

/** Throws while the record is to be tried again. */
async function takeOrSetAside(deps: CatchUpDeps, object: string, owed: Owed, record: ChangedRecord): Promise<void> {
  const { id, at } = record
  const change = changesOf(record, owed).join(' ')
  const tried = { source: `catch-up:${object}`, position: `${at} ${id}`, object, change, recordIds: [id] }
  try {
    await takeRecord(deps, object, owed, record)
  } catch (error) {
    if (!(await countOrSetAside(deps, tried, () => Promise.resolve()))) throw error
  }
}

async function takeRecord(deps: CatchUpDeps, object: string, owed: Owed, record: ChangedRecord): Promise<void> {
  await deps.store.transaction(async (tx) => {
    if (record.isDeleted) await cancelRunsAbout(tx, { object, id: record.id })
    if (record.isDeleted && record.mergedInto === null) await tx.noteDeletion(record.id, record.at)
    // A run that was started by the creation reads what was changed since.
    const fresh = new Set<string>()
    for (const changeType of changesOf(record, owed)) {
      const change = { object, changeType, changedFields: null }
      for (const { mission, afterSeconds } of missionsFor(change, await tx.activeMissions())) {
        const trigger = triggerOf(mission.name, object, changeType, record)
        if (fresh.has(mission.name) || (await wasHeard(tx, mission.name, trigger, record))) continue
        if (changeType === 'UPDATE' && (await wroteItself(tx, mission.name, record))) continue
        const { created } = await startRunWithin(deps, tx, { mission: mission.name, trigger }, afterSeconds)
        if (created) fresh.add(mission.name)
      }
    }
  })
}

async function wasHeard(
  tx: Tx,
  mission: string,
  { change, at }: Trigger,
  { id, modifiedAt, isDeleted }: ChangedRecord,
): Promise<boolean> {
  if (change === null) return false
  if (isDeleted) return startedByDeletion(tx, { mission, change, id, at })
  if (!change.endsWith('.updated')) return false
  return (await tx.runOfTrigger(updateKey('event', mission, id, change, modifiedAt))) !== null
}

function triggerOf(mission: string, object: string, changeType: ChangeType, record: ChangedRecord): Trigger {
  const { id, createdAt, modifiedAt } = record
  const change = changeName({ object, changeType })
  const at = { CREATE: createdAt, UPDATE: modifiedAt, DELETE: record.at }[changeType]
  const name = change ?? ''
  return {
    kind: 'catch-up',
    change,
    subject: { object, id },
    scope: null,
    launcher: null,
    at,
    idempotencyKey:
      changeType === 'UPDATE' ? updateKey('catch-up', mission, id, name, at) : triggerKey(mission, name, id, at),
  }
}
