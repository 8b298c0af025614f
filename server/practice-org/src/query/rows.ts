// Queries that return records, with parents beside them and child subqueries under them.
import type { FieldSubquery, OrderByClause, Query, QueryBase } from '@jetstreamapp/soql-parser-js'
import type { ChildRelationship, ObjectDef } from '../schema/catalog.ts'
import { isIndexed, quote } from '../store/store.ts'
import type { Stored } from '../store/row.ts'
import { refusal } from '../schema/refuse.ts'
import type { RecordJson } from '../org/values.ts'
import { checkActivities } from './terms/activities.ts'
import { among } from './terms/compare.ts'
import { type Tree, treeOf } from './terms/conditions.ts'
import type { Operand } from './terms/comparison.ts'
import { invalidType, type QueryContext } from './terms/context.ts'
import { type Sql, sql } from './terms/sql.ts'
import { isFieldsFunction } from './terms/fields-function.ts'
import { functionOperand } from './terms/functions.ts'
import { usesIndex } from './terms/indexed.ts'
import { keepRows } from './terms/kept-rows.ts'
import { type KeptRows, packed } from './terms/row-numbers.ts'
import { Scope } from './terms/scope.ts'
import { Selection } from './select.ts'
import { orderSql, whereSql, windowOf } from './statement.ts'

/** Narrows a query from outside: a page of known ids, the children of some parents, the hits of a search. */
export interface Narrowing {
  conditions?: (alias: string) => Sql[]
  /** Joins in front of everything else, e.g. a full-text index. */
  join?: (alias: string) => Sql
  /** Used when the query itself has no order. */
  order?: string
  /** A lookup of the row to fetch beside each record. */
  key?: string
  limit?: number
  /** The rest of the rows can be fetched later, so that the order of an index is as good as that of creation. */
  paged?: boolean
  /** Numbers of rows, in the order wanted. */
  sequence?: KeptRows
  /** How many rows a page may have, children and all: records beyond it come without theirs. */
  batch?: number
}
export interface FoundRow {
  id: string
  /** Rows are numbered in order of creation. */
  n: number
  key: Stored
  record: RecordJson
  /** Rows it takes up in a page: one, and those of its children that are shown. */
  size: number
}

/**
 * With subqueries an org's batch shrinks to 200 rows, of which the parent is one. 199 children were seen, in older
 * versions 499; nobody says when it is how many.
 */
const CHILD_PAGE = 199

/** Runs a (sub)query over `object` and gives its rows as records. */
export function findRows(
  context: QueryContext,
  object: ObjectDef,
  query: QueryBase,
  narrowing: Narrowing = {},
): FoundRow[] {
  const { scope, selection, subqueries, text, params } = compileRows(context, object, query, narrowing)
  const numberColumn = selection.column(`${scope.root.alias}._n`)
  const rows = context.store.select(`SELECT ${selection.columns.join(', ')}${text}`, params)
  const keyColumn = narrowing.key ? selection.column(`${scope.root.alias}.${quote(narrowing.key)}`) : -1
  const found = rows.map((row) => ({
    id: String(row[0]),
    n: Number(row[numberColumn]),
    key: row[keyColumn] ?? null,
    record: selection.record(row),
    size: 1,
  }))
  if (narrowing.paged && mayReorder(query) && found.length < (narrowing.limit ?? 0)) found.sort((a, b) => a.n - b.n)
  if (narrowing.sequence) {
    const places = new Map([...narrowing.sequence].map((n, place) => [n, place]))
    found.sort((a, b) => (places.get(a.n) ?? 0) - (places.get(b.n) ?? 0))
  }
  const families = subqueries.map((subquery) => familiesOf(context, object, query, subquery, found))
  const shown = found.slice(0, fitting(found, narrowing.batch ?? Number.POSITIVE_INFINITY))
  for (const family of families) showChildren(context, family, shown)
  return found
}

/** How many of these records, in their order, make one page: children count among its rows, one record is the least. */
export function fitting(rows: FoundRow[], batch: number): number {
  let total = 0
  const beyond = rows.findIndex(({ size }, n) => (total += size) > batch && n > 0)
  return beyond < 0 ? rows.length : beyond
}

/** Every row the query matches, in the order of its pages: what a query locator remembers. */
export function keepMatches(context: QueryContext, object: ObjectDef, query: QueryBase): KeptRows {
  const { scope, text, params } = compileRows(context, object, { ...query, fields: [] }, { paged: true })
  return keepRows(context, { text: `SELECT ${scope.root.alias}._n AS n${text}`, params })
}

function compileRows(context: QueryContext, object: ObjectDef, query: QueryBase, narrowing: Narrowing) {
  const scope = new Scope(context, object, query.sObjectAlias)
  const selection = new Selection(scope)
  const subqueries: FieldSubquery[] = []
  for (const item of query.fields ?? []) {
    if (item.type === 'FieldSubquery') subqueries.push(item)
    else selection.add(item)
  }
  if (selection.isEmpty && query.fields?.some(isFieldsFunction)) {
    const reason = "'FIELDS(...)' expansion function must result in at least one field being selected."
    throw refusal('MALFORMED_QUERY', reason)
  }
  const alias = scope.root.alias
  if (narrowing.key) selection.column(`${alias}.${quote(narrowing.key)}`)
  const where = whereSql(scope, query, narrowing.conditions?.(alias) ?? [])
  const order = orderSql(
    scope,
    query,
    (clause) => orderOperand(scope, clause),
    narrowing.order ?? tieBreaker(context, alias, object, query, narrowing.paged ?? false),
  )
  const from = scope.from()
  const join = narrowing.join?.(alias) ?? sql('')
  const { limit, offset } = windowOf(query)
  const most = Math.min(limit ?? Number.POSITIVE_INFINITY, narrowing.limit ?? Number.POSITIVE_INFINITY)
  const window = Number.isFinite(most) || offset ? ` LIMIT ${Number.isFinite(most) ? most : -1} OFFSET ${offset}` : ''
  if (!narrowing.join && !narrowing.conditions) checkSelective(context, object, query)
  return {
    scope,
    selection,
    subqueries,
    /** All after the list of columns. */
    text: ` FROM ${join.text}${from.text}${where.text}${order}${window}`,
    params: [...join.params, ...from.params, ...where.params],
  }
}

/** Without ORDER BY an org promises no order: the rows may come as an index has them. */
const mayReorder = (query: QueryBase): boolean =>
  query.orderBy === undefined && query.limit === undefined && query.offset === undefined

/**
 * Rows of equal rank come in order of creation. The plus keeps SQLite from walking the whole table in that order when an
 * index can find the few rows that are wanted; behind an order of its own there is no such danger, and the index that
 * gives it ends with the row's number. The first few of many that share a value or prefix come as their index has them,
 * so that the others are never read.
 */
function tieBreaker(context: QueryContext, alias: string, object: ObjectDef, query: QueryBase, paged: boolean): string {
  if (query.orderBy) return `${alias}._n`
  const tree = query.where && treeOf(context, query.where)
  const few = query.limit !== undefined || (paged && mayReorder(query))
  const prefix = tree && few ? prefixField(object, tree) : undefined
  if (prefix) return `${alias}.${quote(prefix)}, ${alias}._n`
  const selective = tree !== undefined && usesIndex(object, tree)
  return `${selective ? '+' : ''}${alias}._n`
}

/** The indexed field of which a query, otherwise not helped by indexes, wants one value or prefix. */
function prefixField(object: ObjectDef, tree: Tree): string | undefined {
  if (tree.kind === 'comparison') {
    const { field, operator, types } = tree.comparison
    const found = object.byName.get((field ?? '').toLowerCase())
    const one = operator === 'LIKE' || (operator === '=' && types[0] !== 'NULL')
    return one && usesIndex(object, tree) ? found?.name : undefined
  }
  if (tree.kind !== 'and') return undefined
  const helped = tree.parts.filter((part) => usesIndex(object, part))
  return helped.length === 1 && helped[0] ? prefixField(object, helped[0]) : undefined
}

/** QUERY_TIMEOUT for a filter that would read a whole large table: an org gives up on it after two minutes. */
export function checkSelective(context: QueryContext, object: ObjectDef, query: QueryBase): void {
  const { timeoutRows, store } = context
  if (timeoutRows === undefined || query.where === undefined) return
  if (usesIndex(object, treeOf(context, query.where), isIndexed)) return
  // Shares are at least as many as what they share.
  const { name } = context.rights.shares.of(object) ?? object
  const rows = Number(store.select(`SELECT max(_n) FROM ${quote(name)}`, [])[0]?.[0] ?? 0)
  if (rows > timeoutRows) throw refusal('QUERY_TIMEOUT', 'Your query request was running for too long.')
}

export function orderOperand(scope: Scope, clause: OrderByClause): Operand {
  return 'fn' in clause ? functionOperand(scope, clause.fn) : scope.resolve(clause.field)
}

function relationshipOf(context: QueryContext, parent: ObjectDef, name: string): ChildRelationship {
  const found = context.catalog
    .lists(parent.name)
    .find((each) => each.name?.toLowerCase() === name.toLowerCase() && context.rights.object(each.child).read)
  if (found && context.rights.readable(found.child, found.field)) return found
  throw invalidType(
    context,
    name,
    `Didn't understand relationship '${name}' in FROM part of query call. If you are attempting to use a custom ` +
      "relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the " +
      'describe call for the appropriate names.',
  )
}

/** The first page of one parent's children; the rest waits behind a locator of its own. */
function childPage(context: QueryContext, child: ObjectDef, subquery: QueryBase, rows: FoundRow[]) {
  const records = rows.slice(0, CHILD_PAGE).map((row) => row.record)
  const page = { totalSize: rows.length, done: rows.length <= CHILD_PAGE, records }
  if (page.done || !context.keep) return page
  const query: Query = { ...(subquery.fields ? { fields: subquery.fields } : {}), sObject: child.name }
  const locator = context.keep(query, packed(rows.map((row) => row.n)), CHILD_PAGE)
  return { ...page, nextRecordsUrl: `/services/data/v${context.version}/query/${locator}-${CHILD_PAGE}` }
}

/** The children that one subquery finds, by the id of their parent. */
interface Families {
  name: string
  child: ObjectDef
  subquery: QueryBase
  byParent: Map<string, FoundRow[]>
}

/** Only constants reach into the parts of what is worked out. */
function childrenOf({ rights }: QueryContext, child: ObjectDef, alias: string, lookup: string, ids: string[]): Sql {
  if (!rights.shares.of(child)) return among(alias, lookup, ids)
  return sql(`${alias}.${quote(lookup)} IN (${ids.map(() => '?').join(', ')})`, ids)
}

/** Fetches the children of all found rows at once, and counts those that a page shows. */
function familiesOf(
  context: QueryContext,
  object: ObjectDef,
  query: QueryBase,
  { subquery }: FieldSubquery,
  parents: FoundRow[],
): Families {
  const { child, field, name } = relationshipOf(context, object, subquery.relationshipName)
  checkActivities(context, query, child, name ?? '', subquery)
  const ids = parents.map((parent) => parent.id)
  const children = findRows(
    context,
    child,
    { ...subquery, limit: undefined, offset: undefined },
    { conditions: (alias) => [childrenOf(context, child, alias, field.name, ids)], key: field.name },
  )
  const all = Map.groupBy(children, (row) => row.key)
  const { limit, offset } = windowOf(subquery)
  const byParent = new Map<string, FoundRow[]>()
  for (const parent of parents) {
    const own = (all.get(parent.id) ?? []).slice(offset, limit === undefined ? undefined : offset + limit)
    byParent.set(parent.id, own)
    for (const { size } of own.slice(0, CHILD_PAGE)) parent.size += size
  }
  return { name: name ?? subquery.relationshipName, child, subquery, byParent }
}

/** Hangs children under their parents; null where there are none. */
function showChildren(context: QueryContext, { name, child, subquery, byParent }: Families, parents: FoundRow[]): void {
  for (const parent of parents) {
    const own = byParent.get(parent.id) ?? []
    parent.record[name] = own.length ? childPage(context, child, subquery, own) : null
  }
}
