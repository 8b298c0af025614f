// Faults of whole processes and of the org, one step after the other, drawn from the seed.
import { setTimeout as delay } from 'node:timers/promises'
import { chance, pick } from '../chance.ts'
import type { Layout, ProcessName } from '../layout/layout.ts'
import { redisCommand } from '../layout/servers.ts'

interface Step {
  name: string
  run(layout: Layout, draw: number): Promise<void> | void
}

const kill = (process: ProcessName): Step => ({
  name: `kill -9 ${process}`,
  run: ({ processes }) => processes[process].kill(),
})

/** `ms` null: longer than a lease. */
const pause = (process: ProcessName, ms: number | null): Step => ({
  name: `SIGSTOP ${process} ${ms === null ? 'beyond its lease' : `${ms / 1000} s`}`,
  run({ processes, beyondLeaseMs }) {
    processes[process].pause()
    setTimeout(() => processes[process].resume(), ms ?? beyondLeaseMs)
  },
})

/** Stops the process at the point, the next time it comes there, for longer than a lease. */
const pauseAt = (process: ProcessName, point: 'before-asking' | 'before-sending'): Step => ({
  name: `SIGSTOP ${process} ${point} beyond its lease`,
  async run(layout) {
    layout.orderPause(process, point)
    for (let waited = 0; waited < 60 && layout.isPauseOrdered(process, point); waited += 1) await delay(500)
    if (layout.isPauseOrdered(process, point)) return layout.forgetPause(process, point)
    await delay(layout.beyondLeaseMs)
    layout.processes[process].resume()
  },
})

const practice = (name: string, order: object, clearAfterMs: number): Step => ({
  name: `org: ${name}`,
  async run({ orgUrl }) {
    const send = (body: object) =>
      fetch(`${orgUrl}/practice/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }).catch(() => {})
    await send(order)
    await delay(clearAfterMs)
    await send({ mode: 'clear' })
  },
})

const flushAll: Step = {
  name: 'FLUSHALL',
  run: async ({ redisUrl }) => void (await redisCommand(redisUrl, 'flushall').catch(() => {})),
}

const PRODUCT = { client: 'missions' }
type Weighted = readonly [weight: number, step: Step]

const OF_PROCESSES: readonly Weighted[] = [
  [8, kill('worker-1')],
  [8, kill('worker-2')],
  [6, kill('salesforce-mcp')],
  [3, kill('web')],
  [3, kill('postgres')],
  [3, kill('redis')],
  [2, kill('org')],
  [5, flushAll],
  [3, pause('worker-1', 5_000)],
  [3, pause('worker-2', null)],
  [5, pauseAt('worker-1', 'before-asking')],
  [5, pauseAt('worker-2', 'before-asking')],
  [2, pauseAt('salesforce-mcp', 'before-sending')],
  [3, pause('salesforce-mcp', 8_000)],
  [2, pause('postgres', 6_000)],
  [2, pause('redis', 8_000)],
  [2, pause('org', 6_000)],
]
const OF_THE_ORG: readonly Weighted[] = [
  [5, practice('lock, 6 writes', { mode: 'lock', match: { ...PRODUCT, method: 'POST' }, count: 6 }, 10_000)],
  [4, practice('limit, 6 calls', { mode: 'limit', match: PRODUCT, count: 6 }, 10_000)],
  [3, practice('cut before, 4 calls', { mode: 'cut-before', match: PRODUCT, count: 4 }, 10_000)],
  [3, practice('slow, 10 calls', { mode: 'slow', match: PRODUCT, count: 10, ms: 3_000 }, 10_000)],
  [2, practice('sessions expired', { mode: 'expire-sessions', match: PRODUCT, count: 4 }, 10_000)],
  [2, practice('down 8 s', { mode: 'down' }, 8_000)],
]
const STEPS = { processes: OF_PROCESSES, all: [...OF_PROCESSES, ...OF_THE_ORG] } as const
export type FaultGroup = keyof typeof STEPS

interface ScheduleSettings {
  seed: number
  faults: FaultGroup
  everyMs: number
  log(line: string): void
}

interface Schedule {
  /** How often each fault was begun. */
  readonly begun: ReadonlyMap<string, number>
  /** Begins no more; resolves when all processes run again. */
  stop(): Promise<void>
}

/**
 * Begins a fault about `everyMs` after every process that is not paused was ready again: on a slow machine runs would else come no
 * further between two faults.
 */
export function startSchedule(layout: Layout, { seed, faults, everyMs, log }: ScheduleSettings): Schedule {
  const begun = new Map<string, number>()
  const running = new Set<Promise<void>>()
  const processes = Object.values(layout.processes)
  let isStopped = false
  const stepping = (async () => {
    for (let n = 1; !isStopped; n += 1) {
      await delay(everyMs * (0.5 + chance(seed, 'gap', n)))
      await Promise.all(processes.filter(({ isPaused }) => !isPaused).map((process) => process.ready().catch(() => {})))
      if (isStopped) return
      const step = pick(STEPS[faults], chance(seed, 'step', n))
      begun.set(step.name, (begun.get(step.name) ?? 0) + 1)
      log(step.name)
      const work = Promise.resolve(step.run(layout, chance(seed, 'draw', n)))
        .catch((error: unknown) => log(`${step.name}: ${String(error)}`))
        .finally(() => running.delete(work))
      running.add(work)
    }
  })()
  return {
    begun,
    async stop() {
      isStopped = true
      await stepping
      await Promise.all(running)
      for (const process of processes) process.resume()
      await Promise.all(processes.map((process) => process.ready()))
      await practice('clear', { mode: 'clear' }, 0).run(layout, 0)
    },
  }
}
