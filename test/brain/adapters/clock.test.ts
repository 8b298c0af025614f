// Guarantees 7 and 12: holds, settle times and expiries go by one clock, the database's.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { followDatabase, SettableClock } from '../../../server/brain/adapters/clock.ts'
import { openInMemory, type EmbeddedDatabase } from '../../../server/brain/adapters/pglite/open.ts'

const TEN_MINUTES = 600_000
const MOST_APART_MS = 2_000

describe('a process whose machine shows another time than the database', () => {
  let database: EmbeddedDatabase
  let stop = (): void => {}
  beforeEach(async () => {
    database = await openInMemory()
  })
  afterEach(async () => {
    vi.useRealTimers()
    stop()
    await database.close()
  })
  const apart = async (clock: SettableClock) => {
    const { rows } = await database.pool.query<{ ms: string }>(
      'select (extract(epoch from clock_timestamp()) * 1000)::text as ms',
    )
    return Math.abs(Date.parse(clock.now()) - Number(rows[0]?.ms))
  }
  const moveMachine = (ms: number) => {
    const now = Date.now()
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.setSystemTime(now + ms)
  }
  const follow = async () => {
    const clock = new SettableClock()
    stop = await followDatabase(clock, database.pool, () => undefined)
    return clock
  }

  it.each([TEN_MINUTES, -TEN_MINUTES])('goes by the database’s when it is %i ms off at the start', async (ms) => {
    moveMachine(ms)
    expect(await apart(await follow())).toBeLessThan(MOST_APART_MS)
  })

  it.each([TEN_MINUTES, -TEN_MINUTES])('goes on by the database’s when its own jumps by %i ms later', async (ms) => {
    const clock = await follow()
    moveMachine(ms)
    expect(await apart(clock)).toBeLessThan(MOST_APART_MS)
  })

  it('does not start when the database cannot be asked', async () => {
    const away = { query: () => Promise.reject(new Error('away')) }
    await expect(followDatabase(new SettableClock(), away as never, () => undefined)).rejects.toThrow('away')
  })
})
