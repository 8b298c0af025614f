import { addSeconds, wholeSecond } from '../../contract/values/instant.ts'
import { SalesforceError } from '../domain/errors.ts'
import type { MissionVersion } from '../domain/mission.ts'
import type { Salesforce } from '../ports/salesforce.ts'
import { startRunWithin, type StartDeps } from './start-run.ts'
import { missionsFor } from './trigger-match.ts'
import { triggerKey, watermarkKey } from './take-change.ts'

export interface CatchUpDeps extends StartDeps {
  salesforce: Salesforce
}

/** Tolerance in seconds between a commit's time and its event. */
const OVERLAP_SECONDS = 60
const PAGE = 200
/**
 * Setting: the time since which an object is watched. Older records start nothing, unless a mission was activated before: with
 * several processes, that may be before the listening one is ready.
 */
export const watchedSinceKey = (object: string) => `watched-since:${object}`

/**
 * After a gap in the stream: queries records created since the last processed event and starts their missions. A record whose
 * event was processed already starts nothing again.
 */
export async function catchUp(deps: CatchUpDeps, object: string): Promise<void> {
  const { store } = deps
  const watchedSince = await store.setting(watchedSinceKey(object))
  const waiting = missionsFor({ object, changeType: 'CREATE' }, await store.activeMissions())
  if (waiting.length === 0 || watchedSince === null) return
  const since = earliest([watchedSince, ...waiting.flatMap(({ mission }) => mission.activatedAt ?? [])])
  const watermark = (await store.setting(watermarkKey(object))) ?? since
  const overlapped = addSeconds(watermark, -OVERLAP_SECONDS)
  const from = wholeSecond(overlapped > since ? overlapped : since)
  const grant = await openGrant(deps, waiting)
  if (grant === null) return
  for (const { id, at } of await createdSince(deps, grant, object, from)) {
    await start(deps, waiting, object, { id, at })
  }
}

const earliest = (times: readonly string[]): string => times.reduce((first, time) => (time < first ? time : first))

interface Created {
  id: string
  at: string
}

/** Opens the first grant that the org's register calls active; null when all missions were withdrawn there, or have ended. */
async function openGrant(
  { salesforce }: CatchUpDeps,
  waiting: readonly { mission: MissionVersion }[],
): Promise<string | null> {
  for (const { mission } of waiting) {
    try {
      return (await salesforce.call('openGrant', { grant: mission.grant }, { runId: null })).grant
    } catch (error) {
      if (!(error instanceof SalesforceError) || error.error.code !== 'inactive') throw error
    }
  }
  return null
}

async function createdSince(
  { salesforce }: CatchUpDeps,
  grant: string,
  object: string,
  from: string,
): Promise<Created[]> {
  const found: Created[] = []
  for (let since = from; ;) {
    const query = `SELECT Id, CreatedDate FROM ${object} WHERE CreatedDate >= ${since} ORDER BY CreatedDate, Id LIMIT ${PAGE}`
    const { results } = await salesforce.call('soqlQuery', { grant, queries: [query] }, { runId: null })
    const page = (results[0]?.records ?? []).map(({ id, values }) => ({ id, at: isoTime(values.CreatedDate) ?? since }))
    found.push(...page.filter(({ id }) => !found.some((known) => known.id === id)))
    const last = page.at(-1)?.at
    if (page.length < PAGE || !last || last === since) return found
    since = last
  }
}

/** The org writes `2026-01-31T10:00:00.000+0000` (docs/salesforce-facts.md#values). */
const isoTime = (value: unknown) => (typeof value === 'string' ? value.replace(/\+00:?00$/, 'Z') : null)

async function start(
  deps: CatchUpDeps,
  waiting: ReturnType<typeof missionsFor>,
  object: string,
  { id, at }: Created,
): Promise<void> {
  const change = `${object}.created`
  await deps.store.transaction(async (tx) => {
    for (const { mission, afterSeconds } of waiting) {
      const trigger = {
        kind: 'catch-up' as const,
        change,
        subject: { object, id },
        scope: null,
        launcher: null,
        at,
        idempotencyKey: triggerKey(mission.name, change, id, at),
      }
      await startRunWithin(deps, tx, { mission: mission.name, trigger }, afterSeconds)
    }
    await tx.raiseSetting(watermarkKey(object), at)
  })
}
