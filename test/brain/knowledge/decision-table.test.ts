import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Day } from '../../../server/contract/expressions/day.ts'
import { fromOrg } from '../../../server/contract/expressions/org-values.ts'
import { parseDocument } from '../../../server/brain/knowledge/document.ts'
import { cellOf, fits } from '../../../server/brain/knowledge/tables/cell.ts'
import { gapsOf } from '../../../server/brain/knowledge/tables/complete.ts'
import { decide } from '../../../server/brain/knowledge/tables/decide.ts'
import { decisionTable, type DecisionTable } from '../../../server/brain/knowledge/tables/decision-table.ts'

const SETTING = { today: '2026-11-27' }
const read = (body: string) =>
  decisionTable(parseDocument(`---\ndocument: rules\ntitle: Rules\n---\n\n# Rules\n\n## Table\n\n${body}\n`), 'Table')
function tableOf(body: string): DecisionTable {
  const table = read(body)
  if ('faults' in table) throw new Error(JSON.stringify(table.faults))
  return table
}
const faultsOf = (body: string): string[] => {
  const table = read(body)
  return ('faults' in table ? table.faults : gapsOf(table)).map(({ line, message }) => `${line}: ${message}`)
}
const number = (text: string) => fromOrg(text, 'double')

describe('A cell of a condition', () => {
  test.for<[string, unknown, boolean]>([
    ['', 'x', true],
    ['-', null, true],
    ['all', null, true],
    ['blank', null, true],
    ['blank', 'x', false],
    ['filled', null, false],
    ['filled', 'x', true],
    ['US, CA', 'ca', true],
    ['US, CA', 'DE', false],
    ['US, CA', null, false],
    ['not(US, CA)', 'DE', true],
    ['not(US, CA)', 'us', false],
    ['not(US, CA)', null, false],
    ['"Closed, Won"', 'closed, won', true],
    ['>= 500', number('500.00'), true],
    ['> 500', number('500'), false],
    ['< 500', null, false],
    ['>= 1_000_000', number('1000000'), true],
    ['10..20', number('20'), true],
    ['[10..20)', number('20'), false],
    ['(10..20]', number('10'), false],
    ['100', number('100.0'), true],
    ['< 2027-01-01', new Day('2026-12-31'), true],
    ['2026-01-01..2026-12-31', '2026-06-01T10:00:00.000Z', true],
    ['contains vp', 'Senior VP Sales', true],
    ['starts with senior', 'Senior VP', true],
    ['ends with sales', 'Senior VP', false],
    ['yes', 'yes', true],
    ['true', true, true],
    ["`value == 'x'`", 'x', true],
    ['ＵＳ', 'us', true],
  ])('%s, asked about %s, gives %s', ([written, value, expected]) => {
    const cell = cellOf(written)
    if ('wrong' in cell) throw new Error(cell.wrong)
    expect(fits(cell, value, SETTING)).toBe(expected)
  })

  test.for<[string, string]>([
    ['>= many', 'after >= stands a number'],
    ['20..10', 'the second end of this range lies before the first'],
    ['10..2026-01-01', 'from a number to a number'],
    ['`value ==`', 'EOF'],
    ['`value == 1', 'two backticks'],
    [',', 'names no value'],
    ['not()', 'names no value'],
  ])('%s is refused: %s', ([written, why]) => {
    const cell = cellOf(written)
    expect('wrong' in cell ? cell.wrong : '').toContain(why)
  })

  test('of any text is read or refused, and answers for any value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (written, value) => {
        const cell = cellOf(written)
        return 'wrong' in cell || cell.is === 'expression' || typeof fits(cell, value, SETTING) === 'boolean'
      }),
    )
  })
})

const QUALIFICATION = `Hit policy: first

- Size: \`record.NumberOfEmployees\`

| Size | Country | → Rating | → Owner: user | → Call first: checkbox |
| ---- | ------- | -------- | ------------- | ---------------------- |
| >= 500 | US, CA | Hot | elena@practice.example | yes |
| >= 500 | - | Warm | | no |
| - | - | Cold | | no |`

describe('A decision table', () => {
  test('gives the outputs of the first row that applies', () => {
    const table = tableOf(QUALIFICATION)
    expect(table.inputs).toEqual([
      { name: 'Size', expression: 'record.NumberOfEmployees' },
      { name: 'Country', expression: null },
    ])
    expect(decide(table, [number('700'), 'US'], SETTING)).toEqual({
      row: 1,
      outputs: { rating: 'Hot', owner: 'elena@practice.example', callFirst: true },
    })
    expect(decide(table, [number('700'), null], SETTING)).toMatchObject({ row: 2, outputs: { owner: null } })
    expect(decide(table, [null, null], SETTING)).toMatchObject({ row: 3 })
  })

  test('computes an output that is an expression', () => {
    const table = tableOf('Hit policy: first\n\n| A | → Due: date |\n| - | - |\n| - | `today() + days(2)` |')
    expect(decide(table, ['x'], SETTING)).toEqual({ row: 1, outputs: { due: '2026-11-29' } })
  })

  test('that is unique gives nothing when two rows apply, and says which', () => {
    const table = tableOf('Hit policy: unique\n\n| A | → B |\n| - | - |\n| < 5 | x |\n| < 9 | y |')
    expect(decide(table, [number('1')], SETTING)).toEqual({ row: null, why: 'several rows apply', rows: [1, 2] })
    expect(decide(table, [number('7')], SETTING)).toEqual({ row: 2, outputs: { b: 'y' } })
  })

  test('that is complete has no fault', () => {
    expect(faultsOf(QUALIFICATION)).toEqual([])
    expect(faultsOf('Hit policy: unique\n\n| A | → B |\n| - | - |\n| < 5 | x |\n| >= 5 | y |\n| blank | z |')).toEqual(
      [],
    )
  })

  test.for<[string, string[]]>([
    [
      '| A | → B |\n| - | - |\n| - | x |',
      [
        '8: the table does not say which row counts: write “Hit policy: first” (rows are tried from the top) or “Hit policy: unique” (at most one may apply) above it',
      ],
    ],
    [
      'Hit policy: any\n\n| A | → B |\n| - | - |\n| - | x |',
      ['8: there is no hit policy “any”: write “Hit policy: first” or “Hit policy: unique”'],
    ],
    ['Hit policy: first', ['8: there is no table under the heading “Table”']],
    [
      'Hit policy: first\n\n| A | B |\n| - | - |\n| - | x |',
      ['12: no column gives anything: write an output as “→ Owner”'],
    ],
    ['Hit policy: first\n\n| → A |\n| - |\n| x |', ['12: no column asks for anything']],
    [
      'Hit policy: first\n\n| A | → B: money |\n| - | - |\n| - | x |',
      ['12: → B: money: there is no type “money”; there are “checkbox”, “date”, “number”, “text”, “user”'],
    ],
    [
      'Hit policy: first\n\n| A | → B: number |\n| - | - |\n| - | ten |',
      ['14: → B: number: “ten” is no number: write it as 1000 or 0.5'],
    ],
    [
      'Hit policy: first\n\n| A | → B: user |\n| - | - |\n| - | Elena |',
      ['14: → B: user: “Elena” is no username: write the one the user signs in with, e.g. elena@example.com'],
    ],
    [
      'Hit policy: first\n\n| A | → B |\n| - | - |\n| >= x | y |',
      ['14: A: after >= stands a number such as 1000 or a date such as 2027-01-31'],
    ],
    [
      'Hit policy: first\n\n| A | → B |\n| - | - |\n| 20..10 | y |',
      ['14: A: the second end of this range lies before the first'],
    ],
    [
      'Hit policy: first\n\n| A | → B |\n| - | - |\n| US | y |',
      ['14: no row covers A blank: add a row, or write “No row: leave it as it is.” above the table'],
    ],
    [
      'Hit policy: first\n\n| A | → B |\n| - | - |\n| - | x |\n| US | y |',
      ['15: row 2 can never apply, since the rows above it cover its cases: move it up, or delete it'],
    ],
    [
      'Hit policy: unique\nNo row: leave it.\n\n| A | → B |\n| - | - |\n| < 5 | x |\n| < 9 | y |',
      ['16: rows 1 and 2 both apply to A 4: tell them apart, or write “Hit policy: first”'],
    ],
    [
      'Hit policy: unique\nNo row: leave it.\n\n| A | → B |\n| - | - |\n| contains vp | x |\n| contains sales | y |',
      ['16: rows 1 and 2 both apply to A “vp sales”: tell them apart, or write “Hit policy: first”'],
    ],
    [
      'Hit policy: first\nNo row: leave it.\n\n| A | A | → B |\n| - | - | - |\n| x | y | z |',
      ['13: there are two columns “A”'],
    ],
  ])('with a fault is refused with its line: %s', ([body, faults]) => {
    expect(faultsOf(body)).toEqual(faults)
  })

  test('of up to 50,000 kinds of cases is checked within seconds; a larger one is told to be split', () => {
    const columns = 'ABCDEFGH'.split('')
    const head = `| ${columns.join(' | ')} | → Z |\n|${' - |'.repeat(9)}`
    const row = (n: number) => `| ${columns.map((name) => `${name}${n}`).join(' | ')} | z |`
    const [fault] = faultsOf(`Hit policy: first\n\n${head}\n${[1, 2, 3].map(row).join('\n')}`)
    expect(fault).toContain('split this table')
  })
})
