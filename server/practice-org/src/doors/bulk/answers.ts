import type { Response } from 'express'
import type { Writable } from 'node:stream'
import { setImmediate as breath } from 'node:timers/promises'
import { writeCsv } from './jobs/csv.ts'
import { packed } from '../../wire/http/gzip.ts'
import { readRecord } from './jobs/csv-rows.ts'
import { DELIMITERS, type IngestJob, type QueryJob } from './jobs/job.ts'
import { errorText, type TriedRow } from './jobs/row-writes.ts'
import type { JobStore } from './jobs/job-store.ts'

const PIECE = 65_536

/** Sends text as it is made, a piece at a time, so that a large file neither fills the memory nor holds up other calls. */
export async function sendPieces(res: Response, pieces: Iterable<string>, contentType = 'text/csv'): Promise<void> {
  res.set('Content-Type', contentType)
  let out: Writable = res
  let held = ''
  for (const piece of pieces) {
    held += piece
    if (held.length < PIECE) continue
    if (out.destroyed) return
    if (out === res) out = packed(res)
    out.write(held)
    held = ''
    await breath()
  }
  out.end(held)
}

const lineEnd = (job: IngestJob | QueryJob): string => (job.lineEnding === 'CRLF' ? '\r\n' : '\n')

const csv = (job: IngestJob | QueryJob, rows: string[][]): string =>
  writeCsv(rows, DELIMITERS[job.columnDelimiter], lineEnd(job))

/** `successfulResults` or `failedResults`: what became of each row, and the row. */
export function* resultFile(store: JobStore, job: IngestJob, failed: boolean): Generator<string> {
  yield csv(job, [['sf__Id', failed ? 'sf__Error' : 'sf__Created', ...job.columns]])
  for (const { body } of store.parts(job.id)) {
    const tried = JSON.parse(body) as TriedRow[]
    const rows = tried.flatMap(({ id, created, error, cells = [] }) => {
      if ((error !== undefined) !== failed) return []
      return [[id, error ? errorText(error) : String(created), ...job.columns.map((_, index) => cells[index] ?? '')]]
    })
    yield csv(job, rows)
  }
}

/** `unprocessedrecords`: the rows that were not tried, as they were sent. */
export function* unprocessedFile(store: JobStore, job: IngestJob): Generator<string> {
  const text = store.data(job.id)
  const delimiter = DELIMITERS[job.columnDelimiter]
  let { at, columns } = job
  if (at === 0) {
    const header = tolerant(text, 0, delimiter)
    columns = header?.cells ?? []
    at = header?.next ?? text.length
  }
  yield csv(job, [columns])
  for (let row = tolerant(text, at, delimiter); row; row = tolerant(text, row.next, delimiter)) {
    yield csv(job, [row.cells])
  }
}

/** What follows a row that is no CSV cannot be told apart: the file ends there. */
function tolerant(text: string, from: number, delimiter: string): ReturnType<typeof readRecord> {
  try {
    return readRecord(text, from, delimiter)
  } catch {
    return undefined
  }
}

/** A page of a query's result. */
export function* queryFile(store: JobStore, job: QueryJob, from: number, count: number): Generator<string> {
  yield csv(job, [job.columns])
  for (const { first, body } of store.parts(job.id, from)) {
    if (first >= from + count) return
    const rows = JSON.parse(body) as string[][]
    yield csv(job, rows.slice(Math.max(0, from - first), from + count - first))
  }
}
