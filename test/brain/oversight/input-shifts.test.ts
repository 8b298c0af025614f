// The inputs of missions are compared week by week; a shift is told apart from chance, and from one that a release explains.
import fc from 'fast-check'
import { Registry } from 'prom-client'
import { beforeAll, describe, expect, it } from 'vitest'
import type { InputCount, Mark } from '../../../server/brain/domain/input-mix.ts'
import { inputShifts } from '../../../server/brain/oversight/input-shifts.ts'
import { markChanges } from '../../../server/brain/oversight/mark-changes.ts'
import { stabilityOf } from '../../../server/brain/oversight/stability.ts'
import type { PhaseFunction } from '../../../server/brain/runs/phase.ts'
import { advanceRun } from '../../../server/brain/runs/runner.ts'
import { addSeconds } from '../../../server/contract/values/instant.ts'
import { openDoor, type Door } from '../http/server.ts'
import { useRunning } from '../store/running.ts'

const counts = (record: Record<string, number>) => new Map(Object.entries(record))

describe('the population stability index', () => {
  it.each([
    ['the same shares', { a: 500, b: 500 }, { a: 50, b: 50 }, 0],
    ['half and half against four to one', { a: 5000, b: 5000 }, { a: 8000, b: 2000 }, 0.4159],
    ['nine to one against one to nine', { a: 9000, b: 1000 }, { a: 1000, b: 9000 }, 3.5156],
  ])('of %s', (_, reference, window, index) => {
    expect(stabilityOf(counts(reference), counts(window)).index).toBeCloseTo(index, 2)
  })

  const some = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.integer({ min: 1, max: 1000 }), {
    minKeys: 1,
  })
  it('is never below zero, the same in both directions, and nothing between a window and itself', () => {
    fc.assert(
      fc.property(some, some, (one, other) => {
        const [there, back] = [stabilityOf(counts(one), counts(other)), stabilityOf(counts(other), counts(one))]
        expect(there.index).toBeGreaterThanOrEqual(0)
        expect(there.index).toBeCloseTo(back.index, 9)
        expect(stabilityOf(counts(one), counts(one)).index).toBe(0)
      }),
    )
  })

  it('of an empty window is all chance', () => {
    expect(stabilityOf(counts({}), counts({ a: 1 }))).toEqual({ index: 0, chance: Number.POSITIVE_INFINITY })
  })
})

const NOW = '2026-11-22T14:00:00.000Z'
const dayAt = (ago: number) => addSeconds(NOW, -ago * 86_400).slice(0, 10)
const count = (ago: number, value: string, runs: number): InputCount => ({
  mission: 'tidy',
  dimension: 'country',
  day: dayAt(ago),
  value,
  runs,
})
/** So many days ago up to today, `runs` a day of each value. */
const days = (from: number, to: number, runs: Record<string, number>) =>
  Array.from({ length: from - to + 1 }, (_, n) =>
    Object.entries(runs).map(([value, each]) => count(from - n, value, each)),
  ).flat()
const german = { DE: 18, FR: 2 }
const french = { DE: 2, FR: 18 }
const activation = (ago: number, mission: string | null = 'tidy'): Mark => ({
  at: `${dayAt(ago)}T09:00:00.000Z`,
  kind: 'activation',
  mission,
  what: 'activation of tidy v2',
})
const verdictOf = (given: readonly InputCount[], marks: readonly Mark[] = []) =>
  inputShifts(given, marks, NOW)[0]?.verdict

describe('a shift', () => {
  it('is found when the week is unlike the four weeks before it', () => {
    expect(inputShifts([...days(34, 7, german), ...days(6, 0, french)], [], NOW)).toMatchObject([
      { mission: 'tidy', dimension: 'country', verdict: 'unexplained', after: null, runs: { week: 140, before: 560 } },
    ])
  })

  it('is none when the week is like them, and not judged of too few runs', () => {
    expect(verdictOf(days(34, 0, german))).toBe('usual')
    expect(verdictOf([...days(34, 7, german), count(0, 'FR', 49)])).toBe('few')
    expect(verdictOf([count(8, 'DE', 49), ...days(6, 0, french)])).toBe('few')
  })

  it('is none among samples of one distribution, however many values it has', () => {
    const sample = (ago: number, size: number, shares: number[], next: () => number) => {
      const total = shares.reduce((sum, share) => sum + share, 0)
      return Array.from({ length: size }, () => {
        let left = next() * total
        const at = shares.findIndex((share) => (left -= share) < 0)
        return count(ago, `v${at}`, 1)
      })
    }
    const shares = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 2, maxLength: 12 })
    const sizes = fc.record({ week: fc.integer({ min: 50, max: 400 }), before: fc.integer({ min: 50, max: 1200 }) })
    fc.assert(
      fc.property(
        shares,
        sizes,
        fc.infiniteStream(fc.double({ min: 0, max: 0.999_999, noNaN: true })),
        (of, size, stream) => {
          const next = () => stream.next().value as number
          const given = [...sample(20, size.before, of, next), ...sample(2, size.week, of, next)]
          expect(verdictOf(given)).toBe('usual')
        },
      ),
      { numRuns: 60, seed: 20_261_130 },
    )
  })

  it('of one mission or dimension is not that of another', () => {
    const other = days(34, 0, german).map((each) => ({ ...each, mission: 'rare' }))
    const all = inputShifts([...days(34, 7, german), ...days(6, 0, french), ...other], [], NOW)
    expect(all.map(({ mission, verdict }) => [mission, verdict])).toEqual([
      ['tidy', 'unexplained'],
      ['rare', 'usual'],
    ])
  })

  it.each([
    ['expected, after a mark in the week', [...days(34, 5, german), ...days(4, 0, french)], [activation(4)]],
    ['expected, after a mark of every mission', [...days(34, 5, german), ...days(4, 0, french)], [activation(4, null)]],
    [
      'expected, after a mark two weeks ago since which all is as now',
      [...days(34, 15, german), ...days(14, 0, french)],
      [activation(15)],
    ],
    ['unexplained, when it came before the mark', [...days(34, 7, german), ...days(6, 0, french)], [activation(1)]],
    [
      'unexplained, when it came well after the mark',
      [...days(34, 7, german), ...days(6, 0, french)],
      [activation(20)],
    ],
    [
      'unexplained, by a mark of another mission',
      [...days(34, 5, german), ...days(4, 0, french)],
      [activation(4, 'rare')],
    ],
    ['unexplained, by a mark before the four weeks', [...days(34, 7, german), ...days(6, 0, french)], [activation(35)]],
  ])('is %s', (title, given, marks) => {
    expect(title.startsWith(verdictOf(given, marks) ?? '?')).toBe(true)
  })
})

describe('a run', () => {
  const house = useRunning()

  it('is counted once with what started it and what its question found, also when it is woken again', async () => {
    const mix = { country: 'DE', 'Lead.Phone': 'filled' }
    const propose: PhaseFunction = () => Promise.resolve({ kind: 'next', result: null, mix })
    const commit: PhaseFunction = () => Promise.resolve({ kind: 'wait', for: 'timer', dueInSeconds: 60, key: 'later' })
    for (let n = 0; n < 2; n += 1) {
      const id = await house.start()
      const runner = house.withPhases({ propose, commit })
      for (let wakeUp = 0; wakeUp < 2; wakeUp += 1) await advanceRun(runner, id)
    }
    const found = (await house.store.inputCounts('')).map(({ mission, dimension, value, runs }) => [
      `${mission} ${dimension}`,
      `${value} ${runs}`,
    ])
    expect(Object.fromEntries(found)).toEqual({
      'tidy trigger': 'change Lead.created 2',
      'tidy object': 'Lead 2',
      'tidy country': 'DE 2',
      'tidy Lead.Phone': 'filled 2',
    })
  })

  it('ends as it would when its count cannot be kept', async () => {
    const count = house.store.countInputs
    Object.assign(house.store, { countInputs: () => Promise.reject(new Error('away')) })
    const propose: PhaseFunction = () => Promise.resolve({ kind: 'next', result: null, mix: {} })
    expect(await advanceRun(house.withPhases({ propose }), await house.start())).toBe('done')
    Object.assign(house.store, { countInputs: count })
  })
})

describe('monitoring', () => {
  let door: Door
  beforeAll(async () => {
    door = await openDoor({}, () => ({ metrics: new Registry() }))
  })
  const run = (mission: string, country: string) => door.store.countInputs(mission, { country, band: 'strong' })
  const shown = async () => (await (await fetch(`${door.url}/metrics`)).text()).split('\n')
  const textsOf = async () => {
    const { items } = await door.json<{ items: Record<string, string>[] }>('auditor', '/api/v1/oversight/inputs')
    return Object.fromEntries(items.map(({ mission, dimension, text }) => [`${mission} ${dimension}`, text]))
  }

  it('shows a shift once, with the release that explains it, and none of a mission that goes on as before', async () => {
    await markChanges(door.store, { ruleset: '0123456789abcdef', model: null })
    door.clock.pass(86_400)
    for (let n = 0; n < 60; n += 1) await run('moved', 'DE')
    for (let n = 0; n < 60; n += 1) await run('steady', 'DE')
    door.clock.pass(10 * 86_400)
    for (let n = 0; n < 60; n += 1) await run('moved', 'FR')
    for (let n = 0; n < 60; n += 1) await run('steady', 'DE')
    const shifts = (await shown()).filter((line) => line.startsWith('missions_input_shift{'))
    expect(shifts).toEqual([
      expect.stringMatching(/^missions_input_shift\{mission="moved",dimension="country",kind="unexplained"\} [1-9]/),
    ])
    expect(await textsOf()).toEqual({
      'moved country': 'unexplained',
      'moved band': 'as in the four weeks before',
      'steady country': 'as in the four weeks before',
      'steady band': 'as in the four weeks before',
    })
    await markChanges(door.store, { ruleset: 'abcdef0123456789', model: null })
    const day = door.clock.now().slice(0, 10)
    expect((await textsOf())['moved country']).toBe(`expected: after release with the rules abcdef012345 on ${day}`)
    expect((await shown()).filter((line) => line.includes('kind="unexplained"'))).toEqual([])
  })

  it('marks another ruleset and another model once each', async () => {
    const before = (await door.store.marks('')).length
    for (const model of ['m-1', 'm-1', null]) await markChanges(door.store, { ruleset: 'abcdef0123456789', model })
    expect((await door.store.marks('')).slice(before).map(({ kind, what }) => [kind, what])).toEqual([
      ['model', 'start with the model m-1'],
      ['model', 'start without a model'],
    ])
  })

  it('is for administrators and auditors', async () => {
    expect((await door.get('rep', '/api/v1/oversight/inputs')).status).toBe(403)
  })
})
