// One comparison of a query as SQL: nulls, case, dates and patterns behave as in an org, indexes are used.
import type { FieldDef } from '../../schema/catalog.ts'
import { beyondAscii, fold, quote } from '../../store/store.ts'
import type { Stored } from '../../store/row.ts'
import type { Comparison, Operand as Left, Resolver } from './comparison.ts'
import { filterRefusal, malformed, type QueryContext } from './context.ts'
import { type Sql, sql } from './sql.ts'
import type { Range } from '../../schema/dates.ts'
import { type Operand, operandOf, storedTime, unquote } from './literals.ts'
import { queryRefusal } from '../../schema/refuse.ts'

const INLINE_LIST = 40
const isAscii = (text: string): boolean => /^[\x20-\x7e\s]*$/.test(text)
const isText = (field: FieldDef): boolean =>
  !['id', 'reference', 'boolean', 'int', 'double', 'currency', 'percent', 'date', 'datetime'].includes(field.type)

/** SQL of `left operator value(s)`; a comparison with null is false, and so are `<` and `LIKE` on a blank field. */
export function compare(resolver: Resolver, given: Left, comparison: Comparison): Sql {
  const { context } = resolver
  const { left, amounts } = withMoney(resolver, given, comparison)
  const { field } = left
  const { operator } = comparison
  if (field.type === 'address') {
    throw filterRefusal(context, field.name, 'Address fields can only be filtered using Distance expressions')
  }
  if (!field.filterable) {
    throw filterRefusal(context, field.name, `field '${field.name}' can not be filtered in a query call`)
  }
  if (operator === 'LIKE') return like(context, left, comparison)
  if (operator === 'INCLUDES' || operator === 'EXCLUDES') return includes(context, left, comparison)
  const operands = amounts ?? comparison.values.map((value, i) => operandOf(context, field, value, comparison.types[i]))
  if (operator === 'IN' || operator === 'NOT IN') return inList(context, left, operands, operator === 'NOT IN')
  const operand = operands[0]
  if (!operand || comparison.isList) throw malformed(context, '(', "unexpected token: '('")
  // Ranges of a record's own id are what PK chunking and paging by id are made of.
  if (field.type === 'reference' && !['=', '!='].includes(operator)) {
    throw queryRefusal(
      'INVALID_QUERY_FILTER_OPERATOR',
      context.soql,
      field.name,
      'invalid operator on id field',
      'WHERE',
    )
  }
  if (operand.kind === 'range') return compareRange(context, left, operator, operand.range)
  return compareValue(left, operator, operand.value)
}

/** `Amount > USD5000` compares what amounts are in the corporate currency; a bare number is compared as it stands. */
function withMoney({ context, money }: Resolver, given: Left, comparison: Comparison) {
  const { field } = given
  const prefixed = comparison.types.map((type) => type?.endsWith('_CURRENCY_PREFIX') ?? false)
  if (!prefixed.includes(true) || field.type !== 'currency') return { left: given, amounts: undefined }
  const [literal = ''] = comparison.values
  if (given.isAggregate || prefixed.includes(false)) {
    const reason = given.isAggregate
      ? 'An amount with a currency code cannot be compared with an aggregate'
      : 'Amounts with and without currency codes cannot be mixed'
    throw malformed(context, literal, reason)
  }
  const pairs = comparison.values.map((value) => money(given, value))
  const left = pairs[0]?.left ?? given
  return { left, amounts: pairs.map(({ amount }): Operand => ({ kind: 'value', value: amount })) }
}

function compareValue(left: Left, operator: string, value: Stored): Sql {
  if (value === null) {
    if (operator === '=') return sql(`${left.sql} IS NULL`)
    return operator === '!=' ? sql(`${left.sql} IS NOT NULL`) : sql('0')
  }
  if (operator === '=') return equals(left, value)
  if (operator === '!=') {
    const same = equals(left, value)
    return sql(`NOT coalesce((${same.text}), 0)`, same.params)
  }
  return sql(`${left.sql} ${operator} ?`, [value])
}

/** NOCASE knows ASCII only: text with other letters is compared folded, through the index of folded values. */
function equals(left: Left, value: Stored): Sql {
  if (typeof value !== 'string' || !isText(left.field) || left.field.caseSensitive || isAscii(value)) {
    return sql(`${left.sql} = ?`, [value])
  }
  return sql(`(${beyondAscii(left.sql)} AND fold(${left.sql}) = ?)`, [fold(value)])
}

function compareRange(context: QueryContext, left: Left, operator: string, range: Range): Sql {
  const from = storedTime(context, left.field, range.from)
  const to = storedTime(context, left.field, range.to)
  switch (operator) {
    case '=':
      return sql(`(${left.sql} >= ? AND ${left.sql} < ?)`, [from, to])
    case '!=':
      return sql(`NOT coalesce((${left.sql} >= ? AND ${left.sql} < ?), 0)`, [from, to])
    case '<':
      return sql(`${left.sql} < ?`, [from])
    case '<=':
      return sql(`${left.sql} < ?`, [to])
    case '>':
      return sql(`${left.sql} >= ?`, [to])
    default:
      return sql(`${left.sql} >= ?`, [from])
  }
}

function inList(context: QueryContext, left: Left, operands: Operand[], negated: boolean): Sql {
  const plain: Stored[] = []
  const parts: Sql[] = []
  for (const operand of operands) {
    if (operand.kind === 'range') parts.push(compareRange(context, left, '=', operand.range))
    else if (operand.value === null) parts.push(sql(`${left.sql} IS NULL`))
    else if (typeof operand.value === 'string' && isText(left.field) && !isAscii(operand.value))
      parts.push(equals(left, operand.value))
    else plain.push(operand.value)
  }
  if (plain.length > INLINE_LIST) {
    parts.push(sql(`${left.sql} IN (SELECT value FROM json_each(?))`, [JSON.stringify(plain)]))
  } else if (plain.length) parts.push(sql(`${left.sql} IN (${plain.map(() => '?').join(', ')})`, plain))
  const text = parts.map((part) => part.text).join(' OR ')
  const params = parts.flatMap((part) => part.params)
  return negated ? sql(`NOT coalesce((${text}), 0)`, params) : sql(`(${text})`, params)
}

function like(context: QueryContext, left: Left, comparison: Comparison): Sql {
  const { field } = left
  if (comparison.isList) throw malformed(context, '(', "unexpected token: '('")
  const literal = comparison.values[0] ?? ''
  if (!isText(field)) {
    const reason = `invalid operator on ${field.type === 'reference' ? 'id' : field.type} field`
    throw queryRefusal('INVALID_QUERY_FILTER_OPERATOR', context.soql, field.name, reason, 'WHERE')
  }
  if (comparison.types[0] !== 'STRING') {
    throw filterRefusal(
      context,
      field.name,
      `value of filter criterion for field '${field.name}' must be of type string and should be enclosed in quotes`,
    )
  }
  const pattern = unquote(context, literal, true)
  if (isAscii(pattern)) return sql(`${left.sql} LIKE ? ESCAPE '\\'`, [pattern])
  const folded = fold(pattern)
  const fixed = /^[^%_\\]*/.exec(folded)?.[0] ?? ''
  const range = fixed ? `fold(${left.sql}) >= ? AND fold(${left.sql}) < ? AND ` : ''
  const params = [...(fixed ? [fixed, `${fixed}\u{10ffff}`] : []), folded]
  return sql(`(${beyondAscii(left.sql)} AND ${range}fold(${left.sql}) LIKE ? ESCAPE '\\')`, params)
}

/** `INCLUDES('A;B', 'C')` is (A and B) or C. */
function includes(context: QueryContext, left: Left, comparison: Comparison): Sql {
  if (left.field.type !== 'multipicklist') {
    throw queryRefusal(
      'INVALID_QUERY_FILTER_OPERATOR',
      context.soql,
      left.field.name,
      `invalid operator on ${left.field.type} field`,
      'WHERE',
    )
  }
  const params: Stored[] = []
  const alternatives = comparison.values.map((value) => {
    const wanted = unquote(context, value).split(';')
    params.push(...wanted.map((each) => `;${each};`.toLowerCase()))
    return wanted.map(() => `instr(lower(';' || ${left.sql} || ';'), ?) > 0`).join(' AND ')
  })
  const text = alternatives.map((each) => `(${each})`).join(' OR ')
  return sql(comparison.operator === 'EXCLUDES' ? `NOT coalesce((${text}), 0)` : `(${text})`, params)
}

/** A restriction of a column to ids the caller has already been shown. */
export const among = (alias: string, column: string, ids: string[]): Sql =>
  sql(`${alias}.${quote(column)} IN (SELECT value FROM json_each(?))`, [JSON.stringify(ids)])
