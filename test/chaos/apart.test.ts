// Clocks that differ by ten minutes, an org that is away, HTTP that ends, a Redis that hangs, a restored database: on the production layout, judged by the org.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { judgeNow } from '../../scripts/chaos/chaos.ts'
import { startLayout, type Layout, type ProcessName } from '../../scripts/chaos/layout/layout.ts'
import { redisCommand } from '../../scripts/chaos/layout/servers.ts'
import type { GivenAnswer } from '../../scripts/chaos/people/approver.ts'
import { createSubject } from '../../scripts/chaos/people/companies.ts'
import { APART_MS, runUnderClocks } from '../../scripts/chaos/scenes/clocks-apart.ts'
import { orgAway } from '../../scripts/chaos/scenes/org-away.ts'
import { redisHangs } from '../../scripts/chaos/scenes/redis-hangs.ts'
import { restoreDrill } from '../../scripts/chaos/scenes/restored.ts'
import { webRestarts } from '../../scripts/chaos/scenes/web-restarts.ts'
import { signIn, type Person } from '../support/person.ts'
import { hasPostgres } from '../support/postgres.ts'
import { hasRedis } from '../support/redis.ts'
import { openDecision } from '../support/story.ts'

const HOLD_SECONDS = 4
const AWAY_MS = 24_000

describe.runIf(hasPostgres() && hasRedis())('HTTP, two workers, salesforce-mcp and the org as processes', () => {
  let layout: Layout
  let admin: Person
  const answers: GivenAnswer[] = []
  const ahead = (...processes: ProcessName[]) =>
    Promise.all(processes.map((process) => layout.replace(process, { clockOffsetMs: APART_MS })))
  const right = (...processes: ProcessName[]) => Promise.all(processes.map((process) => layout.replace(process, {})))

  beforeAll(async () => {
    layout = await startLayout({ weaken: null, leaseSeconds: 8, holdSeconds: HOLD_SECONDS, settleSeconds: 2 })
    admin = await signIn(layout.orgUrl, layout.brainUrl, 'admin')
  }, 120_000)
  afterAll(async () => layout?.[Symbol.asyncDispose](), 30_000)

  it('hold an approved write for its time when one worker’s clock is ten minutes ahead, one behind and HTTP’s ahead', async () => {
    await ahead('worker-1', 'web')
    await layout.replace('worker-2', { clockOffsetMs: -APART_MS })
    const { subject, verdict, heldMs } = await runUnderClocks(layout, admin, 1, answers)
    expect(verdict).toBe('verified')
    expect(heldMs).toBeGreaterThan(HOLD_SECONDS * 1000 - 1_500)
    expect((await judgeNow(layout, admin, answers, [subject])).wrong).toEqual([])
    await right('worker-1', 'worker-2', 'web')
  }, 180_000)

  it('write nothing while salesforce-mcp’s clock is ten minutes ahead, and refuse the approval', async () => {
    const subject = await createSubject(admin, 2, 'merge')
    const decision = await openDecision(admin, subject.lead)
    await ahead('salesforce-mcp')
    expect((await admin.approve(decision)).ok).toBe(false)
    const { wrong } = await judgeNow(layout, admin, answers, [subject])
    expect(wrong.map(({ kind }) => kind)).toEqual(['not ended'])
    await right('salesforce-mcp')
    expect((await admin.approve(await admin.decision(decision.id))).status).toBe(200)
  }, 180_000)

  it('hold while the org is away and the queue is emptied, ask it ever less often, and end rightly after its return', async () => {
    setTimeout(() => void redisCommand(layout.redisUrl, 'flushall'), 5_000)
    const {
      subjects,
      answers: given,
      asked,
      resumedAfterMs,
    } = await orgAway(layout, admin, { from: 10, count: 8, ms: AWAY_MS })
    const { wrong, verdicts } = await judgeNow(layout, admin, given, subjects)
    expect(wrong).toEqual([])
    expect(verdicts).toEqual({ verified: subjects.length })
    expect(asked.inLastThird).toBeLessThan(asked.inAll / 3)
    expect(asked.inLastThird).toBeLessThan(AWAY_MS / 3_000)
    expect(resumedAfterMs).toBeLessThan(90_000)
  }, 600_000)

  it('lose no answer and no event of a page when HTTP ends while a decision is open', async () => {
    const { subject, statuses, twice } = await webRestarts(layout, admin, 50, answers)
    expect(statuses).toEqual([null, 200, 409])
    expect(twice).toEqual([])
    expect((await judgeNow(layout, admin, answers, [subject])).verdicts).toEqual({ verified: 1 })
  }, 180_000)

  it('report a Redis that hangs, and go on with what came meanwhile', async () => {
    const { subject, verdict, reports } = await redisHangs(layout, admin, 51, answers)
    expect(reports).toBeGreaterThan(0)
    expect(verdict).toBe('verified')
    expect((await judgeNow(layout, admin, answers, [subject])).wrong).toEqual([])
  }, 240_000)

  it('write nothing twice after a restore, and end each run as the org holds it, at four moments of a merge and a link', async () => {
    const drill = await restoreDrill(layout, admin, 100, answers)
    const { known, phases, verdictsOfUnknown, opened, transactions } = drill
    expect(phases).toEqual(['decide', 'decide', 'decide', 'decide', 'commit', 'commit'])
    expect(opened).toMatchObject({ status: 'approved', answered: [{ verb: 'approve' }] })
    const { wrong, verdicts } = await judgeNow(layout, admin, answers, known)
    expect(wrong).toEqual([])
    expect(verdicts).toEqual({ verified: 6 })
    expect(verdictsOfUnknown).toEqual(['nothing to do', 'nothing to do'])
    expect(transactions.after).toBe(transactions.before)
  }, 400_000)
})
