// A run that ends or stops its process again and again is set aside, and takes no other run with it.
import { beforeAll, expect, it } from 'vitest'
import { SalesforceError } from '../../../server/brain/domain/errors.ts'
import type { PhaseFunction } from '../../../server/brain/runs/phase.ts'
import { advanceRun, type RunnerDeps } from '../../../server/brain/runs/runner.ts'
import { WorkerLeases } from '../../../server/brain/runs/worker-leases.ts'
import { ids, onEachDatabase } from '../store/databases.ts'
import { someDecision } from '../store/fixtures.ts'
import { Running } from '../store/running.ts'

const forEver = () => new Promise<never>(() => {})
const FAILED = 'failed: The program stopped 5 times at this step of the run; nothing was changed'

onEachDatabase('a run', (opened) => {
  const house = new Running()
  beforeAll(async () => {
    house.store = opened().store
    await house.install()
  })

  /** Runs another process until a phase calls `stop`; then none of its leases is renewed, and time passes. */
  async function processThatStops(deps: RunnerDeps, work: (deps: RunnerDeps, stopped: Promise<void>) => Promise<void>) {
    const { promise: stopped, resolve: stop } = Promise.withResolvers<void>()
    stops.current = stop
    const leases = new WorkerLeases(opened().store, ids.next())
    await work({ ...deps, leases }, stopped)
    await opened().pool.query(
      "update missions.run set lease_until = now() - interval '1 s' where lease_owner is not null",
    )
  }
  const stops = { current: () => {} }
  const stopsHere: PhaseFunction = () => {
    stops.current()
    return forEver()
  }
  const begin = (deps: RunnerDeps, id: string) =>
    processThatStops(deps, async (own, stopped) => {
      await Promise.race([advanceRun(own, id), stopped])
    })
  const statusOf = async (id: string) => (await house.store.run(id))?.status

  it('that stopped its process five times is failed by the sixth, which says so and leaves no decision to answer', async () => {
    const id = await house.start()
    const run = await house.store.run(id)
    const { decision, changeSet } = someDecision(run!)
    await house.store.transaction(async (tx) => {
      await tx.insertDecision(decision, changeSet)
      await tx.updateRun(id, { decisionId: decision.id })
    })
    const errors: unknown[] = []
    const deps = {
      ...house.withPhases({ trigger: stopsHere }),
      onError: (_id: string, error: unknown) => errors.push(error),
    }
    for (let times = 1; times <= 5; times += 1) {
      await begin(deps, id)
      expect(await statusOf(id)).toBe('running')
    }
    expect(await advanceRun(deps, id)).toBe('failed')
    expect(await house.store.run(id)).toMatchObject({ verdict: 'failed', phase: 'trigger' })
    expect(await house.said(id)).toEqual([FAILED])
    expect(await house.store.decision(decision.id)).toMatchObject({ status: 'superseded' })
    expect(errors).toMatchObject([{ code: 'begun-too-often' }])
  })

  it('that stopped its process while it wrote is failed, and it is not known what was written', async () => {
    const id = await house.start()
    const deps = house.withPhases({ commit: stopsHere })
    // Comes to the write from the first phase, and is counted from there.
    await begin(deps, id)
    for (let times = 1; times <= 5; times += 1) await begin(deps, id)
    expect(await advanceRun(deps, id)).toBe('failed')
    expect((await house.store.run(id))?.verdict).toBe('unknown')
    expect((await house.said(id)).at(-1)).toMatch(/; it is not known what was written$/)
  })

  it('that comes one answer further each time is not set aside', async () => {
    const id = await house.start()
    let begins = 0
    const read: PhaseFunction = async (context) => {
      begins += 1
      for (let n = 1; n <= Math.min(begins, 8); n += 1) await context.ask(`answer ${n}`, n, () => Promise.resolve(n))
      return begins > 8 ? { kind: 'next', result: null } : stopsHere(context)
    }
    const deps = house.withPhases({ read })
    for (let times = 1; times <= 8; times += 1) await begin(deps, id)
    expect(await advanceRun(deps, id)).toBe('done')
  })

  it('that holds for hours is begun each time and never set aside', async () => {
    const id = await house.start()
    const gone = { code: 'unavailable' as const, message: 'gone', orgCode: null, retryable: true }
    house.answer = () => Promise.reject(new SalesforceError('getUserInfo', gone))
    for (let tries = 1; tries <= 20; tries += 1)
      expect(await advanceRun(house.withPhases({ read: house.oneCall }), id)).toBe('held')
    house.answer = () => Promise.resolve({ calls: 1 })
    expect(await advanceRun(house.withPhases({ read: house.oneCall }), id)).toBe('done')
  })

  it('that waits for a person while others stop their processes is not blamed', async () => {
    const id = await house.start()
    const decide: PhaseFunction = () => Promise.resolve({ kind: 'wait', for: 'person', key: 'asked' })
    for (let times = 1; times <= 8; times += 1)
      expect(await advanceRun(house.withPhases({ decide }), id)).toBe('waiting')
    expect(await advanceRun(house.withPhases({}), id)).toBe('done')
  })

  it('beside runs that stop the process ends as it would alone, and only those are set aside', async () => {
    const poison = new Set([await house.start(), await house.start()])
    const innocent = await Promise.all([1, 2, 3].map(() => house.start()))
    let stoodStill = false
    const trigger: PhaseFunction = async (context) => {
      if (poison.has(context.run.id)) {
        stoodStill = true
        return stopsHere(context)
      }
      // Longer than it takes all of them to begin; what stands beside a run that stopped its process comes no further.
      await new Promise((resolve) => setTimeout(resolve, 100))
      return stoodStill ? forEver() : { kind: 'next', result: null }
    }
    for (let processes = 1; processes <= 40; processes += 1) {
      stoodStill = false
      await processThatStops(house.withPhases({ trigger }), async (own, stopped) => {
        const open = (await house.store.dueRuns()).filter((id) => poison.has(id) || innocent.includes(id))
        const all = open.map((id) => advanceRun(own, id))
        const begun = new Promise((resolve) => setTimeout(resolve, 60))
        await Promise.race([Promise.all(all), Promise.all([stopped, begun])])
      })
    }
    for (const id of poison) expect(await house.said(id)).toEqual([FAILED])
    expect(await Promise.all(innocent.map(statusOf))).toEqual(['done', 'done', 'done'])
  })

  it('that could not be given back, because the database was away, is given back later and not blamed', async () => {
    const id = await house.start()
    const { store } = opened()
    let isAway = true
    const release: typeof store.release = (runId, owner) =>
      isAway ? Promise.reject(new Error('away')) : store.release(runId, owner)
    const leases = new WorkerLeases({ lease: store.lease, renew: store.renew, release }, ids.next())
    const deps = {
      ...house.withPhases({ decide: () => Promise.resolve({ kind: 'wait', for: 'person', key: 'asked' }) }),
      leases,
    }
    await expect(advanceRun(deps, id)).rejects.toThrow('away')
    expect(await store.lease(id, 'another', 30)).toBeNull()
    isAway = false
    await leases.giveBackLeft()
    expect(await store.lease(id, 'another', 30)).toMatchObject({ begins: 1 })
    await store.release(id, 'another')
  })

  it('under way in a process that closes is given back at once, and not blamed', async () => {
    const id = await house.start()
    const leases = new WorkerLeases(opened().store, ids.next())
    const reached = Promise.withResolvers<void>()
    const read: PhaseFunction = () => (reached.resolve(), forEver())
    void advanceRun({ ...house.withPhases({ read }), leases }, id)
    await reached.promise
    await leases.giveBackAll()
    expect(await opened().store.lease(id, 'another', 30)).toMatchObject({ begins: 1 })
    await opened().store.release(id, 'another')
  })
})
