// How each process is started: its entry, its settings, its orders, and how it shows that it is ready.
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Options } from '../../../server/practice/options.ts'
import { brainProcess, brainUrl, orgProcess, orgUrl } from '../../../server/practice/processes.ts'
import { ORDERS_VARIABLE, type Orders } from '../preload/orders.ts'
import type { Program } from './managed.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const PRELOAD = join(ROOT, 'scripts', 'chaos', 'preload', 'preload.ts')

export type NodeProcess = 'org' | 'salesforce-mcp' | 'web' | 'worker-1' | 'worker-2'
export type DoorName = 'org' | 'web' | 'worker-1' | 'worker-2'

interface Around {
  folder: string
  options: Options
  /** Where each process reaches the next one. */
  doors: Record<DoorName, { url: string }>
  databaseUrl: string
  redisUrl: string
  mcpPort: number
}

export function nodePrograms(around: Around, ordersOf: (process: NodeProcess) => Orders): Record<NodeProcess, Program> {
  const { options, doors, mcpPort } = around
  const { brain, mcp } = settingsOf(around)
  const program = (name: NodeProcess, entry: string, env: Record<string, string>, isReady: Program['isReady']) =>
    nodeProgram(around.folder, ordersOf(name), { name, entry, env, isReady })
  const worker = (name: 'worker-1' | 'worker-2') =>
    program(name, 'server/worker.ts', { ...brain, SALESFORCE_MCP_URL: `${doors[name].url}/mcp` }, async () => true)
  const orgEntry = 'server/practice-org/src/main.ts'
  const web = { ...brain, ROLE: 'web', SALESFORCE_MCP_URL: `${doors.web.url}/mcp` }
  const refuses = async () => [401, 403].includes((await fetch(`http://127.0.0.1:${mcpPort}/writes`)).status)
  return {
    org: program('org', orgEntry, orgProcess(options).env, answers(`${orgUrl(options)}/practice/key`)),
    'salesforce-mcp': program('salesforce-mcp', 'server/salesforce-mcp/main.ts', mcp, refuses),
    web: program('web', 'server/main.ts', web, answers(`${brainUrl(options)}/health/ready`)),
    'worker-1': worker('worker-1'),
    'worker-2': worker('worker-2'),
  }
}

/** The settings of salesforce-mcp, and those of the brain, which lack the writer's key. */
function settingsOf({ folder, options, doors, databaseUrl, redisUrl, mcpPort }: Around) {
  const all = brainProcess(options, ORG_ID).env
  const secret = (name: string) => {
    const file = join(folder, name)
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 })
    return file
  }
  const token = secret('salesforce-mcp.token')
  const withoutWriter = Object.entries(all).filter(([name]) => !name.startsWith('SF_WRITER_'))
  const hosts = Object.values(doors).map(({ url }) => new URL(url).host)
  return {
    brain: {
      ...Object.fromEntries(withoutWriter),
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      BODY_KEY_FILE: secret('body.key'),
      SALESFORCE_MCP_TOKEN_FILE: token,
    },
    mcp: {
      ...all,
      SF_LOGIN_URL: doors.org.url,
      SALESFORCE_MCP_PORT: String(mcpPort),
      SALESFORCE_MCP_TOKEN_FILE: token,
      SALESFORCE_MCP_SEAL_KEY_FILE: secret('seal.key'),
      SALESFORCE_MCP_ALLOWED_HOSTS: hosts.join(','),
    },
  }
}

interface Entry extends Pick<Program, 'env' | 'isReady'> {
  name: NodeProcess
  entry: string
}

function nodeProgram(folder: string, orders: Orders, { name, entry, env, isReady }: Entry): Program {
  return {
    name,
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', '--import', PRELOAD, join(ROOT, entry)],
    env: {
      PATH: process.env.PATH ?? '',
      NODE_COMPILE_CACHE: join(folder, 'compiled'),
      [ORDERS_VARIABLE]: JSON.stringify(orders),
      ...env,
    },
    logFile: join(folder, 'logs', `${name}.log`),
    readyText: name === 'salesforce-mcp' ? 'listens on' : '"ready":true',
    isReady,
  }
}

/** The practice org's id when none is set. */
const ORG_ID = '00D000000000001EAA'

const answers = (url: string) => async (): Promise<boolean> =>
  (await fetch(url, { signal: AbortSignal.timeout(3_000) })).ok
