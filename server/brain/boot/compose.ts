// The one place of the brain that says `new`: settings in, a running brain out. Tests hand in what they want otherwise.
import type { Logger } from 'pino'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { systemClock } from '../adapters/clock.ts'
import { sortableIds } from '../adapters/ids.ts'
import { openLanguageModel } from '../adapters/openai/language-model.ts'
import type { BrainSettings } from '../../settings/brain-settings.ts'
import { rulesetFingerprint } from './ruleset-fingerprint.ts'
import { WRITES_SETTING } from '../decisions/commit/commit.ts'
import type { Clock, Ids } from '../ports/clock.ts'
import type { Salesforce } from '../ports/salesforce.ts'
import { brainApp } from '../http/app.ts'
import { startWorkers } from '../jobs/workers.ts'
import { listenHttp, type HttpDoor } from './listen-http.ts'
import { listenToOrg } from './parts/listen-to-org.ts'
import { factsOf, openLog } from './parts/log.ts'
import { loadCatalog } from '../missions/catalog.ts'
import { installCatalog } from '../missions/install-catalog.ts'
import type { RunnerDeps } from '../runs/runner.ts'
import { startRun } from '../runs/start-run.ts'
import { WorkerLeases } from '../runs/worker-leases.ts'
import { startUndo } from '../undo/start-undo.ts'
import { steerRun } from '../runs/steer-run.ts'
import { openOrg, type Org } from './open-org.ts'
import { phasesWith } from './parts/phases.ts'
import { openStorage, type Storage } from './parts/open-storage.ts'
import { replayRecorded } from '../replay/replay-recorded.ts'

export interface Overrides {
  clock?: Clock
  ids?: Ids
  log?: Logger
  phases?: RunnerDeps['phases']
  salesforce?: Salesforce
}

export interface Brain {
  /** Where it is reached; null without HTTP. */
  url: string | null
  store: Storage['store']
  /** Closes everything within two seconds; what was under way is taken up at the next start. */
  dispose(): Promise<void>
}

interface Parts {
  config: BrainSettings
  clock: Clock
  ids: Ids
  log: Logger
  salesforce: Salesforce
  org: Org
  storage: Storage
  engine: string
}

/** Starts the brain. Throws SettingsError, FolderInUse, ForeignFolder or NewerSchema with lines for people; nothing stays open then. */
export async function startBrain(config: BrainSettings, overrides: Overrides = {}): Promise<Brain> {
  const closers: (() => unknown)[] = []
  const dispose = async () => {
    for (const close of closers.splice(0).reverse()) await close()
  }
  try {
    return await openBrain(config, overrides, closers, dispose)
  } catch (error) {
    await dispose()
    throw error
  }
}

async function openBrain(
  config: BrainSettings,
  overrides: Overrides,
  closers: (() => unknown)[],
  dispose: () => Promise<void>,
): Promise<Brain> {
  const clock = overrides.clock ?? systemClock
  const ids = overrides.ids ?? sortableIds(clock)
  const log = overrides.log ?? openLog(config.logLevel)
  const onError = (error: unknown) => log.warn(factsOf(error), 'something outside failed; it is tried again')
  const door = config.role === 'jobs' ? null : await listenHttp(config.port, config.host)
  if (door) closers.push(() => door.close())
  const storage = await openStorage(config, { clock, ids, onError })
  closers.push(() => storage.close())
  const org = await openOrg(config, (error, tool) => log.error({ tool, ...factsOf(error) }, 'a tool failed'))
  closers.push(() => org.close())
  const engine = await rulesetFingerprint()
  const parts = { config, clock, ids, log, org, storage, engine, salesforce: overrides.salesforce ?? org.salesforce }
  await installCatalog(storage.store, await loadCatalog(config.missionsDir ?? undefined))
  if ((await storage.store.setting(WRITES_SETTING)) === 'stopped') await org.switchWrites(true).catch(onError)
  if (config.role !== 'web') await work(parts, overrides.phases, onError, closers)
  return { url: door && serve(door, parts), store: storage.store, dispose }
}

/** Workers and the subscription to the org's changes. */
async function work(
  parts: Parts,
  phases: RunnerDeps['phases'] | undefined,
  onError: (error: unknown) => void,
  closers: (() => unknown)[],
): Promise<void> {
  const { config, clock, ids, log, salesforce, storage } = parts
  const { store, queue } = storage
  const { holdSeconds, settleSeconds } = config
  const model = config.llm && openLanguageModel(config.llm)
  const runner: RunnerDeps = {
    engine: parts.engine,
    store,
    salesforce,
    clock,
    ids,
    leases: new WorkerLeases(store, ids.next()),
    phases: phases ?? phasesWith({ model, store, clock, ids, salesforce, holdSeconds, settleSeconds }),
    every(seconds, repeat) {
      const timer = setInterval(() => void repeat().catch(onError), seconds * 1000)
      return () => clearInterval(timer)
    },
    onError: (runId, error) => log.error({ runId, ...factsOf(error) }, 'a run cannot go on'),
  }
  const workers = await startWorkers({ store, queue, runner, retentionDays: config.retentionDays, onError })
  closers.push(() => workers.close())
  const subscription = await listenToOrg(config, { store, clock, ids, salesforce, onError })
  closers.push(() => subscription.close())
}

/** Opens the HTTP door; returns its address. */
function serve(door: HttpDoor, { config, clock, ids, log, org, salesforce, storage, engine }: Parts): string {
  const { store } = storage
  const publicUrl = config.publicUrl ?? `http://localhost:${door.port}`
  const { allowedOrigins, orgId, orgKeys, holdSeconds } = config
  const metrics = new Registry()
  collectDefaultMetrics({ register: metrics })
  const app = brainApp({
    store,
    salesforce,
    clock,
    ids,
    log,
    metrics,
    config: { publicUrl, allowedOrigins, orgId, orgKeys, holdSeconds },
    startRun: (request) => startRun({ store, clock, ids }, request),
    startUndo: (asked) => startUndo({ store, clock, ids }, asked),
    steerRun: (verb, runId) => steerRun({ store }, verb, runId),
    replayRun: (runId) => replayRecorded({ store, engine, phasesWith }, runId),
    onWritesSwitched: (stopped) => org.switchWrites(stopped),
  })
  door.serve(app)
  return publicUrl
}
