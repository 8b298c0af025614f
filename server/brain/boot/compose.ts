// Settings in, a running brain out: HTTP in this thread, jobs and replays in threads of their own.
import { userInfo } from 'node:os'
import type { Logger } from 'pino'
import { collectDefaultMetrics, Registry } from 'prom-client'
import release from '../../../package.json' with { type: 'json' }
import { SettableClock } from '../adapters/clock.ts'
import { sortableIds } from '../adapters/ids.ts'
import type { BrainSettings } from '../../settings/brain-settings.ts'
import { brainApp } from '../http/app.ts'
import { httpMetrics } from '../http/requests/metrics.ts'
import { loadCatalog } from '../missions/catalog.ts'
import { installCatalog } from '../missions/install-catalog.ts'
import { markChanges } from '../oversight/mark-changes.ts'
import type { Clock, Ids } from '../ports/clock.ts'
import { startRun } from '../runs/start-run.ts'
import { steerRun } from '../runs/steer-run.ts'
import { startUndo } from '../undo/start-undo.ts'
import { keepStopped, stoppedHere } from './keep-stopped.ts'
import { listenHttp, type HttpDoor } from './listen-http.ts'
import { openOrg, type Org } from './open-org.ts'
import { loadPhases } from './parts/load-phases.ts'
import { factsOf, openLog } from './parts/log.ts'
import { openStorage, type Storage } from './parts/open-storage.ts'
import { rulesetFingerprint } from './ruleset-fingerprint.ts'
import { threadCounts } from './threads/counts.ts'
import { keepJobs } from './threads/jobs-keeper.ts'
import { createReplayer, type Replayer } from './threads/replayer.ts'

export interface Overrides {
  /** URL of a module that exports `phasesWith`, in place of this release's phases. */
  phasesModule?: string
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
  org: Org
  storage: Storage
  engine: string
  phasesModule: string
  metrics: Registry
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
  const clock = new SettableClock()
  const ids = sortableIds(clock)
  const log = openLog(config.logLevel)
  const onError = (error: unknown) => log.warn(factsOf(error), 'something outside failed; it is tried again')
  const door = config.role === 'jobs' ? null : await listenHttp(config.port, config.host)
  if (door) closers.push(() => door.close())
  const storage = await openStorage(config, { clock, ids, onError })
  closers.push(() => storage.close())
  const metrics = new Registry()
  const counted = httpMetrics(metrics)
  const org = await openOrg(config, {
    onError: (error, tool) => log.error({ tool, ...factsOf(error) }, 'a tool failed'),
    onRefused: (refusal) => {
      const { rule, isBreach } = refusal
      counted.refusals.inc({ door: 'salesforce-mcp', rule })
      if (isBreach) counted.breaches.inc()
      log.warn({ event: 'refusal', door: 'salesforce-mcp', ...refusal }, 'refused')
    },
  })
  closers.push(() => org.close())
  const engine = await rulesetFingerprint()
  const phasesModule = overrides.phasesModule ?? new URL('./parts/phases.ts', import.meta.url).href
  const parts: Parts = { config, clock, ids, log, org, storage, engine, phasesModule, metrics }
  const installer = { release: release.version, by: userInfo().username }
  await installCatalog(storage.store, await loadCatalog(config.missionsDir ?? undefined), installer)
  await markChanges(storage.store, { ruleset: engine, model: config.llm?.model ?? null })
  for (const what of await stoppedHere(storage.store)) await org.writes.stop(what).catch(onError)
  closers.push(keepStopped({ store: storage.store, writes: org.writes, onError }))
  if (!door) {
    closers.push(await jobsHere(parts))
    return { url: null, store: storage.store, dispose }
  }
  const counts = threadCounts(metrics)
  const data = { engine, phasesModule }
  const replayer = createReplayer({ store: storage.store, data, seconds: config.phaseSeconds, counts })
  closers.push(() => replayer.close())
  if (config.role === 'all') closers.push(await jobsInThread(parts, counts))
  return { url: serve(door, parts, replayer), store: storage.store, dispose }
}

/** The whole process is for the jobs: its watchdog ends it when a run stops it. Returns what closes them. */
async function jobsHere({ ids, org, phasesModule, ...parts }: Parts): Promise<() => Promise<void>> {
  // Loaded only where jobs run in this thread: queue and event client are large.
  const { runJobs } = await import('./parts/run-jobs.ts')
  const phasesWith = await loadPhases(phasesModule)
  const jobs = await runJobs({ ...parts, ids, phasesWith, salesforce: org.salesforce, worker: ids.next() })
  return () => jobs.close()
}

/** Returns what closes them. */
async function jobsInThread(parts: Parts, counts: ReturnType<typeof threadCounts>): Promise<() => Promise<void>> {
  const { config, ids, log, org, storage, engine, phasesModule } = parts
  const { mcp, ...salesforce } = config.salesforce
  const salesforceMcp = mcp.kind === 'remote' ? { url: mcp.url, caller: mcp.caller } : null
  const settings = { ...config, salesforce }
  const jobs = await keepJobs({
    data: { settings, engine, phasesModule, salesforceMcp },
    connectDatabase: storage.connect,
    serveSalesforce: (port) => org.serveOn?.(port),
    phaseSeconds: config.phaseSeconds,
    store: storage.store,
    ids,
    log,
    counts,
  })
  return () => jobs.close()
}

/** Opens the HTTP door; returns its address. */
function serve(door: HttpDoor, parts: Parts, replayer: Replayer): string {
  const { config, clock, ids, log, org, storage, metrics } = parts
  const { store } = storage
  const { salesforce } = org
  const publicUrl = config.publicUrl ?? `http://localhost:${door.port}`
  const { allowedOrigins, orgId, orgKeys, holdSeconds } = config
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
    replayRun: (runId) => replayer.replay(runId),
    backTestRun: (runId, draft) => replayer.backTest(runId, draft),
    salesforceSwitch: org.writes,
  })
  door.serve(app)
  return publicUrl
}
