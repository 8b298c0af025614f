// What the caller looked at lately, and which calls count as looking.

import type { RecordJson } from '../../../org/values.ts'
import { parseOptions } from '../../../wire/http/headers.ts'
import { refusal } from '../../../wire/http/errors.ts'
import { soqlText } from '../../../wire/rows/row.ts'
import { isTrue } from './write-options.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from './request.ts'

/** An org lists no more, whatever was asked. */
const MOST = 200

/** `GET /recent?limit=`: records of every object, the latest first. */
export function readRecent(request: RestRequest, context: RestContext): RestResponse {
  const asked = request.query.get('limit')
  if (asked !== null && !/^[1-9]\d{0,8}$/.test(asked)) {
    throw refusal.badInput(`Invalid value for limit: ${asked}`, 'INVALID_QUERY_FILTER_OPERATOR')
  }
  return ok(recentItems(context, { limit: Math.min(MOST, Number(asked ?? MOST)) }))
}

/** Records the caller viewed or referred to, each with the type it truly has. */
export function recentItems(context: RestContext, only: { object?: string; limit?: number } = {}): RecordJson[] {
  const { org, caller, base } = context
  const where = only.object === undefined ? '' : ` WHERE Type = ${soqlText(only.object)}`
  const soql =
    `SELECT Id, Name, Type FROM RecentlyViewed${where} ` +
    `ORDER BY LastReferencedDate DESC LIMIT ${only.limit ?? MOST}`
  return org.query(caller, soql).records.map(({ Id, Name, Type }) => {
    const type = String(Type)
    return { attributes: { type, url: `${base}/sobjects/${type}/${String(Id)}` }, Id, Name }
  })
}

/** Remembers records as viewed where the caller asked for it (`Sforce-Mru: updateMru=true`), or looks at a page. */
export function noteRecent(request: RestRequest, { org, caller }: RestContext, ids: readonly string[]): void {
  const asked = isTrue(parseOptions(request.headers['sforce-mru']).get('updatemru'))
  if ((asked || caller.api === 'ui') && ids.length > 0) org.viewed(caller, ids, 'view')
}

/** A query that found one record counts as viewing it, when its id was selected. */
export function noteQueried(request: RestRequest, context: RestContext, records: readonly RecordJson[]): void {
  const [only, ...others] = records
  if (context.caller.api === 'rest' && others.length === 0 && typeof only?.['Id'] === 'string') {
    noteRecent(request, context, [only['Id']])
  }
}
