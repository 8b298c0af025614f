// Jobs of Bulk API 2.0: opened, filled, run in the background a step at a time, kept for seven days, and looked at.

import type { z } from 'zod'
import { makeId } from '../../../schema/ids.ts'
import { OrgError, type Caller, type Org } from '../../../org/org.ts'
import { refusal } from '../../../wire/http/errors.ts'
import { keyComplaint } from './columns.ts'
import { ingestSteps } from './ingest-run.ts'
import { isOver, type IngestJob, type IngestOrder, type Job, type QueryJob, type QueryOrder } from './job.ts'
import { bulkQuery } from './query-columns.ts'
import { querySteps } from './query-run.ts'
import { Runner, type RunnerPort } from './runner.ts'
import { JobStore } from './job-store.ts'
import { objectComplaint } from './supported.ts'

export interface JobsPort extends RunnerPort {
  /** Runs what a restart has interrupted; each job else runs on the org its call came with. */
  org: Org
}

const JOB_PREFIX = '750'
const KEPT_MS = 7 * 24 * 3600 * 1000

/** The jobs of one org. A job is seen by its creator alone. */
export class BulkJobs {
  readonly store: JobStore
  readonly runner: Runner
  private readonly jobs = new Map<string, Job>()

  constructor(port: JobsPort) {
    this.runner = new Runner(port)
    this.store = new JobStore(port.org.tables)
    // Written by this very class.
    const saved = [...this.store.saved('ingest'), ...this.store.saved('query')] as Job[]
    for (const job of saved.sort((a, b) => a.n - b.n)) {
      this.jobs.set(job.id, job)
      if (job.state === 'UploadComplete' || job.state === 'InProgress') this.start(port.org, job)
    }
  }

  /** Throws OrgError NOT_FOUND, INVALIDJOB, FEATURENOTENABLED. */
  openIngest(org: Org, caller: Caller, order: z.infer<typeof IngestOrder>): IngestJob {
    const complaint = orderComplaint(org, caller, order)
    if (complaint) throw complaint
    const data = { uploaded: false, columns: [], at: 0 }
    return this.add<IngestJob>({ ...this.base(caller), ...order, ...data, kind: 'ingest', state: 'Open' })
  }

  /** Runs at once. Throws OrgError for a query that cannot be run. */
  openQuery(org: Org, caller: Caller, order: z.infer<typeof QueryOrder>): QueryJob {
    const found = bulkQuery(org, caller, order.query)
    const job = this.add<QueryJob>({
      ...this.base(caller),
      ...order,
      ...found,
      kind: 'query',
      state: 'UploadComplete',
    })
    this.start(org, job)
    return job
  }

  /** Throws OrgError when there is an upload already, or the job is not open. */
  upload(job: IngestJob, text: string): void {
    if (job.state !== 'Open') throw wrongState(`Uploading data to ${stateWord(job)} Job not allowed`)
    if (job.uploaded) {
      const advice = `please 'Close' / 'Abort' / 'Delete' the current Job then create a new Job and make sure you only do 'PUT' once on a given Job.`
      throw invalidJob(`Found multiple contents for job: <${job.id.slice(0, 15)}>, ${advice}`)
    }
    job.uploaded = true
    this.store.putData(job.id, text)
    this.keep(job)
  }

  /** `UploadComplete` starts an ingest job, `Aborted` ends any that is not done. Throws OrgError INVALIDJOBSTATE. */
  change(org: Org, job: Job, state: 'UploadComplete' | 'Aborted'): void {
    const fits = state === 'Aborted' ? !isOver(job) : job.state === 'Open'
    const verb = state === 'Aborted' ? 'Aborting' : 'Closing'
    if (!fits) throw wrongState(`${verb} already ${stateWord(job)} Job not allowed`)
    const keep = (): void => this.keep(job)
    if (state === 'Aborted') return this.runner.abort(job, keep)
    this.runner.set(job, state, keep)
    this.start(org, job)
  }

  /** Throws OrgError INVALIDJOBSTATE while the job is open or runs. */
  delete(job: Job): void {
    if (!isOver(job)) throw wrongState(`Deleting not yet completed Job not allowed`)
    this.forget(job)
  }

  /** Throws OrgError NOT_FOUND. */
  find<K extends Job['kind']>(caller: Caller, kind: K, id: string): Extract<Job, { kind: K }> {
    this.expire()
    const job = [...this.jobs.values()].find((one) => one.id === id || one.id.slice(0, 15) === id)
    if (job?.kind !== kind || job.caller.userId !== caller.userId) throw refusal.notFound()
    return job as Extract<Job, { kind: K }>
  }

  /** Oldest first. */
  list(caller: Caller, kind: Job['kind']): Job[] {
    this.expire()
    return [...this.jobs.values()].filter((job) => job.kind === kind && job.caller.userId === caller.userId)
  }

  /** Forgets every job; one that runs stops at its next step. Ids go on, so that none names two jobs. */
  clear(): void {
    for (const job of this.jobs.values()) if (!isOver(job)) job.state = 'Aborted'
    this.jobs.clear()
    this.store.clear()
  }

  close(): void {
    this.runner.close()
  }

  private start(org: Org, job: Job): void {
    const keep = (): void => this.keep(job)
    if (job.kind === 'ingest') return this.runner.run(job, ingestSteps(org, job, this.store, keep), keep)
    const { caller, query: soql, columns } = job
    const spec = { org, caller, soql, all: job.operation === 'queryAll', columns, form: 'cells' } as const
    this.runner.run(job, querySteps(spec, job, this.store), keep)
  }

  /** Jobs that ended seven days ago are gone, as in an org. */
  private expire(): void {
    const since = this.runner.now() - KEPT_MS
    for (const job of this.jobs.values()) if (isOver(job) && job.changedAt < since) this.forget(job)
  }

  private forget(job: Job): void {
    this.jobs.delete(job.id)
    this.store.drop(job.id)
  }

  private base(caller: Caller) {
    const [now, n] = [this.runner.now(), this.store.next()]
    const none = { processed: 0, failed: 0, activeMs: 0 }
    return { id: makeId(JOB_PREFIX, n), n, caller, createdAt: now, changedAt: now, ...none }
  }

  private add<T extends Job>(job: T): T {
    this.jobs.set(job.id, job)
    this.keep(job)
    return job
  }

  /** Saves a job that is still known: one that was forgotten while it ran stays so. */
  private keep(job: Job): void {
    if (this.jobs.get(job.id) === job) this.store.save(job.kind, job.n, job)
  }
}

function orderComplaint(org: Org, caller: Caller, order: z.infer<typeof IngestOrder>): OrgError | undefined {
  const { object, operation, externalIdFieldName: key } = order
  org.describe(caller, object)
  const unsupported = objectComplaint(object)
  if (unsupported) return refusal.badInput(unsupported, 'INVALIDENTITY')
  if (operation === 'hardDelete' && !org.systemPermission(caller.userId, 'BulkApiHardDelete')) {
    return refusal.badInput(NO_HARD_DELETE, 'FEATURENOTENABLED')
  }
  if (operation !== 'upsert') return undefined
  if (key === undefined) return invalidJob('InvalidJob : Missing externalIdFieldName for upsert')
  const complaint = keyComplaint({ org, caller, object }, key)
  return complaint === undefined ? undefined : invalidJob(`InvalidJob : ${complaint}`)
}

export const NO_HARD_DELETE =
  'hardDelete operation requires special user profile permission, please contact your system administrator'

const stateWord = ({ state }: Job): string =>
  state === 'JobComplete' || state === 'UploadComplete' ? 'Completed' : state

export function invalidJob(message: string): OrgError {
  return new OrgError({ status: 400, errorCode: 'INVALIDJOB', message })
}

function wrongState(message: string): OrgError {
  return new OrgError({ status: 400, errorCode: 'INVALIDJOBSTATE', message })
}
