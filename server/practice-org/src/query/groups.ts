// Queries that count, sum and group.
import type { OrderByClause, Query } from '@jetstreamapp/soql-parser-js'
import type { ObjectDef } from '../schema/catalog.ts'
import { refusal } from '../schema/refuse.ts'
import type { RecordJson } from '../org/values.ts'
import type { Operand } from './terms/comparison.ts'
import { malformed, type QueryContext } from './terms/context.ts'
import { functionOperand } from './terms/functions.ts'
import {
  addsUp,
  checkColumns,
  type Column,
  columnOf,
  flagText,
  groupOperand,
  havingSql,
  notGrouped,
  orderedGroup,
  shown,
} from './group-columns.ts'
import { checkSelective } from './rows.ts'
import { Scope } from './terms/scope.ts'
import { orderSql, whereSql, windowOf } from './statement.ts'
import { setsOf, Subtotals } from './subtotals.ts'

const MAX_GROUPS = 2000
const MAX_SUBTOTALS = 3

export function isGrouped(query: Query): boolean {
  const calls = (query.fields ?? []).filter((item) => item.type === 'FieldFunctionExpression')
  return query.groupBy !== undefined || calls.some(addsUp)
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
  const [order] = [query.orderBy ?? []].flat()
  if (order) throw notGrouped(context, 'Ordered field', 'field' in order ? order.field : (order.fn.rawValue ?? ''))
  checkSelective(context, object, query)
  const where = whereSql(scope, query, [])
  const from = scope.from()
  const { limit } = windowOf(query)
  const text =
    limit === undefined
      ? `SELECT count(*) FROM ${from.text}${where.text}`
      : `SELECT count(*) FROM (SELECT 1 FROM ${from.text}${where.text} LIMIT ${limit})`
  return Number(context.store.select(text, [...from.params, ...where.params])[0]?.[0] ?? 0)
}

/** Rows of an aggregate query, one per group. */
export function findGroups(context: QueryContext, object: ObjectDef, query: Query): RecordJson[] {
  const scope = new Scope(context, object, query.sObjectAlias)
  const { groups, sets } = groupingOf(scope, query)
  let unnamed = 0
  const columns = (query.fields ?? []).map((item): Column => {
    const column = columnOf(scope, item, groups)
    return { ...column, key: column.key || `expr${unnamed++}` }
  })
  checkColumns(context, columns, groups, sets.length > 1)
  checkSelective(context, object, query)
  const where = whereSql(scope, query, [])
  const having = havingSql(scope, query, groups)
  const named = (clause: OrderByClause) =>
    'field' in clause ? columns.find((column) => column.key === clause.field) : undefined
  const tail = (kept: number[]) => {
    const by = kept.map((i) => groups[i]?.sql).join(', ')
    const conditions = groups.reduce(
      (text, _, i) => text.replaceAll(flagText(i), kept.includes(i) ? '0' : '1'),
      having.text,
    )
    return `${where.text}${by ? ` GROUP BY ${by}` : ''}${conditions ? ` HAVING ${conditions}` : ''}`
  }
  const { limit, offset } = windowOf(query)
  const window = ` LIMIT ${limit ?? MAX_GROUPS + 1} OFFSET ${offset}`
  let text: string
  if (sets.length === 1) {
    const order = orderSql(scope, query, (clause) => named(clause) ?? orderedGroup(scope, clause, groups))
    text = `SELECT ${columns.map((column) => column.sql).join(', ')} FROM ${scope.from().text}${tail(sets[0]!)}${order}`
  } else {
    const subtotals = new Subtotals(columns, groups)
    const order = orderSql(scope, query, (clause) => subtotals.order(scope, named(clause), clause), subtotals.natural())
    const parts = sets.map((kept) => `SELECT ${subtotals.select(kept)} FROM ${scope.from().text}${tail(kept)}`)
    text = `SELECT * FROM (${parts.join(' UNION ALL ')})${order}`
  }
  const params = sets.flatMap(() => [...scope.from().params, ...where.params, ...having.params])
  const rows = context.store.select(text + window, params)
  if (rows.length > MAX_GROUPS)
    throw refusal(
      'EXCEEDED_ID_LIMIT',
      'Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch',
    )
  return rows.map((row) => {
    const record: RecordJson = { attributes: { type: 'AggregateResult' } }
    columns.forEach((column, i) => (record[column.key] = shown(context, column, row[i] ?? null)))
    return record
  })
}

/** What is grouped by, and by which of it at a time: all for a plain GROUP BY, ever less for ROLLUP and CUBE. */
function groupingOf(scope: Scope, query: Query): { groups: Operand[]; sets: number[][] } {
  const clauses = [query.groupBy ?? []].flat()
  const [first] = clauses
  const fn = first && 'fn' in first ? first.fn : undefined
  const kind = (fn?.functionName ?? '').toUpperCase()
  if (!fn || (kind !== 'ROLLUP' && kind !== 'CUBE')) {
    return { groups: clauses.map((group) => groupOperand(scope, group)), sets: [clauses.map((_, i) => i)] }
  }
  const fields = fn.parameters ?? []
  if (clauses.length > 1 || fields.length > MAX_SUBTOTALS) {
    throw malformed(scope.context, kind, `GROUP BY ${kind} takes at most ${MAX_SUBTOTALS} fields and stands alone`)
  }
  const groups = fields.map((field) =>
    typeof field === 'string' ? groupOperand(scope, { field }) : functionOperand(scope, field),
  )
  return { groups, sets: setsOf(kind, groups.length) }
}
