// Counts the effects of a run's path in this process, and ends the process at the one that was ordered: right before it, right after it,
// or with its answer withheld.
import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import { appendFileSync, readFileSync } from 'node:fs'
import pg from 'pg'
import { z } from 'zod'

declare global {
  /** Set in a process of the sweep: work whose effects are counted. */
  var chaosWithin: (<T>(name: string, work: () => Promise<T>) => Promise<T>) | undefined
  /** An effect that is neither a query nor a `fetch`. */
  var chaosEffect: (<T>(name: string, effect: () => Promise<T>) => Promise<T>) | undefined
}

export const MODES = ['before', 'after', 'withheld'] as const

/** What the sweep wants of the next run; in a file, so that a process that was started again finds it. */
export const SweepOrder = z.object({
  trial: z.number(),
  /** Null: only list the points. */
  point: z.string().nullable(),
  mode: z.enum(MODES).nullable(),
})
export type SweepOrder = z.infer<typeof SweepOrder>

interface Within {
  name: string
  /** Inside an effect: what it is made of is not counted again. */
  isInside: boolean
}

const within = new AsyncLocalStorage<Within>()

/** `orderFile` holds the order, `listFile` gets a line for each point that is passed: trial, tab, name. */
export function countPoints(orderFile: string, listFile: string): void {
  const passed = new Map<string, number>()
  let trial = -1

  const effect = async <T>(name: string, work: () => Promise<T>, lose: () => void = () => {}): Promise<T> => {
    const now = within.getStore()
    if (!now || now.isInside) return work()
    const order = SweepOrder.parse(JSON.parse(readFileSync(orderFile, 'utf8')))
    if (order.trial !== trial) passed.clear()
    trial = order.trial
    const named = `${now.name}: ${name}`
    const n = (passed.get(named) ?? 0) + 1
    passed.set(named, n)
    const point = `${named} #${n}`
    const isHit = order.point === point && !wasHit(listFile, trial, point)
    appendFileSync(listFile, `${trial}\t${point}\n`)
    if (isHit && order.mode === 'before') process.kill(process.pid, 'SIGKILL')
    const answer = await within.run({ ...now, isInside: true }, work)
    if (isHit && order.mode === 'after') process.kill(process.pid, 'SIGKILL')
    if (isHit && order.mode === 'withheld') {
      lose()
      throw Object.assign(new Error('the answer was withheld'), { code: 'ECONNRESET' })
    }
    return answer
  }

  globalThis.chaosWithin = (name, work) => within.run({ name, isInside: false }, work)
  globalThis.chaosEffect = (name, work) => effect(name, work)
  const plainFetch = globalThis.fetch
  globalThis.fetch = (input, init) => effect(`fetch ${toolOf(init?.body)}`, () => plainFetch(input, init))
  countQueries(effect)
}

/** A point hits once a trial, in whichever process: one that was started again passes it too. */
function wasHit(listFile: string, trial: number, point: string): boolean {
  try {
    return readFileSync(listFile, 'utf8').includes(`${trial}\t${point}\n`)
  } catch {
    return false
  }
}

type Effect = <T>(name: string, work: () => Promise<T>, lose?: () => void) => Promise<T>
type Query = (...given: unknown[]) => unknown

function countQueries(effect: Effect): void {
  for (const { prototype } of [pg.Pool, pg.Client] as { prototype: { query: Query } }[]) {
    const plain = prototype.query
    prototype.query = function query(
      this: { connection?: { stream: { destroy(): void } } },
      ...given: unknown[]
    ): unknown {
      const isCalledBack = typeof given.at(-1) === 'function'
      if (isCalledBack || within.getStore() === undefined) return plain.apply(this, given)
      return effect(
        nameOfQuery(given[0]),
        async () => plain.apply(this, given),
        () => this.connection?.stream.destroy(),
      )
    }
  }
}

/** Its first word, the table, and a hash of the statement, whose values are parameters. */
function nameOfQuery(given: unknown): string {
  const text = typeof given === 'string' ? given : String((given as { text?: unknown }).text)
  const verb = /\w+/.exec(text)?.[0] ?? ''
  const table = /(?:from|into|update)\s+"?\w+"?\."?(\w+)"?/i.exec(text)?.[1] ?? ''
  return `${verb} ${table} ${createHash('sha256').update(text).digest('hex').slice(0, 6)}`
}

const toolOf = (body: unknown): string =>
  typeof body === 'string' ? (/"name":"(\w+)"/.exec(body)?.[1] ?? 'other') : 'other'
