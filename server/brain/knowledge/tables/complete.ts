// Whether the rows of a decision table cover every case, and no two cover the same: tried on one value of each kind that the cells
// can tell apart, as DMN's checkers do.
import Big from 'big.js'
import { addDays, Day } from '../../../contract/expressions/day.ts'
import { Decimal } from '../../../contract/expressions/decimal.ts'
import { fits, type Bound, type Cell } from './cell.ts'
import type { DecisionTable, TableFault } from './decision-table.ts'

/** Cases that are tried; a table with more is told so, not half checked. */
const MOST_CASES = 50_000
const OTHER = 'anything else'
const SETTING = { today: '2000-01-01' }

interface Sample {
  value: unknown
  shown: string
}

/** Cases without a row, rows that can never apply, and for a unique table rows that apply together. */
export function gapsOf(table: DecisionTable): TableFault[] {
  if (table.rules.some(({ cells }) => cells.some(({ is }) => is === 'expression'))) return []
  const samples = table.inputs.map((_, column) => samplesOf(table.rules.map(({ cells }) => cells[column])))
  const cases = samples.reduce((count, { length }) => count * length, 1)
  if (cases > MOST_CASES) {
    return [{ line: table.line, message: `${cases} kinds of cases are more than can be checked: split this table` }]
  }
  const hits = new Map<number, number>()
  const faults: TableFault[] = []
  const overlaps = new Set<string>()
  for (const inputs of product(samples)) {
    const values = inputs.map(({ value }) => value)
    const applying = table.rules.filter(({ cells }) => cells.every((cell, n) => fits(cell, values[n] ?? null, SETTING)))
    const counted = table.hit === 'first' ? applying.slice(0, 1) : applying
    for (const { row } of counted) hits.set(row, (hits.get(row) ?? 0) + 1)
    if (applying.length === 0 && !table.leavesRest && faults.length === 0) {
      faults.push({
        line: table.line,
        message: `no row covers ${shown(table, inputs)}: add a row, or write “No row: leave it as it is.” above the table`,
      })
    }
    if (table.hit === 'unique' && applying.length > 1) {
      const rows = applying.map(({ row }) => row).join(' and ')
      if (!overlaps.has(rows)) {
        overlaps.add(rows)
        faults.push({
          line: applying[1]?.line ?? table.line,
          message: `rows ${rows} both apply to ${shown(table, inputs)}: tell them apart, or write “Hit policy: first”`,
        })
      }
    }
  }
  const dead = table.rules.filter(({ row }) => !hits.has(row))
  return [
    ...faults,
    ...dead.map(({ row, line }) => ({
      line,
      message:
        table.hit === 'first'
          ? `row ${row} can never apply, since the rows above it cover its cases: move it up, or delete it`
          : `row ${row} can never apply: no case fits all its cells`,
    })),
  ]
}

function shown(table: DecisionTable, inputs: readonly Sample[]): string {
  return inputs.map(({ shown: text }, index) => `${table.inputs[index]?.name ?? ''} ${text}`).join(', ')
}

function samplesOf(cells: readonly (Cell | undefined)[]): Sample[] {
  const found = new Map<string, unknown>([['blank', null]])
  const bounds: Bound[] = []
  const parts: string[] = []
  let isText = false
  for (const cell of cells) {
    if (cell?.is === 'one of') {
      isText = true
      for (const literal of cell.literals) found.set(`“${literal}”`, numberOr(literal))
    }
    if (cell?.is === 'text') {
      isText = true
      parts.push(cell.part)
      found.set(`“${cell.part}”`, cell.part)
    }
    if (cell?.is === 'compared') bounds.push(cell.than)
    if (cell?.is === 'between') bounds.push(cell.from, cell.to)
  }
  if (parts.length > 1) found.set(`“${parts.join(' ')}”`, parts.join(' '))
  for (const [text, value] of around(bounds)) found.set(text, value)
  if (isText || bounds.length === 0) found.set(OTHER, OTHER)
  return [...found].map(([text, value]) => ({ value, shown: text }))
}

/** A whole number in a list of values may be a number field or a text. */
const numberOr = (literal: string): unknown => (/^-?\d{1,15}$/.test(literal) ? Decimal.of(literal) : literal)

/** Each bound, and a value below, between and above. */
function around(bounds: readonly Bound[]): [string, unknown][] {
  const numbers = bounds.flatMap((each) => ('number' in each ? [new Big(each.number)] : [])).sort((a, b) => a.cmp(b))
  const [least, most] = [numbers[0], numbers.at(-1)]
  const between = numbers.slice(1).map((each, n) => each.plus(numbers[n] ?? each).div(2))
  const amounts = least && most ? [least.minus(1), ...numbers, ...between, most.plus(1)] : []
  const days = bounds.flatMap((each) => ('day' in each ? [each.day] : [])).sort()
  const dates = days.length > 0 ? ['0001-01-01', ...days.flatMap(dayAndNext), '9999-12-31'] : []
  return [
    ...amounts.map((amount): [string, unknown] => [amount.toFixed(), new Decimal(amount)]),
    ...dates.map((day): [string, unknown] => [day, new Day(day)]),
  ]
}

const dayAndNext = (iso: string): string[] => [iso, addDays(new Day(iso), 1).iso]

function* product(columns: readonly Sample[][]): Generator<Sample[]> {
  const [first, ...rest] = columns
  if (!first) {
    yield []
    return
  }
  for (const sample of first) for (const others of product(rest)) yield [sample, ...others]
}
