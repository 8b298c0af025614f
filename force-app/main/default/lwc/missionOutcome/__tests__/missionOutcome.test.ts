import { afterEach, expect, jest, test } from '@jest/globals'
import MissionOutcome from 'c/missionOutcome'
import { one, until } from '../../../../../test/brain'
import { decision, run, summaryOf } from '../../../../../test/fixtures'
import { mounted } from '../../../../../test/mount'

afterEach(() => {
  document.body.replaceChildren()
  jest.useRealTimers()
})

const text = (element: HTMLElement, id: string) => one(element, `[data-id="${id}"]`)?.textContent

test('during the hold it counts down, and the approval can be taken back', async () => {
  jest.useFakeTimers({ now: Date.parse('2026-01-01T10:00:00Z') })
  const approved = summaryOf(await decision({ status: 'approved', commitsAt: '2026-01-01T10:00:10Z' }))
  const element = mounted('c-mission-outcome', MissionOutcome, { decision: approved })
  const takeBack = jest.fn<(event: Event) => void>()
  element.addEventListener('takeback', takeBack)
  expect(text(element, 'sentence')).toBe('Approved. Writing in 10 s.')
  one(element, '[data-id="take-back"]')?.click()
  expect(takeBack).toHaveBeenCalledTimes(1)
  await jest.advanceTimersByTimeAsync(4_000)
  expect(text(element, 'sentence')).toBe('Approved. Writing in 6 s.')
  await jest.advanceTimersByTimeAsync(7_000)
  expect(text(element, 'badge')).toBe('Writing')
  expect(one(element, '[data-id="take-back"]')).toBeNull()
})

test('an unknown result is named as such, with what to do', async () => {
  const over = summaryOf(await decision({ status: 'approved', verdict: 'unknown' }))
  const element = mounted('c-mission-outcome', MissionOutcome, { decision: over })
  expect(['badge', 'sentence', 'changed'].map((id) => text(element, id))).toEqual([
    'Result unknown',
    'The result of the write is unknown; check the records by hand.',
    'It is not known whether Salesforce was changed.',
  ])
})

test('a run on hold gives its reason and the next try', async () => {
  const approved = summaryOf(await decision({ status: 'approved', commitsAt: '2026-01-01T00:00:00Z' }))
  const held = run({ status: 'held', reason: 'API limit reached.', nextTryAt: '2026-01-01T20:00:00Z' })
  const element = mounted('c-mission-outcome', MissionOutcome, { decision: approved, run: held })
  await until(() => text(element, 'sentence') === 'Waiting: API limit reached. Next try 12:00:00 PM.')
})
