// Guarantee 5: however many runs hold for the same, together they ask seldom.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { secondsToNextTry, secondsToWake } from '../../../server/brain/runs/bounds/pace.ts'

const runs = Array.from({ length: 200 }, (_, n) => `run-${n}`)

describe('the next try', () => {
  it.each([
    [0, 2],
    [1, 5],
    [2, 15],
    [3, 60],
    [4, 300],
    [99, 300],
  ])('after %i tries of a run that holds alone comes in about %i seconds, a fifth more or less', (tries, seconds) => {
    const all = runs.map((run) => secondsToNextTry(run, tries, 1))
    expect(Math.min(...all)).toBeGreaterThanOrEqual(Math.floor(seconds * 0.8))
    expect(Math.max(...all)).toBeLessThanOrEqual(Math.ceil(seconds * 1.2))
  })

  it('of runs that began to hold together is spread', () => {
    const all = runs.map((run) => secondsToNextTry(run, 4, 1))
    const most = Math.max(...new Set(all.map((second) => all.filter((other) => other === second).length)))
    expect(most).toBeLessThan(10)
  })

  const count = fc.integer({ min: 1, max: 5_000 })
  const tries = fc.integer({ min: 0, max: 50 })

  it('comes no sooner with more tries or more runs that hold alike, but for the fifth that spreads', () => {
    fc.assert(
      fc.property(count, count, tries, (some, more, n) => {
        const [few, many] = [Math.min(some, more), Math.max(some, more)]
        expect(secondsToNextTry('a', n, many) * 1.5 + 1).toBeGreaterThanOrEqual(secondsToNextTry('b', n, few))
        expect(secondsToNextTry('a', n + 1, few) * 1.5 + 1).toBeGreaterThanOrEqual(secondsToNextTry('b', n, few))
      }),
    )
  })

  it('lets any number of runs that hold alike try about once in four seconds together', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5_000 }), tries, (alike, n) => {
        const perSecond = Array.from({ length: alike }, (_, run) => 1 / secondsToNextTry(`run-${run}`, n, alike))
        expect(perSecond.reduce((sum, each) => sum + each, 0)).toBeLessThan(0.35)
      }),
      { numRuns: 30 },
    )
  })
})

it('a thousand that are woken begin within two minutes, a few within ten seconds', () => {
  expect(secondsToWake(3)).toBe(10)
  expect(secondsToWake(1_000)).toBe(100)
})
