// A short chaos on the production layout, and the judge's power: what it must find in builds without a guarantee.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { judgeNow, runChaos } from '../../scripts/chaos/chaos.ts'
import { startLayout, type Layout } from '../../scripts/chaos/layout/layout.ts'
import type { Wrong } from '../../scripts/chaos/judge/judge.ts'
import type { GivenAnswer } from '../../scripts/chaos/people/approver.ts'
import type { Subject } from '../../scripts/chaos/people/companies.ts'
import { killedInAWrite } from '../../scripts/chaos/scenes/killed-in-a-write.ts'
import { rejectedWhilePaused } from '../../scripts/chaos/scenes/rejected-while-paused.ts'
import { signIn, type Person } from '../support/person.ts'
import { hasPostgres } from '../support/postgres.ts'
import { hasRedis } from '../support/redis.ts'

/** Companies of the chaos are numbered from 0. */
const SCENES_FROM = 2_000
const RUNS = 20

describe.runIf(hasPostgres() && hasRedis())('HTTP, two workers, salesforce-mcp and the org as processes', () => {
  let layout: Layout
  let admin: Person
  const answers: GivenAnswer[] = []

  beforeAll(async () => {
    layout = await startLayout({ weaken: null, leaseSeconds: 8, holdSeconds: 0, settleSeconds: 1 })
    admin = await signIn(layout.orgUrl, layout.brainUrl, 'admin')
  }, 120_000)
  afterAll(async () => layout?.[Symbol.asyncDispose](), 30_000)

  const wrongOf = async (subject: Subject): Promise<Wrong['kind'][]> => {
    const { wrong } = await judgeNow(layout, admin, answers, [subject])
    return [...new Set(wrong.map(({ kind }) => kind))].sort()
  }

  it('write nothing after a worker was paused before its send and people rejected meanwhile', async () => {
    const subject = await rejectedWhilePaused(layout, admin, SCENES_FROM, answers)
    expect(await wrongOf(subject)).toEqual([])
  }, 120_000)

  it('write once when salesforce-mcp is killed between a write and its answer', async () => {
    const subject = await killedInAWrite(layout, admin, SCENES_FROM + 1, answers)
    expect(await wrongOf(subject)).toEqual([])
    const [run] = await admin.runsAbout(subject.lead)
    expect(run?.verdict).toBe('verified')
  }, 120_000)

  it(`end ${RUNS} runs rightly while they are killed, paused and cut off`, async () => {
    const result = await runChaos(layout, {
      seed: 7,
      runs: RUNS,
      faults: 'processes',
      everyMs: 4_000,
      faultsForMs: 20_000,
      log: () => {},
    })
    expect(result.wrong).toEqual([])
    expect(result.hits.runs).toBeGreaterThan(0)
    expect(result.verdicts['verified']).toBeGreaterThanOrEqual(RUNS * 0.9)
  }, 300_000)

  it('are found out without the look at the lease', async () => {
    for (const name of ['worker-1', 'worker-2', 'salesforce-mcp'] as const)
      await layout.replace(name, { weaken: 'lease' })
    const subject = await rejectedWhilePaused(layout, admin, SCENES_FROM + 2, answers)
    expect(await wrongOf(subject)).toEqual(['unapproved', 'verdict'])
  }, 150_000)

  it('are found out without receipts', async () => {
    await layout.replace('salesforce-mcp', { weaken: 'receipts' })
    const subject = await killedInAWrite(layout, admin, SCENES_FROM + 3, answers)
    expect(await wrongOf(subject)).toEqual(['unapproved', 'verdict'])
  }, 150_000)
})
