import type { Query } from '@jetstreamapp/soql-parser-js'
import { parseSoql } from '../../query/terms/parse.ts'
import type { Value } from '../../org/values.ts'
import { filterOf, type EventFilter } from '../../topics/filter.ts'
import { EVENT_ROWS, type ToolingRow } from '../../topics/tooling-rows.ts'
import { refusal } from '../../wire/http/errors.ts'
import { notEnabled } from './absent.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from './request/request.ts'

/** The rest of the Tooling API: nothing is compiled, run or deployed in this org. */
export function refuseTooling(): RestResponse {
  throw notEnabled('Tooling API')
}

/** `GET /tooling/query`: what it says about events, where Pub/Sub clients look up managed subscriptions; any other object is empty. */
export function runToolingQuery(request: RestRequest, context: RestContext): RestResponse {
  const soql = request.query.get('q')
  if (soql === null) throw refusal.noQuery()
  const query = parseSoql(soql)
  const rowsOf = EVENT_ROWS.get(query.sObject?.toLowerCase() ?? '')
  const records = rowsOf ? chosen(rowsOf(context.topics, context.caller), query, context.base) : []
  const entityTypeName = records[0]?.attributes.type ?? (rowsOf ? (query.sObject ?? null) : null)
  return ok({
    size: records.length,
    totalSize: records.length,
    done: true,
    queryLocator: null,
    entityTypeName,
    records,
  })
}

function chosen(rows: ToolingRow[], query: Query, base: string) {
  const passes = filterFor(query)
  return rows
    .filter((row) => passes(plainFields(row)))
    .slice(0, query.limit ?? Infinity)
    .map(({ type, ...fields }) => ({
      attributes: { type, url: `${base}/tooling/sobjects/${type}/${fields.Id}` },
      ...fields,
    }))
}

const plainFields = (row: ToolingRow): Record<string, Value> =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, typeof value === 'string' ? value : null]))

function filterFor(query: Query): EventFilter {
  if (!query.where) return () => true
  try {
    const filter = filterOf(query.where)
    // A client may name the row by its 15 characters.
    return (fields) => filter(fields) || filter({ ...fields, Id: shortId(fields['Id']) })
  } catch {
    throw refusal.badInput('The filter of this query is not supported', 'MALFORMED_QUERY')
  }
}

const shortId = (id: Value | undefined): Value => String(id).slice(0, 15)
