// Bulk jobs: opened, filled, run in the background a step at a time, and looked at until the org closes.

import { makeId } from '../../engine/ids.ts'
import { OrgError, type Caller, type Org } from '../../org.ts'
import { refusal } from '../http/errors.ts'
import { ingestChunks } from './ingest-run.ts'
import type { IngestJob, IngestOrder, Job, QueryJob, QueryOrder } from './job.ts'
import type { z } from 'zod'
import { queryPages } from './query-run.ts'
import { bulkQuery } from './query-columns.ts'
import { BadBatch } from './row-writes.ts'

export interface JobsPort {
  now: () => number
  onError: (error: unknown) => void
}

const JOB_PREFIX = '750'

/** The jobs of one org, in memory. A job is seen by its creator alone. */
export class BulkJobs {
  private readonly port: JobsPort
  private readonly jobs = new Map<string, Job>()
  private closed = false
  private count = 0

  constructor(port: JobsPort) {
    this.port = port
  }

  openIngest(org: Org, caller: Caller, order: z.infer<typeof IngestOrder>): IngestJob {
    org.describe(caller, order.object)
    if (order.operation === 'upsert' && !order.externalIdFieldName) {
      throw invalidJob('InvalidJob : Missing externalIdFieldName for upsert')
    }
    return this.keep({ ...this.base(caller), ...order, kind: 'ingest', state: 'Open', upload: undefined, ...nothing() })
  }

  /** Runs at once. @throws OrgError for a query that cannot be run */
  openQuery(org: Org, caller: Caller, order: z.infer<typeof QueryOrder>): QueryJob {
    const { object } = bulkQuery(order.query)
    const result = { columns: [], rows: [] }
    const job = this.keep<QueryJob>({
      ...this.base(caller),
      ...order,
      kind: 'query',
      object,
      state: 'UploadComplete',
      result,
    })
    this.run(job, queryPages(org, caller, order.query, order.operation === 'queryAll', result))
    return job
  }

  upload(job: IngestJob, text: string): void {
    if (job.state !== 'Open' || job.upload !== undefined) throw wrongState('uploading data', job)
    job.upload = text
  }

  /** `UploadComplete` starts an ingest job, `Aborted` ends any that is not done. */
  change(org: Org, job: Job, state: 'UploadComplete' | 'Aborted'): void {
    const fits = state === 'Aborted' ? !isOver(job) : job.kind === 'ingest' && job.state === 'Open'
    if (!fits) throw wrongState(state === 'Aborted' ? 'aborting' : 'closing', job)
    this.set(job, state)
    if (state === 'UploadComplete' && job.kind === 'ingest') this.run(job, ingestChunks(org, job))
  }

  delete(job: Job): void {
    if (!isOver(job)) throw wrongState('deleting', job)
    this.jobs.delete(job.id)
  }

  /** @throws OrgError NOT_FOUND */
  find<K extends Job['kind']>(caller: Caller, kind: K, id: string): Extract<Job, { kind: K }> {
    const job = [...this.jobs.values()].find((one) => one.id === id || one.id.slice(0, 15) === id)
    if (job?.kind !== kind || job.caller.userId !== caller.userId) throw refusal.notFound()
    return job as Extract<Job, { kind: K }>
  }

  list(caller: Caller, kind: Job['kind']): Job[] {
    return [...this.jobs.values()].filter((job) => job.kind === kind && job.caller.userId === caller.userId)
  }

  /** Runs steps in the background of other calls, until they end, fail, or the job is aborted. */
  run(job: { state: string; errorMessage?: string; changedAt: number }, steps: Generator<void>): void {
    const step = (): void => {
      if (this.closed || job.state === 'Aborted') return
      this.set(job, 'InProgress')
      try {
        if (steps.next().done) this.set(job, 'JobComplete')
        else setImmediate(step)
      } catch (error) {
        this.fail(job, error)
      }
    }
    setImmediate(step)
  }

  /** Forgets every job; one that runs stops at its next step. Ids go on, so that none names two jobs. */
  clear(): void {
    for (const job of this.jobs.values()) if (!isOver(job)) this.set(job, 'Aborted')
    this.jobs.clear()
  }

  close(): void {
    this.closed = true
  }

  private fail(job: { state: string; errorMessage?: string; changedAt: number }, error: unknown): void {
    const known = error instanceof BadBatch || error instanceof OrgError
    if (!known) this.port.onError(error)
    job.errorMessage = known ? error.message : 'UNKNOWN_EXCEPTION : An unexpected error occurred.'
    this.set(job, 'Failed')
  }

  private set(job: { state: string; changedAt: number }, state: Job['state']): void {
    job.state = state
    job.changedAt = this.port.now()
  }

  private base(caller: Caller) {
    const now = this.port.now()
    return { id: makeId(JOB_PREFIX, (this.count += 1)), caller, createdAt: now, changedAt: now }
  }

  private keep<T extends Job>(job: T): T {
    this.jobs.set(job.id, job)
    return job
  }
}

const nothing = (): Pick<IngestJob, 'columns' | 'rows' | 'results'> => ({ columns: [], rows: [], results: [] })

const isOver = ({ state }: Job): boolean => ['JobComplete', 'Failed', 'Aborted'].includes(state)

export function invalidJob(message: string): OrgError {
  return new OrgError({ status: 400, errorCode: 'INVALIDJOB', message })
}

function wrongState(doing: string, job: Job): OrgError {
  const message = `Invalid job state: ${doing} is not possible while the job is ${job.state}`
  return new OrgError({ status: 400, errorCode: 'INVALIDJOBSTATE', message })
}
