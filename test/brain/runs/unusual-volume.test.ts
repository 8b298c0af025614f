// A mission that events start far more often than usual waits for an administrator; nothing is dropped.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Trigger } from '../../../server/brain/domain/run.ts'
import { advanceRun } from '../../../server/brain/runs/runner.ts'
import { startRun } from '../../../server/brain/runs/start-run.ts'
import { throwSwitch } from '../../../server/brain/runs/switch/throw-switch.ts'
import { unusualFrom } from '../../../server/brain/runs/switch/unusual-volume.ts'
import { steerRun } from '../../../server/brain/runs/steer-run.ts'
import { addSeconds } from '../../../server/contract/values/instant.ts'
import { clock, ids } from '../store/databases.ts'
import { someMission } from '../store/fixtures.ts'
import { useRunning } from '../store/running.ts'

describe('the volume that is unusual', () => {
  it.each([
    ['without a history: half of what may start in a day', [], 100, 50],
    ['ten times the median hour', [7, 30, 8, 9, 400], 100, 90],
    ['never less than 20 an hour', [1, 1, 1], 10, 20],
    ['half a day’s runs while the usual is small', [2, 2, 3], 500, 250],
  ])('is %s', (_, hours, perDay, expected) => expect(unusualFrom(hours, perDay)).toBe(expected))

  it('is never within ten times the median, and does not move with one wild hour', () => {
    const hours = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 3, maxLength: 100 })
    fc.assert(
      fc.property(hours, fc.integer({ min: 1, max: 100_000 }), (of, perDay) => {
        const most = unusualFrom(of, perDay)
        const below = of.filter((runs) => 10 * runs <= most).length
        expect(below).toBeGreaterThanOrEqual(Math.floor(of.length / 2))
        expect(unusualFrom([...of.slice(1), 1_000_000], perDay)).toBeLessThanOrEqual(
          Math.max(10 * Math.max(...of), perDay, 20),
        )
      }),
    )
  })
})

describe('a mission that starts ten times its usual runs', () => {
  const house = useRunning()
  const start = async (mission: string, change: Partial<Trigger> = {}) =>
    (await startRun(house.deps(), { mission, trigger: { ...house.trigger(), ...change } })).runId
  const statuses = async (runIds: readonly string[]) => {
    const runs = await house.store.runsById(runIds)
    return runIds.map((id) => runs.get(id)?.status)
  }
  const install = (name: string) => house.store.transaction((tx) => tx.insertMission(someMission(name, { perDay: 40 })))
  const startsOf = (mission: string, isStop: boolean) =>
    house.store.transaction((tx) =>
      throwSwitch(tx, { by: '005000000000001AAA', what: `starts:${mission}`, isStop, reason: 'A list was imported' }),
    )

  it('holds the surplus with a sentence before it reads, leaves one change of the switch, and lets all go on once it is started', async () => {
    await install('flooded')
    const usual: string[] = []
    for (let n = 0; n < 20; n += 1) usual.push(await start('flooded'))
    const surplus: string[] = []
    for (let n = 0; n < 5; n += 1) surplus.push(await start('flooded'))
    expect(new Set(await statuses(usual))).toEqual(new Set(['running']))
    expect(new Set(await statuses(surplus))).toEqual(new Set(['held']))
    expect((await house.store.run(surplus[0] ?? ''))?.reason?.join('')).toBe(
      'Many more runs than usual: an administrator has to let them go on',
    )
    expect(await house.store.switchChanges(9)).toMatchObject([
      { by: 'brain', what: 'starts:flooded', isStop: true, reason: '20 runs within an hour, 20 or more are unusual' },
    ])
    // Neither a run that had started, nor one a person resumes, comes further.
    house.calls = []
    await steerRun({ store: house.store }, 'resume', surplus[1] ?? '')
    for (const id of [usual[0] ?? '', surplus[0] ?? '', surplus[1] ?? ''])
      expect(await advanceRun(house.withPhases({ read: house.oneCall }), id)).toBe('held')
    expect(house.calls).toEqual([])
    expect(await house.said(surplus[0] ?? '')).toEqual([
      'waited: Many more runs than usual: an administrator has to let them go on',
    ])

    await startsOf('flooded', false)
    await house.store.transaction((tx) => tx.wakeAllHeld('flooded'))
    const { rows } = await house.pool.query("select about from missions.outbox where kind = 'advance-run'")
    const woken = rows.map(({ about }: { about: string }) => about)
    expect(surplus.filter((id) => !woken.includes(id))).toEqual([])
    for (const id of [...usual, ...surplus]) expect(await advanceRun(house.withPhases({}), id)).toBe('done')
  })

  it('is not held again by the runs from before it was started, and is by as many new ones', async () => {
    await install('again')
    for (let n = 0; n < 21; n += 1) await start('again')
    expect(await house.store.stopped()).toContain('starts:again')
    await new Promise((resolve) => setTimeout(resolve, 2))
    await startsOf('again', false)
    await new Promise((resolve) => setTimeout(resolve, 2))
    expect(await statuses([await start('again')])).toEqual(['running'])
    for (let n = 0; n < 19; n += 1) await start('again')
    expect(await statuses([await start('again')])).toEqual(['held'])
  })

  it('is measured by its own history: of a mission used to it, ten times as many run', async () => {
    await install('busy')
    const now = clock.now()
    for (let hour = 1; hour <= 3; hour += 1) {
      for (let n = 0; n < 3; n += 1) {
        const id = await start('busy')
        await house.pool.query('update missions.run set started_at = $2 where id = $1', [
          id,
          addSeconds(now, -3600 * (hour + 1)),
        ])
      }
    }
    const started: string[] = []
    for (let n = 0; n < 31; n += 1) started.push(await start('busy'))
    expect((await statuses(started)).filter((status) => status === 'held')).toHaveLength(1)
  })

  it('holds nothing that a person launches', async () => {
    await install('launched')
    await startsOf('launched', true)
    const id = await start('launched', { kind: 'launch', change: null, launcher: '005000000000001AAA' })
    expect(await advanceRun(house.withPhases({}), id)).toBe('done')
    expect(await statuses([await start('launched', { idempotencyKey: ids.next() })])).toEqual(['held'])
  })

  it('opens no decision of a run that was reading when the starts were stopped', async () => {
    await install('reading')
    const id = await start('reading')
    const propose = async () => {
      await startsOf('reading', true)
      return { kind: 'next' as const, result: null }
    }
    expect(await advanceRun(house.withPhases({ propose }), id)).toBe('held')
    expect(await house.store.run(id)).toMatchObject({ phase: 'decide', decisionId: null })
  })
})
