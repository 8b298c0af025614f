import { describe, expect, it } from 'vitest'
import { ScreenedInput } from '../../../server/brain/domain/screening/screened-input.ts'
import { microsOf } from '../../../server/contract/values/money.ts'
import { OverLimit } from '../../../server/brain/domain/errors.ts'
import type { LanguageModel } from '../../../server/brain/ports/model.ts'
import type { PhaseFunction, PhaseTx } from '../../../server/brain/runs/phase.ts'
import { assertWithinLimits } from '../../../server/brain/runs/bounds/limits.ts'
import { startRun } from '../../../server/brain/runs/start-run.ts'
import { advanceRun } from '../../../server/brain/runs/runner.ts'
import { someDecision, someMission } from '../store/fixtures.ts'
import { useRunning } from '../store/running.ts'

describe('the limits of a mission (12 calls, 1 minute)', () => {
  const since = '2026-01-31T10:00:00.000Z'
  const spent = { phase: 'read' as const, apiCalls: 0, tokens: 0, costMicros: 0, since, now: since }

  it.each([
    ['the twelfth call', { apiCalls: 11 }],
    ['the last token', { tokens: 5000 }],
    ['the first minute', { now: '2026-01-31T10:00:59.999Z' }],
    ['more calls once it proposed', { phase: 'commit' as const, apiCalls: 40 }],
    ['more time once it proposed', { phase: 'decide' as const, now: '2026-02-07T10:00:00.000Z' }],
  ])('allow %s', (_, change) => {
    expect(() => assertWithinLimits(someMission('tidy'), { ...spent, ...change })).not.toThrow()
  })

  it.each([
    ['a thirteenth call', { apiCalls: 12 }, '12 Salesforce calls'],
    ['tokens beyond the limit', { tokens: 5001 }, '5000 tokens of a language model'],
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

  /** Asks a model again and again, as one does that never comes to an end. */
  const askingOn: PhaseFunction = async ({ model, tool }) => {
    for (let n = 1; ; n += 1) {
      await model?.(`model ${n}`, { instructions: 'Go on.', input: new ScreenedInput({}, {}), schema: {} })
      await tool(`after model ${n}`, 'getUserInfo', {})
    }
  }

  it.each([
    ['that it fills', 1000, 5, [5000, 4000, 3000, 2000, 1000]],
    ['that the last answer exceeds', 2200, 3, [5000, 2800, 600]],
  ])('stops at a limit of 5,000 tokens %s, and asks no more of anyone', async (_, each, calls, bounds) => {
    const id = await house.start()
    const asked: number[] = []
    house.answer = () => Promise.resolve({ calls: 0 })
    const endless: LanguageModel = {
      name: 'endless',
      endpoint: 'https://llm.example/v1',
      answer: (_question, { mostTokens }) => {
        asked.push(mostTokens)
        return Promise.resolve({ text: 'more', model: 'endless', tokens: { input: each - 100, output: 100 } })
      },
    }
    await house.useModel(endless, 'Go on.')
    expect(await advanceRun(house.withPhases({ reason: askingOn }), id)).toBe('failed')
    expect(asked).toEqual(bounds)
    expect(await house.store.run(id)).toMatchObject({ verdict: 'failed', tokens: each * calls })
    expect(await house.said(id)).toEqual([
      'failed: The mission’s limit of 5000 tokens of a language model is reached; nothing was changed',
    ])
    const asksAfter = house.calls.length
    expect(await advanceRun(house.withPhases({ reason: askingOn }), id)).toBe('gone')
    expect([asked.length, house.calls.length]).toEqual([calls, asksAfter])
  })

  const price = { input: microsOf('1.00'), output: microsOf('4.00'), currency: 'EUR' }
  const paidModel = (asked: number[], input: number, output: number) => ({
    name: 'paid',
    endpoint: 'https://models.example',
    price,
    answer: (_question: unknown, { mostTokens }: { mostTokens: number }) => {
      asked.push(mostTokens)
      return Promise.resolve({ text: 'more', model: 'paid', tokens: { input, output } })
    },
  })
  const startPaid = async (mission: string, cost: string) => {
    await house.store.transaction((tx) => tx.insertMission(someMission(mission, { cost })))
    return (await startRun(house.deps(), { mission, trigger: house.trigger() })).runId
  }

  it('stops at a limit of cost, bounds each answer by what is left, and keeps what was paid', async () => {
    const id = await startPaid('frugal', '0.0025')
    const asked: number[] = []
    house.answer = () => Promise.resolve({ calls: 0 })
    await house.useModel(paidModel(asked, 600, 100), 'Go on.')
    expect(await advanceRun(house.withPhases({ reason: askingOn }), id)).toBe('failed')
    // 1,000 millionths a call: 2,500, then 1,500, then 500 are left; an answered token costs 4.
    expect(asked).toEqual([625, 375, 125])
    expect(await house.store.run(id)).toMatchObject({ tokens: 2100, costMicros: 3000, currency: 'EUR' })
    expect(await house.said(id)).toEqual([
      'failed: The mission’s limit of 0.0025 for language models is reached; nothing was changed',
    ])
    const { rows } = await house.pool.query(
      'select sum(cost_micros)::int as cost, min(currency) as currency from missions.model_call where run_id = $1',
      [id],
    )
    expect(rows).toEqual([{ cost: 3000, currency: 'EUR' }])
  })

  it('asks no model more once exactly the limit is spent', async () => {
    const id = await startPaid('exact', '0.001')
    const asked: number[] = []
    house.answer = () => Promise.resolve({ calls: 0 })
    await house.useModel(paidModel(asked, 600, 100), 'Go on.')
    expect(await advanceRun(house.withPhases({ reason: askingOn }), id)).toBe('failed')
    expect(asked).toHaveLength(1)
    expect((await house.store.run(id))?.costMicros).toBe(1000)
  })

  it('holds, and asks no model, when its mission limits the cost and no price is set', async () => {
    const id = await startPaid('priceless', '1.00')
    const asked: number[] = []
    await house.useModel({ ...paidModel(asked, 1, 1), price: null }, 'Go on.')
    expect(await advanceRun(house.withPhases({ reason: askingOn }), id)).toBe('held')
    expect((await house.store.run(id))?.reason?.join('')).toContain('no price is set (LLM_PRICE_INPUT)')
    expect(asked).toEqual([])
  })

  it('opens no decision beyond the limit of open ones, and does once one of them is answered', async () => {
    await house.store.transaction((tx) => tx.insertMission(someMission('crowded', { open: 2 })))
    const start = async () => (await startRun(house.deps(), { mission: 'crowded', trigger: house.trigger() })).runId
    const opening: PhaseFunction = ({ run }) => {
      const { decision, changeSet } = someDecision(run)
      const within = async (tx: PhaseTx) => {
        await tx.insertDecision(decision, changeSet)
        await tx.updateRun(run.id, { decisionId: decision.id })
      }
      return Promise.resolve({ kind: 'wait', for: 'person', key: 'answer', within })
    }
    const runner = house.withPhases({ decide: opening, read: house.oneCall })
    const ids = [await start(), await start(), await start(), await start()]
    // At once: of the decisions that open in the same instant, the third finds two.
    const opened = await Promise.all(ids.slice(0, 3).map((id) => advanceRun(runner, id)))
    expect(opened.sort()).toEqual(['held', 'waiting', 'waiting'])
    house.calls = []
    expect(await advanceRun(runner, ids[3] ?? '')).toBe('held')
    expect(house.calls).toEqual([])
    expect((await house.store.run(ids[3] ?? ''))?.reason).toEqual([
      'The mission’s limit of 2 open decisions is reached',
    ])
    const [answered] = await house.store.decisions({ mission: 'crowded', limit: 9 })
    await house.store.transaction((tx) => tx.updateDecision(answered?.id ?? '', { status: 'rejected' }))
    expect(await advanceRun(runner, ids[3] ?? '')).toBe('waiting')
    expect(await house.store.openDecisions('crowded')).toBe(2)
  })
})
