// Starts the practice org and the brain as two processes, introduces them to each other, and ends them together.
import { rmSync, writeFileSync } from 'node:fs'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { activateMissions } from './activate.ts'
import { startChild, type Child } from './child.ts'
import { CLIENTS, keyFile, registerClients } from './keys.ts'
import type { Options } from './options.ts'
import { PracticeProblem } from './problem.ts'

export { PracticeProblem } from './problem.ts'

export interface Practice {
  url: string
  brainUrl: string
  /** Exit code: 0 after `stop`, 1 when a process ended by itself. */
  ended: Promise<number>
  stop(): Promise<void>
}

/** Ctrl-C must end everything within three seconds. */
const GRACE_MS = 2_500

/** Starts everything under `options.dataDir`. Throws PracticeProblem, with nothing left running, when it cannot. */
export async function startPractice(options: Options): Promise<Practice> {
  if (options.fresh) forget(options.dataDir)
  registerClients(options.dataDir)
  const children: Child[] = []
  const stopAll = async () => void (await Promise.all(children.map((child) => child.stop(GRACE_MS))))
  try {
    const org = await startChild(orgProcess(options))
    children.push(org)
    const orgUrl = `http://localhost:${options.orgPort}`
    writeFileSync(orgKeyFile(options), await publicKeyOf(orgUrl))
    const brain = await startChild(brainProcess(options, String(org.ready.orgId)))
    children.push(brain)
    await activateMissions(orgUrl, brainUrl(options))
    return { url: orgUrl, brainUrl: brainUrl(options), ...together(children, stopAll) }
  } catch (error) {
    await stopAll()
    throw error
  }
}

function together(children: Child[], stopAll: () => Promise<void>): Pick<Practice, 'ended' | 'stop'> {
  let stopping = false
  const stop = async () => {
    stopping = true
    await stopAll()
  }
  const firstEnd = Promise.race(children.map(async (child) => ({ child, code: await child.ended })))
  const ended = firstEnd.then(async ({ child, code }) => {
    const unexpected = !stopping
    if (unexpected)
      console.error(`The ${child.name} ended by itself (code ${code}); see the logs folder beside its data.`)
    await stop()
    return unexpected ? 1 : 0
  })
  return { ended, stop }
}

/** Deletes a practice data folder; refuses any other. */
function forget(dataDir: string): void {
  if (!existsSync(dataDir)) return
  if (!existsSync(join(dataDir, 'practice-org'))) {
    throw new PracticeProblem(
      `--fresh refused: ${dataDir} is not a practice data folder. Set DATA_DIR to one, or delete it yourself.`,
    )
  }
  rmSync(dataDir, { recursive: true })
}

const brainUrl = (options: Options) => `http://localhost:${options.brainPort}`
const orgKeyFile = (options: Options) => join(options.dataDir, 'keys', 'org.public.pem')

function orgProcess(options: Options) {
  return {
    name: 'practice org',
    entry: join(import.meta.dirname, '..', 'practice-org', 'main.ts'),
    logFile: join(options.dataDir, 'logs', 'practice-org.log'),
    env: {
      DATA_DIR: options.dataDir,
      PRACTICE_ORG_PORT: String(options.orgPort),
      PRACTICE_EVENTS_PORT: String(options.eventsPort),
      PRACTICE_SIZE: String(options.size),
      BRAIN_URL: brainUrl(options),
    },
  }
}

function brainProcess(options: Options, orgId: string) {
  const orgUrl = `http://localhost:${options.orgPort}`
  const [reader, writer] = CLIENTS
  return {
    name: 'brain',
    entry: join(import.meta.dirname, '..', 'main.ts'),
    logFile: join(options.dataDir, 'logs', 'brain.log'),
    env: {
      DATA_DIR: options.dataDir,
      PORT: String(options.brainPort),
      PUBLIC_URL: brainUrl(options),
      ALLOWED_ORIGINS: orgUrl,
      ORG_ID: orgId,
      SF_LOGIN_URL: orgUrl,
      SF_PUBSUB_ENDPOINT: `localhost:${options.eventsPort}`,
      SF_READER_CLIENT_ID: reader.id,
      SF_READER_USERNAME: reader.user,
      SF_READER_KEY_FILE: keyFile(options.dataDir, reader.id),
      SF_WRITER_CLIENT_ID: writer.id,
      SF_WRITER_USERNAME: writer.user,
      SF_WRITER_KEY_FILE: keyFile(options.dataDir, writer.id),
      SF_ORG_KEY_FILES: orgKeyFile(options),
      HOLD_SECONDS: String(options.holdSeconds),
      SETTLE_SECONDS: String(options.settleSeconds),
      ...(options.databaseUrl ? { DATABASE_URL: options.databaseUrl } : {}),
      ...(options.redisUrl ? { REDIS_URL: options.redisUrl } : {}),
    },
  }
}

async function publicKeyOf(orgUrl: string): Promise<string> {
  const response = await fetch(`${orgUrl}/practice/key`)
  if (!response.ok) throw new PracticeProblem(`The practice org gave no signing key: ${response.status}`)
  return response.text()
}
