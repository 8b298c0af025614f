// The query call: from SOQL text to pages of records.
import type { Query } from '@jetstreamapp/soql-parser-js'
import { makeId, normalizeId } from '../schema/ids.ts'
import { type Looked, noteViewed } from './terms/recently-viewed.ts'
import { refusal } from '../schema/refuse.ts'
import type { QueryPage } from '../org/org.ts'
import { checkQuery } from './check.ts'
import type { QueryContext } from './terms/context.ts'
import type { Sql } from './terms/sql.ts'
import { countRows, findGroups, isGrouped, isPlainCount } from './groups.ts'
import { amongKept } from './terms/kept-rows.ts'
import { type KeptRows, packed } from './terms/row-numbers.ts'
import { parseSoql } from './terms/parse.ts'
import { recordAccessRows } from './record-access.ts'
import { findRows, fitting, keepMatches } from './rows.ts'
import { objectOf } from './statement.ts'

export const DEFAULT_BATCH = 2000
const MAX_OPEN = 50
/** FOR VIEW and FOR REFERENCE count the rows of the first page as looked at. */
const LOOKED: Partial<Record<string, Looked>> = { VIEW: 'view', REFERENCE: 'reference' }
const MAX_KEPT_ROWS = 20_000_000
const LIFETIME_MS = 2 * 86_400_000

/** A query whose remaining rows wait to be fetched: those it matched when it ran. */
interface Cursor {
  userId: string
  soql: string
  query: Query
  all: boolean
  rows: KeptRows
  batch: number
  openedAt: number
}
/** An id, of 15 or 18 characters, and the number of rows before the page. */
const LOCATOR = /^(01g\w+)-(\d{1,9})$/
const badLocator = () => refusal('INVALID_QUERY_LOCATOR', 'invalid query locator')

export type ContextFor = (soql: string, all: boolean) => QueryContext

/** Open query locators of one org; they live in memory, and the oldest are forgotten beyond a few dozen of a user or too many rows. */
export class Cursors {
  private readonly open = new Map<string, Cursor>()
  private opened = 0
  private kept = 0

  add(cursor: Cursor): string {
    const id = makeId('01g', ++this.opened)
    this.open.set(id, cursor)
    this.kept += cursor.rows.length
    const own = [...this.open.keys()].filter((each) => this.open.get(each)?.userId === cursor.userId)
    for (const oldest of own.slice(0, -MAX_OPEN)) this.forget(oldest)
    for (const oldest of this.open.keys()) {
      if (oldest === id || this.kept <= MAX_KEPT_ROWS) break
      this.forget(oldest)
    }
    return id
  }

  private forget(id: string): void {
    this.kept -= this.open.get(id)?.rows.length ?? 0
    this.open.delete(id)
  }

  find(id: string, userId: string, now: number): Cursor {
    const cursor = this.open.get(id)
    if (!cursor || cursor.userId !== userId || now - cursor.openedAt > LIFETIME_MS) {
      throw badLocator()
    }
    return cursor
  }
}

/** Compiles a query as running it would, and reads no row: it is refused with what the query is refused with. */
export function tryQuery(contextFor: ContextFor, soql: string): void {
  const query: Query = { ...parseSoql(soql), limit: 0 }
  const { context, object } = readied(contextFor, soql, false)
  if (object.name === 'UserRecordAccess') recordAccessRows(context, query)
  else if (isPlainCount(query)) countRows(context, object, query)
  else if (isGrouped(query)) findGroups(context, object, query)
  else findRows(context, object, query)
}

/** Throws OrgError for a query that no object, or not this one, can be asked. */
function readied(contextFor: ContextFor, soql: string, all: boolean) {
  const query = parseSoql(soql)
  const context = contextFor(soql, all)
  const object = objectOf(context, query.sObject ?? '')
  if (object.name !== 'UserRecordAccess') {
    if (object.virtual) {
      throw refusal('INVALID_TYPE_FOR_OPERATION', `entity type ${object.name} does not support query`)
    }
    checkQuery(context, query)
  }
  return { query, context, object }
}

/** First page of a query. */
export function runQuery(
  cursors: Cursors,
  contextFor: ContextFor,
  soql: string,
  options: { all?: boolean; batchSize?: number } = {},
): QueryPage {
  const all = options.all ?? false
  const { query, context, object } = readied(contextFor, soql, all)
  const entityType = object.name
  const page = (records: QueryPage['records']): QueryPage => ({
    totalSize: records.length,
    done: true,
    records,
    entityType,
  })
  if (object.name === 'UserRecordAccess') return page(recordAccessRows(context, query))
  if (isPlainCount(query)) return { totalSize: countRows(context, object, query), done: true, records: [], entityType }
  if (isGrouped(query)) return page(findGroups(context, object, query))
  const batch = Math.min(DEFAULT_BATCH, Math.max(1, options.batchSize ?? DEFAULT_BATCH))
  const rows = findRows(context, object, query, { limit: batch + 1, paged: true, batch })
  const count = fitting(rows, batch)
  const looked = query.for && LOOKED[query.for]
  if (looked) {
    const ids = rows.slice(0, count).map((row) => row.id)
    noteViewed(context, context.rights.userId, ids, looked)
  }
  if (rows.length === count) return page(rows.map((row) => row.record))
  // Rows that are all here were put in their order already; a query for them might run along an index.
  const inHand = rows.length <= batch
  const kept = inHand ? packed(rows.map((row) => row.n)) : keepMatches(contextFor(soql, all), object, query)
  const id = cursors.add({ userId: context.rights.userId, soql, query, all, rows: kept, batch, openedAt: context.now })
  const records = rows.slice(0, count).map((row) => row.record)
  return { totalSize: kept.length, done: false, nextLocator: `${id}-${count}`, records, entityType }
}

/** The page a locator (`01g…-2000`) points at. */
export function runQueryMore(
  cursors: Cursors,
  contextFor: ContextFor,
  userId: string,
  locator: string,
  now: number,
): QueryPage {
  const [, id = '', position = ''] = LOCATOR.exec(locator) ?? []
  const from = Number(position)
  const cursor = cursors.find(normalizeId(id) ?? '', userId, now)
  if (from >= cursor.rows.length) throw badLocator()
  const context = contextFor(cursor.soql, cursor.all)
  const { query } = cursor
  const object = objectOf(context, query.sObject ?? '')
  const wanted = cursor.rows.subarray(from, from + cursor.batch)
  const bare: Query = {
    fields: query.fields,
    sObject: query.sObject,
    sObjectAlias: query.sObjectAlias,
    limit: wanted.length,
  }
  const conditions = (alias: string): Sql[] => [amongKept(context, object, alias, wanted)]
  const rows = findRows(context, object, bare, { conditions, sequence: wanted, batch: cursor.batch })
  const count = fitting(rows, cursor.batch)
  const records = rows.slice(0, count).map((row) => row.record)
  const beyond = rows[count]
  const next = from + (beyond ? wanted.indexOf(beyond.n) : cursor.batch)
  const done = next >= cursor.rows.length
  return {
    totalSize: cursor.rows.length,
    done,
    ...(done ? {} : { nextLocator: `${normalizeId(id) ?? ''}-${next}` }),
    records,
    entityType: object.name,
  }
}
