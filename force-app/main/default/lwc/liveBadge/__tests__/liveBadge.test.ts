import { afterEach, expect, jest, test } from '@jest/globals'
import LiveBadge from 'c/liveBadge'
import { one, until } from '../../../../../test/brain'
import { mounted } from '../../../../../test/mount'
import type { StreamState } from 'c/streamHub'

afterEach(() => document.body.replaceChildren())

const badge = (state: StreamState, receivedAt: number | null = null, retryIn: number | null = null) =>
  mounted('c-live-badge', LiveBadge, { status: { state, receivedAt, retryIn } })
const word = (element: HTMLElement) => one(element, '[data-id="word"]')?.textContent

test('while news arrives it only says Live', () => {
  const element = badge('live', Date.now())
  expect(word(element)).toBe('Live')
  expect(one(element, 'button')).toBeNull()
})

test('a lost connection names its time and the next try, and offers to try at once', () => {
  const element = badge('reconnecting', Date.parse('2026-01-01T20:00:00Z'), 3)
  const retry = jest.fn<(event: Event) => void>()
  element.addEventListener('retry', retry)
  expect(word(element)).toBe('Reconnecting')
  expect(one(element, '.why')?.textContent).toBe('Connection lost at 12:00:00 PM. Trying again in 3 s.')
  one(element, 'button')?.click()
  expect(retry).toHaveBeenCalledTimes(1)
})

test('a refused connection has no time and no next try', async () => {
  const element = badge('connecting')
  element.status = { state: 'offline', receivedAt: null, retryIn: null }
  await until(() => word(element) === 'Offline')
  expect(one(element, '.why')?.textContent).toBe('No live connection.')
})
