import { OrgError, type Org } from '../../../org/org.ts'
import { batchRows } from './batch-content.ts'
import type { Batch, BatchJob } from './batch.ts'
import { BadBatch, Columns } from '../jobs/columns.ts'
import { CHUNK } from '../jobs/ingest-run.ts'
import { bulkQuery, type BulkQuery, type ResultForm } from '../jobs/query-columns.ts'
import { querySteps } from '../jobs/query-run.ts'
import { checkPaths, writeChunk, type Operation } from '../jobs/row-writes.ts'
import type { JobStore } from '../jobs/job-store.ts'

/** Runs a batch, a chunk of rows or a page of its query a step. Throws BadBatch when it cannot be run at all. */
export function* batchSteps(org: Org, job: BatchJob, batch: Batch, store: JobStore, keep: () => void): Generator<void> {
  const content = store.data(batch.id)
  const { operation } = job
  if (operation === 'query' || operation === 'queryAll') yield* runQuery(org, job, batch, store, content)
  else yield* runRows({ ...job, org, operation }, job, batch, store, keep)
}

function* runRows(
  spec: { org: Org; operation: Operation } & Omit<BatchJob, 'operation'>,
  job: BatchJob,
  batch: Batch,
  store: JobStore,
  keep: () => void,
): Generator<void> {
  const columns = new Columns(spec)
  const rows = batchRows(job.contentType, store.data(batch.id), columns)
  for (const paths of new Set(rows.map((row) => row.paths))) checkPaths(spec, columns, paths)
  while (batch.processed < rows.length) {
    const before = { processed: batch.processed, failed: batch.failed }
    try {
      spec.org.transaction(job.caller, () => {
        const tried = writeChunk(spec, columns, rows.slice(batch.processed, batch.processed + CHUNK))
        store.addPart(batch.id, batch.processed, tried)
        batch.processed += tried.length
        batch.failed += tried.filter(({ error }) => error !== undefined).length
        keep()
      })
    } catch (error) {
      // Nothing of the chunk was kept: the batch must not say that it was.
      Object.assign(batch, before)
      throw error
    }
    yield
  }
}

function* runQuery(org: Org, job: BatchJob, batch: Batch, store: JobStore, soql: string): Generator<void> {
  const { columns } = requestQuery(org, job, soql)
  batch.columns = columns
  const form = formOf(job) === 'CSV' ? 'cells' : 'records'
  const all = job.operation === 'queryAll'
  yield* querySteps({ org, caller: job.caller, soql, all, columns, form }, batch, store)
}

/** How results of the job are written. */
export const formOf = ({ contentType }: BatchJob): ResultForm => contentType.replace('ZIP_', '') as ResultForm

/** What a batch asks for. Throws BadBatch, in the words of a batch's state. */
export function requestQuery(org: Org, job: BatchJob, soql: string): BulkQuery {
  try {
    return bulkQuery(org, job.caller, soql, { name: 'Bulk Query', form: formOf(job) })
  } catch (error) {
    if (!(error instanceof OrgError)) throw error
    const { errorCode, message } = error.body
    if (message.endsWith('content type')) throw new BadBatch(`FeatureNotEnabled : ${message}`)
    const code = errorCode === 'API_ERROR' ? 'FUNCTIONALITY_NOT_ENABLED' : errorCode
    throw new BadBatch(`InvalidBatch : Failed to process query: ${code}: ${message}`)
  }
}
