// Reads a CSV file row by row: UTF-8 with or without a byte order mark, commas, semicolons or tabs, any line ends.
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs'
import { Readable } from 'node:stream'
import { parse, type CsvError, type Options } from 'csv-parse'

export type Row = Record<string, string>

/** Bytes looked at before a file is read. */
const LOOKED_AT = 65_536

/** Rows of a CSV file with a header, one after the other. Throws Error when a column of `needed` is missing or the file is no CSV in UTF-8. */
export async function* rowsOf(path: string, needed: readonly string[]): AsyncGenerator<Row> {
  for await (const row of rawRows(path, { columns: (header: string[]) => checkedHeader(header, needed) }))
    yield row as Row
}

async function* rawRows(path: string, options: Options): AsyncGenerator<unknown> {
  const delimiter = delimiterOf(startOf(path))
  const parser = parse({
    delimiter,
    bom: true,
    skip_empty_lines: true,
    relax_column_count: true,
    trim: true,
    ...options,
  })
  try {
    yield* Readable.from(decoded(path)).compose(parser)
  } catch (error) {
    throw readable(error, path)
  }
}

/** Columns of a file, as written. Throws Error when it is no CSV in UTF-8. */
export async function columnsOf(path: string): Promise<string[]> {
  const rows = rawRows(path, { to_line: 1 })
  for await (const row of rows) return named(row as string[])
  return []
}

function startOf(path: string): Buffer {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new Error(`There is no file ${path}`)
  const file = openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(LOOKED_AT)
    const start = buffer.subarray(0, readSync(file, buffer, 0, LOOKED_AT, 0))
    if (start.length === 0) throw new Error(`${path} is empty; its first line must name the columns`)
    const mark = start.subarray(0, 2).toString('hex')
    if (mark === 'fffe' || mark === 'feff' || start.includes(0))
      throw new Error(`${path} is not UTF-8 (it looks like UTF-16); save it as “CSV UTF-8”`)
    return start
  } finally {
    closeSync(file)
  }
}

/** The sign that the first line has most often outside quotes. */
function delimiterOf(start: Buffer): string {
  const [line = ''] = start.toString('utf8').split(/\r\n|\n|\r/, 1)
  const bare = line.replaceAll(/"[^"]*"/g, '')
  const counts = [',', ';', '\t'].map((sign) => ({ sign, count: bare.split(sign).length }))
  return counts.sort((a, b) => b.count - a.count)[0]?.sign ?? ','
}

/** Text of a file, chunk by chunk. Throws TypeError when bytes are no UTF-8. */
async function* decoded(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for await (const chunk of createReadStream(path)) yield decoder.decode(chunk as Buffer, { stream: true })
  yield decoder.decode()
}

function readable(error: unknown, path: string): Error {
  if (error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
    return new Error(`${path} is not UTF-8; save it as “CSV UTF-8”`)
  const { code = '', message } = error as CsvError
  if (!code.startsWith('CSV_')) return error as Error
  const line = 'lines' in (error as object) ? ` at line ${String((error as CsvError)['lines'])}` : ''
  return new Error(`${path} cannot be read${line}: ${message}`)
}

function checkedHeader(header: readonly string[], needed: readonly string[]): string[] {
  const columns = named(header)
  const missing = needed.filter((name) => !columns.some((column) => column.toLowerCase() === name))
  if (missing.length > 0)
    throw new Error(`The file has no column ${missing.join(', ')}; its columns are ${columns.join(', ')}`)
  return columns
}

const named = (header: readonly string[]) => header.map((name, index) => name.trim() || `column ${index + 1}`)
