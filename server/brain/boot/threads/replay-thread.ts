// The thread that computes runs again: it has no database and no network, and may be ended at any time.
import { parentPort, workerData } from 'node:worker_threads'
import { OFFLINE, replayRecording } from '../../replay/replay-recording.ts'
import { backTestRecording } from '../../trials/back-test.ts'
import type { RecordedWorld } from '../../replay/shapes/replay.ts'
import { loadPhases } from '../parts/load-phases.ts'
import {
  PRESENT_READS,
  type PresentRead,
  type ReplayNotice,
  type ReplayOrder,
  type ReplayThreadData,
} from './replay-protocol.ts'

if (!parentPort) throw new Error('this file runs as a worker thread')
const owner = parentPort
const { engine, phasesModule } = workerData as ReplayThreadData
const phasesWith = await loadPhases(phasesModule)

const notify = (notice: ReplayNotice) => owner.postMessage(notice)
const waiting = new Map<number, PromiseWithResolvers<unknown>>()
let reads = 0

function askMain(read: PresentRead, args: unknown[]): Promise<unknown> {
  const answer = Promise.withResolvers<unknown>()
  const id = (reads += 1)
  waiting.set(id, answer)
  notify({ kind: 'read', id, read, args })
  return answer.promise
}

const present = Object.fromEntries(
  PRESENT_READS.map((read) => [read, (...args: unknown[]) => askMain(read, args)]),
) as unknown as RecordedWorld['reads']

/** For questions and proposals alone, which want nothing of what the deciding phases are given. */
const phases = phasesWith(OFFLINE)

async function compute(order: Exclude<ReplayOrder, { kind: 'answer' }>): Promise<void> {
  const { recording } = order
  try {
    if (order.kind === 'replay')
      notify({ kind: 'replay', replay: await replayRecording({ present, engine, phasesWith }, recording) })
    else notify({ kind: 'back-test', backTested: await backTestRecording({ present, phases }, recording, order.draft) })
  } catch (error) {
    notify({ kind: 'failed', message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) })
  }
}

owner.on('message', (order: ReplayOrder) => {
  if (order.kind !== 'answer') return void compute(order)
  const asker = waiting.get(order.id)
  waiting.delete(order.id)
  if (order.failed === undefined) asker?.resolve(order.value)
  else asker?.reject(new Error(order.failed))
})

notify({ kind: 'ready' })
