import type { Org } from '../../org.ts'
import { CsvError, parseCsv } from './csv.ts'
import { DELIMITERS, type IngestJob } from './job.ts'
import { BadBatch, checkColumns, typesOf, writeRow, type RowResult, type WriteSpec } from './row-writes.ts'

/** Rows of one transaction, as an org chunks them. */
const CHUNK = 200

/** Writes what a job has uploaded, 200 rows a step. @throws BadBatch when the upload cannot be run at all */
export function* ingestChunks(org: Org, job: IngestJob): Generator<void> {
  const [columns = [], ...rows] = uploaded(job)
  job.columns = columns.map((column) => column.trim())
  job.rows = rows
  // An upload of nothing is a job with nothing to do, not a broken one.
  if (job.columns.length === 0) return
  yield* writeRows({ ...job, org }, rows, job.results)
}

/** Writes rows in chunks of one transaction each, adding one result per row. @throws BadBatch */
export function* writeRows(spec: WriteSpec, rows: string[][], results: RowResult[]): Generator<void> {
  checkColumns(spec)
  const types = typesOf(spec)
  for (let from = 0; from < rows.length; from += CHUNK) {
    const chunk = rows.slice(from, from + CHUNK)
    results.push(...spec.org.transaction(spec.caller, () => chunk.map((cells) => writeRow(spec, types, cells))))
    yield
  }
}

function uploaded(job: IngestJob): string[][] {
  const text = job.upload ?? ''
  const broken = /\r?\n/.exec(text)?.[0]
  if (broken !== undefined && (broken === '\r\n') !== (job.lineEnding === 'CRLF')) {
    throw new BadBatch(
      `InvalidBatch : LineEnding is invalid on user data. Current LineEnding setting is ${job.lineEnding}`,
    )
  }
  try {
    return parseCsv(text, DELIMITERS[job.columnDelimiter])
  } catch (error) {
    if (error instanceof CsvError) throw new BadBatch(`InvalidBatch : ${error.message}`)
    throw error
  }
}
