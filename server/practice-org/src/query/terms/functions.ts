// SOQL's functions as SQL expressions: aggregates, labels, conversions; dates, places and money have files of their own.
import type { FunctionExp } from '@jetstreamapp/soql-parser-js'
import { type FieldDef, picklistOf } from '../../schema/catalog.ts'
import { fieldDef } from '../../schema/object-schema.ts'
import type { Operand } from './comparison.ts'
import { invalidField, malformed } from './context.ts'
import { dateOperand, isDateFunction } from './date-functions.ts'
import { corporate, currencyOf, own } from './money.ts'
import { distance } from './place.ts'
import type { Scope } from './scope.ts'

export { isDateFunction } from './date-functions.ts'

const AGGREGATES = new Set(['COUNT', 'COUNT_DISTINCT', 'SUM', 'AVG', 'MIN', 'MAX'])
const NUMERIC = new Set(['int', 'double', 'currency', 'percent'])
/** Types that no aggregate takes [soqlref]. */
const NEVER = new Set(['boolean', 'multipicklist', 'address', 'anyType'])

const number: FieldDef = fieldDef({ name: 'expr', type: 'double' })
const whole: FieldDef = fieldDef({ name: 'expr', type: 'int' })

export const isAggregate = (name: string | undefined): boolean => AGGREGATES.has((name ?? '').toUpperCase())

/** A function call as SQL, with the type of its result. */
export function functionOperand(scope: Scope, fn: FunctionExp): Operand {
  const name = (fn.functionName ?? '').toUpperCase()
  const argument = fn.parameters?.[0]
  if (name === 'COUNT' && argument === undefined) return { sql: 'count(*)', field: whole }
  if (name === 'DISTANCE') return distance(scope, fn)
  if (argument === undefined) throw unexpected(scope, fn)
  if (isDateFunction(name)) return dateOperand(scope, name, argument)
  const inner = typeof argument === 'string' ? scope.resolve(argument) : functionOperand(scope, argument)
  switch (name) {
    case 'CONVERTCURRENCY':
      return converted(scope, inner)
    case 'TOLABEL':
      return labelled(inner)
    case 'FORMAT':
      return inner
    case 'CONVERTTIMEZONE':
      throw malformed(scope.context, fn.functionName ?? '', 'convertTimezone can only be used in a date function')
    default:
      if (isAggregate(name)) return aggregate(scope, name, inner)
      throw unexpected(scope, fn)
  }
}

const unexpected = (scope: Scope, { functionName = '' }: FunctionExp) =>
  malformed(scope.context, functionName, `unexpected token: '${functionName}'`)

/** An amount in the user's own currency. */
function converted(scope: Scope, inner: Operand): Operand {
  const { field } = inner
  if (field.type === 'currency' && !inner.isAggregate) return own(scope, inner)
  throw invalidField(scope.context, field.name, `field ${field.name} does not support convertCurrency function`)
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** Choices under the names people see. */
function labelled(inner: Operand): Operand {
  const renamed = picklistOf(inner.field).filter(({ value, label }) => value !== label)
  if (renamed.length === 0) return inner
  const cases = renamed.map(({ value, label }) => `WHEN ${quoted(value)} THEN ${quoted(label)}`)
  return { ...inner, sql: `(CASE ${inner.sql} ${cases.join(' ')} ELSE ${inner.sql} END COLLATE NOCASE)` }
}

/** The place of a choice in its list, by which an org sorts instead of by its letters; others follow the list. */
export function rankSql({ sql, field }: Operand): string | undefined {
  const choices = field.type === 'picklist' ? picklistOf(field) : []
  if (choices.length === 0) return undefined
  const cases = choices.map(({ value }, i) => `WHEN ${quoted(value)} THEN ${i}`)
  return `(CASE WHEN ${sql} IS NULL THEN NULL ELSE CASE ${sql} ${cases.join(' ')} ELSE ${choices.length} END END)`
}

/** The least or greatest choice by its place in the list [soqlref]. */
function extremeChoice(name: string, inner: Operand): string | undefined {
  const rank = rankSql(inner)
  if (!rank) return undefined
  const cases = picklistOf(inner.field).map(({ value }, i) => `WHEN ${i} THEN ${quoted(value)}`)
  const extreme = name.toLowerCase()
  return `(CASE ${extreme}(${rank}) ${cases.join(' ')} ELSE ${extreme}(${inner.sql}) END)`
}

function aggregate(scope: Scope, name: string, given: Operand): Operand {
  const { field } = given
  const isSum = name === 'SUM' || name === 'AVG'
  if (NEVER.has(field.type) || !field.filterable || (isSum && !NUMERIC.has(field.type))) {
    throw malformed(scope.context, field.name, `field ${field.name} does not support aggregate operator ${name}`)
  }
  const result = { of: given.sql, isAggregate: true }
  if (name === 'COUNT') return { ...result, sql: `count(${given.sql})`, field: whole }
  // Amounts of several currencies are added up in the corporate one.
  const inner = currencyOf(scope, given) ? corporate(scope, given) : given
  if (name === 'COUNT_DISTINCT') return { ...result, sql: `count(DISTINCT ${inner.sql})`, field: whole }
  const choice = isSum ? undefined : extremeChoice(name, inner)
  // An org adds decimals: 0.1 and 0.2 make 0.3, in HAVING too.
  const isExact = inner.code !== undefined || (name === 'SUM' && field.scale !== undefined)
  const rounded = (text: string): string => (isExact ? `round(${text}, ${field.scale ?? 0})` : text)
  return {
    ...result,
    sql: choice ?? rounded(`${name.toLowerCase()}(${inner.sql})`),
    field: name === 'AVG' && !inner.code ? number : field,
    ...(inner.code ? { code: inner.code } : {}),
  }
}
