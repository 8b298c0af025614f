/** Text that is no CSV, in an org's words. */
export class CsvError extends Error {
  constructor(reason: string) {
    super(`Failed to parse CSV. ${reason}`)
  }
}

export interface CsvRow {
  cells: string[]
  /** Where the text after the row begins. */
  next: number
}

/**
 * The row at `from`, blank lines before it passed over; undefined at the end of the text. Fields are as RFC 4180 has
 * them; a quote in a field that is not quoted is refused, as an org does, and so a byte order mark is never taken away.
 * Throws CsvError.
 */
export function readRow(text: string, from: number, delimiter = ','): CsvRow | undefined {
  let at = from
  while (text[at] === '\n' || text[at] === '\r') at += 1
  if (at >= text.length) return undefined
  const cells: string[] = []
  for (;;) {
    const { value, next } = text[at] === '"' ? quoted(text, at) : plain(text, at, delimiter)
    cells.push(value)
    at = next
    if (text[at] !== delimiter) break
    at += 1
  }
  if (at < text.length && text[at] !== '\n' && text[at] !== '\r') throw new CsvError(UNESCAPED)
  return { cells, next: at + (text.startsWith('\r\n', at) ? 2 : 1) }
}

/** All rows of a text that is not large. Throws CsvError. */
export function parseCsv(text: string, delimiter = ','): string[][] {
  const rows: string[][] = []
  for (let row = readRow(text, 0, delimiter); row; row = readRow(text, row.next, delimiter)) rows.push(row.cells)
  return rows
}

const UNESCAPED = 'Found unescaped quote. A value with quote should be within a quote'

interface Field {
  value: string
  next: number
}

function plain(text: string, start: number, delimiter: string): Field {
  let at = start
  while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') {
    if (text[at] === '"') throw new CsvError(UNESCAPED)
    at += 1
  }
  return { value: text.slice(start, at), next: at }
}

function quoted(text: string, start: number): Field {
  let value = ''
  let from = start + 1
  for (;;) {
    const end = text.indexOf('"', from)
    if (end < 0) throw new CsvError('EOF reached before closing an opened quote')
    value += text.slice(from, end)
    if (text[end + 1] !== '"') return { value, next: end + 1 }
    value += '"'
    from = end + 2
  }
}

/** CSV with every field quoted, as an org writes it. */
export function writeCsv(rows: readonly (readonly string[])[], delimiter = ',', lineEnd = '\n'): string {
  const line = (row: readonly string[]): string => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(delimiter)
  return rows.map((row) => line(row) + lineEnd).join('')
}
