import { wholeSecond } from '../../contract/values/instant.ts'
import type { OrgChange } from '../ports/org-changes.ts'
import type { Tx } from '../ports/store.ts'
import type { Trigger } from '../domain/run.ts'
import { cancelRunsAbout, startedByDeletion } from './deleted-record.ts'
import { oweCatchUp } from './owed-catch-up.ts'
import { startRunWithin, type StartDeps } from './start-run.ts'
import { positionKey, watermarkKey } from './stream-position.ts'
import { changeName, missionsFor } from './trigger-match.ts'

/** Client name of the brain's own writes, which start no mission. */
const OWN_CLIENT = 'missions'

/**
 * Starts the missions of a change event, cancels runs about a record that it deletes, and saves the position, in one transaction:
 * a repeated event starts nothing twice, and of an event that names no single record a catch-up is owed.
 */
export function takeChange(deps: StartDeps, change: OrgChange): Promise<void> {
  return deps.store.transaction(async (tx) => {
    // Before the watermark rises: the catch-up begins where it stood.
    if (!change.isComplete) await oweCatchUp(tx, change.object)
    const name = changeName(change)
    if (name !== null) await takeNamed(deps, tx, change, name)
    await savePosition(tx, change)
  })
}

/** Only raised: another process may have read on while this one was paused. */
export async function savePosition(tx: Tx, { topic, object, replayId, at }: OrgChange): Promise<void> {
  await tx.raiseSetting(positionKey(topic), replayId)
  await tx.raiseSetting(watermarkKey(object), at)
}

async function takeNamed(deps: StartDeps, tx: Tx, change: OrgChange, name: string): Promise<void> {
  const { object, recordIds } = change
  if (name.endsWith('.deleted')) for (const id of recordIds) await cancelRunsAbout(tx, { object, id })
  if (change.client === OWN_CLIENT) return
  // The brain's own deletions are undone by its own means, or belong to a merge.
  if (name.endsWith('.deleted')) for (const id of recordIds) await tx.noteDeletion(id, change.at)
  for (const { mission, afterSeconds } of missionsFor(change, await tx.activeMissions())) {
    for (const id of recordIds) {
      if (await wasCaughtUp(tx, change, name, id, mission.name)) continue
      const trigger = triggerOf(change, name, id, mission.name)
      const { runId } = await startRunWithin(deps, tx, { mission: mission.name, trigger }, afterSeconds)
      if (runId === null || !isUpdate(name) || change.modifiedAt === null) continue
      await tx.rememberTrigger(updateKey('event', mission.name, id, name, change.modifiedAt), runId)
    }
  }
}

/** True when a catch-up found this change before its event arrived. */
async function wasCaughtUp(tx: Tx, change: OrgChange, name: string, id: string, mission: string): Promise<boolean> {
  if (name.endsWith('.deleted')) return startedByDeletion(tx, { mission, change: name, id, at: change.at }, 'catch-up')
  if (!isUpdate(name) || change.modifiedAt === null) return false
  return (await tx.runOfTrigger(updateKey('catch-up', mission, id, name, change.modifiedAt))) !== null
}

const isUpdate = (name: string) => name.endsWith('.updated')

function triggerOf(change: OrgChange, name: string, id: string, mission: string): Trigger {
  return {
    kind: 'change',
    change: name,
    subject: { object: change.object, id },
    scope: null,
    launcher: null,
    at: change.at,
    idempotencyKey: triggerKey(mission, name, id, `${change.topic}:${change.replayId}`),
  }
}

/** A record is created once, even if its event arrives several times; every other change counts by itself. */
export function triggerKey(mission: string, change: string, recordId: string, position: string): string {
  return change.endsWith('.created')
    ? `${mission}:${change}:${recordId}`
    : `${mission}:${change}:${recordId}:${position}`
}

/** An update as event and query both know it: by the record's time of change, which an org keeps to the second. */
export function updateKey(
  by: 'event' | 'catch-up',
  mission: string,
  id: string,
  change: string,
  modifiedAt: string,
): string {
  return `${by}:${mission}:${change}:${id}:${wholeSecond(modifiedAt)}`
}
