// Visibility of records and fields for a caller: the org answers, in batches; answers are cached for five minutes.
import { millisOf } from '../../contract/values/instant.ts'
import type { ReadAccess } from '../domain/phrase.ts'
import type { Clock } from '../ports/clock.ts'
import type { GrantReads } from '../ports/missions.ts'
import type { Salesforce } from '../ports/salesforce.ts'
import { visibilityQuery, type Given, type VisibilityQuery } from './visibility-query.ts'

/** Records by id and fields as `Object.Field` that a reader is about to see. */
export interface Wanted {
  records: Iterable<string>
  fields: Iterable<string>
}

export interface Visibility {
  /**
   * The wanted records and fields that `userId` may read now. All others, and those without an answer, are hidden.
   * Throws SalesforceError when the org is unreachable.
   */
  readAccessOf(userId: string, wanted: Wanted): Promise<ReadAccess>
}

const KEPT_MS = 5 * 60_000
const RECORDS_PER_CALL = 200
const FIELDS_PER_CALL = 400
/** Cached answers of all users together; the least recently used user's go first. */
const MOST_ANSWERS = 200_000

interface Answer {
  visible: Promise<boolean>
  /** The same from the cache, without waiting; so the thousandth reader of an event waits for nothing. */
  known: boolean | null
  until: number
}
type Answers = Map<string, Answer>

/** Users and queues: their names are shown by Salesforce to everyone who may log in. */
const isEverybodys = (id: string) => id.startsWith('005') || id.startsWith('00G')

export function createVisibility(given: { salesforce: Salesforce; clock: Clock; store: GrantReads }): Visibility {
  const deps = { clock: given.clock, ask: visibilityQuery(given) }

  const users = new Map<string, { records: Answers; fields: Answers }>()

  function cacheOf(userId: string) {
    const cache = users.get(userId) ?? { records: new Map(), fields: new Map() }
    users.delete(userId)
    users.set(userId, cache)
    forgetOldest(users)
    return cache
  }

  async function sightOf(userId: string, wanted: Wanted): Promise<ReadAccess> {
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

  return { readAccessOf: sightOf }
}

const stale = (answers: Answers, keys: readonly string[], now: number) =>
  keys.filter((key) => (answers.get(key)?.until ?? 0) <= now)

async function visibleOf(answers: Answers, keys: readonly string[]): Promise<Set<string>> {
  const seen = new Set<string>()
  // Taken before the first wait: a call that fails meanwhile removes its answers from the cache, but must still throw here.
  for (const [key, answer] of keys.map((each) => [each, answers.get(each)] as const)) {
    const isVisible = answer !== undefined && (answer.known ?? (await answer.visible))
    if (isVisible) seen.add(key)
  }
  return seen
}

/** Caches the promises of answers at once, so that a thousand streams of one user make one call. */
function askFor(
  deps: { ask: VisibilityQuery },
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
    const asked = deps.ask({ userId, recordIds, fields })
    const forget = () => {
      for (const id of recordIds) cache.records.delete(id)
      for (const field of fields) cache.fields.delete(field)
    }
    asked.catch(forget)
    const keep = (answers: Answers, key: string, read: (given: Given) => boolean) => {
      const answer: Answer = { until: now + KEPT_MS, known: null, visible: asked.then(read) }
      // A failed answer is thrown to each caller that awaits it; without one, it must not count as an unhandled rejection.
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

/** The same visibility plus some records, e.g. those whose end the caller approved. */
export function alsoSeeing(access: ReadAccess, records: ReadonlySet<string>): ReadAccess {
  if (records.size === 0) return access
  return { record: (id) => records.has(id) || access.record(id), field: (name) => access.field(name) }
}
