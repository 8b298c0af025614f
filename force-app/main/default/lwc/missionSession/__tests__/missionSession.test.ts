import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import decideInOrg from '@salesforce/apex/MissionSession.decide'
import openInOrg from '@salesforce/apex/MissionSession.open'
import { BrainProblem, NoAnswer, decide, forget, loadErrorText, open, request } from 'c/missionSession'
import { FakeBrain } from '../../../../../test/brain'

jest.mock('@salesforce/apex/MissionSession.open', () => ({ __esModule: true, default: jest.fn() }), { virtual: true })
jest.mock('@salesforce/apex/MissionSession.decide', () => ({ __esModule: true, default: jest.fn() }), { virtual: true })

const openMock = jest.mocked(openInOrg)
let brain: FakeBrain

beforeEach(() => {
  forget()
  brain = new FakeBrain().install()
  let tokens = 0
  openMock.mockImplementation(() => {
    tokens += 1
    const expiresAt = new Date(Date.now() + 300_000).toISOString()
    return Promise.resolve({ token: `token-${tokens}`, expiresAt, brainUrl: 'http://brain.test/' })
  })
})

afterEach(() => {
  jest.restoreAllMocks()
  jest.clearAllMocks()
})

const refusal = (status: number, detail: string) =>
  new BrainProblem({ type: 'about:blank', title: 'Refused', status, detail })

test('one token serves the page and is renewed before it ends', async () => {
  expect(await Promise.all([open(), open()])).toEqual([
    { token: 'token-1', brainUrl: 'http://brain.test' },
    { token: 'token-1', brainUrl: 'http://brain.test' },
  ])
  jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 271_000)
  expect((await open()).token).toBe('token-2')
})

test('a token that ended is renewed once and the request sent again', async () => {
  brain.on('GET /api/v1/runs', ({ headers }) =>
    headers['Authorization'] === 'Bearer token-2' ? { body: { items: [] } } : { status: 401, body: {} },
  )
  expect(await request('/api/v1/runs')).toEqual({ items: [] })
  expect(brain.asked).toHaveLength(2)
})

test('a refusal carries its problem document; one without a document has its HTTP status as title', async () => {
  brain.refuse('GET /api/v1/runs', 409, 'Dana changed it.', 'Out of date')
  await expect(request('/api/v1/runs')).rejects.toMatchObject({ title: 'Out of date', detail: 'Dana changed it.' })
  const page = { ok: false, status: 502, json: () => Promise.reject(new SyntaxError('<html>')) }
  globalThis.fetch = () => Promise.resolve(page as unknown as Response)
  await expect(request('/api/v1/runs')).rejects.toMatchObject({ title: 'HTTP 502', status: 502 })
})

test('no answer is told apart from a refusal', async () => {
  globalThis.fetch = () => Promise.reject(new TypeError('network'))
  await expect(request('/api/v1/runs')).rejects.toBeInstanceOf(NoAnswer)
})

test('what Apex refuses to sign keeps its own message', async () => {
  const decideMock = jest.mocked(decideInOrg)
  decideMock.mockRejectedValueOnce({ body: { message: 'You may not edit Account.OwnerId.' } })
  await expect(decide('d-1', 'aa', 'approve', [])).rejects.toThrow('You may not edit Account.OwnerId.')
  decideMock.mockRejectedValueOnce('?')
  await expect(decide('d-1', 'aa', 'approve', [])).rejects.toThrow('Salesforce did not sign this answer.')
})

test('a list that cannot be shown says whether access is missing', () => {
  expect(loadErrorText('runs', refusal(403, 'View_Missions is missing.'))).toBe(
    'You do not have access to runs: View_Missions is missing.',
  )
  expect(loadErrorText('runs', refusal(503, 'Storage is away.'))).toBe('Runs could not be loaded. Storage is away.')
  expect(loadErrorText('runs', 'a text')).toBe('Runs could not be loaded. Unexpected error.')
})
