import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { peakMemory } from './machine.ts'

const MAIN = fileURLToPath(new URL('../../server/practice-org/src/main.ts', import.meta.url))
const BARE = fileURLToPath(new URL('bare-server.ts', import.meta.url))
const Ready = z.object({ url: z.string() })

interface ServerProcess {
  url: string
  /** Time from its start until it listens. */
  startMs: number
  peakMemoryMiB(): number
  stop(): Promise<void>
}

/** The practice org as `npm start` runs it, in a process of its own; a new org gets `size` accounts. */
export const startOrgProcess = (dataDir: string, size: number): Promise<ServerProcess> =>
  startProcess(MAIN, {
    DATA_DIR: dataDir,
    PRACTICE_SIZE: String(size),
    PRACTICE_ORG_PORT: '0',
    PRACTICE_EVENTS_PORT: '0',
    LOG_LEVEL: 'error',
  })

/** A `node:http` server that answers every request with the same short JSON: the upper bound of the machine. */
export const startBareProcess = (): Promise<ServerProcess> => startProcess(BARE, {})

async function startProcess(module: string, env: Record<string, string>): Promise<ServerProcess> {
  const start = performance.now()
  const child = fork(module, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const { url } = Ready.parse(await firstMessage(child))
  return {
    url,
    startMs: Math.round(performance.now() - start),
    peakMemoryMiB: () => peakMemory(child.pid!),
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

async function firstMessage(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`a server ended with ${String(code)} before it listened`)
  })
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [unknown]
  ended.catch(() => {})
  return message
}
