// Runs that the clock starts: of all workers one takes a tick, and a tick’s records are worked off page by page.
import { z } from 'zod'
import { sha256Of } from '../../contract/values/canonical.ts'
import { SalesforceError } from '../domain/errors.ts'
import type { MissionVersion, ScheduleTrigger } from '../domain/mission.ts'
import type { Trigger } from '../domain/run.ts'
import { latestTick } from '../missions/language/schedule.ts'
import type { Salesforce } from '../ports/salesforce.ts'
import type { SettingReads } from '../ports/settings.ts'
import type { Tx } from '../ports/store.ts'
import { openReadingGrant } from '../runs/reading-grant.ts'
import { countOrSetAside, setAsideNow, type SetAsideDeps } from '../runs/set-aside.ts'
import { startRunWithin } from '../runs/start-run.ts'

export interface ScheduleDeps extends SetAsideDeps {
  salesforce: Salesforce
  onError(error: unknown): void
}

/** Records per query. */
const PAGE = 200

const Taken = z.object({
  /** The latest tick that was taken. */
  tick: z.string(),
  /** The last record that has its run. */
  after: z.string(),
  /** Records of this tick may still be without theirs. */
  isOpen: z.boolean(),
})
type Taken = z.infer<typeof Taken>

/** A mission with one of its schedules. */
interface Scheduled {
  mission: MissionVersion
  trigger: ScheduleTrigger
  /** Setting that says how far it came. */
  key: string
}

/**
 * Takes the ticks that are due. Of several that passed while no worker was there only the latest counts. A tick that the org cannot
 * be asked for is gone on with at the next call; a newer one takes its place.
 */
export async function fireSchedules(deps: ScheduleDeps): Promise<void> {
  for (const scheduled of scheduledIn(await deps.store.activeMissions())) {
    try {
      await fire(deps, scheduled)
    } catch (error) {
      // Trouble of one schedule is no reason for the others to wait.
      deps.onError(error)
    }
  }
}

function scheduledIn(missions: readonly MissionVersion[]): Scheduled[] {
  return missions.flatMap((mission) =>
    mission.definition.trigger
      .filter((trigger) => 'schedule' in trigger)
      .map((trigger) => ({ mission, trigger, key: `schedule:${mission.name}:${sha256Of(trigger).slice(0, 16)}` })),
  )
}

async function fire(deps: ScheduleDeps, scheduled: Scheduled): Promise<void> {
  for (let taken = await take(deps, scheduled); taken?.isOpen; taken = await stateOf(deps.store, scheduled.key)) {
    const ids = scheduled.trigger.each ? await pageOf(deps, scheduled, taken) : []
    if (ids === null) return
    if (!scheduled.trigger.each) await startOne(deps, scheduled, taken, null)
    for (const id of ids) await startOrSetAside(deps, scheduled, taken, id)
    await advance(deps, scheduled, taken, ids)
  }
}

async function stateOf(reads: SettingReads, key: string): Promise<Taken | null> {
  const kept = await reads.setting(key)
  return kept ? Taken.parse(JSON.parse(kept)) : null
}

/** The tick that is being worked off, after the newest one that is due was taken; the database lets one worker at a time decide. */
function take({ store, clock }: ScheduleDeps, { mission, trigger, key }: Scheduled): Promise<Taken | null> {
  return store.transaction(async (tx) => {
    await tx.lockExclusively(key)
    const before = await stateOf(tx, key)
    const now = clock.now()
    if (before && before.tick > now) return forget(tx, key, now)
    const since = later(before?.tick ?? '', mission.activatedAt ?? now)
    const tick = latestTick(trigger, since, now)
    if (tick === null) return before
    const taken = { tick, after: '', isOpen: true }
    await tx.setSetting(key, JSON.stringify(taken))
    return taken
  })
}

/** A tick that is still to come was taken by a clock that was wrong. When its time comes it is taken again, and doubles no run. */
async function forget(tx: Tx, key: string, now: string): Promise<null> {
  await tx.setSetting(key, JSON.stringify({ tick: now, after: '', isOpen: false }))
  return null
}

const later = (a: string, b: string): string => (a > b ? a : b)

/** What another worker noted further on, or of a newer tick, stays. */
function advance(
  { store }: ScheduleDeps,
  { key, trigger }: Scheduled,
  read: Taken,
  ids: readonly string[],
): Promise<void> {
  return store.transaction(async (tx) => {
    await tx.lockExclusively(key)
    const now = await stateOf(tx, key)
    if (now?.tick !== read.tick || now.after > read.after) return
    const isOpen = trigger.each !== undefined && ids.length === PAGE
    await tx.setSetting(key, JSON.stringify({ tick: read.tick, after: ids.at(-1) ?? read.after, isOpen }))
  })
}

/** Ids in order; null when the tick was given up. Throws SalesforceError for what passes. */
async function pageOf(deps: ScheduleDeps, scheduled: Scheduled, { tick, after }: Taken): Promise<string[] | null> {
  const { mission, trigger, key } = scheduled
  const { object = '', where } = trigger.each ?? {}
  const conditions = [...(where === undefined ? [] : [`(${where})`]), ...(after === '' ? [] : [`Id > '${after}'`])]
  const condition = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''
  try {
    const grant = await openReadingGrant(deps.salesforce, [mission], object)
    // Not active in the org’s register: nothing may be read for it.
    if (grant === null) return []
    const queries = [`SELECT Id FROM ${object}${condition} ORDER BY Id LIMIT ${PAGE}`]
    const { results } = await deps.salesforce.call('soqlQuery', { grant, queries }, { runId: null })
    return (results[0]?.records ?? []).map(({ id }) => id)
  } catch (error) {
    if (!(error instanceof SalesforceError) || error.error.retryable) throw error
    const change = { source: key, position: tick, object, change: 'schedule', recordIds: [] }
    const reason = `Salesforce refused the records of “${trigger.schedule}” of ${mission.name}: ${error.error.message}`
    await setAsideNow(deps, change, reason, (tx) => give(tx, scheduled, tick))
    return null
  }
}

async function give(tx: Tx, { key }: Scheduled, tick: string): Promise<void> {
  await tx.lockExclusively(key)
  const now = await stateOf(tx, key)
  if (now?.tick === tick) await tx.setSetting(key, JSON.stringify({ ...now, isOpen: false }))
}

/** Throws while the record is to be tried again. */
async function startOrSetAside(deps: ScheduleDeps, scheduled: Scheduled, taken: Taken, id: string): Promise<void> {
  try {
    await startOne(deps, scheduled, taken, id)
  } catch (error) {
    const object = scheduled.trigger.each?.object ?? ''
    const change = {
      source: scheduled.key,
      position: `${taken.tick} ${id}`,
      object,
      change: 'schedule',
      recordIds: [id],
    }
    if (!(await countOrSetAside(deps, change, () => Promise.resolve()))) throw error
  }
}

function startOne(
  deps: ScheduleDeps,
  { mission, trigger }: Scheduled,
  { tick }: Taken,
  id: string | null,
): Promise<unknown> {
  const subject = id === null ? null : { object: trigger.each?.object ?? '', id }
  const start: Trigger = {
    kind: 'schedule',
    change: null,
    subject,
    scope: null,
    launcher: null,
    at: tick,
    // Not the version: one that is activated in the middle of a tick begins no second one.
    idempotencyKey: `schedule:${mission.name}:${tick}:${id ?? ''}`,
  }
  return deps.store.transaction((tx) => startRunWithin(deps, tx, { mission: mission.name, trigger: start }))
}
