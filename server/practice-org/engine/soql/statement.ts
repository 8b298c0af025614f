// One SELECT over one object: FROM, WHERE, ORDER BY, LIMIT; the parts that rows and groups have in common.
import type { OrderByClause, Query, QueryBase } from '@jetstreamapp/soql-parser-js'
import type { ObjectDef } from '../catalog.ts'
import { noSuchObject, refusal } from '../refuse.ts'
import { type Comparison, conditionSql, type Operand, type Resolver, treeOf } from './conditions.ts'
import { invalidType, malformed, type QueryContext, type Sql, sql } from './context.ts'
import { functionOperand, isAggregate } from './functions.ts'
import { Scope } from './scope.ts'

const MAX_OFFSET = 2000
const MAX_JOINS = 2

/** The object named in FROM, as far as the caller may know it exists. */
export function objectOf(context: QueryContext, name: string): ObjectDef {
  const object = context.catalog.find(name)
  if (!object || !context.rights.object(object).read) throw invalidType(context, name, noSuchObject(name))
  return object
}

/** @param clause in WHERE an aggregate function has no meaning yet */
export function resolverFor(scope: Scope, clause: 'where' | 'having', nested = false): Resolver {
  let joins = 0
  return {
    context: scope.context,
    operand(comparison) {
      const { fn } = comparison
      if (fn && clause === 'where' && isAggregate(fn.functionName)) {
        throw malformed(scope.context, fn.functionName ?? '', `unexpected token: '${fn.functionName ?? ''}'`)
      }
      return fn ? functionOperand(scope, fn) : scope.resolve(comparison.field ?? '')
    },
    subquery(comparison, query) {
      if (nested || ++joins > MAX_JOINS) {
        const reason = nested
          ? 'Nesting of semi join sub-selects is not supported'
          : 'Maximum 2 semi join sub-selects are allowed'
        throw malformed(scope.context, query.sObject ?? '', reason)
      }
      return semiJoin(scope, comparison, query)
    },
  }
}

function semiJoin(scope: Scope, comparison: Comparison, query: Query): Sql {
  const { context } = scope
  const [item, ...others] = query.fields ?? []
  const left = scope.resolve(comparison.field ?? '')
  if (!['id', 'reference'].includes(left.field.type) || left.parent) {
    throw malformed(
      context,
      comparison.field ?? '',
      `Semi join sub-selects can only be used with id and reference fields, found: '${comparison.field ?? ''}'`,
    )
  }
  if (item?.type !== 'Field' || others.length || query.groupBy || query.orderBy || query.limit !== undefined) {
    throw malformed(context, query.sObject ?? '', 'Semi join sub-select must select exactly one id or reference field')
  }
  const object = objectOf(context, query.sObject ?? '')
  if (object.virtual) throw malformed(context, object.name, `Semi join sub-selects are not supported on ${object.name}`)
  const inner = new Scope(context, object, query.sObjectAlias)
  const column = inner.resolve(item.field)
  if (!['id', 'reference'].includes(column.field.type)) {
    throw malformed(
      context,
      item.field,
      `The selected field '${item.field}' in the subquery and the left operand field in the where expression in the outer query should point to the same object type`,
    )
  }
  const where = whereSql(inner, query, [sql(`${column.sql} IS NOT NULL`)], true)
  const from = inner.from()
  return sql(`SELECT ${column.sql} FROM ${from.text}${where.text}`, [...from.params, ...where.params])
}

/** ` WHERE …` with the caller's own conditions, visibility and `extra`; resolve the SELECT list before `scope.from()`. */
export function whereSql(scope: Scope, query: QueryBase, extra: Sql[], nested = false): Sql {
  const own = query.where ? [conditionSql(resolverFor(scope, 'where', nested), treeOf(scope.context, query.where))] : []
  const mine = scopeCondition(scope, query)
  const parts = [...extra, ...own, ...mine, ...scope.visible().map((text) => sql(text))]
  if (parts.length === 0) return sql('')
  return sql(
    ` WHERE ${parts.map((part) => part.text).join(' AND ')}`,
    parts.flatMap((part) => part.params),
  )
}

const SCOPES = new Set(['everything', 'mine', 'mine_and_my_groups', 'team'])

/** USING SCOPE: own records, those of one's queues, or accounts on whose team one is. */
function scopeCondition(scope: Scope, query: QueryBase): Sql[] {
  const wanted = query.usingScope?.toLowerCase() ?? 'everything'
  const { context, root } = scope
  if (!SCOPES.has(wanted) || (wanted === 'team' && root.object.name !== 'Account')) {
    throw malformed(
      context,
      query.usingScope ?? '',
      `invalid using scope for ${root.object.name}: ${query.usingScope ?? ''}`,
    )
  }
  if (wanted === 'everything') return []
  const { userId } = context.rights
  if (wanted === 'team') {
    const team = 'SELECT "AccountId" FROM "AccountTeamMember" WHERE "UserId" = ? AND "IsDeleted" = 0'
    return [sql(`${root.alias}."Id" IN (${team})`, [userId])]
  }
  const owner = scope.resolve('OwnerId').sql
  if (wanted === 'mine') return [sql(`${owner} = ?`, [userId])]
  const groups = 'SELECT "GroupId" FROM "GroupMember" WHERE "UserOrGroupId" = ?'
  return [sql(`(${owner} = ? OR ${owner} IN (${groups}))`, [userId, userId])]
}

/** ` ORDER BY …`; nulls come first in both directions unless asked otherwise, rows of equal rank in order of creation. */
export function orderSql(
  scope: Scope,
  query: QueryBase,
  operand: (order: OrderByClause) => Operand,
  tie?: string,
): string {
  const orders = [query.orderBy ?? []].flat()
  const terms = orders.map((order) => {
    const { sql: text, field } = operand(order)
    if (!field.filterable || field.type === 'multipicklist') {
      throw malformed(scope.context, field.name, `field '${field.name}' can not be sorted in a query call`)
    }
    const descending = order.order === 'DESC'
    const nullsFirst = order.nulls !== 'LAST'
    const nulls = nullsFirst === !descending ? '' : nullsFirst ? ' NULLS FIRST' : ' NULLS LAST'
    return `${text}${descending ? ' DESC' : ''}${nulls}`
  })
  if (tie) terms.push(tie)
  return terms.length ? ` ORDER BY ${terms.join(', ')}` : ''
}

/** Limit and offset of a query; the offset is refused beyond what an org allows. */
export function windowOf(query: QueryBase): { limit: number | undefined; offset: number } {
  const offset = query.offset ?? 0
  if (offset > MAX_OFFSET) throw refusal('NUMBER_OUTSIDE_VALID_RANGE', 'Maximum SOQL offset allowed is 2000')
  return { limit: query.limit, offset }
}
