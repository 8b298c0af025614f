// A sample of the crash sweep on PostgreSQL and Redis; `npm run chaos -- --sweep` is the whole. The embedded store: `test/story/crash.test.ts`.
import { expect, it } from 'vitest'
import { startLayout } from '../../scripts/chaos/layout/layout.ts'
import { differences, plain, type Outcome } from '../../scripts/chaos/sweep/outcome.ts'
import { runSweep } from '../../scripts/chaos/sweep/sweep.ts'
import { hasPostgres } from '../support/postgres.ts'
import { hasRedis } from '../support/redis.ts'

const SEED = 20_787
const SAMPLE = 4

it.runIf(hasPostgres() && hasRedis())(
  `a run that is killed at ${SAMPLE} of its effects ends as one that is not (seed ${SEED})`,
  async () => {
    await using layout = await startLayout({ weaken: null, leaseSeconds: 8, holdSeconds: 0, settleSeconds: 1 })
    const { points, trials, wrong } = await runSweep(layout, { seed: SEED, sample: SAMPLE, part: null, log: () => {} })
    expect(Object.values(points).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(150)
    expect(trials).toBe(SAMPLE)
    expect(wrong).toEqual([])
  },
  400_000,
)

it('a sweep names what came out otherwise', () => {
  const undisturbed: Outcome = {
    runs: 1,
    status: 'done',
    verdict: 'verified',
    version: 1,
    receipts: ['DIGEST/1'],
    transactions: ['update Lead'],
    tasks: 1,
    observations: ['wrote: NAME'],
  }
  expect(differences(undisturbed, undisturbed)).toEqual([])
  const found = { ...undisturbed, tasks: 2, verdict: 'unknown' }
  expect(differences(found, undisturbed)).toEqual([
    'verdict: "unknown", undisturbed "verified"',
    'tasks: 2, undisturbed 1',
  ])
})

it.each([
  ['Set Account to Zelqualy… of Zelqualyn…', 'Set Account to NAME… of NAME…'],
  ['Zelqualynba and zelqualynba.example have 12 fields', 'NAME and NAME.example have # fields'],
  ['Elena Mar… stays', 'Elena Mar… stays'],
])('a sweep compares %j as %j', (text, compared) => {
  expect(plain(text, { name: 'Zelqualynba' })).toBe(compared)
})
