// A breach stops the writes of its mission by itself, three of them all writes; only what an administrator signs starts them again.
import { describe, expect, it } from 'vitest'
import type { ToolError } from '../../../server/contract/tool-error.ts'
import { SalesforceError } from '../../../server/brain/domain/errors.ts'
import { switchHash } from '../../../server/brain/domain/switch.ts'
import type { Contained } from '../../../server/brain/runs/switch/containment.ts'
import type { PhaseFunction } from '../../../server/brain/runs/phase.ts'
import { advanceRun } from '../../../server/brain/runs/runner.ts'
import { startRun } from '../../../server/brain/runs/start-run.ts'
import { someMission } from '../store/fixtures.ts'
import { useRunning } from '../store/running.ts'

const refused = (change: Partial<ToolError>): PhaseFunction => {
  const error = { code: 'refused' as const, message: 'no', orgCode: null, retryable: false, ...change }
  return () => Promise.reject(new SalesforceError('commitChangeSet', error))
}

describe('a breach', () => {
  const house = useRunning()
  const contained: Contained[] = []
  const commit = async (mission: string, phase: PhaseFunction) => {
    const known = await house.store.latestMissions()
    if (!known.some(({ name }) => name === mission))
      await house.store.transaction((tx) => tx.insertMission(someMission(mission)))
    const { runId } = await startRun(house.deps(), { mission, trigger: house.trigger() })
    const runner = {
      ...house.withPhases({ commit: phase }),
      onContained: (each: Contained) => void contained.push(each),
    }
    await advanceRun(runner, runId)
    return runId
  }

  it.each<[string, Partial<ToolError>]>([
    ['a rule of the org', { orgCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION' }],
    ['a decision that expired', { message: 'the decision expired' }],
    ['a busy record', { code: 'locked', retryable: true }],
    ['a grant that is not open', { code: 'not-granted' }],
  ])('is none when salesforce-mcp refuses for %s', async (_, error) => {
    await commit('tidy', refused(error))
    expect(await house.store.stopped()).toEqual([])
  })

  it('stops the writes of its mission with one row and one event, and more of them add none', async () => {
    const run = await commit('first', refused({ breach: true }))
    await commit('first', refused({ breach: true }))
    expect(await house.store.stopped()).toEqual(['writes:first'])
    const changes = await house.store.switchChanges(9)
    expect(changes).toMatchObject([
      {
        by: 'brain',
        what: 'writes:first',
        isStop: true,
        reason: `Run ${run}: salesforce-mcp refused a write that no valid approval or grant covers`,
      },
    ])
    expect(contained.map(({ change, runId }) => [change.what, runId])).toEqual([['writes:first', run]])
    const [{ hash, ...change } = changes[0]!] = changes
    expect(switchHash(null, change)).toBe(hash)
  })

  it('of an altered mission is one too, and the third within a day stops all writes', async () => {
    const altered = { ...someMission('second'), source: 'altered' }
    await house.store.transaction((tx) => tx.insertMission(altered))
    await commit('second', refused({}))
    expect(await house.store.stopped()).toEqual(['writes:first', 'writes:second'])
    await commit('third', refused({ breach: true }))
    expect(await house.store.stopped()).toEqual(['writes', 'writes:first', 'writes:second', 'writes:third'])
    expect((await house.store.switchChanges(9)).map(({ what, reason }) => `${what}: ${reason}`)).toEqual([
      'writes: 3 breaches within a day',
      expect.stringMatching(/^writes:third: /),
      expect.stringMatching(
        /^writes:second: Run \S+: what is stored was altered: the stored text of mission second v1/,
      ),
      expect.stringMatching(/^writes:first: /),
    ])
  })
})
