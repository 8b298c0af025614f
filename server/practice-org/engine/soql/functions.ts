// SOQL's date functions and aggregates as SQL expressions.
import type { FunctionExp } from '@jetstreamapp/soql-parser-js'
import type { FieldDef } from '../catalog.ts'
import { fieldDef } from '../object-schema.ts'
import type { Operand } from './conditions.ts'
import { invalidField, malformed } from './context.ts'
import type { Scope } from './scope.ts'

export const AGGREGATES = new Set(['COUNT', 'COUNT_DISTINCT', 'SUM', 'AVG', 'MIN', 'MAX'])
const DATE_PARTS: Record<string, (date: string) => string> = {
  CALENDAR_YEAR: (date) => `CAST(strftime('%Y', ${date}) AS INTEGER)`,
  FISCAL_YEAR: (date) => `CAST(strftime('%Y', ${date}) AS INTEGER)`,
  CALENDAR_MONTH: (date) => `CAST(strftime('%m', ${date}) AS INTEGER)`,
  FISCAL_MONTH: (date) => `CAST(strftime('%m', ${date}) AS INTEGER)`,
  CALENDAR_QUARTER: (date) => `((CAST(strftime('%m', ${date}) AS INTEGER) + 2) / 3)`,
  FISCAL_QUARTER: (date) => `((CAST(strftime('%m', ${date}) AS INTEGER) + 2) / 3)`,
  DAY_IN_MONTH: (date) => `CAST(strftime('%d', ${date}) AS INTEGER)`,
  DAY_IN_WEEK: (date) => `(CAST(strftime('%w', ${date}) AS INTEGER) + 1)`,
  DAY_IN_YEAR: (date) => `CAST(strftime('%j', ${date}) AS INTEGER)`,
  WEEK_IN_MONTH: (date) => `((CAST(strftime('%d', ${date}) AS INTEGER) + 6) / 7)`,
  WEEK_IN_YEAR: (date) => `((CAST(strftime('%j', ${date}) AS INTEGER) + 6) / 7)`,
  HOUR_IN_DAY: (date) => `CAST(strftime('%H', ${date}) AS INTEGER)`,
  DAY_ONLY: (date) => `strftime('%Y-%m-%d', ${date})`,
}
const NUMERIC = new Set(['int', 'double', 'currency', 'percent'])

const number: FieldDef = fieldDef({ name: 'expr', type: 'double' })
const whole: FieldDef = fieldDef({ name: 'expr', type: 'int' })
const day: FieldDef = fieldDef({ name: 'expr', type: 'date' })

export const isAggregate = (name: string | undefined): boolean => AGGREGATES.has((name ?? '').toUpperCase())

/** A function call as SQL, with the type of its result. */
export function functionOperand(scope: Scope, fn: FunctionExp): Operand {
  const name = (fn.functionName ?? '').toUpperCase()
  const argument = fn.parameters?.[0]
  if (name === 'COUNT' && argument === undefined) return { sql: 'count(*)', field: whole }
  if (argument === undefined)
    throw malformed(scope.context, fn.functionName ?? '', `unexpected token: '${fn.functionName ?? ''}'`)
  const inner = typeof argument === 'string' ? scope.resolve(argument) : functionOperand(scope, argument)
  if (name === 'CONVERTCURRENCY') return converted(scope, inner)
  if (name === 'TOLABEL' || name === 'FORMAT' || name === 'CONVERTTIMEZONE') return inner
  if (isAggregate(name)) return aggregate(scope, name, inner)
  const part = DATE_PARTS[name]
  if (!part) throw malformed(scope.context, fn.functionName ?? '', `unexpected token: '${fn.functionName ?? ''}'`)
  if (inner.field.type !== 'date' && inner.field.type !== 'datetime') {
    throw invalidField(scope.context, inner.field.name, `field ${inner.field.name} does not support ${name} function`)
  }
  const date = inner.field.type === 'date' ? inner.sql : `${inner.sql} / 1000, 'unixepoch'`
  return { sql: part(date), field: name === 'DAY_ONLY' ? day : whole }
}

/** The column a row's currency is in, next to one of its amounts; undefined where there is but one currency. */
export function currencyColumn(scope: Scope, { sql, field }: Operand): string | undefined {
  const several = scope.context.catalog.find('CurrencyType') !== undefined
  return several && field.type === 'currency' ? `${sql.slice(0, sql.indexOf('.'))}."CurrencyIsoCode"` : undefined
}

/** An amount in the corporate currency, which is every user's own. */
function converted(scope: Scope, inner: Operand): Operand {
  const { field } = inner
  if (field.type !== 'currency') {
    throw invalidField(scope.context, field.name, `field ${field.name} does not support convertCurrency function`)
  }
  const code = currencyColumn(scope, inner)
  if (!code) return inner
  const rate = `(SELECT "ConversionRate" FROM "CurrencyType" WHERE "IsoCode" = ${code})`
  return { sql: `round(${inner.sql} / ${rate}, ${field.scale ?? 0})`, field: { ...field, type: 'double' } }
}

function aggregate(scope: Scope, name: string, given: Operand): Operand {
  // Amounts of several currencies are added up in the corporate one.
  const inner = currencyColumn(scope, given) && name !== 'COUNT' ? converted(scope, given) : given
  if ((name === 'SUM' || name === 'AVG') && !NUMERIC.has(inner.field.type)) {
    throw malformed(
      scope.context,
      inner.field.name,
      `field ${inner.field.name} does not support aggregate operator ${name}`,
    )
  }
  if (name === 'COUNT') return { sql: `count(${inner.sql})`, field: whole }
  if (name === 'COUNT_DISTINCT') return { sql: `count(DISTINCT ${inner.sql})`, field: whole }
  return { sql: `${name.toLowerCase()}(${inner.sql})`, field: name === 'AVG' ? number : inner.field }
}
