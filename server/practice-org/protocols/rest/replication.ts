import { refusal } from '../http/errors.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from './request.ts'

const MAX_DAYS = 30

/** `GET /sobjects/X/updated?start=&end=`. */
export function readUpdated(request: RestRequest, context: RestContext, object: string): RestResponse {
  const { start, end } = range(request)
  const soql = `SELECT Id FROM ${object} WHERE SystemModstamp >= ${start} AND SystemModstamp <= ${end}`
  const { records } = context.org.query(context.caller, soql)
  return ok({ ids: records.map((record) => record['Id']), latestDateCovered: apiDate(end) })
}

/** `GET /sobjects/X/deleted?start=&end=`. */
export function readDeleted(request: RestRequest, context: RestContext, object: string): RestResponse {
  const { start, end } = range(request)
  const soql =
    `SELECT Id, SystemModstamp FROM ${object} ` +
    `WHERE IsDeleted = true AND SystemModstamp >= ${start} AND SystemModstamp <= ${end}`
  const { records } = context.org.query(context.caller, soql, { all: true })
  return ok({
    deletedRecords: records.map((record) => ({ id: record['Id'], deletedDate: record['SystemModstamp'] })),
    earliestDateAvailable: apiDate(start),
    latestDateCovered: apiDate(end),
  })
}

function range(request: RestRequest): { start: string; end: string } {
  const [start, end] = ['start', 'end'].map((name) => Date.parse(request.query.get(name)?.replace(' ', '+') ?? ''))
  if (start === undefined || end === undefined || Number.isNaN(start) || Number.isNaN(end)) {
    throw refusal.badInput('start and end must be ISO 8601 date and time values', 'INVALID_REPLICATION_DATE')
  }
  if (end - start < 60_000 || end - start > MAX_DAYS * 86_400_000) {
    throw refusal.badInput(
      'startDate before endDate by at least one minute and at most 30 days',
      'INVALID_REPLICATION_DATE',
    )
  }
  return { start: new Date(start).toISOString(), end: new Date(end).toISOString() }
}

function apiDate(iso: string): string {
  return iso.replace('Z', '+0000')
}
