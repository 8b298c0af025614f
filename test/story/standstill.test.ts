// One run that stands still for ever: HTTP and the switch answer, other runs end, and it is set aside.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startChild, type Child } from '../../server/practice/child.ts'
import { activateMissions, toActivate } from '../../server/practice/activate.ts'
import { brainProcess, brainUrl, orgUrl } from '../../server/practice/processes.ts'
import { startOrg } from '../../server/practice/supervisor.ts'
import { signIn, type Person } from '../support/person.ts'
import { hasPostgres, startPostgres, type PostgresServer } from '../support/postgres.ts'
import { freeOptions } from '../support/stack.ts'
import { runThatIs } from '../support/story.ts'
import { until } from '../support/until.ts'
import { ENDS_THREAD, STANDS_STILL } from './standing-phases.ts'

const EMBEDDED = 'the embedded store'
const STORES = hasPostgres() ? [EMBEDDED, 'PostgreSQL'] : [EMBEDDED]
const PHASE_SECONDS = 3
/** Well below the time for which the run stands still. */
const ANSWERS_MS = 2_000

describe.each(STORES)('a run that stands still for ever (%s)', (kind) => {
  let options: Awaited<ReturnType<typeof freeOptions>>
  let postgres: PostgresServer | null = null
  let org: Child | undefined
  let brain: Child | undefined
  let admin: Person
  /** About the lead that stands still, and about another. */
  const runs: { still: string; other: string } = { still: '', other: '' }
  let subject = ''

  beforeAll(async () => {
    postgres = kind === 'PostgreSQL' ? await startPostgres() : null
    options = await freeOptions({ size: 5, ...(postgres ? { databaseUrl: postgres.url } : {}) })
    org = await startOrg(options)
    const { env, ...child } = brainProcess(options, String(org.ready.orgId))
    brain = await startChild({
      ...child,
      entry: join(import.meta.dirname, 'standing-brain.ts'),
      env: { ...env, PHASE_SECONDS: String(PHASE_SECONDS) },
    })
    await activateMissions(orgUrl(options), brainUrl(options), toActivate(options))
    admin = await signIn(orgUrl(options), brainUrl(options), 'admin')
  })
  afterAll(async () => {
    await brain?.stop(2_500)
    await org?.stop(2_500)
    await postgres?.stop()
    rmSync(options.dataDir, { recursive: true, force: true })
  })

  const metric = async (name: string) => {
    const text = await (await fetch(`${brainUrl(options)}/metrics`)).text()
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(name))
        ?.split(' ')
        .at(-1) ?? 0,
    )
  }
  const STOOD_STILL = 'missions_thread_restarts_total{thread="jobs",why="stood still"}'

  /** Asks for the time that the work takes; gives the slowest answer, in ms. */
  async function slowestAnswer(work: () => Promise<unknown>): Promise<number> {
    let [slowest, isDone] = [0, false]
    const asking = (async () => {
      while (!isDone) {
        const start = performance.now()
        const { status } = await fetch(`${brainUrl(options)}/health/live`)
        expect(status).toBe(200)
        slowest = Math.max(slowest, performance.now() - start)
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    })()
    await Promise.all([asking, work().finally(() => (isDone = true))])
    return slowest
  }

  /** Makes a lead whose run stands still; throws the switch and ends another run meanwhile. Gives the lead. */
  async function besideStandstill(): Promise<string> {
    const lead = await admin.create('Lead', { Company: STANDS_STILL, LastName: 'Still' })
    await until('it stood still', async () => (await metric(STOOD_STILL)) > 0, 60_000)
    const start = performance.now()
    expect((await admin.send('/writes/stop', { reason: 'Trying the switch' })).status).toBe(200)
    expect(performance.now() - start).toBeLessThan(ANSWERS_MS)
    expect((await admin.startWrites('Tried')).status).toBe(200)
    const other = await admin.create('Lead', { Company: 'Nobody Knows', LastName: 'Once' })
    const ended = await runThatIs(admin, other, ['done', 'failed'], 120_000)
    expect(ended.status).toBe('done')
    runs.other = ended.id
    return lead
  }

  it('stops neither HTTP nor the switch nor other runs', async () => {
    expect(await slowestAnswer(async () => void (subject = await besideStandstill()))).toBeLessThan(ANSWERS_MS)
  }, 200_000)

  // How often a run is begun is counted in the database alike: the rest takes minutes, and is tried on one store.
  if (kind !== EMBEDDED) return

  it('is set aside', async () => {
    const slowest = await slowestAnswer(async () => {
      runs.still = (await runThatIs(admin, subject, ['failed'], 240_000)).id
    })
    expect(slowest).toBeLessThan(ANSWERS_MS)
    expect(await admin.get(`/runs/${runs.still}`)).toMatchObject({ verdict: 'failed', phase: 'enrich' })
    const said = await admin.observations(runs.still)
    expect(said.at(-1)?.text).toBe('The program stopped 5 times at this step of the run; nothing was changed')
    // The first time it had come further than before.
    expect(await metric(STOOD_STILL)).toBe(6)
    expect(await metric('missions_runs_set_aside_total')).toBe(1)
  }, 400_000)

  it('that ends its thread each time is set aside as well', async () => {
    const lead = await admin.create('Lead', { Company: ENDS_THREAD, LastName: 'Ends' })
    const slowest = await slowestAnswer(() => runThatIs(admin, lead, ['failed'], 120_000))
    expect(slowest).toBeLessThan(ANSWERS_MS)
    expect(await metric('missions_thread_restarts_total{thread="jobs",why="ended"}')).toBe(6)
    expect(await metric('missions_runs_set_aside_total')).toBe(2)
  }, 150_000)

  it('is not computed again for ever either, which stops nothing', async () => {
    const slowest = await slowestAnswer(async () => {
      const response = await fetch(`${brainUrl(options)}/api/v1/runs/${runs.still}/replay`, {
        headers: { authorization: `Bearer ${await admin.sessionToken()}` },
      })
      expect(response.status).toBe(503)
      expect(await response.json()).toMatchObject({
        title: 'Takes too long',
        detail: `Computing the run again was ended after ${PHASE_SECONDS} s. Its record is unchanged.`,
      })
      expect(await admin.get(`/runs/${runs.other}/replay`)).toMatchObject({ recomputed: { isSame: true } })
    })
    expect(slowest).toBeLessThan(ANSWERS_MS)
  }, 120_000)
})
