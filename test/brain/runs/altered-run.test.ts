// A run whose row was changed in the database past the brain is not resumed: it holds with a sentence, and its mission writes nothing.
import { describe, expect, it } from 'vitest'
import { advanceRun } from '../../../server/brain/runs/runner.ts'
import { startRun } from '../../../server/brain/runs/start-run.ts'
import { steerRun } from '../../../server/brain/runs/steer-run.ts'
import type { PhaseFunction } from '../../../server/brain/runs/phase.ts'
import { runView } from '../../../server/brain/http/views/run-view.ts'
import { SEES_ALL } from '../decisions/answering.ts'
import { someMission } from '../store/fixtures.ts'
import { useRunning } from '../store/running.ts'

const house = useRunning()
const waiting: PhaseFunction = () => Promise.resolve({ kind: 'wait', for: 'timer', dueInSeconds: 60, key: 'later' })
let missions = 0

/** A run of a mission of its own that waits in `commit`. */
async function waitingRun() {
  const mission = `edited-${(missions += 1)}`
  await house.store.transaction((tx) => tx.insertMission(someMission(mission)))
  const { runId } = await startRun(house.deps(), { mission, trigger: house.trigger() })
  await advanceRun(house.withPhases({ commit: waiting }), runId)
  return { id: runId, mission }
}
const edit = (id: string, set: string) => house.pool.query(`update missions.run set ${set} where id = $1`, [id])
const SENTENCE = 'This run was changed in the database: see npm run audit, then cancel it'

describe('a run', () => {
  it.each([
    ['phase', "phase = 'read'"],
    ['status', "status = 'held'"],
    ['version of its mission', 'mission_version = 2'],
    ['mission', "mission = 'tidy'"],
    ['decision', "decision_id = 'another'"],
    ['subject', "subject_id = '00Q999999999999AAA'"],
    ['calls', 'api_calls = 0, tokens = 0'],
    ['tokens', 'tokens = 1'],
    ['cost', 'cost_micros = -1000000'],
    ['currency', "currency = 'XXX'"],
    ['next try', "next_try_at = '2020-01-01T00:00:00.000Z'"],
    ['tries', 'tries = 9'],
    ['verdict', "verdict = 'verified'"],
    ['retrigger', 'retrigger = true'],
    ['title', "title = 'Other'"],
    ['start', "started_at = '2020-01-01T00:00:00.000Z'"],
    ['last change', "updated_at = '2020-01-01T00:00:00.000Z'"],
  ])(
    'is held with a sentence when its %s was edited, asks nothing, and stops the writes of its mission',
    async (title, set) => {
      const { id, mission } = await waitingRun()
      if (title === 'calls') await house.store.transaction((tx) => tx.updateRun(id, { apiCalls: 3 }))
      await edit(id, set)
      house.calls = []
      const runner = house.withPhases({ read: house.oneCall, commit: house.oneCall })
      expect(await advanceRun(runner, id)).toBe('held')
      const run = await house.store.run(id)
      expect([run?.isAltered, run?.nextTryAt, run?.reason?.join('')]).toEqual([true, null, SENTENCE])
      expect(house.calls).toEqual([])
      if (title !== 'mission') expect(await house.store.stopped()).toContain(`writes:${mission}`)
      // Holding it has not made the edit good.
      await expect(steerRun({ store: house.store }, 'resume', id)).rejects.toThrow(/changed in the database/)
      expect(await advanceRun(runner, id)).toBe('held')
      expect(house.calls).toEqual([])
      await house.store.transaction((tx) => tx.setSetting('writes', 'allowed'))
    },
  )

  it('that was edited while it worked ends at its next step, with what it had asked kept', async () => {
    const { id } = await waitingRun()
    const commit: PhaseFunction = async ({ tool }) => {
      await tool('one', 'getUserInfo', {})
      await tool('two', 'getUserInfo', {})
      return { kind: 'finish', verdict: 'verified', result: null }
    }
    house.calls = []
    house.answer = async () => {
      if (house.calls.length === 1) await edit(id, 'api_calls = 0, tries = 5')
      return { calls: 1 }
    }
    expect(await advanceRun(house.withPhases({ commit }), id)).toBe('held')
    expect(house.calls).toHaveLength(1)
    expect((await house.store.journal(id)).map(({ key }) => key)).toContain('one')
  })

  it('that was edited to be done is shown as altered, and is not taken up', async () => {
    const { id } = await waitingRun()
    await edit(id, "status = 'done', verdict = 'verified'")
    const run = await house.store.run(id)
    expect(run?.isAltered).toBe(true)
    expect(runView(run!, SEES_ALL).reason).toBe(
      'This run was changed in the database: what is shown of it may be wrong',
    )
    expect(await house.store.dueRuns()).not.toContain(id)
    expect(await advanceRun(house.withPhases({}), id)).toBe('gone')
  })

  it('that was edited can be cancelled', async () => {
    const { id } = await waitingRun()
    await edit(id, "phase = 'read'")
    await advanceRun(house.withPhases({}), id)
    await steerRun({ store: house.store }, 'cancel', id)
    expect(await house.store.run(id)).toMatchObject({ status: 'cancelled', isAltered: true })
  })

  it('is none of them when only its lease changed, after every step of its own', async () => {
    const { id } = await waitingRun()
    await edit(id, "lease_owner = 'x', lease_until = now() - interval '1 hour', fence = fence + 1, begins = 2")
    expect(await advanceRun(house.withPhases({ commit: waiting }), id)).toBe('running')
    await steerRun({ store: house.store }, 'pause', id)
    await steerRun({ store: house.store }, 'resume', id)
    expect(await advanceRun(house.withPhases({}), id)).toBe('done')
    expect((await house.store.run(id))?.isAltered).toBeUndefined()
  })
})
