import { describe, expect, it } from 'vitest'
import { OverLimit } from '../../../server/brain/domain/errors.ts'
import type { PhaseFunction } from '../../../server/brain/runs/phase.ts'
import { assertWithinLimits } from '../../../server/brain/runs/limits.ts'
import { advanceRun } from '../../../server/brain/runs/runner.ts'
import { someMission } from '../store/fixtures.ts'
import { useRunning } from '../store/running.ts'

describe('the limits of a mission (12 calls, 1 minute)', () => {
  const since = '2026-01-31T10:00:00.000Z'
  const spent = { phase: 'read' as const, apiCalls: 0, since, now: since }

  it.each([
    ['the twelfth call', { apiCalls: 11 }],
    ['the first minute', { now: '2026-01-31T10:00:59.999Z' }],
    ['more calls once it proposed', { phase: 'commit' as const, apiCalls: 40 }],
    ['more time once it proposed', { phase: 'decide' as const, now: '2026-02-07T10:00:00.000Z' }],
  ])('allow %s', (_, change) => {
    expect(() => assertWithinLimits(someMission('tidy'), { ...spent, ...change })).not.toThrow()
  })

  it.each([
    ['a thirteenth call', { apiCalls: 12 }, '12 Salesforce calls'],
    ['more than a minute', { now: '2026-01-31T10:01:00.000Z' }, '1 min of work'],
  ])('refuse %s', (_, change, limit) => {
    expect(() => assertWithinLimits(someMission('tidy'), { ...spent, ...change })).toThrow(new OverLimit(limit))
  })
})

describe('a run', () => {
  const house = useRunning()

  it('fails, with nothing changed, when it would need more calls than its mission allows', async () => {
    const id = await house.start()
    house.answer = () => Promise.resolve({ calls: 5 })
    const read: PhaseFunction = async (context) => {
      for (const n of [1, 2, 3, 4]) await context.tool(`page ${n}`, 'getUserInfo', {})
      return { kind: 'next', result: null }
    }
    expect(await advanceRun(house.withPhases({ read }), id)).toBe('failed')
    expect(house.calls).toHaveLength(3)
    expect(await house.store.run(id)).toMatchObject({ verdict: 'failed', apiCalls: 15 })
    expect(await house.said(id)).toEqual([
      'failed: The mission’s limit of 12 Salesforce calls is reached; nothing was changed',
    ])
  })
})
