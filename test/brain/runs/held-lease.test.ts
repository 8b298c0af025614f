// Guarantee 3: a write is asked for only by the worker that has the run, and may begin only while that is sure.
import { describe, expect, it } from 'vitest'
import type { CallContext, Salesforce } from '../../../server/brain/ports/salesforce.ts'
import type { PhaseFunction } from '../../../server/brain/runs/phase.ts'
import { advanceRun } from '../../../server/brain/runs/runner.ts'
import { WorkerLeases } from '../../../server/brain/runs/worker-leases.ts'
import { steerRun } from '../../../server/brain/runs/steer-run.ts'
import { on, useRunning } from '../store/running.ts'

describe('a phase that asks for a write', () => {
  const house = useRunning()
  const asking =
    (before: (runId: string) => Promise<unknown>): PhaseFunction =>
    async (context) => {
      await before(context.run.id)
      await context.tool('commit', 'commitChangeSet', { leaves: [], approvals: [] })
      return on(context)
    }
  const walk = async (before: (runId: string) => Promise<unknown>) => {
    const contexts: CallContext[] = []
    const call = ((_tool: string, _input: object, context: CallContext) => {
      contexts.push(context)
      return Promise.resolve({ calls: 1 })
    }) as unknown as Salesforce['call']
    const id = await house.start()
    const deps = { ...house.withPhases({ trigger: asking(before) }), salesforce: { call } }
    return { id, status: await advanceRun(deps, id), contexts }
  }

  it('names the time until which the write may begin: shortly before its lease ends', async () => {
    const { contexts } = await walk(() => Promise.resolve())
    const left = Date.parse(contexts[0]?.notAfter ?? '') - Date.now()
    expect(left).toBeGreaterThan(10_000)
    expect(left).toBeLessThanOrEqual(25_500)
  })

  it('asks for nothing once another worker has the run', async () => {
    const { status, contexts } = await walk(async (runId) => {
      await house.pool.query('update missions.run set lease_until = now() where id = $1', [runId])
      await house.store.lease(runId, 'another worker', 30)
    })
    expect([status, contexts]).toEqual(['gone', []])
  })

  it('asks for nothing once its own lease has ended, although nobody took the run', async () => {
    const { contexts } = await walk((runId) =>
      house.pool.query("update missions.run set lease_until = now() - interval '1 second' where id = $1", [runId]),
    )
    expect(contexts).toEqual([])
  })

  it('gets the whole time of a lease for the write, also when the last renewal was long ago', async () => {
    const { contexts } = await walk((runId) =>
      house.pool.query("update missions.run set lease_until = now() + interval '6 seconds' where id = $1", [runId]),
    )
    expect(Date.parse(contexts[0]?.notAfter ?? '') - Date.now()).toBeGreaterThan(20_000)
  })

  it('asks nothing more once its lease was not renewed for as long as it lasts', async () => {
    let seconds = 0
    const id = await house.start()
    const failing = Object.assign(Object.create(house.store), { renew: () => Promise.reject(new Error('no database')) })
    const leases = new WorkerLeases(failing, 'w', undefined, () => seconds * 1000)
    const phase: PhaseFunction = async (context) => {
      await context.tool('first', 'getUserInfo', {})
      seconds += 31
      await context.tool('second', 'getUserInfo', {})
      return on(context)
    }
    expect(await advanceRun({ ...house.withPhases({ trigger: phase }), leases }, id)).toBe('gone')
    expect(house.calls).toEqual(['getUserInfo'])
  })

  it('asks for nothing once a person stopped the run', async () => {
    const { status, contexts } = await walk((runId) => steerRun({ store: house.store }, 'cancel', runId))
    expect([status, contexts]).toEqual(['gone', []])
  })
})
