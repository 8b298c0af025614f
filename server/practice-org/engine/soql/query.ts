// The query call: from SOQL text to pages of records.
import type { Query } from '@jetstreamapp/soql-parser-js'
import { makeId } from '../ids.ts'
import { type Looked, noteViewed } from '../recently-viewed.ts'
import { refusal } from '../refuse.ts'
import type { QueryPage } from '../../org.ts'
import { checkQuery } from './check.ts'
import type { QueryContext } from './context.ts'
import { countRows, findGroups, isGrouped, isPlainCount } from './groups.ts'
import { amongKept, type KeptRows } from './kept-rows.ts'
import { parseSoql } from './parse.ts'
import { recordAccessRows } from './record-access.ts'
import { findRows, keepMatches } from './rows.ts'
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
export type ContextFor = (soql: string, all: boolean) => QueryContext

/** Open query locators of one org; they live in memory and are forgotten, oldest first, beyond a few dozen or too many rows. */
export class Cursors {
  private readonly open = new Map<string, Cursor>()
  private opened = 0
  private kept = 0

  add(cursor: Cursor): string {
    const id = makeId('01g', ++this.opened)
    this.open.set(id, cursor)
    this.kept += cursor.rows.length
    for (const [oldest, { rows }] of this.open) {
      if (oldest === id || (this.open.size <= MAX_OPEN && this.kept <= MAX_KEPT_ROWS)) break
      this.open.delete(oldest)
      this.kept -= rows.length
    }
    return id
  }

  find(id: string, userId: string, now: number): Cursor {
    const cursor = this.open.get(id)
    if (!cursor || cursor.userId !== userId || now - cursor.openedAt > LIFETIME_MS) {
      throw refusal('INVALID_QUERY_LOCATOR', 'invalid query locator')
    }
    return cursor
  }
}

/** First page of a query. */
export function runQuery(
  cursors: Cursors,
  contextFor: ContextFor,
  soql: string,
  options: { all?: boolean; batchSize?: number } = {},
): QueryPage {
  const query = parseSoql(soql)
  const all = options.all ?? false
  const context = contextFor(soql, all)
  const object = objectOf(context, query.sObject ?? '')
  const entityType = object.name
  const page = (records: QueryPage['records']): QueryPage => ({
    totalSize: records.length,
    done: true,
    records,
    entityType,
  })
  if (object.name === 'UserRecordAccess') return page(recordAccessRows(context, query))
  if (object.virtual) {
    throw refusal('INVALID_TYPE_FOR_OPERATION', `entity type ${object.name} does not support query`)
  }
  checkQuery(context, query)
  if (isPlainCount(query)) return { totalSize: countRows(context, object, query), done: true, records: [], entityType }
  if (isGrouped(query)) return page(findGroups(context, object, query))
  const batch = Math.min(DEFAULT_BATCH, Math.max(1, options.batchSize ?? DEFAULT_BATCH))
  const rows = findRows(context, object, query, { limit: batch + 1, paged: true })
  const looked = query.for && LOOKED[query.for]
  if (looked) {
    const ids = rows.slice(0, batch).map((row) => row.id)
    noteViewed(context, context.rights.userId, ids, looked)
  }
  if (rows.length <= batch) return page(rows.map((row) => row.record))
  const kept = keepMatches(contextFor(soql, all), object, query)
  const id = cursors.add({ userId: context.rights.userId, soql, query, all, rows: kept, batch, openedAt: context.now })
  const records = rows.slice(0, batch).map((row) => row.record)
  return { totalSize: kept.length, done: false, nextLocator: `${id}-${batch}`, records, entityType }
}

/** The page a locator (`01g…-2000`) points at. */
export function runQueryMore(
  cursors: Cursors,
  contextFor: ContextFor,
  userId: string,
  locator: string,
  now: number,
): QueryPage {
  const [id = '', position = ''] = locator.split('-')
  const from = Number(position)
  const cursor = cursors.find(id, userId, now)
  if (!Number.isInteger(from) || from < 0) throw refusal('INVALID_QUERY_LOCATOR', 'invalid query locator')
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
  const rows = findRows(context, object, bare, { conditions: (alias) => [amongKept(alias, wanted)] })
  const byNumber = new Map(rows.map((row) => [row.n, row.record]))
  const records = [...wanted].flatMap((each) => byNumber.get(each) ?? [])
  const next = from + cursor.batch
  const done = next >= cursor.rows.length
  return {
    totalSize: cursor.rows.length,
    done,
    ...(done ? {} : { nextLocator: `${id}-${next}` }),
    records,
    entityType: object.name,
  }
}
