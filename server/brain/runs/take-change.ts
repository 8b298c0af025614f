import type { OrgChange } from '../ports/org-changes.ts'
import type { Tx } from '../ports/store.ts'
import type { Trigger } from '../domain/run.ts'
import { startRunWithin, type StartDeps } from './start-run.ts'
import { changeName, missionsFor } from './trigger-match.ts'

/** Client name of the brain's own writes, which start no mission. */
const OWN_CLIENT = 'missions'

/** Setting: the last replay id of a topic. */
export const positionKey = (topic: string) => `replay:${topic}`
/** Setting: time of the latest processed change of an object, where a catch-up begins. */
export const watermarkKey = (object: string) => `watermark:${object}`

/** Starts the missions of a change event and saves the position, in one transaction: a repeated event starts nothing twice. */
export function takeChange(deps: StartDeps, change: OrgChange): Promise<void> {
  return deps.store.transaction(async (tx) => {
    if (change.client !== OWN_CLIENT) await startRuns(deps, tx, change)
    // Another process may have read on while this one was paused.
    await tx.raiseSetting(positionKey(change.topic), change.replayId)
    await tx.raiseSetting(watermarkKey(change.object), change.at)
  })
}

async function startRuns(deps: StartDeps, tx: Tx, change: OrgChange): Promise<void> {
  const name = changeName(change)
  if (name === null) return
  for (const { mission, afterSeconds } of missionsFor(change, await tx.activeMissions())) {
    for (const id of change.recordIds) {
      const trigger = triggerOf(change, name, id, mission.name)
      await startRunWithin(deps, tx, { mission: mission.name, trigger }, afterSeconds)
    }
  }
}

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
