// What changed and what was deleted in a span of time.

import type { RecordJson } from '../../org/values.ts'
import { OrgError } from '../../org/org.ts'
import { refusal } from '../../wire/http/errors.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from './request/request.ts'

const DAY_MS = 86_400_000
const MAX_SPAN_MS = 30 * DAY_MS
const MINUTE_MS = 60_000
/** Deleted rows are told of as long as they are kept in the recycle bin. */
const KEPT_MS = 15 * DAY_MS
const MAX_IDS = 600_000

interface Span {
  start: number
  end: number
}

/** `GET /sobjects/X/updated?start=&end=`: ids of rows created or changed in the span. */
export function readUpdated(request: RestRequest, context: RestContext, object: string): RestResponse {
  const span = spanOf(request, context, object)
  const soql = `SELECT Id FROM ${object} WHERE ${within(span)}`
  const ids = [...allRows(context, soql, false)].map((record) => record['Id'])
  return ok({ ids, latestDateCovered: apiDate(latest(span, context)) })
}

/** `GET /sobjects/X/deleted?start=&end=`. */
export function readDeleted(request: RestRequest, context: RestContext, object: string): RestResponse {
  const span = spanOf(request, context, object)
  const earliest = wholeMinute(context.now() - KEPT_MS)
  if (span.start < earliest) {
    throw refusal.badInput('specified start date before earliest date available', 'INVALID_REPLICATION_DATE')
  }
  const soql = `SELECT Id, SystemModstamp FROM ${object} WHERE IsDeleted = true AND ${within(span)}`
  const rows = [...allRows(context, soql, true)]
  return ok({
    deletedRecords: rows.map((record) => ({ deletedDate: record['SystemModstamp'], id: record['Id'] })),
    earliestDateAvailable: apiDate(earliest),
    latestDateCovered: apiDate(latest(span, context)),
  })
}

const within = ({ start, end }: Span): string =>
  `SystemModstamp >= ${new Date(start).toISOString()} AND SystemModstamp < ${new Date(end).toISOString()}`

/** Nothing is known of what is still to come. */
const latest = ({ end }: Span, { now }: RestContext): number => Math.min(end, wholeMinute(now()))

const wholeMinute = (ms: number): number => Math.floor(ms / MINUTE_MS) * MINUTE_MS

/** Throws OrgError EXCEEDED_ID_LIMIT for more rows than an org tells at once. */
function* allRows({ org, caller }: RestContext, soql: string, all: boolean): Generator<RecordJson> {
  let page = org.query(caller, soql, { all })
  if (page.totalSize > MAX_IDS) {
    throw refusal.badInput(`exceeded ${MAX_IDS} id limit. Reduce the size of the date range`, 'EXCEEDED_ID_LIMIT')
  }
  yield* page.records
  while (page.nextLocator !== undefined && !page.done) {
    page = org.queryMore(caller, page.nextLocator)
    yield* page.records
  }
}

/** Seconds count for nothing; the end is the first minute that is not covered. */
function spanOf(request: RestRequest, { org, caller }: RestContext, object: string): Span {
  if (org.describe(caller, object)['replicateable'] !== true) {
    const message = `object type '${object}' is not replicateable`
    throw new OrgError({ status: 400, errorCode: 'INVALID_TYPE_FOR_OPERATION', message })
  }
  const [start, end] = ['start', 'end'].map((name) =>
    wholeMinute(Date.parse(request.query.get(name)?.replace(' ', '+') ?? '')),
  )
  if (start === undefined || end === undefined || Number.isNaN(start) || Number.isNaN(end)) {
    throw refusal.badInput('start and end must be ISO 8601 date and time values', 'INVALID_REPLICATION_DATE')
  }
  if (end - start < MINUTE_MS) {
    throw refusal.badInput('startDate before endDate by at least one minute', 'INVALID_REPLICATION_DATE')
  }
  if (end - start > MAX_SPAN_MS) {
    throw refusal.badInput('specified date range is more than 30 days', 'INVALID_REPLICATION_DATE')
  }
  return { start, end }
}

function apiDate(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000')
}
