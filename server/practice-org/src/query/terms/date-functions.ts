// SOQL's date functions as SQL: parts of a date, of a datetime in UTC, or of one in the user's time zone.
import type { FunctionExp } from '@jetstreamapp/soql-parser-js'
import type { FieldDef } from '../../schema/catalog.ts'
import type { Calendar } from '../../schema/dates.ts'
import { fieldDef } from '../../schema/object-schema.ts'
import type { Operand } from './comparison.ts'
import { invalidField, malformed } from './context.ts'
import { localeOf } from './locale.ts'
import type { Scope } from './scope.ts'

const part = (letter: string, date: string): string => `CAST(strftime('%${letter}', ${date}) AS INTEGER)`
const fiscalMonth = (date: string, { fiscalStart }: Calendar): string =>
  `((${part('m', date)} - ${fiscalStart} + 12) % 12 + 1)`

/** Weeks of a month and a year begin with its first day [soqlref]. */
const DATE_PARTS: Record<string, (date: string, calendar: Calendar) => string> = {
  CALENDAR_YEAR: (date) => part('Y', date),
  CALENDAR_QUARTER: (date) => `((${part('m', date)} + 2) / 3)`,
  CALENDAR_MONTH: (date) => part('m', date),
  FISCAL_YEAR: (date, { fiscalStart, fiscalByStart }) =>
    fiscalByStart || fiscalStart === 1
      ? `(${part('Y', date)} - (${part('m', date)} < ${fiscalStart}))`
      : `(${part('Y', date)} + (${part('m', date)} >= ${fiscalStart}))`,
  FISCAL_QUARTER: (date, calendar) => `((${fiscalMonth(date, calendar)} + 2) / 3)`,
  FISCAL_MONTH: fiscalMonth,
  DAY_IN_MONTH: (date) => part('d', date),
  DAY_IN_WEEK: (date) => `(${part('w', date)} + 1)`,
  DAY_IN_YEAR: (date) => part('j', date),
  WEEK_IN_MONTH: (date) => `((${part('d', date)} + 6) / 7)`,
  WEEK_IN_YEAR: (date) => `((${part('j', date)} + 6) / 7)`,
  HOUR_IN_DAY: (date) => part('H', date),
  DAY_ONLY: (date) => `strftime('%Y-%m-%d', ${date})`,
}
const DATETIME_ONLY = new Set(['HOUR_IN_DAY', 'DAY_ONLY'])

const whole: FieldDef = fieldDef({ name: 'expr', type: 'int' })
const day: FieldDef = fieldDef({ name: 'expr', type: 'date' })

export const isDateFunction = (name: string | undefined): boolean =>
  Object.hasOwn(DATE_PARTS, (name ?? '').toUpperCase())

/** `CALENDAR_YEAR(CreatedDate)`, `HOUR_IN_DAY(convertTimezone(CreatedDate))`, … */
export function dateOperand(scope: Scope, name: string, argument: string | FunctionExp): Operand {
  const inner = typeof argument === 'string' ? scope.resolve(argument) : inUserZone(scope, name, argument)
  const { type } = inner.field
  if (type !== 'datetime' && (type !== 'date' || DATETIME_ONLY.has(name))) {
    throw invalidField(scope.context, inner.field.name, `field ${inner.field.name} does not support ${name} function`)
  }
  const date = type === 'date' ? inner.sql : `${inner.sql} / 1000, 'unixepoch'`
  const text = DATE_PARTS[name]?.(date, localeOf(scope.context)) ?? 'NULL'
  return { sql: text, field: name === 'DAY_ONLY' ? day : whole }
}

function inUserZone(scope: Scope, name: string, fn: FunctionExp): Operand {
  const path = fn.parameters?.[0]
  if (fn.functionName?.toUpperCase() !== 'CONVERTTIMEZONE' || typeof path !== 'string') {
    const only = 'nested functional syntax can only be used in the following manner'
    throw malformed(scope.context, name, `${only}: date_function(convertTimezone(columnName)): ${name}`)
  }
  const inner = scope.resolve(path)
  if (inner.field.type !== 'datetime') {
    throw invalidField(scope.context, path, `field ${inner.field.name} does not support convertTimezone function`)
  }
  const { timeZone } = localeOf(scope.context)
  if (timeZone === 'GMT' || timeZone === 'UTC') return inner
  return { sql: `wall_clock(${inner.sql}, '${timeZone.replaceAll("'", "''")}')`, field: inner.field }
}
