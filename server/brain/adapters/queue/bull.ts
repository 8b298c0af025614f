// The job queue: BullMQ on Redis or on PostgreSQL. It holds ids only, and may be emptied at any time: the database is the truth.
import { createPostgresBackend, Queue as BullQueue, runMigrations, withBackend, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import type { Pool } from 'pg'
import type { Queue } from '../../ports/outbox.ts'

type Job = Parameters<Queue['enqueue']>[0]

export type QueueBackend =
  | { kind: 'redis'; url: string }
  /** A pool whose sessions have `search_path` set to `bullmq`. */
  | { kind: 'postgres'; pool: Pool }

interface QueueOptions {
  backend: QueueBackend
  /** Concurrent jobs per process. */
  concurrency: number
  /** A backend that answers nothing is given up for this time. */
  answersWithinMs?: number
  onError(error: unknown): void
}

export interface OpenQueue extends Queue {
  /** Drops every waiting job: due work is found again in the database. */
  drop(): Promise<void>
}

const NAME = 'missions'
/** Keeps all keys in one slot of a Redis Cluster. */
const PREFIX = '{missions}'
const JOB = { removeOnComplete: true, removeOnFail: true, attempts: 1 }

/** Common part of BullMQ's classes, on any backend. */
interface Backend {
  queue: {
    add(name: string, data: Job, options: typeof JOB & { jobId?: string }): Promise<unknown>
    drain(delayed?: boolean): Promise<void>
    close(): Promise<void>
    on(event: 'error', listener: (error: Error) => void): unknown
  }
  worker(process: (job: { data: Job }) => Promise<void>): {
    on(event: 'error', listener: (error: Error) => void): unknown
    close(force?: boolean): Promise<void>
  }
  close(): Promise<void>
}

function onRedis(url: string, concurrency: number): Backend {
  const path = url.startsWith('unix:') ? url.replace(/^unix:(\/\/)?/, '') : url
  // Adding fails fast when Redis is unreachable, so that the outbox keeps the row; a worker waits without limit.
  const adding = new Redis(path, { maxRetriesPerRequest: 1 })
  const working = new Redis(path, { maxRetriesPerRequest: null })
  // The queue and worker report their connections' errors themselves.
  for (const connection of [adding, working]) connection.on('error', () => {})
  return {
    queue: new BullQueue<Job>(NAME, { connection: adding, prefix: PREFIX, skipWaitingForReady: true }),
    worker: (process) => new Worker<Job>(NAME, process, { connection: working, prefix: PREFIX, concurrency }),
    close() {
      adding.disconnect()
      working.disconnect()
      return Promise.resolve()
    },
  }
}

async function onPostgres(pool: Pool, concurrency: number): Promise<Backend> {
  const client = await pool.connect()
  try {
    await runMigrations(client, 'bullmq')
  } finally {
    client.release()
  }
  const classes = withBackend(createPostgresBackend)
  return {
    queue: new classes.Queue<Job>(NAME, { connection: pool }),
    worker: (process) => new classes.Worker<Job>(NAME, process, { connection: pool, concurrency }),
    close: () => Promise.resolve(),
  }
}

const CLOSE_MS = 1000
const ANSWERS_WITHIN_MS = 5_000

/** A connection that hangs reports no error by itself. The outbox keeps what could not be added, and adding it twice does no harm. */
async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`the queue did not answer within ${ms} ms`)), ms)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
    work.catch(() => {})
  }
}

/** Opens the queue; no job runs before `work`. */
export async function openQueue({
  backend,
  concurrency,
  answersWithinMs = ANSWERS_WITHIN_MS,
  onError,
}: QueueOptions): Promise<OpenQueue> {
  const bull =
    backend.kind === 'redis' ? onRedis(backend.url, concurrency) : await onPostgres(backend.pool, concurrency)
  bull.queue.on('error', onError)
  const workers: ReturnType<Backend['worker']>[] = []
  let stopped = () => {}
  let closing = false
  const answered = <T>(work: Promise<T>): Promise<T> => within(work, answersWithinMs)

  return {
    async enqueue(job) {
      await answered(bull.queue.add(job.kind, job, JOB))
    },
    async enqueueOnce(job) {
      // BullMQ refuses ids with a colon, and keeps no second job of one id.
      await answered(bull.queue.add(job.kind, job, { ...JOB, jobId: `${job.kind}_${job.about}` }))
    },
    work(handler) {
      const worker = bull.worker(async ({ data }) => {
        try {
          await handler(data)
        } catch (error) {
          // A failed job is removed: its work is found again in the database.
          if (!closing) onError(error)
          throw error
        }
      })
      worker.on('error', onError)
      workers.push(worker)
      return new Promise<void>((resolve) => (stopped = resolve))
    },
    drop: () => answered(bull.queue.drain(true)),
    async close() {
      closing = true
      const closed = Promise.all([...workers.map((worker) => worker.close(true)), bull.queue.close()])
      // An unreachable backend must not keep the process from ending.
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref())]).catch(onError)
      await bull.close()
      stopped()
    },
  }
}
