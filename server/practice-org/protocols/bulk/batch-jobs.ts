// The older Bulk API: jobs that take batches, each run by itself in the background.

import { makeId } from '../../engine/ids.ts'
import type { Caller, Org } from '../../org.ts'
import { CsvError, parseCsv } from './csv.ts'
import type { BulkJobs } from './jobs.ts'
import { writeRows } from './ingest-run.ts'
import { bulkQuery } from './query-columns.ts'
import { queryPages, type QueryResult } from './query-run.ts'
import { BadBatch, OPERATIONS, type Operation, type RowResult } from './row-writes.ts'

/** A refusal with the exception code that clients of this API read. */
export class BatchError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export interface Batch {
  id: string
  jobId: string
  createdAt: number
  changedAt: number
  /** As bulk jobs say it; the wire says Queued, InProgress, Completed, Failed. */
  state: string
  errorMessage?: string
  resultId: string
  results: RowResult[]
  query: QueryResult | undefined
}

export interface BatchJob {
  id: string
  caller: Caller
  operation: Operation | 'query' | 'queryAll'
  object: string
  externalIdFieldName: string | undefined
  state: 'Open' | 'Closed' | 'Aborted'
  createdAt: number
  changedAt: number
  batches: Batch[]
}

const ALL: readonly string[] = [...OPERATIONS, 'query', 'queryAll']

/** The jobs of the older API, in memory; each is seen by its creator alone. */
export class BatchJobs {
  private readonly jobs = new Map<string, BatchJob>()
  private readonly runner: BulkJobs
  private readonly now: () => number
  private count = 0

  constructor(runner: BulkJobs, now: () => number) {
    this.runner = runner
    this.now = now
  }

  open(
    org: Org,
    caller: Caller,
    order: Record<'operation' | 'object' | 'contentType' | 'externalIdFieldName', string>,
  ) {
    const { operation, object, contentType, externalIdFieldName } = order
    if (!ALL.includes(operation)) throw new BatchError('InvalidJob', `Operation ${operation} is not supported`)
    if (contentType !== 'CSV') throw new BatchError('InvalidJob', `Content type ${contentType} is not supported`)
    if (object === '') throw new BatchError('InvalidJob', 'Missing object')
    org.describe(caller, object)
    const job: BatchJob = {
      id: makeId('750', (this.count += 1) + 1_000_000),
      caller,
      operation: operation as BatchJob['operation'],
      object,
      externalIdFieldName: externalIdFieldName || undefined,
      state: 'Open',
      createdAt: this.now(),
      changedAt: this.now(),
      batches: [],
    }
    this.jobs.set(job.id, job)
    return job
  }

  /** @throws BatchError InvalidJob */
  find(caller: Caller, id: string): BatchJob {
    const job = [...this.jobs.values()].find((one) => one.id === id || one.id.slice(0, 15) === id)
    if (!job || job.caller.userId !== caller.userId) throw new BatchError('InvalidJob', `Invalid job id: ${id}`)
    return job
  }

  /** @throws BatchError InvalidBatch */
  batch(job: BatchJob, id: string): Batch {
    const batch = job.batches.find((one) => one.id === id || one.id.slice(0, 15) === id)
    if (!batch) throw new BatchError('InvalidBatch', `Invalid batch id: ${id}`)
    return batch
  }

  /** Forgets every job; a batch that runs stops at its next step. */
  clear(): void {
    const batches = [...this.jobs.values()].flatMap((job) => job.batches)
    for (const batch of batches) if (!isDone(batch)) batch.state = 'Aborted'
    this.jobs.clear()
  }

  change(job: BatchJob, state: string): void {
    if (state !== 'Closed' && state !== 'Aborted') throw new BatchError('InvalidJobState', `Unknown state: ${state}`)
    if (job.state !== 'Open') throw new BatchError('InvalidJobState', `Job is already ${job.state}`)
    job.state = state
    job.changedAt = this.now()
    if (state === 'Aborted') for (const batch of job.batches) if (!isDone(batch)) batch.state = 'Aborted'
  }

  /** Takes a batch and starts it. */
  add(org: Org, job: BatchJob, text: string): Batch {
    if (job.state !== 'Open') throw new BatchError('InvalidJobState', `Job is ${job.state}`)
    const times = { createdAt: this.now(), changedAt: this.now() }
    const [id, resultId] = [makeId('751', (this.count += 1)), makeId('752', this.count)]
    const batch: Batch = { id, jobId: job.id, ...times, state: 'Queued', resultId, results: [], query: undefined }
    job.batches.push(batch)
    this.runner.run(batch, steps(org, job, batch, text))
    return batch
  }
}

export const isDone = ({ state }: Batch): boolean => ['JobComplete', 'Failed', 'Aborted'].includes(state)

function* steps(org: Org, job: BatchJob, batch: Batch, text: string): Generator<void> {
  const { caller, operation, object, externalIdFieldName } = job
  if (operation === 'query' || operation === 'queryAll') {
    bulkQuery(text)
    batch.query = { columns: [], rows: [] }
    yield* queryPages(org, caller, text, operation === 'queryAll', batch.query)
    return
  }
  const [columns = [], ...rows] = parsed(text)
  if (columns.length === 0) throw new BadBatch('InvalidBatch : The batch has no header row')
  yield* writeRows({ org, caller, object, operation, externalIdFieldName, columns }, rows, batch.results)
}

function parsed(text: string): string[][] {
  try {
    return parseCsv(text)
  } catch (error) {
    if (error instanceof CsvError) throw new BadBatch(`InvalidBatch : ${error.message}`)
    throw error
  }
}
