// What a query may not combine, whatever its object: an org refuses it before it looks at a row.
import type { FieldType, Query, QueryBase, Subquery } from '@jetstreamapp/soql-parser-js'
import { type Tree, treeOf } from './terms/conditions.ts'
import type { Comparison } from './terms/comparison.ts'
import { malformed, type QueryContext } from './terms/context.ts'
import { checkFieldsFunction } from './terms/fields-function.ts'
import { isAggregate, isDateFunction } from './terms/functions.ts'
import { queryRefusal } from '../schema/refuse.ts'

const MAX_SUBQUERIES = 20
const MAX_STRING = 4000
/** Levels of parent-to-child queries, the root among them; before 58.0 only root and child [soqlref]. */
const MAX_LEVELS = 5
const NESTED_SINCE = 58

type Call = Extract<FieldType, { type: 'FieldFunctionExpression' }>

const callsOf = (query: QueryBase): Call[] =>
  (query.fields ?? []).filter((item): item is Call => item.type === 'FieldFunctionExpression')

/** Refuses a query with MALFORMED_QUERY whose clauses an org does not allow together. */
export function checkQuery(context: QueryContext, query: Query): void {
  checkAggregates(context, query)
  checkTypeOf(context, query)
  checkStrings(context, query)
  checkFieldsFunction(context, query)
  if (query.withDataCategory) {
    throw malformed(context, 'DATA', `Entity '${query.sObject ?? ''}' does not support data category filtering`)
  }
  const orders = [query.orderBy ?? []].flat()
  if (query.for === 'UPDATE' && orders.length) {
    throw malformed(context, 'UPDATE', 'FOR UPDATE is not allowed with ORDER BY')
  }
  checkChildren(context, query, 1)
}

function checkAggregates(context: QueryContext, query: Query): void {
  const calls = callsOf(query).filter((call) => isAggregate(call.functionName))
  const [first] = calls
  if (!first) return
  const isCount = first.functionName.toUpperCase() === 'COUNT' && first.parameters.length === 0
  if (isCount && (query.fields ?? []).length > 1) throw malformed(context, ',', `unexpected token: ','`)
  if (isCount && first.alias) throw malformed(context, first.alias, `unexpected token: '${first.alias}'`)
  if (isCount && query.groupBy) throw malformed(context, 'GROUP', 'Grouped query cannot use COUNT()')
  if (query.groupBy) return
  const overall = 'Non-grouped query that uses overall aggregate functions cannot also use'
  if (!isCount && query.limit !== undefined) throw malformed(context, 'LIMIT', `${overall} LIMIT`)
  if (!isCount && query.offset !== undefined) throw malformed(context, 'OFFSET', `${overall} OFFSET`)
}

/** TYPEOF stands in the select list of records alone: beside no function, in no grouped query. */
function checkTypeOf(context: QueryContext, query: QueryBase): void {
  const items = query.fields ?? []
  const typeOfs = items.flatMap((item) => (item.type === 'FieldTypeof' ? [item] : []))
  if (typeOfs.length === 0) return
  if (query.groupBy) throw malformed(context, 'TYPEOF', 'TYPEOF is not allowed in a grouped query')
  const call = callsOf(query)[0]
  if (call) throw malformed(context, call.functionName, 'TYPEOF is not allowed with functions in the SELECT list')
  for (const item of typeOfs) {
    const whens = item.conditions.flatMap(({ objectType }) => objectType?.toLowerCase() ?? [])
    const twice = whens.find((when, i) => whens.indexOf(when) < i)
    if (twice) throw malformed(context, twice, `WHEN clause operand [${twice}] is not unique`)
    const path = item.field.toLowerCase()
    const beside = items.find(
      (other) => other.type === 'FieldRelationship' && other.relationships.join('.').toLowerCase() === path,
    )
    if (beside) {
      throw malformed(
        context,
        'TYPEOF',
        `TYPEOF: the relationship '${item.field}' is also referenced in the SELECT list`,
      )
    }
  }
}

function checkStrings(context: QueryContext, query: QueryBase): void {
  if (!query.where) return
  for (const { values, types } of comparisonsOf(treeOf(context, query.where))) {
    const long = values.find((value, i) => types[i] === 'STRING' && value.length - 2 > MAX_STRING)
    if (long) {
      const reason = `maximum length of a string in a WHERE clause is ${MAX_STRING} characters`
      throw malformed(context, long.slice(0, 20), reason)
    }
  }
}

function checkChildren(context: QueryContext, query: QueryBase, level: number): void {
  const subqueries = (query.fields ?? []).flatMap((item) => (item.type === 'FieldSubquery' ? [item.subquery] : []))
  if (level === 1 && countSubqueries(query) > MAX_SUBQUERIES) {
    throw malformed(context, '', `Maximum ${MAX_SUBQUERIES} subqueries are allowed in a query`)
  }
  const most = Number.parseFloat(context.version) >= NESTED_SINCE ? MAX_LEVELS : 2
  for (const subquery of subqueries) {
    const name = subquery.relationshipName
    if (level + 1 > most) {
      throw malformed(context, name, `Only ${most} levels of parent-to-child relationships are allowed: ${name}`)
    }
    checkChild(context, query, subquery)
    checkChildren(context, subquery, level + 1)
  }
}

function checkChild(context: QueryContext, parent: QueryBase, subquery: Subquery): void {
  const call = callsOf(subquery).find(({ functionName }) => isAggregate(functionName) || isDateFunction(functionName))
  if (call || subquery.groupBy) {
    throw malformed(context, call?.functionName ?? 'GROUP', 'only root queries support aggregate expressions')
  }
  if (subquery.offset !== undefined && parent.limit !== 1) {
    throw malformed(context, 'OFFSET', 'OFFSET in a sub-query is only allowed if the parent query has LIMIT 1')
  }
  if (subquery.usingScope) throw malformed(context, 'USING', 'USING SCOPE is not allowed in a relationship sub-query')
  checkTypeOf(context, subquery)
  checkStrings(context, subquery)
  checkFieldsFunction(context, subquery)
  const joined = subquery.where && comparisonsOf(treeOf(context, subquery.where)).find((each) => each.subquery)
  if (joined) throw malformed(context, joined.subquery?.sObject ?? '', TOP_LEVEL)
}

const countSubqueries = (query: QueryBase): number =>
  (query.fields ?? []).reduce(
    (sum, item) => sum + (item.type === 'FieldSubquery' ? 1 + countSubqueries(item.subquery) : 0),
    0,
  )

export function comparisonsOf(tree: Tree): Comparison[] {
  if (tree.kind === 'comparison') return [tree.comparison]
  return tree.kind === 'not' ? comparisonsOf(tree.part) : tree.parts.flatMap(comparisonsOf)
}

const TOP_LEVEL = 'Semi join sub-selects are only allowed at the top level WHERE expressions'
const MAX_JOINS = 2

/** Where IN (SELECT …) may stand: twice at most, joined by AND from the top [soqlref]. */
export function checkJoins(context: QueryContext, tree: Tree): void {
  const joins = comparisonsOf(tree).filter((each) => each.subquery)
  if (joins.length === 0) return
  const third = joins[MAX_JOINS]
  if (third) {
    const reason = `Maximum ${MAX_JOINS} semi join sub-selects are allowed`
    throw queryRefusal('EXCEEDED_MAX_SEMIJOIN_SUBSELECTS', context.soql, third.subquery?.sObject ?? '', reason)
  }
  checkPlace(context, tree)
}

function checkPlace(context: QueryContext, tree: Tree): void {
  if (tree.kind === 'comparison') return
  const parts = tree.kind === 'not' ? [tree.part] : tree.parts
  if (tree.kind === 'and') {
    for (const part of parts) checkPlace(context, part)
    return
  }
  const operator = tree.kind.toUpperCase()
  const direct = parts.find((part) => part.kind === 'comparison' && part.comparison.subquery)
  if (direct)
    throw malformed(context, operator, `Semi join sub-selects are not allowed with the '${operator}' operator`)
  const [deeper] = parts.flatMap(comparisonsOf).filter((each) => each.subquery)
  if (deeper) throw malformed(context, deeper.subquery?.sObject ?? '', TOP_LEVEL)
}
