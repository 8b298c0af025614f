import { describe, expect, it } from 'vitest'
import { CsvError, parseCsv, writeCsv } from '../../src/doors/bulk/jobs/csv.ts'

const [ab, one] = [
  ['a', 'b'],
  ['1', '2'],
]

describe('CSV', () => {
  it.each(['', 'plain', 'a"b', 'a,b', 'line\nbreak', '\r\n', '\r', ' spaced ', '"', '""', 'ü', '\uFEFF'])(
    'keeps %j',
    (cell) => {
      expect(parseCsv(writeCsv([['x', cell, 'y']]))).toEqual([['x', cell, 'y']])
      expect(parseCsv(writeCsv([['x', cell, 'y']], '\t', '\r\n'), '\t')).toEqual([['x', cell, 'y']])
    },
  )

  it.each([
    ['lines ended by LF', 'a,b\n1,2\n', [ab, one]],
    ['lines ended by CRLF', 'a,b\r\n1,2\r\n', [ab, one]],
    ['lines ended by CR', 'a,b\r1,2\r', [ab, one]],
    ['line ends that are mixed', 'a,b\r\n1,2\n1,2', [ab, one, one]],
    ['a last line without an end', 'a,b\n1,2', [ab, one]],
    ['empty lines at the end, LF', 'a,b\n1,2\n\n\n', [ab, one]],
    ['empty lines at the end, CRLF', 'a,b\r\n1,2\r\n\r\n\r\n', [ab, one]],
    ['an empty line in the middle', 'a,b\n\n1,2\n', [ab, one]],
    ['a byte order mark as part of the first name', '\uFEFFa,b\n1,2\n', [['\uFEFFa', 'b'], one]],
    ['nothing', '', []],
    ['empty lines alone', '\r\n\n', []],
    ['a quoted LF', 'a,b\n"x\ny",2\n', [ab, ['x\ny', '2']]],
    ['a quoted CRLF', 'a,b\r\n"x\r\ny",2\r\n', [ab, ['x\r\ny', '2']]],
    ['a quoted empty line', 'a,b\n"x\n\ny",2\n', [ab, ['x\n\ny', '2']]],
    ['a quoted delimiter', 'a,b\n"x,y",2\n', [ab, ['x,y', '2']]],
    ['doubled quotes', 'a,b\n"x ""y""",""""\n', [ab, ['x "y"', '"']]],
    ['empty fields first and last', 'a,b\n,2\r\n1,\n', [ab, ['', '2'], ['1', '']]],
    ['an empty last field without a line end', 'a,b\n1,', [ab, ['1', '']]],
    ['empty fields alone', 'a,b\n,\n', [ab, ['', '']]],
    ['a quoted empty field last', 'a,b\n1,""\n', [ab, ['1', '']]],
    ['spaces around fields, which it keeps', 'a,b\n 1 , 2\n', [ab, [' 1 ', ' 2']]],
  ])('reads %s', (_, text, rows) => {
    expect(parseCsv(text)).toEqual(rows)
  })

  it.each([
    ['a quote that is never closed', 'a,b\n"1,2\n', /^Failed to parse CSV. EOF reached/],
    ['text after a closed quote', 'a,b\n"1"x,2\n', /^Failed to parse CSV. Found unescaped quote/],
    ['a quote inside a plain field', 'a,b\nx"y,2\n', /^Failed to parse CSV. Found unescaped quote/],
    ['a byte order mark before a quoted header', '\uFEFF"a","b"\n', /^Failed to parse CSV. Found unescaped quote/],
  ])('refuses %s', (_, text, why) => {
    expect(() => parseCsv(text)).toThrow(CsvError)
    expect(() => parseCsv(text)).toThrow(why)
  })
})
