// The jobs' side of the brain: works on runs and listens to the org, in a thread of its own or as the whole process.
import { userInfo } from 'node:os'
import type { Logger } from 'pino'
import { openLanguageModel } from '../../adapters/openai/language-model.ts'
import { openQueue, type QueueBackend } from '../../adapters/queue/bull.ts'
import type { RecordKey } from '../../../contract/values/ids.ts'
import type { BrainSettings } from '../../../settings/brain-settings.ts'
import { BegunTooOften } from '../../domain/errors.ts'
import type { Receipt } from '../../decisions/strays/settle-by-receipt.ts'
import { startTimers } from '../../jobs/timers.ts'
import { startWorkers } from '../../jobs/workers.ts'
import type { TriedChange } from '../../ports/change-tries.ts'
import type { Clock, Ids } from '../../ports/clock.ts'
import type { Salesforce } from '../../ports/salesforce.ts'
import type { RunnerDeps } from '../../runs/runner.ts'
import { ALL_INSTRUCTIONS } from '../../prompts/prompts.ts'
import { recordModel } from '../../runs/record-model.ts'
import { WorkerLeases } from '../../runs/worker-leases.ts'
import { listenToOrg } from './listen-to-org.ts'
import { factsOf, modelCallEvent } from './log.ts'
import type { Storage } from './open-storage.ts'
import type { phasesWith } from './phases.ts'

/** What the jobs must know; the keys of salesforce-mcp stay where it runs. */
export type JobsSettings = Pick<
  BrainSettings,
  'orgId' | 'redisUrl' | 'holdSeconds' | 'settleSeconds' | 'retentionDays' | 'eraseDeletedDays' | 'llm' | 'logLevel'
> & { salesforce: Omit<BrainSettings['salesforce'], 'mcp'> }

export interface JobsParts {
  config: JobsSettings
  clock: Clock
  ids: Ids
  log: Logger
  salesforce: Salesforce
  storage: Storage
  /** What thinks: results of another engine may differ. */
  engine: string
  phasesWith: typeof phasesWith
  /** Names this side among others; its leases bear the name. */
  worker: string
  /** Told of each run that is set aside because it stopped its process again and again. */
  onSetAside?(): void
  /** Told of each write in the org that was not approved here. */
  onStray?(): void
}

/** Jobs one process works on at a time: runs mostly wait for Salesforce. */
const CONCURRENCY = 8
/** What stopped this process before waits so long, that the other runs come further in between. */
const SUSPECTS_AFTER_MS = 3_000

/** Starts workers and the subscription to the org's changes. */
export async function runJobs(parts: JobsParts): Promise<{ close(): Promise<void> }> {
  const { config, clock, ids, log, salesforce, storage } = parts
  const { store } = storage
  const { redisUrl: url, retentionDays, eraseDeletedDays } = config
  const onError = (error: unknown) => log.warn(factsOf(error), 'something outside failed; it is tried again')
  const backend: QueueBackend = url ? { kind: 'redis', url } : { kind: 'postgres', pool: storage.queuePool() }
  const queue = await openQueue({ backend, concurrency: CONCURRENCY, onError })
  const runner = runnerOf(parts, onError)
  const { model } = runner
  if (model) await recordModel(store, { model, instructions: ALL_INSTRUCTIONS, by: userInfo().username })
  const onStray = ({ id, decision, run }: Receipt, byOther: boolean) => {
    const what = byOther ? 'another brain writes to this org' : 'the org holds a write that was not approved here'
    log.error({ receipt: id, decision, run }, what)
    parts.onStray?.()
  }
  const onMissing = (records: readonly RecordKey[]) =>
    log.warn({ records }, 'Salesforce does not return these records: deleted for good, or hidden from the reader')
  const erasing = { retentionDays, eraseDeletedDays, onMissing }
  const workers = await startWorkers({ store, queue, runner, ...erasing, onStray, onError })
  const onSetAside = (tried: TriedChange, reason: string | null) => {
    const { source, position, object, change, recordIds } = tried
    const what = 'a change in the org could not be taken and is set aside'
    log.error({ source, position, object, change, recordIds, reason }, what)
  }
  const triggers = { store, clock, ids, salesforce, onSetAside, onError }
  const subscription = await listenToOrg(config, triggers)
  const timers = startTimers(triggers)
  return {
    async close() {
      timers.close()
      await subscription.close()
      await workers.close()
      await queue.close()
    },
  }
}

function runnerOf(parts: JobsParts, onError: (error: unknown) => void): RunnerDeps {
  const { config, clock, ids, log, salesforce, storage, engine, worker } = parts
  const { store } = storage
  const { holdSeconds, settleSeconds } = config
  const suspectsFrom = performance.now() + SUSPECTS_AFTER_MS
  const model = config.llm && openLanguageModel(config.llm)
  const deps = { store, clock, ids, salesforce, holdSeconds, settleSeconds }
  return {
    engine,
    store,
    salesforce,
    model,
    clock,
    ids,
    leases: new WorkerLeases(store, worker, () => performance.now() > suspectsFrom),
    phases: parts.phasesWith(deps),
    every(seconds, repeat) {
      const timer = setInterval(() => void repeat().catch(onError), seconds * 1000)
      return () => clearInterval(timer)
    },
    onModelCall(call) {
      const level = call.injectionSigns.length > 0 || call.outcome === 'failed' ? 'warn' : 'info'
      log[level](modelCallEvent(call), 'a language model was asked')
    },
    onContained({ change: { what, reason, hash }, runId }) {
      log.error({ event: 'contained', what, reason, runId, hash }, 'stopped after a breach')
    },
    onError(runId, error) {
      log.error({ runId, ...factsOf(error) }, 'a run cannot go on')
      if (error instanceof BegunTooOften) parts.onSetAside?.()
    },
  }
}
