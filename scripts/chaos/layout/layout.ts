// The production layout of docs/setup.md on this machine: HTTP, two workers, salesforce-mcp and the practice org as processes of their
// own under supervisors, on PostgreSQL and Redis, with doors of the harness before salesforce-mcp and before the org.
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { activateMissions, toActivate } from '../../../server/practice/activate.ts'
import { registerClients } from '../../../server/practice/keys.ts'
import type { Options } from '../../../server/practice/options.ts'
import { brainUrl, orgKeyFile, orgUrl } from '../../../server/practice/processes.ts'
import { freePort } from '../../../test/support/free-port.ts'
import { pauseFile, type PausePoint } from '../preload/pause-point.ts'
import { ORDERS_VARIABLE, type Orders } from '../preload/orders.ts'
import { openDoor, type Door, type DoorFault, type Exchange } from './door.ts'
import { Managed } from './managed.ts'
import { nodePrograms, type DoorName, type NodeProcess } from './programs.ts'
import { startReaper } from './reaper.ts'
import { postgresProgram, redisProgram } from './servers.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const CATALOG = join(ROOT, 'server', 'brain', 'missions', 'catalog')
const KNOWLEDGE = join(ROOT, 'server', 'brain', 'knowledge', 'catalog')

/** Of the product, when the layout does not change it. */
const PRODUCT_LEASE_SECONDS = 30

export type ProcessName = 'postgres' | 'redis' | NodeProcess
type Changes = Partial<Pick<Orders, 'weaken' | 'leaseSeconds' | 'sweep' | 'clockOffsetMs'>>

interface LayoutSettings {
  weaken: Orders['weaken']
  leaseSeconds: number | null
  holdSeconds: number
  settleSeconds: number
}

/** What happens to a write at a door; null: nothing. */
export type FaultAt = (door: DoorName, exchange: Exchange) => DoorFault | null

export interface Layout extends AsyncDisposable {
  folder: string
  options: Options
  orgUrl: string
  brainUrl: string
  databaseUrl: string
  redisUrl: string
  processes: Record<ProcessName, Managed>
  doors: Record<DoorName, Door>
  /** Asked for each write; may be set at any time. */
  faultAt: FaultAt
  /** The next time the process comes to this point, for this run or for any, it stops. */
  orderPause(process: ProcessName, point: PausePoint, runId?: string): void
  /** True until the process has come to the point. */
  isPauseOrdered(process: ProcessName, point: PausePoint): boolean
  forgetPause(process: ProcessName, point: PausePoint): void
  /** A third longer than a lease. */
  beyondLeaseMs: number
  /** Starts a Node process anew with these orders. */
  replace(process: ProcessName, changes: Changes): Promise<void>
}

const isOrgWrite = (path: string, body: string): boolean =>
  path.includes('/services/Soap/') ? true : path.includes('/composite') && body.includes('"allOrNone":true')
const isCommit = (_path: string, body: string): boolean => body.includes('"name":"commitChangeSet"')

/** Starts everything. Nothing is left running when that fails. */
export async function startLayout(settings: LayoutSettings): Promise<Layout> {
  const folder = mkdtempSync(join(tmpdir(), 'missions-chaos-'))
  chmodSync(folder, 0o711)
  const pauses = join(folder, 'pauses')
  mkdirSync(pauses)
  const options = await optionsIn(folder, settings)
  const ordered: Pick<Layout, 'faultAt'> = { faultAt: () => null }
  const { doors, mcpPort } = await openDoors(options, (door, exchange) => ordered.faultAt(door, exchange))
  const postgres = postgresProgram(folder, await freePort())
  const redis = redisProgram(folder, await freePort())
  const { weaken, leaseSeconds } = settings
  const ordersOf = (process: ProcessName, changes: Changes = {}): Orders => ({
    pauses,
    process,
    weaken,
    leaseSeconds,
    sweep: null,
    clockOffsetMs: 0,
    ...changes,
  })
  const around = { folder, options, doors, mcpPort, databaseUrl: postgres.url, redisUrl: redis.url }
  const programs = { postgres: postgres.program, redis: redis.program, ...nodePrograms(around, ordersOf) }
  const reaper = startReaper()
  const processes = Object.fromEntries(
    Object.entries(programs).map(([name, program]) => [name, new Managed(program, reaper)]),
  ) as Layout['processes']
  const dispose = async () => {
    await Promise.all(Object.values(processes).map((each) => each.stop()))
    await Promise.all(Object.values(doors).map((door) => door.close()))
    reaper.close()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await startAll(options, processes)
  } catch (error) {
    await dispose()
    throw error
  }
  const { databaseUrl, redisUrl } = around
  const at = { folder, options, orgUrl: orgUrl(options), brainUrl: brainUrl(options), databaseUrl, redisUrl }
  const replace = (process: ProcessName, changes: Changes) =>
    processes[process].replace({ [ORDERS_VARIABLE]: JSON.stringify(ordersOf(process, changes)) })
  const beyondLeaseMs = (leaseSeconds ?? PRODUCT_LEASE_SECONDS) * 1333
  const own = { processes, doors, replace, beyondLeaseMs, [Symbol.asyncDispose]: dispose }
  return Object.assign(ordered, at, pausesIn(pauses), own)
}

function pausesIn(pauses: string): Pick<Layout, 'orderPause' | 'isPauseOrdered' | 'forgetPause'> {
  const file = (process: ProcessName, point: PausePoint) => pauseFile({ pauses, process }, point)
  return {
    orderPause: (process, point, runId = '') => writeFileSync(file(process, point), runId),
    isPauseOrdered: (process, point) => existsSync(file(process, point)),
    forgetPause: (process, point) => rmSync(file(process, point), { force: true }),
  }
}

async function optionsIn(folder: string, { holdSeconds, settleSeconds }: LayoutSettings): Promise<Options> {
  const dataDir = join(folder, 'data')
  mkdirSync(dataDir, { mode: 0o700 })
  const missionsDir = join(folder, 'missions')
  const name = 'duplicate-account-reconciliation.yaml'
  const file = join(missionsDir, name)
  cpSync(join(CATALOG, name), file)
  cpSync(KNOWLEDGE, join(missionsDir, 'knowledge'), { recursive: true })
  writeFileSync(file, readFileSync(file, 'utf8').replace(/perDay: \d+/, 'perDay: 100000'))
  return {
    fresh: false,
    size: 20,
    dataDir,
    missionsDir,
    brainPort: await freePort(),
    orgPort: await freePort(),
    eventsPort: await freePort(),
    settleSeconds,
    holdSeconds,
  }
}

async function openDoors({ orgPort }: Options, faultAt: FaultAt): Promise<{ doors: Layout['doors']; mcpPort: number }> {
  const mcpPort = await freePort()
  const before = async (name: DoorName, target: number, isWrite: typeof isCommit) =>
    openDoor({ port: await freePort(), target, isWrite, fault: (exchange) => faultAt(name, exchange) })
  const doors: Layout['doors'] = {
    org: await before('org', orgPort, isOrgWrite),
    web: await before('web', mcpPort, isCommit),
    'worker-1': await before('worker-1', mcpPort, isCommit),
    'worker-2': await before('worker-2', mcpPort, isCommit),
  }
  return { doors, mcpPort }
}

async function startAll(options: Options, processes: Layout['processes']): Promise<void> {
  registerClients(options.dataDir)
  await Promise.all([processes.postgres.start(), processes.redis.start(), processes.org.start()])
  writeFileSync(orgKeyFile(options), await (await fetch(`${orgUrl(options)}/practice/key`)).text())
  await Promise.all([processes['salesforce-mcp'].start(), processes.web.start()])
  await activateMissions(orgUrl(options), brainUrl(options), toActivate(options))
  await Promise.all([processes['worker-1'].start(), processes['worker-2'].start()])
}
