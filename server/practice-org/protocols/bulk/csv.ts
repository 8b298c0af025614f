/** Text that is no CSV; the message says where. */
export class CsvError extends Error {}

/** Rows of CSV text (RFC 4180): quoted fields may hold delimiters, quotes (doubled) and line breaks. Blank lines are left out. @throws CsvError */
export function parseCsv(text: string, delimiter = ','): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let at = text.startsWith('\uFEFF') ? 1 : 0
  const endRow = (): void => {
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
  }
  while (at < text.length) {
    const { value, next } = text[at] === '"' ? quoted(text, at) : plain(text, at, delimiter)
    row.push(value)
    at = next
    if (text[at] === delimiter) {
      at += 1
      // A delimiter at the very end still opens one more, empty field.
      if (at === text.length) row.push('')
      else if (text[at] === '\n' || text[at] === '\r') row.push('')
      else continue
    }
    if (at < text.length && text[at] !== '\n' && text[at] !== '\r') {
      throw new CsvError(`unexpected character after a quoted field in row ${rows.length + 1}`)
    }
    endRow()
    at += text.startsWith('\r\n', at) ? 2 : 1
  }
  return rows
}

interface Field {
  value: string
  next: number
}

function plain(text: string, start: number, delimiter: string): Field {
  let at = start
  while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at += 1
  return { value: text.slice(start, at), next: at }
}

function quoted(text: string, start: number): Field {
  let value = ''
  let from = start + 1
  for (;;) {
    const end = text.indexOf('"', from)
    if (end < 0) throw new CsvError('a quoted field is not closed')
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
