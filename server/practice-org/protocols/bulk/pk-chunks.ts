import { parseQuery } from '@jetstreamapp/soql-parser-js'
import { counterOf, makeId } from '../../engine/ids.ts'
import type { Caller, Org } from '../../org.ts'
import type { Chunking } from './batch-order.ts'
import { BadBatch } from './columns.ts'

/**
 * The queries that one with PK chunking becomes: each finds the rows whose ids lie between two bounds. Deleted rows
 * count for the bounds, so a chunk may find fewer rows than it has ids.
 * @throws BadBatch for a query with more than fields and conditions; OrgError
 */
export function chunkQueries(org: Org, caller: Caller, soql: string, { size, startRow }: Chunking): string[] {
  const query = parseQuery(soql)
  const extra = query.orderBy ?? query.groupBy ?? query.having ?? query.limit ?? query.offset
  const isPlain = (query.fields ?? []).every((field) => field.type !== 'FieldSubquery')
  if (extra !== undefined || !isPlain) {
    throw new BadBatch('InvalidBatch : PK chunking works only with queries that have no conditions other than WHERE')
  }
  const object = query.sObject ?? ''
  const bound = (order: string): string | undefined => {
    const { records } = org.query(caller, `SELECT Id FROM ${object} ORDER BY Id ${order} LIMIT 1`, { all: true })
    return records[0] ? String(records[0]['Id']) : undefined
  }
  const [first, last] = [startRow ?? bound('ASC'), bound('DESC')]
  const [from, to] = [counterOf(first ?? ''), counterOf(last ?? '')]
  if (first === undefined || from === undefined || to === undefined) return [soql]
  const queries: string[] = []
  for (let at = from; at <= to; at += size) queries.push(between(soql, idAt(first, at), idAt(first, at + size)))
  return queries.length > 0 ? queries : [between(soql, first, idAt(first, from + size))]
}

const idAt = (like: string, n: number): string => makeId(like.slice(0, 3), n).slice(0, 15)

/** Nothing but conditions follows the first WHERE: select lists hold neither texts nor, here, other queries. */
function between(soql: string, from: string, to: string): string {
  const bounds = `Id >= '${from}' AND Id < '${to}'`
  const where = /\bWHERE\b/i.exec(soql)
  if (!where) return `${soql.trimEnd()} WHERE ${bounds}`
  const end = where.index + where[0].length
  return `${soql.slice(0, end)} (${soql.slice(end).trim()}) AND ${bounds}`
}
