// Guarantee 5: many runs hold over a long outage. They ask seldom, and go on together soon after it.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openInMemory } from '../../../server/brain/adapters/pglite/open.ts'
import { openStore } from '../../../server/brain/adapters/postgres/store.ts'
import { SalesforceError } from '../../../server/brain/domain/errors.ts'
import { secondsToWake } from '../../../server/brain/runs/bounds/pace.ts'
import { advanceRun } from '../../../server/brain/runs/runner.ts'
import { startRun } from '../../../server/brain/runs/start-run.ts'
import { checkpointKey, ids, ORG_ID } from '../store/databases.ts'
import { Running } from '../store/running.ts'

/** A thousand runs over an hour behave alike and take a minute of computing: 0.24 tries a second in the last ten minutes. */
const RUNS = 100
const OUTAGE_MINUTES = 15
const BEGIN = Date.parse('2026-11-30T08:00:00.000Z')

const away = new SalesforceError('getUserInfo', {
  code: 'unavailable',
  message: 'gone',
  orgCode: null,
  retryable: true,
})
const house = new Running()
let nowMs = BEGIN
const clock = { now: () => new Date(nowMs).toISOString() }
let close: () => Promise<void>

beforeAll(async () => {
  const { pool, close: closePool } = await openInMemory()
  house.pool = pool
  house.store = await openStore({ pool, orgId: ORG_ID, clock, ids, bodyKey: Buffer.alloc(32, 7), checkpointKey })
  close = async () => {
    await house.store.close()
    await closePool()
  }
  await house.install()
})
afterAll(() => close())

/** Ids of the runs with the times at which they try next. */
async function holdThrough(until: number, begun: Map<string, number>): Promise<number[]> {
  const asked: number[] = []
  house.answer = () => {
    asked.push(nowMs)
    return Promise.reject(away)
  }
  for (;;) {
    const [id, due] = [...begun].reduce((first, each) => (each[1] < first[1] ? each : first))
    if (due > until) return asked
    nowMs = Math.max(nowMs, due)
    await advanceRun({ ...house.withPhases({ trigger: house.oneCall }), clock }, id)
    begun.set(id, Date.parse((await house.store.run(id))?.nextTryAt ?? ''))
  }
}

it('less than one try in three seconds at the end of it, and all woken by the first that gets an answer', async () => {
  const begun = new Map<string, number>()
  for (let n = 0; n < RUNS; n += 1) {
    const request = { mission: 'tidy', trigger: house.trigger() }
    begun.set((await startRun({ ...house.deps(), clock }, request)).runId, BEGIN + n * 100)
  }
  await house.pool.query('delete from missions.outbox')
  const end = BEGIN + OUTAGE_MINUTES * 60_000
  const asked = await holdThrough(end, begun)
  const lastMinutes = asked.filter((at) => at > end - 300_000).length
  expect(lastMinutes / 300).toBeLessThan(1 / 3)
  expect(asked.filter((at) => at < BEGIN + 60_000).length).toBeLessThan(RUNS * 1.5)

  const [first = '', due = 0] = [...begun].reduce((one, each) => (each[1] < one[1] ? each : one))
  expect(due - end).toBeLessThan(20_000)
  nowMs = due
  house.answer = () => Promise.resolve({ calls: 1 })
  await advanceRun({ ...house.withPhases({ trigger: house.oneCall }), clock }, first)
  const { rows } = await house.pool.query<{ s: number }>(
    `select max(s) as s from (select min(extract(epoch from due_at - now())::float) as s from missions.outbox
      where about in (select id from missions.run where status = 'held') group by about) as due`,
  )
  expect(rows[0]?.s).toBeLessThanOrEqual(secondsToWake(RUNS) + 30)
}, 60_000)
