import { setTimeout as sleep } from 'node:timers/promises'
import { Worker, type MessagePort } from 'node:worker_threads'
import type { Logger } from 'pino'
import type { Ids } from '../../ports/clock.ts'
import type { Leases } from '../../ports/runs.ts'
import { factsOf } from '../parts/log.ts'
import type { ThreadCounts } from './counts.ts'
import { newBeats, Standstill } from './heartbeat.ts'
import type { JobsNotice, JobsOrder, JobsThreadData } from './jobs-protocol.ts'

interface JobsKeeperDeps {
  /** What each thread is given, but for what is its own. */
  data: Omit<JobsThreadData, 'beats' | 'worker' | 'database'>
  /** A port to the embedded database; null with a PostgreSQL server. */
  connectDatabase: (() => MessagePort) | null
  /** Opens a session with salesforce-mcp on the port. */
  serveSalesforce(port: MessagePort): void
  /** How long the thread's event loop may stand still. */
  phaseSeconds: number
  store: Pick<Leases, 'releaseAllOf'>
  ids: Ids
  log: Logger
  counts: ThreadCounts
}

interface JobsThread {
  worker: Worker
  name: string
  standstill: Standstill
  isReady: boolean
  stoodStill: boolean
  /** Resolves once it works; never when it ends before. */
  ready: Promise<void>
  /** Resolves when it is gone, with what ended it. */
  ended: Promise<unknown>
}

const TICK_SECONDS = 1
/** Loading the code on a busy machine may take long; so many seconds are granted before it is ready. */
const STARTING_SECONDS = 60
/** Before a thread that could not even start is started again; the last one repeats. */
const PAUSES_MS = [1_000, 5_000, 30_000]
const CLOSE_MS = 1_200
const ENTRY = new URL('./jobs-thread.ts', import.meta.url)

/** Starts the jobs in a thread, and starts them again when it stands still or ends. Throws when the first start fails. */
export async function keepJobs(deps: JobsKeeperDeps): Promise<{ close(): Promise<void> }> {
  const { phaseSeconds, store, log, counts } = deps
  let current = startThread(deps)
  let isClosing = false
  let failures = 0

  const watch = setInterval(() => {
    const limit = current.isReady ? phaseSeconds : Math.max(phaseSeconds, STARTING_SECONDS)
    if (current.standstill.tick() * TICK_SECONDS < limit || current.stoodStill) return
    current.stoodStill = true
    void current.worker.terminate()
  }, TICK_SECONDS * 1000)
  watch.unref()

  const replaceWhenEnded = async (thread: JobsThread): Promise<void> => {
    const error = await thread.ended
    if (isClosing) return
    failures = thread.isReady ? 0 : failures + 1
    const why = thread.stoodStill ? 'stood still' : 'ended'
    counts.restarts.inc({ thread: 'jobs', why })
    log.error({ why, phaseSeconds, ...factsOf(error) }, 'the jobs are started again in a new thread')
    await store
      .releaseAllOf(thread.name)
      .catch((failed: unknown) => log.warn(factsOf(failed), 'leases end by themselves'))
    if (failures > 0) await sleep(PAUSES_MS[Math.min(failures, PAUSES_MS.length) - 1], undefined, { ref: false })
    if (isClosing) return
    current = startThread(deps)
    void replaceWhenEnded(current)
  }

  const close = async () => {
    isClosing = true
    clearInterval(watch)
    current.worker.postMessage('close' satisfies JobsOrder)
    await Promise.race([current.ended, sleep(CLOSE_MS, undefined, { ref: false })])
    await current.worker.terminate()
  }
  try {
    await Promise.race([current.ready, current.ended.then((error) => Promise.reject(error as Error))])
  } catch (error) {
    await close()
    throw error
  }
  void replaceWhenEnded(current)
  return { close }
}

function startThread(deps: JobsKeeperDeps): JobsThread {
  const beats = newBeats()
  const name = deps.ids.next()
  const database = deps.connectDatabase?.() ?? null
  const workerData: JobsThreadData = { ...deps.data, beats, worker: name, database }
  const worker = new Worker(ENTRY, { workerData, transferList: database ? [database] : [] })
  const ready = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<unknown>()
  let thrown: unknown
  worker.once('error', (error) => (thrown = error))
  worker.once('exit', (code) => ended.resolve(thrown ?? new Error(`the thread of the jobs ended with ${code}`)))
  const started: JobsThread = {
    worker,
    name,
    standstill: new Standstill(beats),
    isReady: false,
    stoodStill: false,
    ready: ready.promise,
    ended: ended.promise,
  }
  worker.on('message', (notice: JobsNotice) => {
    if (notice.kind === 'ready') {
      started.isReady = true
      ready.resolve()
    } else if (notice.kind === 'set-aside') deps.counts.setAside.inc()
    else if (notice.kind === 'stray') deps.counts.strays.inc()
    else if (notice.kind === 'salesforce') deps.serveSalesforce(notice.port)
    else void worker.terminate()
  })
  return started
}
