// What may this caller see: records and fields, as the org answers it, asked in batches and remembered for five minutes.
import { millisOf } from '../domain/instant.ts'
import type { Sight } from '../domain/phrase.ts'
import type { Clock, Salesforce } from '../domain/ports.ts'

/** Records by id and fields as `Object.Field` that somebody is about to be shown. */
export interface Wanted {
  records: Iterable<string>
  fields: Iterable<string>
}

export interface Visibility {
  /**
   * What of the wanted things `userId` may read now. Whatever was not asked for, or not answered, is hidden.
   * Throws SalesforceError when the org cannot be asked.
   */
  sightOf(userId: string, wanted: Wanted): Promise<Sight>
}

const KEPT_MS = 5 * 60_000
const RECORDS_PER_CALL = 200
const FIELDS_PER_CALL = 400
/** Answers kept over all users; the longest unused user's go first. */
const MOST_ANSWERS = 200_000

interface Answer {
  visible: Promise<boolean>
  until: number
}
type Answers = Map<string, Answer>

/** Users and queues: their names are shown by Salesforce to everyone who may log in. */
const isEverybodys = (id: string) => id.startsWith('005') || id.startsWith('00G')

export function createVisibility(deps: { salesforce: Salesforce; clock: Clock }): Visibility {
  const users = new Map<string, { records: Answers; fields: Answers }>()

  function cacheOf(userId: string) {
    const cache = users.get(userId) ?? { records: new Map(), fields: new Map() }
    users.delete(userId)
    users.set(userId, cache)
    forgetOldest(users)
    return cache
  }

  async function sightOf(userId: string, wanted: Wanted): Promise<Sight> {
    const cache = cacheOf(userId)
    const now = millisOf(deps.clock.now()) ?? 0
    const records = [...new Set(wanted.records)].filter((id) => !isEverybodys(id))
    const fields = [...new Set(wanted.fields)]
    askFor(
      deps,
      userId,
      cache,
      { records: stale(cache.records, records, now), fields: stale(cache.fields, fields, now) },
      now,
    )
    const [seenRecords, seenFields] = await Promise.all([
      visibleOf(cache.records, records),
      visibleOf(cache.fields, fields),
    ])
    return { record: (id) => isEverybodys(id) || seenRecords.has(id), field: (name) => seenFields.has(name) }
  }

  return { sightOf }
}

const stale = (answers: Answers, keys: readonly string[], now: number) =>
  keys.filter((key) => (answers.get(key)?.until ?? 0) <= now)

async function visibleOf(answers: Answers, keys: readonly string[]): Promise<Set<string>> {
  const seen = await Promise.all(keys.map(async (key) => ((await answers.get(key)?.visible) ? [key] : [])))
  return new Set(seen.flat())
}

/** Puts promised answers into the cache at once, so that a thousand streams of one user ask once. */
function askFor(
  deps: { salesforce: Salesforce },
  userId: string,
  cache: { records: Answers; fields: Answers },
  missing: { records: string[]; fields: string[] },
  now: number,
): void {
  const calls = Math.max(
    Math.ceil(missing.records.length / RECORDS_PER_CALL),
    Math.ceil(missing.fields.length / FIELDS_PER_CALL),
  )
  for (let n = 0; n < calls; n++) {
    const recordIds = missing.records.slice(n * RECORDS_PER_CALL, (n + 1) * RECORDS_PER_CALL)
    const fields = missing.fields.slice(n * FIELDS_PER_CALL, (n + 1) * FIELDS_PER_CALL)
    const answer = deps.salesforce.call('checkVisibility', { userId, recordIds, fields }, { runId: null })
    const forget = () => {
      for (const id of recordIds) cache.records.delete(id)
      for (const field of fields) cache.fields.delete(field)
    }
    answer.catch(forget)
    const until = now + KEPT_MS
    for (const id of recordIds)
      cache.records.set(id, { until, visible: quiet(answer.then((a) => a.records[id] === true)) })
    for (const field of fields)
      cache.fields.set(field, { until, visible: quiet(answer.then((a) => a.fields[field] === true)) })
  }
}

/** A failed answer is thrown to whoever awaits it, never reported as unhandled because nobody happened to. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}

function forgetOldest(users: Map<string, { records: Answers; fields: Answers }>): void {
  let kept = 0
  for (const { records, fields } of users.values()) kept += records.size + fields.size
  for (const [userId, { records, fields }] of users) {
    if (kept <= MOST_ANSWERS || users.size === 1) return
    kept -= records.size + fields.size
    users.delete(userId)
  }
}

/** The same sight with some records shown as well, e.g. those whose end the caller approved. */
export function alsoSeeing(sight: Sight, records: ReadonlySet<string>): Sight {
  if (records.size === 0) return sight
  return { record: (id) => records.has(id) || sight.record(id), field: (name) => sight.field(name) }
}
