import { afterEach, expect, test } from '@jest/globals'
import MissionRunHeader from 'c/missionRunHeader'
import { all, one } from '../../../../../test/brain'
import { run } from '../../../../../test/fixtures'
import { mounted } from '../../../../../test/mount'
import type { RunView } from '../../../../../../server/contract/http.ts'

afterEach(() => document.body.replaceChildren())

const header = (change: Partial<RunView>, steps = 1) =>
  mounted('c-mission-run-header', MissionRunHeader, { run: run(change), steps })
const marks = (element: HTMLElement) =>
  all(element, '.step [aria-hidden]')
    .map(({ textContent }) => textContent)
    .join('')

test('status, version, counts and start are one line each', () => {
  const element = header({ status: 'waiting', apiCalls: 1 })
  expect(one(element, '[data-id="status"]')?.textContent?.trim()).toBe('Awaiting approval')
  expect(one(element, '[data-id="facts"]')?.textContent).toBe('v1 · 1 step · 1 API call · started 02:00:00 AM · about')
  expect(one(element, 'a')?.textContent).toBe('Acme Corp')
})

test('the path marks the phases that are done, the current one and those to come', () => {
  const element = header({ phase: 'reason' })
  expect(marks(element)).toBe('✓✓✓●○○○')
  expect(one(element, '[aria-current="step"] .slds-assistive-text')?.textContent).toBe(', current')
})

test.each(['done', 'failed', 'cancelled'] as const)('a run that is %s has no current phase', (status) => {
  const element = header({ phase: 'reason', status })
  expect(marks(element)).toBe('✓✓✓✓○○○')
  expect(one(element, '[aria-current]')).toBeNull()
})

test('a verdict, a reason with its next try, and erased contents are sentences', () => {
  expect(one(header({ verdict: 'unknown' }), '[data-id="verdict"]')?.textContent).toBe(
    'The result of the write is unknown: check the records by hand.',
  )
  const held = header({ reason: 'API limit reached.', nextTryAt: '2026-01-01T20:00:00Z' })
  expect(one(held, '.reason')?.textContent).toBe('API limit reached. Next try 12:00:00 PM.')
  const erased = header({ erased: { at: '2026-01-02T20:00:00Z', by: 'Ana' } })
  expect(one(erased, '[data-id="erased"]')?.textContent).toBe('Contents erased on Jan 2, 2026 by Ana.')
  expect(one(erased, '[data-id="facts"]')?.textContent).not.toContain('step')
})
