import type { Value } from '../../../org/values.ts'
import { BadBatch } from './columns.ts'
import { CsvError, readRow, type CsvRow } from './csv.ts'

/** An org's limits for one record of an upload, in characters and fields. */
const MAX_FIELD = 131_072
const MAX_RECORD = 400_000
const MAX_FIELDS = 5000

/** The row at `from`, within an org's limits. Throws BadBatch. */
export function readRecord(text: string, from: number, delimiter: string): CsvRow | undefined {
  const row = parsed(text, from, delimiter)
  if (!row) return undefined
  if (row.cells.length > MAX_FIELDS) throw new BadBatch(`InvalidBatch : Exceeded max number of fields: ${MAX_FIELDS}`)
  if (row.next - from > MAX_RECORD && row.cells.join('').length > MAX_RECORD) {
    throw new BadBatch(`InvalidBatch : Exceeded max number of characters in a record: ${MAX_RECORD}`)
  }
  if (row.next - from > MAX_FIELD && row.cells.some((cell) => cell.length > MAX_FIELD)) {
    throw new BadBatch(`InvalidBatch : Exceeded max number of characters in a field: ${MAX_FIELD}`)
  }
  return row
}

function parsed(text: string, from: number, delimiter: string): CsvRow | undefined {
  try {
    return readRow(text, from, delimiter)
  } catch (error) {
    if (error instanceof CsvError) throw new BadBatch(`InvalidBatch : ${error.message}`)
    throw error
  }
}

/** The names of a header row, each once. Throws BadBatch. */
export function headerOf(cells: readonly string[]): string[] {
  // Not trim(): it would take a byte order mark away too.
  const names = cells.map((cell) => cell.replace(/^[ \t]+|[ \t]+$/g, ''))
  const twice = names.find((name, index) => names.findIndex((one) => one.toLowerCase() === name.toLowerCase()) < index)
  if (twice !== undefined) throw new BadBatch(`InvalidBatch : Duplicate field name in the header row : ${twice}`)
  return names
}

/**
 * The cells below a header: an empty cell leaves its field as it is, `#N/A` empties it. A row may end early.
 * Throws BadBatch for a row that is longer than its header.
 */
export function cellValues(header: readonly string[], cells: readonly string[]): (Value | undefined)[] {
  if (cells.length > header.length) {
    throw new BadBatch(
      `InvalidBatch : Failed to parse CSV. Found ${cells.length} fields in a row where the header has ${header.length}`,
    )
  }
  return header.map((_, index) => {
    const cell = cells[index] ?? ''
    if (cell === '') return undefined
    return cell === '#N/A' ? null : cell
  })
}
