// Changes found by time stamp, of objects whose change events cannot be had: each once, over restarts and late commits.
import { z } from 'zod'
import type { ToolOutput } from '../../contract/tools.ts'
import { addSeconds, wholeSecond } from '../../contract/values/instant.ts'
import { SalesforceError } from '../domain/errors.ts'
import type { MissionVersion, PollTrigger } from '../domain/mission.ts'
import type { Trigger } from '../domain/run.ts'
import type { Salesforce } from '../ports/salesforce.ts'
import type { SettingReads } from '../ports/settings.ts'
import { cancelRunsAbout } from '../runs/deleted-record.ts'
import { wroteItself } from '../runs/own-write.ts'
import { openReadingGrant } from '../runs/reading-grant.ts'
import { countOrSetAside, setAsideNow, type SetAsideDeps } from '../runs/set-aside.ts'
import { startRunWithin } from '../runs/start-run.ts'
import { secondsOf } from '../runs/trigger-match.ts'

export interface PollDeps extends SetAsideDeps {
  salesforce: Salesforce
  onError(error: unknown): void
}

/** A row bears the time of its save, and is seen when its transaction commits: an org ends none that lasts longer than ten minutes. */
const LATE_SECONDS = 600
const RETRY_SECONDS = 60
/** Pages of 200 records that one call reads; the next one goes on. */
const MOST_PAGES = 50

type ChangedRecord = ToolOutput<'listChanges'>['changes'][number]

const Position = z.object({
  /** How far this pass was read: a time stamp, and the last id of that second. */
  since: z.string(),
  after: z.string().nullable(),
  /** The highest time stamp that was read. */
  highest: z.string(),
  /** When the next call reads on. */
  dueAt: z.string(),
})
type Position = z.infer<typeof Position>

interface Polled {
  mission: MissionVersion
  trigger: PollTrigger
  /** Setting that says how far it was read. */
  key: string
}

/** Reads what changed since the last time, for each poll that is due. What fails is tried at the next call. */
export async function pollObjects(deps: PollDeps): Promise<void> {
  const active = await deps.store.activeMissions()
  await forgetInactive(deps, active)
  for (const polled of polledBy(active)) {
    try {
      await poll(deps, polled)
    } catch (error) {
      if (error instanceof SalesforceError && !error.error.retryable) await refuse(deps, polled, error.error.message)
      else await soon(deps, polled)
      deps.onError(error)
    }
  }
}

function polledBy(missions: readonly MissionVersion[]): Polled[] {
  return missions.flatMap((mission) =>
    mission.definition.trigger
      .filter((trigger) => 'poll' in trigger)
      .map((trigger) => ({ mission, trigger, key: `poll:${mission.name}:${trigger.poll}` })),
  )
}

/** What changes while a mission is withdrawn starts nothing when it is active again, as with change events. */
async function forgetInactive({ store }: PollDeps, active: readonly MissionVersion[]): Promise<void> {
  const names = new Set(active.map(({ name }) => name))
  for (const { key } of polledBy((await store.latestMissions()).filter(({ name }) => !names.has(name))))
    if (await store.setting(key)) await store.transaction((tx) => tx.setSetting(key, ''))
}

async function positionOf(reads: SettingReads, key: string): Promise<Position | null> {
  const kept = await reads.setting(key)
  return kept ? Position.parse(JSON.parse(kept)) : null
}

async function poll(deps: PollDeps, polled: Polled): Promise<void> {
  const { mission, trigger } = polled
  let position = await take(deps, polled)
  for (let pages = 0; position && pages < MOST_PAGES; pages += 1) {
    const { since, after } = position
    const grant = await openReadingGrant(deps.salesforce, [mission], trigger.poll)
    if (grant === null) return
    const input = { grant, object: trigger.poll, since, after, createdSince: null }
    const { changes, more } = await deps.salesforce.call('listChanges', input, { runId: null })
    for (const record of changes) await takeOrSetAside(deps, polled, record)
    position = await advance(deps, polled, position, changes.at(-1) ?? null, more)
  }
}

/** Where to read on, once it is due; of all workers one takes it. */
function take({ store, clock }: PollDeps, { mission, trigger, key }: Polled): Promise<Position | null> {
  return store.transaction(async (tx) => {
    await tx.lockExclusively(key)
    const now = clock.now()
    const begins = wholeSecond(mission.activatedAt ?? now)
    const kept = (await positionOf(tx, key)) ?? { since: begins, after: null, highest: begins, dueAt: now }
    const dueIn = secondsOf(trigger.every)
    // A due time further away than the poll’s own pause was set by a clock that was wrong.
    if (kept.dueAt > now && kept.dueAt <= addSeconds(now, dueIn)) return null
    const taken = { ...kept, dueAt: addSeconds(now, dueIn) }
    await tx.setSetting(key, JSON.stringify(taken))
    return taken
  })
}

/** What Salesforce refuses is a sentence once, and asked for again when the poll is due. */
function refuse(deps: PollDeps, { mission, trigger, key }: Polled, message: string): Promise<void> {
  const change = { source: key, position: message.slice(0, 200), object: trigger.poll, change: 'poll', recordIds: [] }
  const reason = `Salesforce refused the poll of ${trigger.poll} for ${mission.name}: ${message}`
  return setAsideNow(deps, change, reason, () => Promise.resolve())
}

/** What failed is tried again before the next time is due. */
function soon({ store, clock }: PollDeps, { key }: Polled): Promise<void> {
  return store.transaction(async (tx) => {
    await tx.lockExclusively(key)
    const kept = await positionOf(tx, key)
    const dueAt = addSeconds(clock.now(), RETRY_SECONDS)
    if (kept && kept.dueAt > dueAt) await tx.setSetting(key, JSON.stringify({ ...kept, dueAt }))
  })
}

/** The position after a page; null at the end of a pass. The next pass begins some time before what was read, for late commits. */
function advance(
  { store, clock }: PollDeps,
  { mission, key }: Polled,
  read: Position,
  last: ChangedRecord | null,
  more: boolean,
): Promise<Position | null> {
  return store.transaction(async (tx) => {
    await tx.lockExclusively(key)
    const kept = await positionOf(tx, key)
    // Another worker reads on, or the mission is withdrawn.
    if (!kept || kept.since !== read.since || kept.after !== read.after) return null
    const highest = last && last.at > kept.highest ? last.at : kept.highest
    const begins = wholeSecond(mission.activatedAt ?? clock.now())
    const overlapped = addSeconds(highest, -LATE_SECONDS)
    const next =
      more && last
        ? { ...kept, since: last.at, after: last.id, highest, dueAt: clock.now() }
        : { ...kept, since: overlapped > begins ? overlapped : begins, after: null, highest }
    await tx.setSetting(key, JSON.stringify(next))
    return more && last ? next : null
  })
}

/** Throws while the record is to be tried again. */
async function takeOrSetAside(deps: PollDeps, polled: Polled, record: ChangedRecord): Promise<void> {
  try {
    await takeRecord(deps, polled, record)
  } catch (error) {
    const { id, at } = record
    const object = polled.trigger.poll
    const change = {
      source: polled.key,
      position: `${at} ${id}`,
      object,
      change: nameOf(object, record),
      recordIds: [id],
    }
    if (!(await countOrSetAside(deps, change, () => Promise.resolve()))) throw error
  }
}

const nameOf = (object: string, { isDeleted, createdAt, modifiedAt }: ChangedRecord): string =>
  `${object}.${isDeleted ? 'deleted' : createdAt === modifiedAt ? 'created' : 'updated'}`

async function takeRecord(deps: PollDeps, { mission, trigger }: Polled, record: ChangedRecord): Promise<void> {
  const subject = { object: trigger.poll, id: record.id }
  await deps.store.transaction(async (tx) => {
    if (record.isDeleted) {
      await cancelRunsAbout(tx, subject)
      if (record.mergedInto === null) await tx.noteDeletion(record.id, record.at)
      if (!trigger.deleted) return
    }
    if (await wroteItself(tx, mission.name, record)) return
    const start: Trigger = {
      kind: 'poll',
      change: nameOf(trigger.poll, record),
      subject,
      scope: null,
      launcher: null,
      at: record.at,
      idempotencyKey: `poll:${mission.name}:${record.id}:${record.at}`,
    }
    await startRunWithin(deps, tx, { mission: mission.name, trigger: start })
  })
}
