// The functions an expression may call: pure, each bounded by the size of what it is given.
import type { Environment } from '@marcbachmann/cel-js'
import { NO_TEXT, textOf } from './text-of.ts'
import { addWorkdays, Day, dayOf, Days, daysBetween, Instant } from './day.ts'
import { amountOf, Decimal } from './decimal.ts'
import { memberOf, type Listed } from './listed.ts'
import type { Register } from './register.ts'
import { withTextForms } from './text-forms.ts'

/** What an expression knows besides its variables. */
export interface Setting {
  /** The journalled date of the run, `YYYY-MM-DD` in UTC: an expression has no other clock. */
  today: string
}

/** The dialect's own functions that stay bounded, besides those registered here. */
export const BUILT_IN = [
  'startsWith',
  'endsWith',
  'contains',
  'lowerAscii',
  'upperAscii',
  'trim',
  'size',
  'has',
  'int',
  'double',
  'bool',
] as const

/** Macros that walk a list; none may stand inside another. */
export const MACROS = ['exists', 'exists_one', 'all', 'filter', 'map'] as const

/** Registers the functions. `setting` is asked when an expression is evaluated, not when it is checked. */
export function withFunctions(environment: Environment, setting: () => Setting): Environment {
  const register: Register = (signature, handler) => environment.registerFunction(signature, handler)
  register('today(): Day', () => new Day(setting().today))
  register('days(int): Days', (count: bigint) => new Days(Number(count)))
  register('workday(int): Day', (count: bigint) => addWorkdays(new Day(setting().today), Number(count)))
  register('day(dyn): dyn', (value: unknown) => (isTime(value) ? dayOf(value) : null))
  register('daysSince(dyn): dyn', (value: unknown) => daysFrom(value, setting().today, 1))
  register('daysUntil(dyn): dyn', (value: unknown) => daysFrom(value, setting().today, -1))
  register('least(dyn, dyn): dyn', (a: unknown, b: unknown) => leastOf([a, b]))
  register('least(dyn, dyn, dyn): dyn', (a: unknown, b: unknown, c: unknown) => leastOf([a, b, c]))
  register('text(dyn): string', (value: unknown) => textOf(value))
  register('lower(dyn): string', (value: unknown) => textOf(value).toLowerCase())
  register('upper(dyn): string', (value: unknown) => textOf(value).toUpperCase())
  register('blank(dyn): bool', isBlank)
  register('first(dyn, dyn): dyn', (a: unknown, b: unknown) => (isBlank(a) ? b : a))
  register('first(dyn, dyn, dyn): dyn', (a: unknown, b: unknown, c: unknown) => (!isBlank(a) ? a : !isBlank(b) ? b : c))
  register('one(list): dyn', (list: Listed) => list[0] ?? null)
  register(
    'round(Decimal, int): Decimal',
    ({ amount }: Decimal, places: bigint) => new Decimal(amount.round(Number(places))),
  )
  withTextForms(register)
  register('count(list): int', (list: Listed) => BigInt(list.length))
  register('sum(list, string): Decimal', (list: Listed, field: string) =>
    numbersOf(list, field).reduce((total, each) => new Decimal(total.amount.plus(amountOf(each))), Decimal.of('0')),
  )
  register('latest(list, string): dyn', (list: Listed, field: string) => endOf(list, field, 1))
  register('earliest(list, string): dyn', (list: Listed, field: string) => endOf(list, field, -1))
  return environment
}

const isTime = (value: unknown): value is Day | Instant => value instanceof Day || value instanceof Instant

/** Null for what is no date. */
function daysFrom(value: unknown, today: string, sign: 1 | -1): bigint | null {
  return isTime(value) ? BigInt(sign * daysBetween(dayOf(value), new Day(today))) : null
}

/** The smallest of those that are numbers; null when none is. */
function leastOf(values: readonly unknown[]): unknown {
  const numbers = values.filter(
    (value) => value instanceof Decimal || typeof value === 'bigint' || typeof value === 'number',
  )
  return numbers.reduce<unknown>(
    (least, each) => (least === null || amountOf(each).lt(amountOf(least as typeof each)) ? each : least),
    null,
  )
}

/** A record is never blank. */
const isBlank = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'string' && value.trim() === NO_TEXT)

function numbersOf(list: Listed, field: string): Decimal[] {
  return list.flatMap((each) => {
    const value = memberOf(each, field)
    return value instanceof Decimal ? [value] : []
  })
}

/** The last (1) or first (-1) date or time of a list's members; null where none has one. */
function endOf(list: Listed, field: string, sign: 1 | -1): Day | Instant | null {
  let found: Day | Instant | null = null
  for (const each of list) {
    const value = memberOf(each, field)
    if (!isTime(value)) continue
    if (found === null || sign * compared(value.iso, found.iso) > 0) found = value
  }
  return found
}

const compared = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
