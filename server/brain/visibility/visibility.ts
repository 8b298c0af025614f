// What may this caller see: records and fields, as the org answers it, asked in batches and remembered for five minutes.
import { millisOf } from '../domain/instant.ts'
import type { ToolOutput } from '../../contract/tools.ts'
import type { Sight } from '../domain/phrase.ts'
import type { Clock } from '../ports/clock.ts'
import type { Salesforce } from '../ports/salesforce.ts'

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
  /** The same once it is known, so that the thousandth reader of an event waits for nothing. */
  known: boolean | null
  until: number
}
type Answers = Map<string, Answer>
type Given = ToolOutput<'checkVisibility'>

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
  const seen = new Set<string>()
  // Taken before the first wait: a call that fails meanwhile takes its answers out of the cache, and must still be heard.
  for (const [key, answer] of keys.map((each) => [each, answers.get(each)] as const)) {
    const isVisible = answer !== undefined && (answer.known ?? (await answer.visible))
    if (isVisible) seen.add(key)
  }
  return seen
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
    const asked = deps.salesforce.call('checkVisibility', { userId, recordIds, fields }, { runId: null })
    const forget = () => {
      for (const id of recordIds) cache.records.delete(id)
      for (const field of fields) cache.fields.delete(field)
    }
    asked.catch(forget)
    const keep = (answers: Answers, key: string, read: (given: Given) => boolean) => {
      const answer: Answer = { until: now + KEPT_MS, known: null, visible: asked.then(read) }
      // A failed answer is thrown to whoever awaits it, never reported as unhandled because nobody happened to.
      answer.visible.then(
        (visible) => (answer.known = visible),
        () => undefined,
      )
      answers.set(key, answer)
    }
    for (const id of recordIds) keep(cache.records, id, ({ records }) => records[id] === true)
    for (const field of fields) keep(cache.fields, field, (given) => given.fields[field] === true)
  }
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
