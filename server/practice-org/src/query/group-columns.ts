// What a grouped query may show, filter and order by: aggregates, and what it groups by.
import type { OrgError } from '../org/org.ts'
import type { FieldType, FunctionExp, GroupByClause, OrderByClause, Query } from '@jetstreamapp/soql-parser-js'
import { fieldDef } from '../schema/object-schema.ts'
import type { Stored } from '../store/row.ts'
import { toJson } from '../store/values.ts'
import type { Value } from '../org/values.ts'
import { conditionSql, treeOf } from './terms/conditions.ts'
import type { Comparison, Operand } from './terms/comparison.ts'
import { malformed, type QueryContext } from './terms/context.ts'
import { type Sql, sql } from './terms/sql.ts'
import { formatted } from './terms/format.ts'
import { functionOperand, isAggregate, isDateFunction } from './terms/functions.ts'
import { localeOf } from './terms/locale.ts'
import { orderOperand } from './rows.ts'
import type { Scope } from './terms/scope.ts'
import { resolverFor } from './statement.ts'

export interface Column extends Operand {
  key: string
  /** As written in the query. */
  label: string
  /** Place in GROUP BY of the field that GROUPING() asks about. */
  grouping?: number
  isFormatted?: boolean
}

/** Types that rows cannot be grouped by, as their descriptions say. */
const UNGROUPABLE = new Set(['address', 'currency', 'datetime', 'double', 'multipicklist', 'percent'])

export const groupingFlag = fieldDef({ name: 'grouping', type: 'int' })

/** Stands in HAVING for what GROUPING() of a field is in the rows at hand. */
export const flagText = (grouping: number): string => `__grouping_${grouping}__`

export const notGrouped = (context: QueryContext, what: string, path: string): OrgError =>
  malformed(context, path, `${what} must be grouped or aggregated: ${path}`)

/** An aggregate, one inside FORMAT(), or a part of a date, which only groups have. */
export function addsUp({ functionName, parameters }: FunctionExp): boolean {
  const inner = parameters?.[0]
  if (isAggregate(functionName) || isDateFunction(functionName)) return true
  return typeof inner === 'object' && addsUp(inner)
}

export function groupOperand(scope: Scope, group: GroupByClause): Operand {
  if ('fn' in group) {
    const name = (group.fn.functionName ?? '').toUpperCase()
    if (isDateFunction(name)) return functionOperand(scope, group.fn)
    throw malformed(scope.context, group.fn.functionName ?? '', `unexpected token: '${group.fn.functionName ?? ''}'`)
  }
  const resolved = scope.resolve(group.field)
  if (resolved.field.filterable && !UNGROUPABLE.has(resolved.field.type)) return resolved
  throw malformed(scope.context, group.field, `field '${group.field}' can not be grouped in a query call`)
}

/** GROUPING(field): 1 in a row that adds up over the field, 0 in one of a single value of it. */
export function groupingColumn(scope: Scope, groups: Operand[], field: unknown): Operand & { grouping: number } {
  const path = typeof field === 'string' ? field : ''
  const grouping = groups.findIndex((group) => group.sql === scope.resolve(path).sql)
  if (grouping < 0) throw malformed(scope.context, path, `Grouping function must be on a grouped field: ${path}`)
  return { sql: '0', field: groupingFlag, grouping }
}

/** One item of the select list; its key is empty when the org is to number it. */
export function columnOf(scope: Scope, item: FieldType, groups: Operand[]): Column {
  if (item.type === 'FieldFunctionExpression') return callColumn(scope, item, groups)
  if (item.type !== 'Field' && item.type !== 'FieldRelationship') {
    throw malformed(scope.context, 'SELECT', 'Grouped query cannot use child relationships in the SELECT list')
  }
  const path = item.type === 'Field' ? item.field : [...item.relationships, item.field].join('.')
  const resolved = scope.resolve(path)
  if (!groups.some((group) => group.sql === resolved.sql)) throw notGrouped(scope.context, 'Field', path)
  const alias = 'alias' in item && item.alias ? item.alias : undefined
  return { ...resolved, label: path, key: alias ?? resolved.key }
}

type Call = Extract<FieldType, { type: 'FieldFunctionExpression' }>

function callColumn(scope: Scope, item: Call, groups: Operand[]): Column {
  const name = item.functionName.toUpperCase()
  const key = item.alias ?? ''
  const argument = item.parameters[0]
  const label = typeof argument === 'string' ? argument : (item.rawValue ?? item.functionName)
  if (name === 'GROUPING') return { ...groupingColumn(scope, groups, argument), label, key }
  if (name === 'FIELDS') {
    const { object } = scope.root
    const left = object.fields.find((field) => !groups.some((group) => group.sql === scope.resolve(field.name).sql))
    throw notGrouped(scope.context, 'Field', left?.name ?? 'FIELDS')
  }
  const operand = functionOperand(scope, item)
  const inner = typeof argument === 'string' ? scope.resolve(argument) : undefined
  // A date grouped by as it is may be shown by its parts; a datetime may not [soqlref].
  const ofGroup = inner && inner.field.type !== 'datetime' && groups.some((group) => group.sql === inner.sql)
  if (!operand.isAggregate && !ofGroup && !addsUpAsGrouped(operand, groups) && name !== 'COUNT') {
    throw notGrouped(scope.context, 'Field', label)
  }
  return { ...operand, label, key, isFormatted: name === 'FORMAT' }
}

const addsUpAsGrouped = (operand: Operand, groups: Operand[]): boolean =>
  groups.some((group) => group.sql === operand.sql)

/** The value of a column as the answer shows it. */
export function shown(context: QueryContext, { field, code, isFormatted }: Column, value: Stored): Value {
  if (!isFormatted) return toJson(field, value)
  const money = code ? { code: code.slice(1, -1), inOwn: null } : undefined
  return formatted(field, value, localeOf(context), money)
}

/** Two columns of one name, or an aggregate of what is grouped by, say nothing. */
export function checkColumns(context: QueryContext, columns: Column[], groups: Operand[], isSubtotal: boolean): void {
  const keys = columns.map(({ key }) => key.toLowerCase())
  const twice = columns.find((column, i) => keys.indexOf(column.key.toLowerCase()) < i)
  if (twice) throw malformed(context, twice.key, `duplicate alias: ${twice.key}`)
  const same = isSubtotal ? undefined : columns.find(({ of }) => groups.some((group) => group.sql === of))
  if (same) throw malformed(context, same.label, `Grouped field should not be aggregated: ${same.label}`)
}

/** Conditions on aggregates and on what is grouped by. */
export function havingSql(scope: Scope, query: Query, groups: Operand[]): Sql {
  if (!query.having) return sql('')
  const resolver = resolverFor(scope, 'having', true)
  const operand = (comparison: Comparison): Operand => {
    const { subquery, fn, field = '' } = comparison
    if (subquery) {
      throw malformed(scope.context, subquery.sObject ?? '', 'Semi join sub-selects are not allowed in HAVING clause')
    }
    if (fn?.functionName?.toUpperCase() === 'GROUPING') {
      const { grouping } = groupingColumn(scope, groups, fn.parameters?.[0])
      return { sql: flagText(grouping), field: groupingFlag }
    }
    const found = resolver.operand(comparison)
    if (found.isAggregate || addsUpAsGrouped(found, groups)) return found
    throw notGrouped(scope.context, 'Field', fn?.rawValue ?? field)
  }
  return conditionSql({ ...resolver, operand }, treeOf(scope.context, query.having))
}

/** An item of ORDER BY that no alias names. */
export function orderedGroup(scope: Scope, clause: OrderByClause, groups: Operand[]): Operand {
  const operand = orderOperand(scope, clause)
  if (operand.isAggregate || addsUpAsGrouped(operand, groups)) return operand
  throw notGrouped(scope.context, 'Ordered field', 'field' in clause ? clause.field : (clause.fn.rawValue ?? ''))
}
