import { parseQuery } from '@jetstreamapp/soql-parser-js'
import { counterOf, makeId } from '../../../schema/ids.ts'
import { shareFields, shareName } from '../../../schema/share-shape.ts'
import type { Caller, Org } from '../../../org/org.ts'
import type { Chunking } from './batch-order.ts'
import { BadBatch } from '../jobs/columns.ts'

/**
 * The queries that one with PK chunking becomes: each finds the rows whose ids lie between two bounds, of shares those
 * whose records do. Deleted rows count for the bounds, so a chunk may find fewer rows than it has ids.
 * Throws BadBatch for a query with more than fields and conditions, or one of shares without their parent; OrgError.
 */
export function chunkQueries(org: Org, caller: Caller, soql: string, { size, startRow, parent }: Chunking): string[] {
  const query = parseQuery(soql)
  const extra = query.orderBy ?? query.groupBy ?? query.having ?? query.limit ?? query.offset
  const isPlain = (query.fields ?? []).every((field) => field.type !== 'FieldSubquery')
  if (extra !== undefined || !isPlain) {
    throw new BadBatch('InvalidBatch : PK chunking works only with queries that have no conditions other than WHERE')
  }
  const shared = sharedBy(query.sObject ?? '', parent)
  const object = shared?.parent ?? query.sObject ?? ''
  const chunk = (from: string, to: string): string => between(soql, from, to, shared)
  const bound = (order: string): string | undefined => {
    const { records } = org.query(caller, `SELECT Id FROM ${object} ORDER BY Id ${order} LIMIT 1`, { all: true })
    return records[0] ? String(records[0]['Id']) : undefined
  }
  const [first, last] = [startRow ?? bound('ASC'), bound('DESC')]
  const [from, to] = [counterOf(first ?? ''), counterOf(last ?? '')]
  if (first === undefined || from === undefined || to === undefined) return [soql]
  const queries: string[] = []
  for (let at = from; at <= to; at += size) queries.push(chunk(idAt(first, at), idAt(first, at + size)))
  return queries.length > 0 ? queries : [chunk(first, idAt(first, from + size))]
}

const idAt = (like: string, n: number): string => makeId(like.slice(0, 3), n).slice(0, 15)

/** Shares have no ids that could be counted: an org counts those of what they share, and wants to be told what that is [K]. */
function sharedBy(object: string, parent: string | undefined): { parent: string; field: string } | undefined {
  if (!/(Share|__Share)$/i.test(object)) return undefined
  if (parent === undefined || shareName(parent).toLowerCase() !== object.toLowerCase()) {
    throw new BadBatch(`InvalidBatch : PK chunking of ${object} needs the object that it shares as its parent`)
  }
  return { parent, field: shareFields(parent).parent }
}

/** Nothing but conditions follows the first WHERE: select lists hold neither texts nor, here, other queries. */
function between(
  soql: string,
  from: string,
  to: string,
  shared: { parent: string; field: string } | undefined,
): string {
  const ids = `Id >= '${from}' AND Id < '${to}'`
  const bounds = shared ? `${shared.field} IN (SELECT Id FROM ${shared.parent} WHERE ${ids})` : ids
  const where = /\bWHERE\b/i.exec(soql)
  if (!where) return `${soql.trimEnd()} WHERE ${bounds}`
  const end = where.index + where[0].length
  return `${soql.slice(0, end)} (${soql.slice(end).trim()}) AND ${bounds}`
}
