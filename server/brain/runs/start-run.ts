import { NotFound } from '../domain/errors.ts'
import { addSeconds, secondsBetween } from '../../contract/values/instant.ts'
import type { Phrase } from '../domain/phrase.ts'
import type { MissionVersion } from '../domain/mission.ts'
import type { TriggerRequest, Run, Trigger } from '../domain/run.ts'
import type { Clock, Ids } from '../ports/clock.ts'
import type { Reads, Store, Tx } from '../ports/store.ts'
import { PHASES } from '../domain/transitions.ts'
import { hasEnded } from '../../contract/states.ts'
import { isLeftAside } from './bounds/rollout.ts'
import { isHeldForVolume, STARTS_STOPPED } from './switch/unusual-volume.ts'

export interface StartDeps {
  store: Store
  clock: Clock
  ids: Ids
}

/** Somebody else may win a start, and that run may end before it is joined. */
const TRIES = 3

export interface Started {
  /** Null when the mission is rolled out to a share of its records, and this one is not among them. */
  runId: string | null
  /** False when the trigger was known already, or joined an open run about the same record. */
  created: boolean
}

/**
 * Starts a run of the mission's active version, first due after `afterSeconds`. The same idempotency key gives the same run; a
 * trigger about a record with an open run is remembered there and looked at again when that run is done. Throws NotFound
 * when no version is active.
 */
export async function startRun(
  deps: StartDeps,
  request: TriggerRequest,
  afterSeconds = 0,
): Promise<{ runId: string; created: boolean }> {
  const { runId, created } = await deps.store.transaction((tx) => startRunWithin(deps, tx, request, afterSeconds))
  if (runId === null) throw new NotFound('run')
  return { runId, created }
}

/** The same inside a transaction, e.g. the one that saves the position in the event stream. */
export async function startRunWithin(
  deps: Pick<StartDeps, 'clock' | 'ids'>,
  tx: Tx,
  request: TriggerRequest,
  afterSeconds = 0,
): Promise<Started> {
  const { mission, trigger } = request
  for (let tries = 0; tries < TRIES; tries += 1) {
    const known = await tx.runOfTrigger(trigger.idempotencyKey)
    if (known) return { runId: known.id, created: false }
    const joined = await joinOpen(tx, request)
    if (joined) return { runId: joined, created: false }
    const active = await activeVersion(tx, mission)
    if (await isLeftAside(tx, active, trigger)) return { runId: null, created: false }
    const runId = await insertNewRun(deps, tx, active, trigger, afterSeconds)
    if (runId !== null) return { runId, created: true }
    // Another worker inserted the same trigger, or a run about the same record, in the same instant: found now, unless it has ended.
  }
  throw new NotFound('run')
}

/**
 * Inserts a run of this version, first due after `afterSeconds`, or tomorrow when the mission's limit per day is reached, or once an
 * administrator lets it when events start far more runs than usual. Null when the trigger is known, or its record has an open run:
 * then nothing was written.
 */
export async function insertNewRun(
  deps: Pick<StartDeps, 'clock' | 'ids'>,
  tx: Tx,
  mission: MissionVersion,
  trigger: Trigger,
  afterSeconds = 0,
): Promise<string | null> {
  if (await isHeldForVolume(deps, tx, mission, trigger)) {
    const waiting = { ...newRun(deps, mission, trigger, 0), status: 'held' as const, reason: STARTS_STOPPED }
    return (await tx.insertRun(waiting)) ? waiting.id : null
  }
  const surplus = await isSurplus(deps, tx, mission)
  const waitSeconds = surplus ? Math.max(afterSeconds, secondsToMidnight(deps.clock.now())) : afterSeconds
  const run = newRun(deps, mission, trigger, waitSeconds)
  const inserted = await tx.insertRun(surplus ? { ...run, status: 'held', reason: overLimit(mission) } : run)
  if (!inserted) return null
  await tx.addOutbox({ kind: 'advance-run', about: run.id, dueInSeconds: waitSeconds })
  return run.id
}

/** More than are ever being started at one moment, by all processes together. */
const AT_ONCE = 100

/**
 * A mission's limit per day holds the surplus until the next day, in UTC; a person may bring it forward. Near the limit runs are
 * counted and started one after the other: two that did not see each other would both be the last.
 */
async function isSurplus({ clock }: Pick<StartDeps, 'clock'>, tx: Tx, mission: MissionVersion): Promise<boolean> {
  const { name, definition } = mission
  const { perDay } = definition.limits
  const midnight = `${clock.now().slice(0, 10)}T00:00:00.000Z`
  if ((await tx.runsStartedSince(name, midnight)) < perDay - AT_ONCE) return false
  await tx.lockExclusively(`start runs of ${name}`)
  return (await tx.runsStartedSince(name, midnight)) >= perDay
}

const secondsToMidnight = (now: string) => 86_400 - secondsBetween(`${now.slice(0, 10)}T00:00:00.000Z`, now)

const overLimit = ({ definition }: MissionVersion): Phrase => [
  `The mission’s limit of ${definition.limits.perDay} runs a day is reached`,
]

async function activeVersion(reads: Reads, name: string): Promise<MissionVersion> {
  const mission = (await reads.activeMissions()).find((active) => active.name === name)
  if (!mission) throw new NotFound('active mission')
  return mission
}

/**
 * Remembers the trigger at the open run about its record; null when there is none. The run's lock decides: one that ended since
 * it was read looks at nothing again, and a trigger left there would be lost.
 */
async function joinOpen(tx: Tx, { mission, trigger }: TriggerRequest): Promise<string | null> {
  const found = trigger.subject && (await tx.openRunAbout(mission, trigger.subject.id))
  const open = found && (await tx.lockRun(found.id))
  if (!open || hasEnded(open.status)) return null
  // Another worker may have heard the same: it started this very run since the trigger was looked for.
  const known = await tx.runOfTrigger(trigger.idempotencyKey)
  if (known) return known.id
  await tx.rememberTrigger(trigger.idempotencyKey, open.id)
  if (!open.retrigger && !looksYet(open)) await tx.updateRun(open.id, { retrigger: true })
  return open.id
}

/** In its first phase a run has read nothing of its record: what changed by now it finds when it does. An undo never reads as the mission does, and a trial proposes nothing. */
const looksYet = ({ phase, trigger }: Run): boolean => phase === PHASES[0] && !trigger.undo && !trigger.trial

function newRun(
  { clock, ids }: Pick<StartDeps, 'clock' | 'ids'>,
  mission: MissionVersion,
  trigger: Trigger,
  afterSeconds: number,
): Run {
  const at = clock.now()
  return {
    id: ids.next(),
    mission: mission.name,
    missionVersion: mission.version,
    title: mission.definition.title,
    status: 'running',
    phase: PHASES[0] ?? 'trigger',
    trigger,
    subject: trigger.subject,
    subjectName: null,
    reason: null,
    nextTryAt: afterSeconds > 0 ? addSeconds(at, afterSeconds) : null,
    tries: 0,
    verdict: null,
    apiCalls: 0,
    tokens: 0,
    costMicros: 0,
    currency: null,
    decisionId: null,
    differences: [],
    retrigger: false,
    startedAt: at,
    updatedAt: at,
    erased: null,
  }
}

/** Looks again at the record of a run that is done or failed, because a trigger came while it was open. */
export async function startAgain(deps: Pick<StartDeps, 'clock' | 'ids'>, tx: Tx, done: Run): Promise<void> {
  const active = (await tx.activeMissions()).some(({ name }) => name === done.mission)
  if (!active) return
  const { undo, trial, ...earlier } = done.trigger
  // What came while an undo or a trial was open was about the record, not about either.
  const what = undo || trial ? { ...earlier, kind: 'catch-up' as const, launcher: null } : earlier
  const trigger: Trigger = { ...what, at: deps.clock.now(), idempotencyKey: `again:${done.id}` }
  await startRunWithin(deps, tx, { mission: done.mission, trigger })
}
