// The older Bulk API: jobs that take batches, each run by itself in the background.

import type { Batch, BatchJob } from './batch.ts'
import { makeId } from '../../../schema/ids.ts'
import type { Caller, Org } from '../../../org/org.ts'
import { classicSummary } from './batch-info.ts'
import { batchSteps, requestQuery } from './batch-run.ts'
import { BatchError } from './batch-error.ts'
import { readOrder, type Chunking, type Given } from './batch-order.ts'
import { isOver } from '../jobs/job.ts'
import type { BulkJobs } from '../jobs/jobs.ts'
import { chunkQueries } from './pk-chunks.ts'
import type { Runner } from '../jobs/runner.ts'
import type { JobStore } from '../jobs/job-store.ts'

const KEPT_MS = 7 * 24 * 3600 * 1000
const OPEN_MS = 24 * 3600 * 1000
const NONE = { processed: 0, failed: 0, activeMs: 0 }

/** The jobs of the older API; each is seen by its creator alone. */
export class BatchJobs {
  readonly store: JobStore
  private readonly runner: Runner
  private readonly jobs = new Map<string, BatchJob>()
  private readonly batchesOf = new Map<string, Batch[]>()

  constructor(port: { jobs: BulkJobs; org: Org }) {
    this.store = port.jobs.store
    this.runner = port.jobs.runner
    // Written by this very class.
    for (const job of this.store.saved('classic') as BatchJob[]) this.jobs.set(job.id, job)
    for (const batch of this.store.saved('batch') as Batch[]) this.batches(batch.jobId).push(batch)
    for (const job of this.jobs.values()) {
      const waiting = this.batches(job.id).filter((batch) => !isDone(batch))
      const first = job.concurrencyMode === 'Serial' ? waiting.slice(0, 1) : waiting
      for (const batch of first) this.start(port.org, job, batch)
    }
  }

  /** Throws BatchError, OrgError. */
  open(org: Org, caller: Caller, given: Given, chunking: Chunking | undefined): BatchJob {
    const order = readOrder(org, caller, given)
    const [n, now] = [this.store.next(), this.runner.now()]
    const isQuery = order.operation === 'query' || order.operation === 'queryAll'
    const times = { createdAt: now, changedAt: now }
    const chunks = chunking && isQuery ? { chunking } : {}
    const job: BatchJob = { ...order, ...times, ...chunks, id: makeId('750', n), n, caller, state: 'Open' }
    this.jobs.set(job.id, job)
    this.store.save('classic', n, job)
    return job
  }

  /** Throws BatchError InvalidJob, InvalidUser. */
  find(caller: Caller, id: string): BatchJob {
    this.expire()
    const job = [...this.jobs.values()].find((one) => one.id === id || one.id.slice(0, 15) === id)
    if (!job) throw new BatchError('InvalidJob', `Invalid job id: ${id}`)
    if (job.caller.userId !== caller.userId) throw new BatchError('InvalidUser', 'The job was created by another user')
    return job
  }

  /** Oldest first. */
  batches(jobId: string): Batch[] {
    const known = this.batchesOf.get(jobId) ?? []
    this.batchesOf.set(jobId, known)
    return known
  }

  /** Throws BatchError InvalidBatch. */
  batch(job: BatchJob, id: string): Batch {
    const batch = this.batches(job.id).find((one) => one.id === id || one.id.slice(0, 15) === id)
    if (!batch) throw new BatchError('InvalidBatch', `Invalid batch id: ${id}`)
    return batch
  }

  /** As the lists of Bulk API 2.0 show them, oldest first. */
  summaries(caller: Caller): ReturnType<typeof classicSummary>[] {
    this.expire()
    return [...this.jobs.values()].filter((job) => job.caller.userId === caller.userId).map(classicSummary)
  }

  /** Forgets every job; a batch that runs stops at its next step. The store is cleared by whoever keeps it. */
  clear(): void {
    for (const batch of [...this.batchesOf.values()].flat()) if (!isDone(batch)) batch.state = 'Aborted'
    this.jobs.clear()
    this.batchesOf.clear()
  }

  /** `Closed` takes no more batches, `Aborted` runs none of those that wait. Throws BatchError InvalidJobState. */
  change(job: BatchJob, state: string): void {
    if (state !== 'Closed' && state !== 'Aborted') throw new BatchError('InvalidJobState', `Unknown state: ${state}`)
    const waiting = this.batches(job.id).filter((batch) => !isDone(batch))
    const fits = job.state === 'Open' || (state === 'Aborted' && job.state === 'Closed' && waiting.length > 0)
    const verb = state === 'Aborted' ? 'Aborting' : 'Closing'
    const word = job.state === 'Closed' && state === 'Aborted' ? 'Completed' : job.state
    if (!fits) throw new BatchError('InvalidJobState', `${verb} already ${word} Job not allowed`)
    job.state = state
    job.changedAt = this.runner.now()
    this.store.save('classic', job.n, job)
    if (state === 'Aborted') for (const batch of waiting) this.runner.abort(batch, () => this.keep(batch))
  }

  /** Takes a batch and starts it. Throws BatchError InvalidJobState. */
  add(org: Org, job: BatchJob, content: string): Batch {
    if (job.state !== 'Open') throw new BatchError('InvalidJobState', `Adding a batch to ${job.state} Job not allowed`)
    if (this.runner.now() - job.createdAt > OPEN_MS) {
      throw new BatchError('InvalidJobState', 'Adding a batch to a job that is older than 24 hours is not allowed')
    }
    return this.take(org, job, content, false)
  }

  private take(org: Org, job: BatchJob, content: string, isChunk: boolean): Batch {
    const [n, now] = [this.store.next(), this.runner.now()]
    const ids = { id: makeId('751', n), resultId: makeId('752', n), jobId: job.id }
    const times = { createdAt: now, changedAt: now }
    const batch: Batch = { ...ids, ...NONE, ...times, n, state: 'Queued', columns: [], isChunk }
    const others = this.batches(job.id)
    const mustWait = job.concurrencyMode === 'Serial' && others.some((one) => !isDone(one))
    others.push(batch)
    this.store.putData(batch.id, content)
    this.keep(batch)
    if (!mustWait) this.start(org, job, batch)
    return batch
  }

  private start(org: Org, job: BatchJob, batch: Batch): void {
    const keep = (): void => this.keep(batch)
    const { chunking } = job
    const isWhole = chunking !== undefined && !batch.isChunk
    const steps = isWhole ? this.chunk(org, job, batch, chunking) : batchSteps(org, job, batch, this.store, keep)
    this.runner.run(batch, steps, keep, () => {
      if (isWhole && batch.state === 'JobComplete') this.runner.set(batch, 'NotProcessed', keep)
      const next = this.batches(job.id).find((one) => one.state === 'Queued')
      if (job.concurrencyMode === 'Serial' && next) this.start(org, job, next)
    })
  }

  /** One batch for each chunk, all in one step; the batch that was sent stays, not processed. */
  private *chunk(org: Org, job: BatchJob, batch: Batch, chunking: Chunking): Generator<void> {
    const soql = this.store.data(batch.id)
    requestQuery(org, job, soql)
    yield
    for (const query of chunkQueries(org, job.caller, soql, chunking)) this.take(org, job, query, true)
  }

  /** Seven days after the last of its batches ended a job is gone, as in an org. */
  private expire(): void {
    const since = this.runner.now() - KEPT_MS
    for (const job of this.jobs.values()) {
      const batches = this.batches(job.id)
      const last = Math.max(job.changedAt, ...batches.map(({ changedAt }) => changedAt))
      if (last >= since || !batches.every(isDone)) continue
      this.jobs.delete(job.id)
      this.batchesOf.delete(job.id)
      for (const { id } of [job, ...batches]) this.store.drop(id)
    }
  }

  private keep(batch: Batch): void {
    if (this.jobs.has(batch.jobId)) this.store.save('batch', batch.n, batch)
  }
}

export const isDone = (batch: Batch): boolean => isOver(batch) || batch.state === 'NotProcessed'
