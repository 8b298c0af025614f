import { fork, type ChildProcess } from 'node:child_process'
import { createWriteStream, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { isWatchdogLine } from '../watchdog/watchdog.ts'
import { PracticeProblem } from './problem.ts'

/**
 * In MiB, for young objects. Measured with 2: the brain spends 20 to 24 percent of its CPU on collecting them; with 16, 6 to 14
 * percent. 32 gains no more and costs the practice org another 35 MiB.
 */
const SEMI_SPACE = '--max-semi-space-size=16'

export interface Child {
  name: string
  pid: number
  /** What the process said when it was ready. */
  ready: Record<string, unknown>
  /** Resolves with the exit code when the process is gone. */
  ended: Promise<number>
  /** Resolves when it is gone, with whether its watchdog ended it. */
  endedByWatchdog: Promise<boolean>
  /** Ends it at once, as a crash would. */
  kill(): void
  /** Asks it to end, and ends it after `graceMs`. */
  stop(graceMs: number): Promise<void>
}

export interface ChildOptions {
  name: string
  entry: string
  env: Record<string, string>
  logFile: string
}

/**
 * Starts one process and waits until it reports `{ ready: true }`. Its log goes to a file; what it says on stderr before
 * it is ready becomes the reason when it ends instead. It ends by itself when this process is gone: the IPC channel closes.
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  mkdirSync(dirname(options.logFile), { recursive: true })
  const child = fork(options.entry, [], {
    env: { ...inherited(), ...options.env },
    execArgv: ['--disable-warning=ExperimentalWarning', SEMI_SPACE],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const log = createWriteStream(options.logFile, { flags: 'a' })
  let complaint = ''
  child.stdout!.pipe(log, { end: false })
  child.stderr!.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-4000)
    log.write(chunk)
  })
  const ended = new Promise<number>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)))
    child.once('error', (error) => {
      complaint ||= `The ${options.name} could not be started: ${error.message}`
      if (child.pid === undefined) resolve(1)
    })
  })
  // What it said last arrives after its end.
  const allSaid = new Promise<void>((resolve) => child.once('close', () => log.end(resolve)))
  const ready = await Promise.race([readiness(child), ended.then(() => null)])
  if (!ready) {
    await allSaid
    throw new PracticeProblem(complaint.trim() || `${options.name} ended before it was ready; see ${options.logFile}`)
  }
  return {
    name: options.name,
    pid: child.pid!,
    ready,
    ended,
    endedByWatchdog: allSaid.then(() => complaint.split('\n').some(isWatchdogLine)),
    kill: () => void child.kill('SIGKILL'),
    stop: (graceMs) => stop(child, ended, graceMs),
  }
}

/** Only what a process needs to run: settings are handed over one by one. */
function inherited(): Record<string, string> {
  const names = [
    'PATH',
    'HOME',
    'LANG',
    'TZ',
    'NODE_ENV',
    'LLM_BASE_URL',
    'LLM_MODEL',
    'LLM_API_KEY',
    'LOG_LEVEL',
    'WATCHDOG_SECONDS',
    'PHASE_SECONDS',
  ]
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
}

function readiness(child: ChildProcess): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    child.on('message', (message) => {
      if (typeof message === 'object' && message !== null && 'ready' in message)
        resolve(message as Record<string, unknown>)
    })
  })
}

async function stop(child: ChildProcess, ended: Promise<number>, graceMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
  await ended
  clearTimeout(timer)
}
