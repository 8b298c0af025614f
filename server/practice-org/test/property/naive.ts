// SOQL's meaning, written down a second time as plainly as possible: filters, orders and windows over rows in memory.
import { daysOf, local, PARTS } from './naive-dates.ts'
import type { Cell } from './people.ts'

/** `literal`: the field is a date or time within or beyond it. `part`: a function of a time, in the user's zone or UTC. */
export type Leaf =
  | { field: string; operator: string; value: Cell | Cell[] }
  | { field: string; operator: string; literal: string }
  | { field: string; operator: string; part: string; zoned: boolean; value: number }
export type Filter = Leaf | { not: Filter } | { all: Filter[] } | { any: Filter[] }
export type Order = { field: string; descending: boolean; nulls: 'FIRST' | 'LAST' | undefined }
/** When and where a question is asked. */
export interface Clock {
  now: number
  timeZone: string
}
/** The value at a path of a row; null when there is no parent, or it may not be seen. */
export type Read<Row> = (row: Row, path: string) => Cell

const lower = (text: string) => text.toLowerCase()
/** Text sorts without regard to the case of the letters A to Z, by code point otherwise. */
const rank = (text: string) => [...text.replace(/[A-Z]/g, lower)].map((letter) => letter.codePointAt(0)!)

export function compareCells(a: Cell, b: Cell): number {
  if (typeof a !== 'string' || typeof b !== 'string') return Number(a) - Number(b)
  const [left, right] = [rank(a), rank(b)]
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    if (left[i] !== right[i]) return left[i]! - right[i]!
  }
  return left.length - right.length
}

/** An org sorts choices as their list has them, not by their letters. */
const CHOICES: Record<string, readonly string[]> = { Type: ['Prospect', 'Technology Partner', 'Other'] }

const place = (field: string, value: Cell): Cell => {
  const choices = CHOICES[field.split('.').at(-1) ?? '']
  return choices && value !== null ? choices.indexOf(String(value)) : value
}

function equal(a: Cell, b: Cell): boolean {
  return typeof a === 'string' && typeof b === 'string' ? lower(a) === lower(b) : a === b
}

/** `%` any letters, `_` exactly one, both literal after a backslash, as is a backslash itself. */
function like(text: string, pattern: string): boolean {
  const parts = [...pattern.matchAll(/\\?./gsu)].map(([part]) => {
    if (part === '%') return '.*'
    if (part === '_') return '.'
    const letter = part.length > 1 ? part.slice(1) : part
    return lower(letter).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  })
  return new RegExp(`^${parts.join('')}$`, 'su').test(lower(text))
}

const ordered = (order: number, operator: string): boolean =>
  ({ '=': order === 0, '!=': order !== 0, '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 })[
    operator
  ] ?? false

/** Before, in or after the days of a literal, as -1, 0 or 1. */
function placeOf(actual: string | number, literal: string, { now, timeZone }: Clock): number {
  const [first, last] = daysOf(literal, local(now, timeZone).slice(0, 10))
  const day = typeof actual === 'number' ? local(actual, timeZone).slice(0, 10) : actual
  return day < first ? -1 : day > last ? 1 : 0
}

function leafHolds(actual: Cell, leaf: Leaf, clock: Clock): boolean {
  const { operator } = leaf
  if ('literal' in leaf || 'part' in leaf) {
    if (actual === null || typeof actual === 'boolean') return operator === '!='
    if ('literal' in leaf) return ordered(placeOf(actual, leaf.literal, clock), operator)
    const at = local(Number(actual), leaf.zoned ? clock.timeZone : 'UTC')
    return ordered((PARTS[leaf.part]?.(at) ?? 0) - leaf.value, operator)
  }
  // A check box without a tick is null to a filter.
  const value = typeof actual === 'boolean' ? (leaf.value ?? false) : leaf.value
  if (Array.isArray(value)) {
    const found = value.some((each) => equal(actual, each))
    return operator === 'IN' ? found : !found
  }
  if (operator === '=') return equal(actual, value)
  if (operator === '!=') return !equal(actual, value)
  if (actual === null || value === null) return false
  if (operator === 'LIKE') return like(String(actual), String(value))
  const order = compareCells(actual, value)
  if (operator === '<') return order < 0
  if (operator === '<=') return order <= 0
  return operator === '>' ? order > 0 : order >= 0
}

export function holds<Row>(filter: Filter, row: Row, read: Read<Row>, clock: Clock): boolean {
  if ('not' in filter) return !holds(filter.not, row, read, clock)
  if ('all' in filter) return filter.all.every((part) => holds(part, row, read, clock))
  if ('any' in filter) return filter.any.some((part) => holds(part, row, read, clock))
  return leafHolds(read(row, filter.field), filter, clock)
}

/** Sorted by the orders, rows of equal rank in the order they came; blanks first unless told otherwise. */
export function sorted<Row>(rows: Row[], orders: Order[], read: Read<Row>): Row[] {
  return rows.toSorted((a, b) => {
    for (const { field, descending, nulls } of orders) {
      const [left, right] = [place(field, read(a, field)), place(field, read(b, field))]
      if (left === null && right === null) continue
      if (left === null || right === null) return (left === null) === (nulls !== 'LAST') ? -1 : 1
      const order = compareCells(left, right)
      if (order !== 0) return descending ? -order : order
    }
    return 0
  })
}

/** The filter as SOQL writes it. */
export function soqlOf(filter: Filter): string {
  if ('not' in filter) return `(NOT ${soqlOf(filter.not)})`
  if ('all' in filter) return `(${filter.all.map(soqlOf).join(' AND ')})`
  if ('any' in filter) return `(${filter.any.map(soqlOf).join(' OR ')})`
  if ('literal' in filter) return `${filter.field} ${filter.operator} ${filter.literal}`
  if ('part' in filter) {
    const argument = filter.zoned ? `convertTimezone(${filter.field})` : filter.field
    return `${filter.part}(${argument}) ${filter.operator} ${filter.value}`
  }
  const { field, operator, value } = filter
  if (!Array.isArray(value)) return `${field} ${operator} ${literal(value, operator === 'LIKE')}`
  return `${field} ${operator} (${value.map((each) => literal(each, false)).join(', ')})`
}

function literal(value: Cell, pattern: boolean): string {
  if (typeof value !== 'string') return String(value)
  // A pattern brings its own escapes for % and _ and \.
  const escaped = pattern ? value.replace(/'/g, "\\'") : value.replace(/[\\']/g, '\\$&')
  return `'${escaped}'`
}

export const orderSoql = (orders: Order[]): string =>
  orders
    .map((each) => `${each.field} ${each.descending ? 'DESC' : 'ASC'}${each.nulls ? ` NULLS ${each.nulls}` : ''}`)
    .join(', ')
