// FIELDS(ALL|CUSTOM|STANDARD): how many rows a query without a fixed set of fields may ask for.
import type { Query, QueryBase } from '@jetstreamapp/soql-parser-js'
import { type Tree, treeOf } from './conditions.ts'
import { malformed, type QueryContext } from './context.ts'

const MAX_ROWS = 200

export const isFieldsFunction = (item: NonNullable<Query['fields']>[number]): boolean =>
  item.type === 'FieldFunctionExpression' && item.functionName.toUpperCase() === 'FIELDS'

/** Unbounded sets of fields, ALL and CUSTOM, need a LIMIT of 200 or a filter by 200 ids at most [soqlref]. */
export function checkFieldsFunction(context: QueryContext, query: QueryBase): void {
  for (const item of query.fields ?? []) {
    if (item.type !== 'FieldFunctionExpression' || !isFieldsFunction(item)) continue
    if (String(item.parameters[0]).toUpperCase() === 'STANDARD' || isBounded(context, query)) continue
    throw malformed(context, 'FIELDS', `The SOQL FIELDS function must have a LIMIT of at most ${MAX_ROWS}`)
  }
}

function isBounded(context: QueryContext, query: QueryBase): boolean {
  if (query.limit !== undefined) return query.limit <= MAX_ROWS
  const ids = query.where ? idsOf(treeOf(context, query.where)) : undefined
  return ids !== undefined && ids <= MAX_ROWS
}

/** How many ids a condition lets through at most; undefined when it is not about ids. */
function idsOf(tree: Tree): number | undefined {
  if (tree.kind === 'not') return undefined
  if (tree.kind === 'comparison') {
    const { field, operator, values, subquery } = tree.comparison
    const isList = field?.toLowerCase() === 'id' && !subquery && (operator === '=' || operator === 'IN')
    return isList ? values.length : undefined
  }
  const parts = tree.parts.map(idsOf)
  if (tree.kind === 'and') return parts.find((part) => part !== undefined)
  return parts.reduce((sum, part) => (sum === undefined || part === undefined ? undefined : sum + part), 0)
}
