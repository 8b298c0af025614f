// One cell of a condition column: what it accepts, in the words people write into tables.
import Big from 'big.js'
import { checkExpression, evaluate } from '../../expressions/expression.ts'
import { Day } from '../../../contract/expressions/day.ts'
import { Decimal } from '../../../contract/expressions/decimal.ts'
import { textOf } from '../../../contract/expressions/text-of.ts'
import type { Setting } from '../../../contract/expressions/functions.ts'

/** A test a cell makes of its column's value. */
export type Cell =
  | { is: 'any' }
  | { is: 'blank' }
  | { is: 'filled' }
  | { is: 'one of'; literals: Literal[]; isNot: boolean }
  | { is: 'compared'; sign: Sign; than: Bound }
  | { is: 'between'; from: Bound; to: Bound; withFrom: boolean; withTo: boolean }
  | { is: 'text'; how: 'contains' | 'starts with' | 'ends with'; part: string }
  | { is: 'expression'; expression: string }

type Sign = '<' | '<=' | '>' | '>='
/** A text as written, folded for comparison. */
type Literal = string
/** A number or a date. */
export type Bound = { number: string } | { day: string }

const ANY = new Set(['', '-', '*', 'any', 'all'])
const NUMBER = /^-?\d{1,30}(\.\d{1,20})?$/
const DATE = /^\d{4}-\d\d-\d\d$/
const VARIABLES = { value: { kind: 'value', members: null } } as const

/** Reads a cell. The reason when it cannot be read. */
export function cellOf(written: string): Cell | { wrong: string } {
  const text = written.trim()
  if (ANY.has(text.toLowerCase())) return { is: 'any' }
  if (/^(blank|empty)$/i.test(text)) return { is: 'blank' }
  if (/^(filled|not blank)$/i.test(text)) return { is: 'filled' }
  if (text.startsWith('`')) return expressionOf(text)
  return comparedOf(text) ?? betweenOf(text) ?? partOf(text) ?? listOf(text)
}

function expressionOf(text: string): Cell | { wrong: string } {
  const expression = text.replace(/^`|`$/g, '')
  if (!text.endsWith('`') || text.length < 3) return { wrong: 'an expression stands between two backticks' }
  const [wrong] = checkExpression(expression, VARIABLES, 'bool')
  return wrong === undefined ? { is: 'expression', expression } : { wrong }
}

function comparedOf(text: string): Cell | { wrong: string } | null {
  const found = /^(<=|>=|<|>|≤|≥)\s*(.*)$/.exec(text)
  if (!found) return null
  const than = boundOf(found[2] ?? '')
  if (!than) return { wrong: `after ${found[1]} stands a number such as 1000 or a date such as 2027-01-31` }
  return { is: 'compared', sign: signOf(found[1] ?? ''), than }
}

const signOf = (written: string): Sign => (written === '≤' ? '<=' : written === '≥' ? '>=' : (written as Sign))

/** `10..20` takes in both ends, `[10..20)` leaves out the second. */
function betweenOf(text: string): Cell | { wrong: string } | null {
  const found = /^([[(]?)\s*(\S+?)\s*(?:\.\.|–)\s*(\S+?)\s*([\])]?)$/.exec(text)
  if (!found) return null
  const [from, to] = [boundOf(found[2] ?? ''), boundOf(found[3] ?? '')]
  if (!from || !to) return null
  const order = 'number' in from && 'number' in to ? new Big(from.number).cmp(to.number) : 0
  const days = 'day' in from && 'day' in to
  if ('number' in from !== 'number' in to)
    return { wrong: 'a range goes from a number to a number, or from a date to a date' }
  if (order > 0 || (days && from.day > to.day)) return { wrong: 'the second end of this range lies before the first' }
  return { is: 'between', from, to, withFrom: found[1] !== '(', withTo: found[4] !== ')' }
}

const boundOf = (text: string): Bound | null => {
  const plain = text.trim().replaceAll('_', '')
  return NUMBER.test(plain) ? { number: plain } : DATE.test(plain) ? { day: plain } : null
}

function partOf(text: string): Cell | null {
  const found = /^(contains|starts with|ends with)\s+(.+)$/i.exec(text)
  if (!found) return null
  return { is: 'text', how: (found[1] ?? '').toLowerCase() as 'contains', part: folded(unquoted(found[2] ?? '')) }
}

function listOf(text: string): Cell | { wrong: string } {
  const inner = /^not\s*\((.*)\)$/i.exec(text)
  const literals = (inner?.[1] ?? text).match(/"[^"]*"|[^,]+/g)?.map((each) => folded(unquoted(each.trim()))) ?? []
  const filled = literals.filter((each) => each !== '')
  if (filled.length === 0) return { wrong: 'this cell names no value' }
  return { is: 'one of', literals: filled, isNot: inner !== null }
}

const unquoted = (text: string): string => text.replace(/^"(.*)"$/, '$1')

/** Texts are compared without regard to capitals and outer blanks. */
const folded = (text: string): string => text.normalize('NFKC').trim().toLowerCase()

/** Whether a value fits. Throws NoValue when an expression of the cell cannot be computed. */
export function fits(cell: Cell, value: unknown, setting: Setting): boolean {
  const text = folded(textOf(value))
  switch (cell.is) {
    case 'any':
      return true
    case 'blank':
      return text === ''
    case 'filled':
      return text !== ''
    case 'one of':
      // A blank is no value, so it is not “not” one of the values either.
      return text !== '' && cell.literals.some((each) => isSame(each, value, text)) !== cell.isNot
    case 'compared':
      return holds(cell.sign, orderOf(value, cell.than))
    case 'between':
      return (
        holds(cell.withFrom ? '>=' : '>', orderOf(value, cell.from)) &&
        holds(cell.withTo ? '<=' : '<', orderOf(value, cell.to))
      )
    case 'text':
      return cell.how === 'contains'
        ? text.includes(cell.part)
        : cell.how === 'starts with'
          ? text.startsWith(cell.part)
          : text.endsWith(cell.part)
    case 'expression':
      return evaluate(cell.expression, VARIABLES, { value }, setting) === true
  }
}

const isSame = (literal: Literal, value: unknown, text: string): boolean =>
  value instanceof Decimal && NUMBER.test(literal) ? value.amount.eq(literal) : literal === text

/** Negative, zero or positive; null when the two cannot be compared. */
function orderOf(value: unknown, bound: Bound): number | null {
  if (value instanceof Decimal || typeof value === 'bigint' || typeof value === 'number') {
    const amount = value instanceof Decimal ? value.amount : new Big(String(value))
    return 'number' in bound ? amount.cmp(bound.number) : null
  }
  const day = value instanceof Day ? value.iso : textOf(value).slice(0, 10)
  if (!('day' in bound) || !DATE.test(day)) return null
  return day < bound.day ? -1 : day > bound.day ? 1 : 0
}

function holds(sign: Sign, order: number | null): boolean {
  if (order === null) return false
  if (sign === '<') return order < 0
  if (sign === '<=') return order <= 0
  return sign === '>' ? order > 0 : order >= 0
}
