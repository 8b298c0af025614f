// How each process is started: its entry, its settings, its orders, and how it shows that it is ready.
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { HTTP_SCOPES, JOBS_SCOPES } from '../../../server/contract/call-token.ts'
import type { Options } from '../../../server/practice/options.ts'
import { brainProcess, brainUrl, orgProcess, orgUrl } from '../../../server/practice/processes.ts'
import { addCaller, makeAnswerKey } from '../../door/door-keys.ts'
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
  const { options, mcpPort } = around
  const { brain, mcp, callerOf } = settingsOf(around)
  const program = (name: NodeProcess, entry: string, env: Record<string, string>, isReady: Program['isReady']) =>
    nodeProgram(around.folder, ordersOf(name), { name, entry, env, isReady })
  const worker = (name: 'worker-1' | 'worker-2') =>
    program(name, 'server/worker.ts', { ...brain, ...callerOf(name) }, async () => true)
  const orgEntry = 'server/practice-org/src/main.ts'
  const web = { ...brain, ...callerOf('web'), ROLE: 'web' }
  const refuses = async () => [401, 403].includes((await fetch(`http://127.0.0.1:${mcpPort}/writes`)).status)
  return {
    org: program('org', orgEntry, orgProcess(options).env, answers(`${orgUrl(options)}/practice/key`)),
    'salesforce-mcp': program('salesforce-mcp', 'server/salesforce-mcp/main.ts', mcp, refuses),
    web: program('web', 'server/main.ts', web, answers(`${brainUrl(options)}/health/ready`)),
    'worker-1': worker('worker-1'),
    'worker-2': worker('worker-2'),
  }
}

const CALLERS = [
  ['web', HTTP_SCOPES],
  ['worker-1', JOBS_SCOPES],
  ['worker-2', JOBS_SCOPES],
] as const
/** Keys may be used from yesterday on: the clocks of some scenes go behind. */
const DAY_MS = 86_400_000

/** The settings of salesforce-mcp, those of the brain, which lack the writer's key, and each process's own as a caller. */
function settingsOf({ folder, options, doors, databaseUrl, redisUrl, mcpPort }: Around) {
  const all = brainProcess(options, ORG_ID).env
  const secret = (name: string) => {
    const file = join(folder, name)
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 })
    return file
  }
  const [callersFile, answerKeyFile] = [join(folder, 'callers.json'), join(folder, 'answers.pem')]
  const callerKeyFile = (name: string) => join(folder, `${name}.pem`)
  const publicFile = makeAnswerKey(answerKeyFile)
  for (const [name, scopes] of CALLERS)
    addCaller({ name, scopes, days: 30, keyFile: callerKeyFile(name), callersFile }, new Date(Date.now() - DAY_MS))
  const withoutWriter = Object.entries(all).filter(([name]) => !name.startsWith('SF_WRITER_'))
  const hosts = Object.values(doors).map(({ url }) => new URL(url).host)
  return {
    brain: {
      ...Object.fromEntries(withoutWriter),
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      BODY_KEY_FILE: secret('body.key'),
      SALESFORCE_MCP_ANSWER_PUBLIC_KEY_FILES: publicFile,
    },
    mcp: {
      ...all,
      SF_LOGIN_URL: doors.org.url,
      SALESFORCE_MCP_PORT: String(mcpPort),
      SALESFORCE_MCP_CALLERS_FILE: callersFile,
      SALESFORCE_MCP_ANSWER_KEY_FILE: answerKeyFile,
      SALESFORCE_MCP_SEAL_KEY_FILE: secret('seal.key'),
      SALESFORCE_MCP_ALLOWED_HOSTS: hosts.join(','),
    },
    callerOf: (name: (typeof CALLERS)[number][0]) => ({
      SALESFORCE_MCP_URL: `${doors[name].url}/mcp`,
      SALESFORCE_MCP_CALLER: name,
      SALESFORCE_MCP_KEY_FILE: callerKeyFile(name),
    }),
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
