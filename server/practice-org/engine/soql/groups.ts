// Queries that count, sum and group.
import type { FieldType, GroupByClause, Query } from '@jetstreamapp/soql-parser-js'
import type { ObjectDef } from '../catalog.ts'
import { refusal } from '../refuse.ts'
import { toJson } from '../values.ts'
import type { RecordJson } from '../../org.ts'
import { conditionSql, type Operand, treeOf } from './conditions.ts'
import { malformed, type QueryContext, sql } from './context.ts'
import { functionOperand, isAggregate } from './functions.ts'
import { orderOperand } from './rows.ts'
import { Scope } from './scope.ts'
import { orderSql, resolverFor, whereSql, windowOf } from './statement.ts'

const MAX_GROUPS = 2000

export function isGrouped(query: Query): boolean {
  const calls = (query.fields ?? []).filter((item) => item.type === 'FieldFunctionExpression')
  return query.groupBy !== undefined || calls.some((item) => isAggregate(item.functionName))
}

/** `SELECT COUNT() FROM …`: the answer is a number, not rows. */
export function isPlainCount(query: Query): boolean {
  const [item, ...others] = query.fields ?? []
  return (
    item?.type === 'FieldFunctionExpression' &&
    item.functionName.toUpperCase() === 'COUNT' &&
    item.parameters.length === 0 &&
    others.length === 0
  )
}

export function countRows(context: QueryContext, object: ObjectDef, query: Query): number {
  const scope = new Scope(context, object, query.sObjectAlias)
  const where = whereSql(scope, query, [])
  const from = scope.from()
  const { limit } = windowOf(query)
  const text =
    limit === undefined
      ? `SELECT count(*) FROM ${from.text}${where.text}`
      : `SELECT count(*) FROM (SELECT 1 FROM ${from.text}${where.text} LIMIT ${limit})`
  return Number(context.store.select(text, [...from.params, ...where.params])[0]?.[0] ?? 0)
}

interface Column extends Operand {
  key: string
}

/** Rows of an aggregate query, one per group. */
export function findGroups(context: QueryContext, object: ObjectDef, query: Query): RecordJson[] {
  const scope = new Scope(context, object, query.sObjectAlias)
  const groups = [query.groupBy ?? []].flat().map((group) => groupOperand(scope, group))
  let unnamed = 0
  const columns = (query.fields ?? []).map((item): Column => {
    const column = columnOf(scope, item, groups)
    return { ...column, key: column.key || `expr${unnamed++}` }
  })
  const where = whereSql(scope, query, [])
  const having = query.having
    ? conditionSql(resolverFor(scope, 'having', true), treeOf(context, query.having))
    : sql('')
  const order = orderSql(scope, query, (clause) => {
    const alias = 'field' in clause ? columns.find((column) => column.key === clause.field) : undefined
    return alias ?? orderOperand(scope, clause)
  })
  const from = scope.from()
  const { limit, offset } = windowOf(query)
  const text =
    `SELECT ${columns.map((column) => column.sql).join(', ')} FROM ${from.text}${where.text}` +
    (groups.length ? ` GROUP BY ${groups.map((group) => group.sql).join(', ')}` : '') +
    `${having.text ? ` HAVING ${having.text}` : ''}${order} LIMIT ${limit ?? MAX_GROUPS + 1} OFFSET ${offset}`
  const rows = context.store.select(text, [...from.params, ...where.params, ...having.params])
  if (rows.length > MAX_GROUPS)
    throw refusal(
      'EXCEEDED_ID_LIMIT',
      'Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch',
    )
  return rows.map((row) => {
    const record: RecordJson = { attributes: { type: 'AggregateResult' } }
    columns.forEach((column, i) => (record[column.key] = toJson(column.field, row[i] ?? null)))
    return record
  })
}

function groupOperand(scope: Scope, group: GroupByClause): Operand {
  if ('field' in group) {
    const resolved = scope.resolve(group.field)
    if (resolved.field.filterable) return resolved
    throw malformed(scope.context, group.field, `field '${group.field}' can not be grouped in a query call`)
  }
  const name = (group.fn.functionName ?? '').toUpperCase()
  if (name === 'ROLLUP' || name === 'CUBE') {
    throw malformed(scope.context, name, `The practice org does not know GROUP BY ${name}`)
  }
  return functionOperand(scope, group.fn)
}

function columnOf(scope: Scope, item: FieldType, groups: Operand[]): Column {
  if (item.type === 'FieldFunctionExpression') {
    const operand = functionOperand(scope, item)
    return { ...operand, key: item.alias ?? '' }
  }
  if (item.type !== 'Field' && item.type !== 'FieldRelationship') {
    throw malformed(scope.context, 'SELECT', 'Grouped query cannot use child relationships in the SELECT list')
  }
  const path = item.type === 'Field' ? item.field : [...item.relationships, item.field].join('.')
  const resolved = scope.resolve(path)
  if (!groups.some((group) => group.sql === resolved.sql)) {
    throw malformed(scope.context, path, `Field must be grouped or aggregated: ${path}`)
  }
  const alias = 'alias' in item && item.alias ? item.alias : undefined
  return { ...resolved, key: alias ?? resolved.key }
}
