import type { Org } from '../../../org/org.ts'
import { BadBatch, Columns } from './columns.ts'
import { cellValues, headerOf, readRecord } from './csv-rows.ts'
import { DELIMITERS, type IngestJob } from './job.ts'
import { checkPaths, writeChunk, type SentRow } from './row-writes.ts'
import type { JobStore } from './job-store.ts'

/** Rows of one transaction, as an org chunks them. */
export const CHUNK = 200

/**
 * Writes what a job has uploaded, 200 rows a step; rows, their outcome and how far the job is commit together, so that
 * it goes on after a restart where it was, no row written twice.
 * Throws BadBatch when the upload, or the rest of it, cannot be run at all.
 */
export function* ingestSteps(org: Org, job: IngestJob, store: JobStore, keep: () => void): Generator<void> {
  const text = store.data(job.id)
  if (job.at === 0) readHeader(text, job)
  // An upload of nothing is a job with nothing to do, not a broken one.
  if (job.columns.length === 0) return
  const columns = new Columns({ ...job, org })
  checkPaths({ ...job, org }, columns, job.columns)
  for (let chunk = readChunk(text, job); chunk.rows.length > 0; chunk = readChunk(text, job)) {
    const before = { at: job.at, processed: job.processed, failed: job.failed }
    const sent = chunk.rows.map((cells): SentRow => ({ paths: job.columns, values: cellValues(job.columns, cells) }))
    try {
      org.transaction(job.caller, () => {
        const tried = writeChunk({ ...job, org }, columns, sent)
        store.addPart(
          job.id,
          job.processed,
          tried.map((row, index) => ({ ...row, cells: chunk.rows[index] ?? [] })),
        )
        job.at = chunk.next
        job.processed += tried.length
        job.failed += tried.filter(({ error }) => error !== undefined).length
        keep()
      })
    } catch (error) {
      // Nothing of the chunk was kept: the job must not say that it was.
      Object.assign(job, before)
      throw error
    }
    yield
  }
}

function readHeader(text: string, job: IngestJob): void {
  const broken = /\r?\n/.exec(text)?.[0]
  if (broken !== undefined && (broken === '\r\n') !== (job.lineEnding === 'CRLF')) {
    throw new BadBatch(
      `InvalidBatch : LineEnding is invalid on user data. Current LineEnding setting is ${job.lineEnding}`,
    )
  }
  const header = readRecord(text, 0, DELIMITERS[job.columnDelimiter])
  if (!header) return
  job.columns = headerOf(header.cells)
  job.at = header.next
}

function readChunk(text: string, job: IngestJob): { rows: string[][]; next: number } {
  const rows: string[][] = []
  let next = job.at
  while (rows.length < CHUNK) {
    const row = readRecord(text, next, DELIMITERS[job.columnDelimiter])
    if (!row) break
    rows.push(row.cells)
    next = row.next
  }
  return { rows, next }
}
