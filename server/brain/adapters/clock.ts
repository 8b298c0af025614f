import type { Pool } from 'pg'
import type { Clock } from '../ports/clock.ts'

/** The machine's. */
export const systemClock: Clock = { now: () => new Date().toISOString() }

/** Milliseconds since 1970 at a moment of the process's own timer, which no one can set. */
interface Reading {
  at: number
  timer: number
}

const read = (): Reading => ({ at: Date.now(), timer: performance.now() })

/**
 * A clock that can be set by another. Between two settings it goes on by the process's timer: when the machine's clock jumps, no
 * hold, settle time or expiry ends early or late.
 */
export class SettableClock implements Clock {
  #last = read()

  now(): string {
    return new Date(this.#last.at + performance.now() - this.#last.timer).toISOString()
  }

  set(reading: Reading): void {
    this.#last = reading
  }
}

const FOLLOW_MS = 30_000

/**
 * Sets the clock by the database's, now and every 30 seconds: every process of one brain goes by one clock. Returns what ends
 * that. Throws the database's error when it cannot be asked at first.
 */
export async function followDatabase(
  clock: SettableClock,
  pool: Pick<Pool, 'query'>,
  onError: (error: unknown) => void,
): Promise<() => void> {
  const set = async () => clock.set(await databaseTime(pool))
  await set()
  const timer = setInterval(() => void set().catch(onError), FOLLOW_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/** The answer was made between question and answer: its time counts for the middle of the two. */
async function databaseTime(pool: Pick<Pool, 'query'>): Promise<Reading> {
  const asked = performance.now()
  const { rows } = await pool.query<{ ms: string }>('select (extract(epoch from clock_timestamp()) * 1000)::text as ms')
  const answered = performance.now()
  return { at: Number(rows[0]?.ms), timer: (asked + answered) / 2 }
}
