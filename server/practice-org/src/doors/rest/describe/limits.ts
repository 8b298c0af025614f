// What is left of an org's allowances.

import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { OrgError, type Tables } from '../../../org/org.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from '../request/request.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const BYTES_PER_MB = 1024 * 1024
/** What an org charges for a record, whatever it holds. */
const KB_PER_ROW = 2
/** Rows of a Bulk API 2.0 job that make one batch. */
const BATCH_ROWS = 10_000

/** Allowances of an Enterprise org by name. */
const ALLOWANCES = z
  .record(z.string(), z.number())
  .parse(JSON.parse(readFileSync(new URL('./allowances.json', import.meta.url), 'utf8')))

/** `GET /limits`, for users who may view the setup. Counted are API calls, bulk batches and jobs, events published and delivered, streaming clients and storage. */
export function readLimits(_request: RestRequest, context: RestContext): RestResponse {
  const { org, caller, usage } = context
  if (!org.systemPermission(caller.userId, 'ViewSetup')) throw noSetup()
  const used = usedOf(context)
  const left = (name: string, max: number): Record<string, number> => ({
    Max: max,
    Remaining: Math.max(0, max - (used[name] ?? 0)),
  })
  const others = Object.entries(ALLOWANCES).map(([name, max]): [string, object] => [name, left(name, max)])
  const sets = {
    ...left('PermissionSets', ALLOWANCES['PermissionSets'] ?? 0),
    CreateCustom: left('CreateCustom', 1000),
  }
  const calls = { Max: usage.limit, Remaining: Math.max(0, usage.limit - usage.total) }
  return ok(inOrder({ ...Object.fromEntries(others), PermissionSets: sets, DailyApiRequests: calls }))
}

const inOrder = (limits: Record<string, object>): Record<string, object> =>
  Object.fromEntries(Object.entries(limits).sort(([a], [b]) => (a < b ? -1 : 1)))

/** What was used of the allowances that shrink here. */
function usedOf({ org, now, streaming }: RestContext): Record<string, number> {
  const { clients, events, pushTopics, generic } = streaming()
  const { tables } = org
  const count = (sql: string, ...params: (string | number)[]): number => Number(tables.select(sql, params)[0]?.[0] ?? 0)
  const published = (sinceMs: number): number =>
    count("SELECT count(*) FROM _event WHERE at > ? AND topic LIKE '%\\_\\_e' ESCAPE '\\'", now() - sinceMs)
  const jobs = (what: string, kind: string): number =>
    count(
      `SELECT ${what} FROM _bulk_job WHERE kind = ? AND json_extract(body, '$.createdAt') > ?`,
      kind,
      now() - DAY_MS,
    )
  const batchesOfJobs = `sum(max(1, (json_extract(body, '$.processed') + ${BATCH_ROWS - 1}) / ${BATCH_ROWS}))`
  return {
    DailyBulkApiBatches: jobs('count(*)', 'batch') + jobs(batchesOfJobs, 'ingest'),
    DailyBulkV2QueryJobs: jobs('count(*)', 'query'),
    HourlyPublishedPlatformEvents: published(HOUR_MS),
    MonthlyPlatformEvents: published(30 * DAY_MS),
    DailyDeliveredPlatformEvents: events,
    DailyDurableStreamingApiEvents: pushTopics,
    DailyDurableGenericStreamingApiEvents: generic,
    DurableStreamingApiConcurrentClients: clients,
    DataStorageMB: storedMb(customObjects(tables), count),
    FileStorageMB: Math.ceil(
      count('SELECT (SELECT sum("ContentSize") FROM "ContentVersion") + (SELECT sum("BodyLength") FROM "Attachment")') /
        BYTES_PER_MB,
    ),
    PermissionSets: count('SELECT count(*) FROM "PermissionSet" WHERE "IsOwnedByProfile" = 0'),
    CreateCustom: count('SELECT count(*) FROM "PermissionSet" WHERE "IsOwnedByProfile" = 0'),
  }
}

/** Kinds of objects that go along with another: they are not counted. */
const COMPANIONS = /(Feed|History|Share|ChangeEvent|__e)$/

/**
 * `GET /limits/recordCount?sObjects=A,B`, for users who may view the setup: how many records there are outside the recycle
 * bin, of all objects when none is named. What is unknown or has none is left out; whoever asks need not see them.
 */
export function readRecordCount(request: RestRequest, { org, caller }: RestContext): RestResponse {
  if (!org.systemPermission(caller.userId, 'ViewSetup')) throw noSetup()
  const named = request.query.get('sObjects')?.toLowerCase().split(',').filter(Boolean) ?? []
  const sObjects = org
    .describeGlobal(caller)
    .filter(({ retrieveable }) => retrieveable === true)
    .map(({ name, replicateable }) => ({
      name: String(name),
      live: replicateable === true ? 'WHERE "IsDeleted" = 0' : '',
    }))
    .filter(({ name }) => !COMPANIONS.test(name) && (named.length === 0 || named.includes(name.toLowerCase())))
    .map(({ name, live }) => ({
      count: Number(org.tables.select(`SELECT count(*) FROM "${name}" ${live}`, [])[0]?.[0] ?? 0),
      name,
    }))
  return ok({ sObjects: sObjects.filter(({ count }) => count > 0) })
}

/** Objects whose rows fill the storage, as far as they are many. */
const STORED = ['Account', 'Asset', 'Campaign', 'CampaignMember', 'Case', 'Contact', 'Contract', 'Event', 'Lead']
const STORED_TOO = ['Note', 'Opportunity', 'Order', 'Product2', 'Task']

const customObjects = (tables: Tables): string[] =>
  tables
    .select("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%\\_\\_c' ESCAPE '\\'")
    .map(([name]) => String(name))

function storedMb(custom: readonly string[], count: (sql: string) => number): number {
  const rows = [...STORED, ...STORED_TOO, ...custom].reduce(
    (sum, name) => sum + count(`SELECT count(*) FROM "${name}"`),
    0,
  )
  return Math.ceil((rows * KB_PER_ROW) / 1024)
}

function noSetup(): OrgError {
  const message = 'insufficient access rights on the resource: View Setup and Configuration is required'
  return new OrgError({ status: 403, errorCode: 'INSUFFICIENT_ACCESS', message })
}
