import { Worker } from 'node:worker_threads'
import { ReplayTooLong } from '../../domain/errors.ts'
import type { Reads } from '../../ports/store.ts'
import { readRecording } from '../../replay/recording.ts'
import type { Replay } from '../../replay/shapes/replay.ts'
import type { BackTested, DraftVersion } from '../../trials/back-test.ts'
import type { ThreadCounts } from './counts.ts'
import { PRESENT_READS, type ReplayNotice, type ReplayOrder, type ReplayThreadData } from './replay-protocol.ts'

interface ReplayerDeps {
  store: Reads
  data: ReplayThreadData
  /** Time for one run. */
  seconds: number
  counts: ThreadCounts
}

type Computable = Exclude<ReplayOrder, { kind: 'answer' }>
type Computed = Extract<ReplayNotice, { kind: 'replay' | 'back-test' }>

export interface Replayer {
  /** Computes a run again. Throws NotFound, ContentsErased, or ReplayTooLong when it comes to no end. */
  replay(runId: string): Promise<Replay>
  /** What a draft would have made of a run; throws the same. */
  backTest(runId: string, draft: DraftVersion): Promise<BackTested>
  close(): Promise<void>
}

/** Loading the code on a busy machine may take long. */
const STARTING_MS = 60_000
/** A thread that is not asked for so long is ended: it takes the memory of the whole engine. */
const IDLE_MS = 60_000
const ENTRY = new URL('./replay-thread.ts', import.meta.url)

/** Computes runs again in a thread, one at a time, so that one that comes to no end stops nothing else. */
export function createReplayer({ store, data, seconds, counts }: ReplayerDeps): Replayer {
  let thread: Worker | null = null
  let idle: NodeJS.Timeout | undefined
  let tail: Promise<unknown> = Promise.resolve()

  const end = async () => {
    const ended = thread
    thread = null
    await ended?.terminate()
  }
  const open = async () => {
    const worker = await started(data)
    worker.once('exit', () => {
      if (thread === worker) thread = null
    })
    return worker
  }
  const compute = async (order: Computable): Promise<Computed> => {
    clearTimeout(idle)
    try {
      thread ??= await open()
      return await within(seconds, computed(thread, store, order))
    } catch (error) {
      if (error instanceof ReplayTooLong) counts.restarts.inc({ thread: 'replay', why: 'stood still' })
      await end()
      throw error
    } finally {
      idle = setTimeout(() => void end(), IDLE_MS).unref()
    }
  }
  const inTurn = async (order: Computable): Promise<Computed> => {
    const result = tail.then(() => compute(order))
    tail = result.catch(() => {})
    return result
  }
  return {
    async replay(runId) {
      const done = await inTurn({ kind: 'replay', recording: await readRecording(store, runId) })
      if (done.kind !== 'replay') throw new TypeError('the thread for replays answered another order')
      return done.replay
    },
    async backTest(runId, draft) {
      const done = await inTurn({ kind: 'back-test', recording: await readRecording(store, runId), draft })
      if (done.kind !== 'back-test') throw new TypeError('the thread for replays answered another order')
      return done.backTested
    },
    close: end,
  }
}

async function started(data: ReplayThreadData): Promise<Worker> {
  const worker = new Worker(ENTRY, { workerData: data })
  worker.unref()
  try {
    await new Promise((resolve, reject) => {
      worker.once('message', resolve).once('error', reject)
      setTimeout(() => reject(new Error('the thread for replays did not start')), STARTING_MS).unref()
    })
    return worker
  } catch (error) {
    await worker.terminate()
    throw error
  }
}

/** Lets the thread compute, and reads for it what it asks. */
function computed(worker: Worker, store: Reads, computable: Computable): Promise<Computed> {
  const { promise, resolve, reject } = Promise.withResolvers<Computed>()
  const order = (what: ReplayOrder) => worker.postMessage(what)
  const hear = (notice: ReplayNotice) => {
    if (notice.kind === 'replay' || notice.kind === 'back-test') resolve(notice)
    else if (notice.kind === 'failed') reject(new Error(notice.message))
    else if (notice.kind === 'read') void answer(store, notice).then(order)
  }
  const fail = (error?: unknown) => reject(error instanceof Error ? error : new Error('the thread for replays ended'))
  worker.on('message', hear).once('error', fail).once('exit', fail)
  order(computable)
  return promise.finally(() => worker.off('message', hear).off('error', fail).off('exit', fail))
}

async function answer(
  store: Reads,
  { id, read, args }: Extract<ReplayNotice, { kind: 'read' }>,
): Promise<Extract<ReplayOrder, { kind: 'answer' }>> {
  try {
    if (!PRESENT_READS.includes(read)) throw new TypeError(`a replay does not read ${String(read)}`)
    const ask = store[read] as (...args: unknown[]) => Promise<unknown>
    return { kind: 'answer', id, value: await ask(...args) }
  } catch (error) {
    return { kind: 'answer', id, failed: error instanceof Error ? error.message : String(error) }
  }
}

async function within<T>(seconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new ReplayTooLong(seconds)), seconds * 1000)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
