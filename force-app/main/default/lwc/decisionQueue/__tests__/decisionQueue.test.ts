// The list of decisions, on a record page and on a page of its own, as the stream changes it.
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import decideInOrg from '@salesforce/apex/MissionSession.decide'
import openInOrg from '@salesforce/apex/MissionSession.open'
import DecisionQueue from 'c/decisionQueue'
import { forget } from 'c/missionSession'
import { notifyRecordUpdateAvailable } from 'lightning/uiRecordApi'
import { FakeBrain, all, one, textOf, until } from '../../../../../test/brain'
import { ACCOUNT, decision, open, run, summaryOf } from '../../../../../test/fixtures'
import {
  approveButton,
  mountQueue,
  press,
  reviewButton,
  seeEverything,
  sentence,
  serve,
  shown,
} from '../../../../../test/queue'
import { mounted } from '../../../../../test/mount'

jest.mock('@salesforce/apex/MissionSession.open', () => ({ __esModule: true, default: jest.fn() }), { virtual: true })
jest.mock('@salesforce/apex/MissionSession.decide', () => ({ __esModule: true, default: jest.fn() }), { virtual: true })

const openMock = jest.mocked(openInOrg)
const decideMock = jest.mocked(decideInOrg)
const notifyMock = jest.mocked(notifyRecordUpdateAvailable)
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

test('on a record page only decisions about the record are asked for', async () => {
  serve(brain, await decision())
  const element = mountQueue(ACCOUNT)
  await until(() => reviewButton(element))
  expect(brain.calls('GET /api/v1/decisions')[0]?.search).toContain(`record=${ACCOUNT}`)
  await until(() => brain.calls('GET /api/v1/stream')[0])
  expect(brain.calls('GET /api/v1/stream')[0]?.search).toBe(`?record=${ACCOUNT}`)
  expect(textOf(element)).toMatch(/^1 decision /)
})

test('an empty queue says so', async () => {
  serve(brain)
  const element = mountQueue()
  await until(() => one(element, '[data-id="empty"]'))
  expect(textOf(element)).toContain('All caught up.')
})

test('an app page, which has no record, counts all decisions', async () => {
  serve(brain, await decision())
  const element = mounted('c-decision-queue', DecisionQueue, { recordId: undefined })
  await shown(element)
  expect(textOf(element)).toMatch(/^1 decision /)
  expect(reviewButton(element)).toBeNull()
})

test('a caller without permission is told what is missing', async () => {
  brain.refuse('GET /api/v1/decisions', 403, 'View_Missions is missing.')
  const element = mountQueue()
  await until(() => textOf(element).includes('You do not have access to decisions: View_Missions is missing.'))
})

test('a new version is offered, and the old one can no longer be approved', async () => {
  const view = await decision()
  serve(brain, view)
  const element = mountQueue()
  await shown(element)
  await seeEverything(element)
  const leaves = view.leaves.map((leaf) => (leaf.path === '/version' ? open('/version', 2) : leaf))
  const newer = await decision({ version: 2, leaves, notice: 'Dana changed Billing City.' })
  serve(brain, newer)
  await until(() => brain.isStreaming)
  brain.push('decision', summaryOf(newer))
  const banner = await until(() => one(element, '[data-id="outdated"]'))
  expect(approveButton(element)?.getAttribute('aria-disabled')).toBe('true')
  banner.querySelector('button')?.click()
  await until(() => textOf(element).includes('Dana changed Billing City.'))
  expect(one(element, '[data-id="outdated"]')).toBeNull()
})

test('the verdict arrives by the stream with the difference that was found', async () => {
  const view = await decision({ status: 'approved', approvals: 1, commitsAt: '2026-01-01T00:00:00Z' })
  serve(brain, view)
  brain.on('GET /api/v1/runs/r-1', { body: run({ phase: 'commit' }) })
  const element = mountQueue()
  await until(() => textOf(element).includes('Writing to Salesforce. You can close this page; it will finish.'))
  await until(() => brain.isStreaming)
  const found = {
    record: view.subject,
    field: 'OwnerId',
    proposed: 'Priya',
    found: 'Dana',
    expected: false,
    reason: 'A flow changed it back',
  }
  brain.push('run', run({ status: 'done', verdict: 'differs', differences: [found] }))
  await until(() => textOf(element).includes('Done, 1 difference'))
  expect(textOf(element)).toContain('A flow changed it back')
  await until(() => notifyMock.mock.calls.length > 0)
  expect(notifyMock.mock.calls).toEqual([[[{ recordId: ACCOUNT }]]])
  expect(textOf(element)).toContain('Salesforce was changed.')
})

test('a decision whose contents are erased leaves the screen at once, and who erased them is said', async () => {
  serve(brain, await decision())
  const element = mountQueue()
  await shown(element)
  await until(() => brain.isStreaming)
  const erased = { at: '2026-01-02T12:00:00Z', by: 'user 005000000000001AAA' }
  brain.push('run', run({ status: 'cancelled', erased }))
  await until(() => one(element, '[data-id="erased"]'))
  expect(textOf(element)).toContain('by user 005000000000001AAA.')
  expect(textOf(element)).not.toContain('Acme Corp')
})

test('a decision that was erased before it was opened says so', async () => {
  const view = await decision()
  serve(brain, view)
  const erased = { at: '2026-01-02T12:00:00Z', by: 'retention after 90 days' }
  const problem = { type: 'urn:missions:problem:erased', title: 'Erased', status: 410, detail: 'Erased.', erased }
  brain.on(`GET /api/v1/decisions/${view.id}`, { status: 410, body: problem })
  const element = mountQueue()
  await until(() => one(element, '[data-id="erased"]'))
  expect(one(element, '[data-id="erased"]')?.textContent).toMatch(
    /^Contents erased on .* by retention after 90 days\.$/,
  )
  expect(textOf(element)).not.toContain('could not be loaded')
})

test('a decision that arrives on an open record page is named in the line that said there was none', async () => {
  serve(brain)
  const element = mountQueue(ACCOUNT)
  await until(() => one(element, '[data-id="empty"]'))
  const note = one(element, 'c-decision-note')
  const view = await decision()
  serve(brain, view)
  await until(() => brain.isStreaming)
  brain.push('decision', summaryOf(view))
  await until(() => reviewButton(element))
  expect(one(element, 'c-decision-note')).toBe(note)
  expect(one(element, '[data-id="words"]')?.textContent).toBe(view.sentence)
  expect(textOf(element)).toContain('Medium risk · Expires in')
  expect(one(element, 'c-mission-decision')).toBeNull()
  expect(one(element, '[data-id="announcer"]')?.textContent).toBe('1 new decision.')
})

test('Review opens the whole decision and takes the focus along; Escape goes back to the button', async () => {
  serve(brain, await decision())
  const element = mountQueue(ACCOUNT)
  const button = await until(() => reviewButton(element))
  button.click()
  await shown(element)
  await until(() => one(element, 'c-mission-decision')?.shadowRoot?.activeElement === sentence(element))
  press(element, 'Escape')
  await until(() => one(element, 'c-decision-note')?.shadowRoot?.activeElement === reviewButton(element))
  expect(one(element, 'c-mission-decision')).toBeNull()
})

test('a list does not come up under the decision somebody reads before they ask for it', async () => {
  const first = await decision()
  serve(brain, first)
  const element = mountQueue()
  await shown(element)
  const second = await decision({ id: 'd-2', sentence: 'Merge Globex.' })
  serve(brain, first, second)
  await until(() => brain.isStreaming)
  brain.push('decision', summaryOf(second))
  const news = await until(() =>
    all(element, 'header button').find(({ textContent }) => textContent === '1 new · Show'),
  )
  expect(one(element, '[role="listbox"]')).toBeNull()
  news.click()
  await until(() => one(element, '[role="listbox"]'))
  expect(sentence(element)?.textContent).toBe(first.sentence)
})

test('what is decided no longer says when it expires', async () => {
  serve(brain, await decision({ status: 'approved', approvals: 1, commitsAt: '2026-01-01T00:00:00Z' }))
  brain.on('GET /api/v1/runs/r-1', { body: run({ phase: 'commit' }) })
  const element = mountQueue()
  await shown(element)
  expect(textOf(element)).toContain('Duplicate account reconciliation · v1')
  expect(textOf(element)).not.toContain('Expires')
})

test('on a record page an error takes the line kept for a decision, with a button to try again', async () => {
  brain.refuse('GET /api/v1/decisions', 503, 'Storage is away.')
  const element = mountQueue(ACCOUNT)
  const banner = await until(() => one(element, 'c-decision-note')?.shadowRoot?.querySelector('[data-id="error"]'))
  expect(banner.textContent).toBe('Decisions could not be loaded. Storage is away. Nothing was changed.')
  serve(brain, await decision())
  one(element, 'c-decision-note')?.shadowRoot?.querySelector('button')?.click()
  await until(() => reviewButton(element))
})
