// Guarantee 5: when what held a run has passed, the others that hold do not wait for their own next try.
import { describe, expect, it } from 'vitest'
import { SalesforceError } from '../../../server/brain/domain/errors.ts'
import { advanceRun } from '../../../server/brain/runs/runner.ts'
import { on, useRunning } from '../store/running.ts'

const down = new SalesforceError('getUserInfo', {
  code: 'unavailable',
  message: 'gone',
  orgCode: null,
  retryable: true,
})

describe('runs that hold while Salesforce is down', () => {
  const house = useRunning()
  const failing = () => Promise.reject(down)

  async function heldFor(tries: number): Promise<string> {
    const id = await house.start()
    await house.wakeUps(id)
    for (let n = 0; n < tries; n += 1) await advanceRun(house.withPhases({ trigger: failing }), id)
    return id
  }
  /** Seconds until each wake-up of a run. */
  const dueIn = async (id: string): Promise<number[]> => {
    const sql = 'select extract(epoch from due_at - now())::float as s from missions.outbox where about = $1 order by 1'
    return (await house.pool.query<{ s: number }>(sql, [id])).rows.map(({ s }) => s)
  }
  const aged = (id: string) =>
    house.pool.query("update missions.run set updated_at = '2026-01-01T00:00:00.000Z' where id = $1", [id])

  it('are tried within ten seconds once one of them came further', async () => {
    const [first, waiting, recent] = [await heldFor(5), await heldFor(5), await heldFor(5)]
    expect((await dueIn(waiting)).at(-1)).toBeGreaterThan(200)
    await aged(waiting)
    await advanceRun(house.withPhases({ trigger: on }), first)
    expect((await dueIn(waiting)).at(-1)).toBeLessThanOrEqual(10)
    const due = (await dueIn(recent)).at(-1)
    expect(due).toBeGreaterThan(28)
    expect(due).toBeLessThanOrEqual(40)
  })

  it('are woken once: the next one that comes further brings none of them closer', async () => {
    const [first, second, waiting] = [await heldFor(5), await heldFor(5), await heldFor(5)]
    await aged(waiting)
    await advanceRun(house.withPhases({ trigger: on }), first)
    const due = (await dueIn(waiting)).at(-1)
    for (let n = 0; n < 10; n += 1) await advanceRun(house.withPhases({ trigger: on }), second)
    expect(Math.abs((await dueIn(waiting)).at(-1)! - due!)).toBeLessThan(2)
  })

  it('are woken by one that Salesforce refuses, since it can be reached again', async () => {
    const [first, waiting] = [await heldFor(5), await heldFor(5)]
    await aged(waiting)
    const refusal = new SalesforceError('getUserInfo', { ...down.error, code: 'refused', retryable: false })
    await advanceRun(house.withPhases({ trigger: () => Promise.reject(refusal) }), first)
    expect((await dueIn(waiting)).at(-1)).toBeLessThanOrEqual(10)
  })

  it('keep their time when a run came further that held for something else', async () => {
    const waiting = await heldFor(5)
    await aged(waiting)
    const other = await house.start()
    await advanceRun(house.withPhases({ trigger: () => Promise.reject(new Error('database')) }), other)
    await advanceRun(house.withPhases({ trigger: on }), other)
    expect((await dueIn(waiting)).at(-1)).toBeGreaterThan(200)
  })

  it('keep their time when a run came further that never held', async () => {
    const waiting = await heldFor(5)
    await aged(waiting)
    await advanceRun(house.withPhases({ trigger: on }), await house.start())
    expect((await dueIn(waiting)).at(-1)).toBeGreaterThan(200)
  })

  it('keep their time when a limit per day holds them', async () => {
    const limited = await house.start()
    await house.pool.query(
      "update missions.run set status = 'held', next_try_at = '2099-01-01T00:00:00.000Z' where id = $1",
      [limited],
    )
    await house.pool.query("update missions.outbox set due_at = now() + interval '5 hours' where about = $1", [limited])
    await aged(limited)
    const first = await heldFor(1)
    await advanceRun(house.withPhases({ trigger: on }), first)
    expect((await dueIn(limited)).at(-1)).toBeGreaterThan(10_000)
  })
})
