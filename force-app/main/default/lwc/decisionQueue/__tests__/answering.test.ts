// Reading and answering a decision in the queue.
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import decideInOrg from '@salesforce/apex/MissionSession.decide'
import openInOrg from '@salesforce/apex/MissionSession.open'
import { forget } from 'c/missionSession'
import { FakeBrain, one, textOf, until } from '../../../../../test/brain'
import { closed, decision, row, run } from '../../../../../test/fixtures'
import { approveButton, mountQueue, press, seeEverything, sentence, serve, shown } from '../../../../../test/queue'

jest.mock('@salesforce/apex/MissionSession.open', () => ({ __esModule: true, default: jest.fn() }), { virtual: true })
jest.mock('@salesforce/apex/MissionSession.decide', () => ({ __esModule: true, default: jest.fn() }), { virtual: true })

const openMock = jest.mocked(openInOrg)
const decideMock = jest.mocked(decideInOrg)
let brain: FakeBrain

beforeEach(() => {
  forget()
  brain = new FakeBrain().install()
  openMock.mockResolvedValue({ token: 'read-token', expiresAt: '2099-01-01T00:00:00Z', brainUrl: 'http://brain.test/' })
  decideMock.mockResolvedValue({ decision: 'signed-by-org' })
})

afterEach(() => {
  document.body.replaceChildren()
  jest.clearAllMocks()
})

test('a decision shows its sentence, and its values come from the leaves', async () => {
  serve(brain, await decision())
  const element = mountQueue()
  await shown(element)
  const text = textOf(element)
  expect(sentence(element)?.textContent).toBe('Move Acme Corp to Priya per Territory policy.')
  expect(text).toContain('Boston')
  expect(text).toContain('Cambridge')
  expect(text).toContain('Priya Rao')
  expect(text).toContain('005000000000002AAA')
  expect(text).toContain('What would make this wrong')
  expect(text).toContain('Undo: full Puts back 2 values.')
})

test('a formatted text that says something else than the leaf is not shown', async () => {
  const view = await decision()
  serve(brain, { ...view, rows: [row('BillingCity', 'change', 'Boston', 'Harmless')] })
  const element = mountQueue()
  await shown(element)
  expect(textOf(element)).toContain('Cambridge')
  expect(textOf(element)).not.toContain('Harmless')
})

test('a value that the brain described in no row is shown all the same', async () => {
  const view = await decision()
  serve(brain, { ...view, rows: [row('OwnerId', 'gated', 'Dana Whit', 'Priya Rao')] })
  const element = mountQueue()
  await shown(element)
  expect(textOf(element)).toContain('BillingCity')
  expect(textOf(element)).toContain('Cambridge')
})

test('gated rows come first and have to be seen before approving', async () => {
  serve(brain, await decision())
  const element = mountQueue()
  await shown(element)
  await until(() => one(element, 'h3.group')?.textContent === 'Review required · 0/1 seen')
  expect(approveButton(element)?.getAttribute('aria-disabled')).toBe('true')
  expect(textOf(element)).toContain('1 change that requires review has not been seen: scroll to it or press N.')
  approveButton(element)?.click()
  expect(decideMock).not.toHaveBeenCalled()
  await seeEverything(element)
})

test('an approval carries the digest computed from the leaves and the signature of the org', async () => {
  const view = await decision()
  serve(brain, view)
  brain.on('POST /api/v1/decisions/d-1/approve', () => {
    const commitsAt = new Date(Date.now() + 10_000).toISOString()
    serve(brain, { ...view, status: 'approved', approvals: 1, commitsAt })
    brain.on('GET /api/v1/runs/r-1', { body: run() })
    return { body: {} }
  })
  const element = mountQueue()
  await shown(element)
  await seeEverything(element)
  press(element, 'a')
  await until(() => textOf(element).includes('Approved. Writing in'))
  expect(decideMock).toHaveBeenCalledWith({
    decisionId: 'd-1',
    digest: view.digest,
    verb: 'approve',
    rights: JSON.stringify(view.rights),
  })
  expect(brain.calls('POST /api/v1/decisions/d-1/approve')[0]?.body).toEqual({
    digest: view.digest,
    decision: 'signed-by-org',
  })
  expect(one(element, '[data-id="take-back"]')).not.toBeNull()
  expect(textOf(element)).toContain('Nothing was written to Salesforce.')
})

test('an approval in its hold can be taken back by key', async () => {
  const view = await decision({ status: 'approved', commitsAt: new Date(Date.now() + 60_000).toISOString() })
  serve(brain, view)
  brain.on('GET /api/v1/runs/r-1', { body: run() })
  brain.on('POST /api/v1/decisions/d-1/take-back', () => {
    serve(brain, { ...view, status: 'open', commitsAt: null })
    return { body: {} }
  })
  const element = mountQueue()
  await until(() => one(element, '[data-id="take-back"]'))
  press(element, 'u')
  await until(() => approveButton(element))
  expect(brain.calls('POST /api/v1/decisions/d-1/take-back')[0]?.body).toEqual({ decision: 'signed-by-org' })
  expect(decideMock.mock.calls[0]?.[0].verb).toBe('take-back')
})

test('a decision whose digest is not that of its leaves cannot be approved', async () => {
  serve(brain, { ...(await decision()), digest: '0'.repeat(64) })
  const element = mountQueue()
  await shown(element)
  await until(() => one(element, '[data-id="invalid"]'))
  press(element, 'n')
  press(element, 'a')
  await until(() => approveButton(element)?.getAttribute('aria-disabled') === 'true')
  expect(textOf(element)).toContain('the digests differ')
  expect(decideMock).not.toHaveBeenCalled()
})

test('leaves of another decision cannot be approved under this one', async () => {
  const other = await decision({ id: 'd-2' })
  serve(brain, await decision({ leaves: other.leaves }))
  const element = mountQueue()
  await until(() => textOf(element).includes('belong to another decision'))
})

test('rejecting takes two keys and goes to the next decision', async () => {
  const first = await decision()
  const second = await decision({ id: 'd-2', sentence: 'Merge Globex.' })
  serve(brain, first, second)
  brain.on('POST /api/v1/decisions/d-1/reject', () => {
    brain.on('GET /api/v1/decisions/d-1', { body: { ...first, status: 'rejected' } })
    return { body: {} }
  })
  const element = mountQueue()
  await shown(element)
  press(element, 'r')
  await until(() => one(element, '.reasons'))
  press(element, '2')
  await until(() => sentence(element)?.textContent === 'Merge Globex.')
  expect(brain.calls('POST /api/v1/decisions/d-1/reject')[0]?.body).toEqual({
    reason: 'wrong-survivor',
    decision: 'signed-by-org',
  })
  expect(one(element, '[data-id="announcer"]')?.textContent).toContain('Rejected. Nothing was written.')
})

test('a key with a modifier is left to the browser', async () => {
  serve(brain, await decision())
  const element = mountQueue()
  await shown(element)
  const event = new KeyboardEvent('keydown', { key: 'r', ctrlKey: true, bubbles: true, composed: true })
  one(element, 'c-mission-decision')?.dispatchEvent(event)
  expect(one(element, '.reasons')).toBeNull()
})

test.each([
  [409, 'Dana changed Billing City.', 'Out of date', 'Dana changed Billing City.', true],
  [403, 'You need Decide_Missions.', 'Not approved', 'You need Decide_Missions. Your answer was not counted.', false],
])('a %i answer says what happened', async (status, detail, title, text, stale) => {
  serve(brain, await decision())
  brain.refuse('POST /api/v1/decisions/d-1/approve', status, detail, title)
  const element = mountQueue()
  await shown(element)
  await seeEverything(element)
  approveButton(element)?.click()
  const banner = await until(() => one(element, '.error'))
  expect(banner.textContent).toContain(`${title}. ${text}`)
  expect(banner.querySelector('button') !== null).toBe(stale)
})

test('a right that the org misses is named and nothing is sent', async () => {
  serve(brain, await decision())
  decideMock.mockRejectedValue({ body: { message: 'You may not edit Account.OwnerId.' } })
  const element = mountQueue()
  await shown(element)
  await seeEverything(element)
  approveButton(element)?.click()
  await until(() => textOf(element).includes('You may not edit Account.OwnerId. Your answer was not counted.'))
  expect(brain.calls('POST /api/v1/decisions/d-1/approve')).toHaveLength(0)
})

test('hidden values are counted, covered by the digest and never shown', async () => {
  const base = await decision()
  const secret = '/operations/0/fields/AnnualRevenue/to'
  const counters = { ...base.counters, fields: 3 }
  serve(brain, await decision({ leaves: [...base.leaves, closed(secret)], hidden: 1, counters }))
  const element = mountQueue()
  await shown(element)
  expect(one(element, '[data-id="hidden"]')?.textContent).toContain('1 of the changing values is hidden from you')
  expect(one(element, '[data-id="invalid"]')).toBeNull()
})

test('a person who may not approve reads why', async () => {
  const why = 'You can see this but not approve it. Approvers: RevOps.'
  serve(brain, await decision({ you: { canApprove: false, canReject: false, why } }))
  const element = mountQueue()
  await shown(element)
  expect(one(element, '[data-id="blocked"]')?.textContent).toBe(`${why} Approvers: Dana Whit.`)
  expect(approveButton(element)).toBeNull()
  press(element, 'r')
  expect(one(element, '.reasons')).toBeNull()
})
