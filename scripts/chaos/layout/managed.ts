// A process under a supervisor: killed, paused and started again, as a service manager would start it.
import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { until } from '../../../test/support/until.ts'
import type { Reaper } from './reaper.ts'

export interface Program {
  name: string
  command: string
  args: string[]
  env: Record<string, string>
  logFile: string
  /** Line in its log, of this start, that says it is ready; without it `isReady` alone is asked. */
  readyText?: string
  /** Answers true once it does its work. */
  isReady(): Promise<boolean>
  /** PostgreSQL must not run as root. */
  user?: { uid: number; gid: number } | null
  /** Signal that asks it to end; SIGTERM without it. */
  endSignal?: NodeJS.Signals
}

const RESTART_MS = 300
const READY_MS = 90_000
const GRACE_MS = 8_000

export class Managed {
  readonly name: string
  /** Ends that the harness did not order, with code or signal. */
  readonly ownEnds: string[] = []
  starts = 0
  #program: Program
  readonly #reaper: Reaper
  #child: ChildProcess | null = null
  #isWanted = false
  #isOrdered = false
  #logFrom = 0
  #gone: Promise<void> = Promise.resolve()

  constructor(program: Program, reaper: Reaper) {
    this.name = program.name
    this.#program = program
    this.#reaper = reaper
  }

  /** Starts it, keeps it started, and resolves once it is ready. Throws Error when it is not within 90 s. */
  async start(): Promise<void> {
    this.#isWanted = true
    this.#spawn()
    await this.ready()
  }

  /** Resolves once it answers. */
  async ready(): Promise<void> {
    const answers = async () => this.#hasSaidReady() && (await this.#program.isReady().catch(() => false))
    await until(`${this.name} is ready`, answers, READY_MS)
  }

  /** Ends it at once; its supervisor starts it again. */
  kill(): void {
    this.#isOrdered = true
    this.#signal('SIGKILL')
  }

  pause(): void {
    this.#signal('SIGSTOP')
  }

  resume(): void {
    this.#signal('SIGCONT')
  }

  get isPaused(): boolean {
    const pid = this.#child?.pid
    if (pid === undefined || this.#isGone()) return false
    return stateOf(pid) === 'T'
  }

  /** Asks it to end, and keeps it ended. */
  async stop(): Promise<void> {
    this.#isWanted = false
    this.#isOrdered = true
    this.resume()
    this.#child?.kill(this.#program.endSignal ?? 'SIGTERM')
    const timer = setTimeout(() => this.#signal('SIGKILL'), GRACE_MS)
    await this.#gone
    clearTimeout(timer)
  }

  /** Kills it and keeps it ended. */
  async crash(): Promise<void> {
    this.#isWanted = false
    this.kill()
    await this.#gone
  }

  /** Kills it and starts it with another environment. */
  async replace(env: Record<string, string>): Promise<void> {
    await this.crash()
    this.#program = { ...this.#program, env: { ...this.#program.env, ...env } }
    await this.start()
  }

  #spawn(): void {
    const { command, args, env, logFile, user } = this.#program
    mkdirSync(dirname(logFile), { recursive: true })
    const log = openSync(logFile, 'a')
    this.#logFrom = fstatSync(log).size
    const child = spawn(command, args, { env, stdio: ['ignore', log, log], ...user })
    closeSync(log)
    this.#child = child
    this.#isOrdered = false
    this.starts += 1
    const { pid } = child
    if (pid !== undefined) this.#reaper.watch(pid)
    this.#gone = new Promise((resolve) => {
      child.once('error', () => resolve())
      child.once('exit', (code, signal) => {
        if (pid !== undefined) this.#reaper.forget(pid)
        if (!this.#isOrdered) this.ownEnds.push(`${this.name} ended by itself: ${signal ?? code}`)
        if (this.#isWanted) setTimeout(() => this.#isWanted && this.#child === child && this.#spawn(), RESTART_MS)
        resolve()
      })
    })
  }

  #hasSaidReady(): boolean {
    const { readyText, logFile } = this.#program
    if (readyText === undefined) return true
    return !this.#isGone() && readFileSync(logFile).subarray(this.#logFrom).includes(readyText)
  }

  #isGone(): boolean {
    return this.#child === null || this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** To the process and its children: a session of PostgreSQL is one. */
  #signal(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid
    if (pid === undefined || this.#isGone()) return
    for (const each of [pid, ...childrenOf(pid)]) {
      try {
        process.kill(each, signal)
      } catch {
        // It ended meanwhile.
      }
    }
  }
}

/** State letter and parent of a process (Linux); null when it is gone. */
function statOf(pid: number | string): { state: string; parent: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state = '', parent = '0'] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state, parent: Number(parent) }
  } catch {
    return null
  }
}

const stateOf = (pid: number): string | undefined => statOf(pid)?.state

const childrenOf = (parent: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && statOf(name)?.parent === parent)
    .map(Number)
