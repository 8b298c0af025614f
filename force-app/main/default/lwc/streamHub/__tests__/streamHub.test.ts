import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import openInOrg from '@salesforce/apex/MissionSession.open'
import { forget } from 'c/missionSession'
import { subscribe } from 'c/streamHub'
import type { StreamStatus, Subscription } from 'c/streamHub'
import { FakeBrain, until } from '../../../../../test/brain'

jest.mock('@salesforce/apex/MissionSession.open', () => ({ __esModule: true, default: jest.fn() }), { virtual: true })

const openMock = jest.mocked(openInOrg)
const subscriptions: Subscription[] = []
let brain: FakeBrain
let tokens: number

beforeEach(() => {
  forget()
  tokens = 0
  brain = new FakeBrain().install()
  openMock.mockImplementation(() => {
    tokens += 1
    return Promise.resolve({
      token: `token-${tokens}`,
      expiresAt: '2099-01-01T00:00:00Z',
      brainUrl: 'http://brain.test',
    })
  })
})

afterEach(() => {
  for (const subscription of subscriptions.splice(0)) subscription.close()
  jest.useRealTimers()
})

function listen(interest: Parameters<typeof subscribe>[0] = { decisions: true }) {
  const heard = { events: [] as [string, unknown][], resets: 0, statuses: [] as StreamStatus[] }
  subscriptions.push(
    subscribe(interest, {
      onEvent: (name, data) => heard.events.push([name, data]),
      onReset: () => (heard.resets += 1),
      onStatus: (status) => heard.statuses.push(status),
    }),
  )
  return heard
}

const opened = () => brain.calls('GET /api/v1/stream')

test('all components of a page share one stream with their interests together', async () => {
  listen({ record: '001000000000001AAA' })
  listen({ decisions: true })
  await until(() => brain.isStreaming)
  expect(opened().map(({ search }) => search)).toEqual(['?record=001000000000001AAA&decisions=1'])
  expect(opened()[0]?.headers['Authorization']).toBe('Bearer token-1')
})

test('an event split over chunks arrives whole, and a heartbeat is no event', async () => {
  const heard = listen()
  await until(() => brain.isStreaming)
  brain.write(': beat\n\nid: 5\nevent: decision\nda')
  brain.write('ta: {"id":"d-1"}\n\n')
  await until(() => heard.events.length > 0)
  expect(heard.events).toEqual([['decision', { id: 'd-1' }]])
  expect(heard.statuses.at(-1)?.state).toBe('live')
})

test('the first opening asks everyone to load, because news may have come before it', async () => {
  const heard = listen()
  await until(() => heard.resets === 1)
})

test('a lost stream comes back after its last event', async () => {
  const heard = listen()
  await until(() => brain.isStreaming)
  brain.push('decision', { id: 'd-1' })
  await until(() => heard.events.length === 1)
  brain.hangUp()
  await until(() => heard.statuses.at(-1)?.state === 'reconnecting')
  subscriptions[0]?.retryNow()
  await until(() => opened().length === 2)
  expect(opened()[1]?.headers['Last-Event-ID']).toBe('1')
})

test('a position that comes without an event counts as the last one', async () => {
  const heard = listen()
  await until(() => brain.isStreaming)
  brain.write(': live\nid: 12.7\n\n')
  await until(() => heard.statuses.at(-1)?.state === 'live')
  brain.hangUp()
  await until(() => heard.statuses.at(-1)?.state === 'reconnecting')
  subscriptions[0]?.retryNow()
  await until(() => opened()[1]?.headers['Last-Event-ID'] === '12.7')
})

test('somebody who wants everything gets a stream without a filter', async () => {
  listen({ record: '001000000000001AAA' })
  listen({ everything: true })
  await until(() => brain.isStreaming)
  expect(opened().at(-1)?.search).toBe('')
})

test('renew gets a new token and connects at once', async () => {
  listen()
  await until(() => brain.isStreaming)
  brain.push('renew', {})
  await until(() => opened().length === 2)
  expect(opened()[1]?.headers['Authorization']).toBe('Bearer token-2')
})

test('a reset reaches every subscriber', async () => {
  const first = listen()
  const second = listen({ record: '001000000000001AAA' })
  await until(() => brain.isStreaming)
  const before = first.resets
  brain.push('reset', {})
  await until(() => first.resets === before + 1 && second.resets === before + 1)
})

test('a hidden page has no stream', async () => {
  listen()
  await until(() => brain.isStreaming)
  jest.spyOn(document, 'hidden', 'get').mockReturnValue(true)
  document.dispatchEvent(new Event('visibilitychange'))
  await until(() => !brain.isStreaming)
  jest.restoreAllMocks()
  openMock.mockResolvedValue({ token: 'again', expiresAt: '2099-01-01T00:00:00Z', brainUrl: 'http://brain.test' })
  document.dispatchEvent(new Event('visibilitychange'))
  await until(() => brain.isStreaming)
})

test('a refusal is not tried again', async () => {
  brain.refuse('GET /api/v1/stream', 403, 'View_Missions is missing.')
  const heard = listen()
  await until(() => heard.statuses.at(-1)?.state === 'offline')
  expect(heard.statuses.at(-1)?.retryIn).toBeNull()
})

test('silence for twelve seconds counts as lost', async () => {
  jest.useFakeTimers()
  const heard = listen()
  await jest.advanceTimersByTimeAsync(0)
  brain.write(': beat\n\n')
  await jest.advanceTimersByTimeAsync(11_000)
  expect(heard.statuses.at(-1)?.state).toBe('live')
  await jest.advanceTimersByTimeAsync(1_500)
  expect(heard.statuses.at(-1)?.state).toBe('reconnecting')
})
