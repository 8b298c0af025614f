// Where a query begins for somebody who may see little: at the rows it asks for, or at those he may see.
import type { QueryBase } from '@jetstreamapp/soql-parser-js'
import type { SeenRows } from '../rights/seen-rows.ts'
import { quote } from '../store/store.ts'
import { conditionSql, type Tree } from './terms/conditions.ts'
import type { Resolver } from './terms/comparison.ts'
import { indexedParts } from './terms/indexed.ts'
import { Scope } from './terms/scope.ts'

/** To ask of so many rows whether they may be seen takes no time. */
const A_FEW = 50

/**
 * The rows to begin at because fewer of them have to be read than of those the filter, or the order of the table, leads
 * to; each of the latter costs the question who may see it. Undefined where the query goes its usual way.
 *
 * @param resolverOf how the filter is compiled for a row of its own
 */
export function startOf(
  scope: Scope,
  query: QueryBase,
  tree: Tree | undefined,
  resolverOf: (scope: Scope) => Resolver,
): SeenRows | undefined {
  const { context } = scope
  const { object } = scope.root
  if (object.activities || context.rights.shares.of(object)) return undefined
  if (!context.rights.share(object, 'r', 'read')) return undefined
  const parts = tree ? indexedParts(object, tree) : []
  const asked = (most: number): number => countOf(scope, parts, resolverOf, most)
  if (parts.length && asked(A_FEW) < A_FEW) return undefined
  const seen = context.rights.seen(object)
  if (!seen) return undefined
  const rows = Number(context.store.select(`SELECT max(_n) FROM ${quote(object.name)}`, [])[0]?.[0] ?? 0)
  // Seen rows are taken to lie evenly among the others. To see one takes a look at its owner, to find one hidden takes all
  // the ways of sharing: about as long as to fetch a row of the list.
  const hidden = 1 - seen.count / Math.max(1, rows)
  const { limit, orderBy } = query
  const walked = limit === undefined || orderBy !== undefined ? rows : (limit * rows) / Math.max(1, seen.count)
  if (walked * hidden <= seen.count) return undefined
  const most = Math.ceil(seen.count / hidden)
  return parts.length && asked(most + 1) <= most ? undefined : seen
}

/** How many rows fulfil the parts of a filter that indexes help, counted up to `most`. */
function countOf(scope: Scope, parts: Tree[], resolverOf: (scope: Scope) => Resolver, most: number): number {
  const { context, root } = scope
  const rows = new Scope(context, root.object)
  const resolver = resolverOf(rows)
  const conditions = parts.map((part) => conditionSql(resolver, part))
  const from = rows.from()
  const where = conditions.map(({ text }) => text).join(' AND ')
  const text = `SELECT count(*) FROM (SELECT 1 FROM ${from.text} WHERE ${where} LIMIT ${most})`
  const params = [...from.params, ...conditions.flatMap((condition) => condition.params)]
  return Number(context.store.select(text, params)[0]?.[0] ?? 0)
}
