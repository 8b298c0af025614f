import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import decideInOrg from '@salesforce/apex/MissionSession.decide'
import openInOrg from '@salesforce/apex/MissionSession.open'
import DecisionQueue from 'c/decisionQueue'
import { forget } from 'c/missionSession'
import { notifyRecordUpdateAvailable } from 'lightning/uiRecordApi'
import { createElement } from 'lwc'
import { FakeBrain, all, one, textOf, until } from '../../../../../test/brain'
import { ACCOUNT, closed, decision, open, row, run, summaryOf } from '../../../../../test/fixtures'
import type { DecisionView } from '../../../../../../server/contract/http.ts'

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

function serve(...views: DecisionView[]): void {
  brain.on('GET /api/v1/decisions', ({ search }) => {
    const status = new URLSearchParams(search).get('status')
    return { body: { items: views.filter((view) => view.status === status).map(summaryOf), next: null } }
  })
  for (const view of views) brain.on(`GET /api/v1/decisions/${view.id}`, { body: view })
}

function mount(recordId: string | null = null): HTMLElement {
  const element = createElement('c-decision-queue', { is: DecisionQueue })
  Object.assign(element, { recordId })
  document.body.appendChild(element)
  return element
}

function press(element: HTMLElement, key: string): void {
  const target = one(element, 'c-mission-decision') ?? one(element, 'section')
  target?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true }))
}

const review = (element: HTMLElement) => one(element, '[data-id="review"]')
const sentence = (element: HTMLElement) => one(element, 'h2.sentence')
const approveButton = (element: HTMLElement) => one(element, '[data-id="approve"]')

async function shown(element: HTMLElement): Promise<void> {
  await until(() => sentence(element))
}

async function seeEverything(element: HTMLElement): Promise<void> {
  press(element, 'n')
  await until(() => approveButton(element)?.getAttribute('aria-disabled') === 'false')
}

test('a decision shows its sentence, and its values come from the leaves', async () => {
  serve(await decision())
  const element = mount()
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
  serve({ ...view, rows: [row('BillingCity', 'change', 'Boston', 'Harmless')] })
  const element = mount()
  await shown(element)
  expect(textOf(element)).toContain('Cambridge')
  expect(textOf(element)).not.toContain('Harmless')
})

test('a value that the brain described in no row is shown all the same', async () => {
  const view = await decision()
  serve({ ...view, rows: [row('OwnerId', 'gated', 'Dana Whit', 'Priya Rao')] })
  const element = mount()
  await shown(element)
  expect(textOf(element)).toContain('BillingCity')
  expect(textOf(element)).toContain('Cambridge')
})

test('gated rows come first and have to be seen before approving', async () => {
  serve(await decision())
  const element = mount()
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
  serve(view)
  brain.on('POST /api/v1/decisions/d-1/approve', () => {
    const commitsAt = new Date(Date.now() + 10_000).toISOString()
    serve({ ...view, status: 'approved', approvals: 1, commitsAt })
    brain.on('GET /api/v1/runs/r-1', { body: run() })
    return { body: {} }
  })
  const element = mount()
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
  serve(view)
  brain.on('GET /api/v1/runs/r-1', { body: run() })
  brain.on('POST /api/v1/decisions/d-1/take-back', () => {
    serve({ ...view, status: 'open', commitsAt: null })
    return { body: {} }
  })
  const element = mount()
  await until(() => one(element, '[data-id="take-back"]'))
  press(element, 'u')
  await until(() => approveButton(element))
  expect(brain.calls('POST /api/v1/decisions/d-1/take-back')[0]?.body).toEqual({ decision: 'signed-by-org' })
  expect(decideMock.mock.calls[0]?.[0].verb).toBe('take-back')
})

test('a decision whose digest is not that of its leaves cannot be approved', async () => {
  serve({ ...(await decision()), digest: '0'.repeat(64) })
  const element = mount()
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
  serve(await decision({ leaves: other.leaves }))
  const element = mount()
  await until(() => textOf(element).includes('belong to another decision'))
})

test('rejecting takes two keys and goes to the next decision', async () => {
  const first = await decision()
  const second = await decision({ id: 'd-2', sentence: 'Merge Globex.' })
  serve(first, second)
  brain.on('POST /api/v1/decisions/d-1/reject', () => {
    brain.on('GET /api/v1/decisions/d-1', { body: { ...first, status: 'rejected' } })
    return { body: {} }
  })
  const element = mount()
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
  serve(await decision())
  const element = mount()
  await shown(element)
  const event = new KeyboardEvent('keydown', { key: 'r', ctrlKey: true, bubbles: true, composed: true })
  one(element, 'c-mission-decision')?.dispatchEvent(event)
  expect(one(element, '.reasons')).toBeNull()
})

test.each([
  [409, 'Dana changed Billing City.', 'Out of date', 'Dana changed Billing City.', true],
  [403, 'You need Decide_Missions.', 'Not approved', 'You need Decide_Missions. Your answer was not counted.', false],
])('a %i answer says what happened', async (status, detail, title, text, stale) => {
  serve(await decision())
  brain.refuse('POST /api/v1/decisions/d-1/approve', status, detail, title)
  const element = mount()
  await shown(element)
  await seeEverything(element)
  approveButton(element)?.click()
  const banner = await until(() => one(element, '.error'))
  expect(banner.textContent).toContain(`${title}. ${text}`)
  expect(banner.querySelector('button') !== null).toBe(stale)
})

test('a right that the org misses is named and nothing is sent', async () => {
  serve(await decision())
  decideMock.mockRejectedValue({ body: { message: 'You may not edit Account.OwnerId.' } })
  const element = mount()
  await shown(element)
  await seeEverything(element)
  approveButton(element)?.click()
  await until(() => textOf(element).includes('You may not edit Account.OwnerId. Your answer was not counted.'))
  expect(brain.calls('POST /api/v1/decisions/d-1/approve')).toHaveLength(0)
})

test('hidden values are counted, covered by the digest and never shown', async () => {
  const base = await decision()
  const secret = '/operations/0/fields/AnnualRevenue/to'
  serve(await decision({ leaves: [...base.leaves, closed(secret)], hidden: 1 }))
  const element = mount()
  await shown(element)
  expect(one(element, '[data-id="hidden"]')?.textContent).toContain('1 of the changing values is hidden from you')
  expect(one(element, '[data-id="invalid"]')).toBeNull()
})

test('a person who may not approve reads why', async () => {
  const why = 'You can see this but not approve it. Approvers: RevOps.'
  serve(await decision({ you: { canApprove: false, canReject: false, why } }))
  const element = mount()
  await shown(element)
  expect(one(element, '[data-id="blocked"]')?.textContent).toBe(`${why} Approvers: Dana Whit.`)
  expect(approveButton(element)).toBeNull()
  press(element, 'r')
  expect(one(element, '.reasons')).toBeNull()
})

test('on a record page only decisions about the record are asked for', async () => {
  serve(await decision())
  const element = mount(ACCOUNT)
  await until(() => review(element))
  expect(brain.calls('GET /api/v1/decisions')[0]?.search).toContain(`record=${ACCOUNT}`)
  await until(() => brain.calls('GET /api/v1/stream')[0])
  expect(brain.calls('GET /api/v1/stream')[0]?.search).toBe(`?record=${ACCOUNT}`)
  expect(textOf(element)).toMatch(/^1 decision /)
})

test('an empty queue says so', async () => {
  serve()
  const element = mount()
  await until(() => one(element, '[data-id="empty"]'))
  expect(textOf(element)).toContain('All caught up.')
})

test('an app page, which has no record, counts all decisions', async () => {
  serve(await decision())
  const element = createElement('c-decision-queue', { is: DecisionQueue })
  Object.assign(element, { recordId: undefined })
  document.body.appendChild(element)
  await shown(element)
  expect(textOf(element)).toMatch(/^1 decision /)
  expect(review(element)).toBeNull()
})

test('a caller without permission is told what is missing', async () => {
  brain.refuse('GET /api/v1/decisions', 403, 'View_Missions is missing.')
  const element = mount()
  await until(() => textOf(element).includes('You do not have access to decisions: View_Missions is missing.'))
})

test('a new version is offered, and the old one can no longer be approved', async () => {
  const view = await decision()
  serve(view)
  const element = mount()
  await shown(element)
  await seeEverything(element)
  const leaves = view.leaves.map((leaf) => (leaf.path === '/version' ? open('/version', 2) : leaf))
  const newer = await decision({ version: 2, leaves, notice: 'Dana changed Billing City.' })
  serve(newer)
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
  serve(view)
  brain.on('GET /api/v1/runs/r-1', { body: run({ phase: 'commit' }) })
  const element = mount()
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
  serve(await decision())
  const element = mount()
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
  serve(view)
  const erased = { at: '2026-01-02T12:00:00Z', by: 'retention after 90 days' }
  const problem = { type: 'urn:missions:problem:erased', title: 'Erased', status: 410, detail: 'Erased.', erased }
  brain.on(`GET /api/v1/decisions/${view.id}`, { status: 410, body: problem })
  const element = mount()
  await until(() => one(element, '[data-id="erased"]'))
  expect(one(element, '[data-id="erased"]')?.textContent).toMatch(
    /^Contents erased on .* by retention after 90 days\.$/,
  )
  expect(textOf(element)).not.toContain('could not be loaded')
})

test('a decision that arrives on an open record page is named in the line that said there was none', async () => {
  serve()
  const element = mount(ACCOUNT)
  await until(() => one(element, '[data-id="empty"]'))
  const note = one(element, 'c-decision-note')
  const view = await decision()
  serve(view)
  await until(() => brain.isStreaming)
  brain.push('decision', summaryOf(view))
  await until(() => review(element))
  expect(one(element, 'c-decision-note')).toBe(note)
  expect(one(element, '[data-id="words"]')?.textContent).toBe(view.sentence)
  expect(textOf(element)).toContain('Medium risk · Expires in')
  expect(one(element, 'c-mission-decision')).toBeNull()
  expect(one(element, '[data-id="announcer"]')?.textContent).toBe('1 new decision.')
})

test('Review opens the whole decision and takes the focus along; Escape goes back to the button', async () => {
  serve(await decision())
  const element = mount(ACCOUNT)
  const button = await until(() => review(element))
  button.click()
  await shown(element)
  await until(() => one(element, 'c-mission-decision')?.shadowRoot?.activeElement === sentence(element))
  press(element, 'Escape')
  await until(() => one(element, 'c-decision-note')?.shadowRoot?.activeElement === review(element))
  expect(one(element, 'c-mission-decision')).toBeNull()
})

test('a list does not come up under the decision somebody reads before they ask for it', async () => {
  const first = await decision()
  serve(first)
  const element = mount()
  await shown(element)
  const second = await decision({ id: 'd-2', sentence: 'Merge Globex.' })
  serve(first, second)
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
  serve(await decision({ status: 'approved', approvals: 1, commitsAt: '2026-01-01T00:00:00Z' }))
  brain.on('GET /api/v1/runs/r-1', { body: run({ phase: 'commit' }) })
  const element = mount()
  await shown(element)
  expect(textOf(element)).toContain('Duplicate account reconciliation · v1')
  expect(textOf(element)).not.toContain('Expires')
})

test('on a record page an error takes the line kept for a decision, with a button to try again', async () => {
  brain.refuse('GET /api/v1/decisions', 503, 'Storage is away.')
  const element = mount(ACCOUNT)
  const banner = await until(() => one(element, 'c-decision-note')?.shadowRoot?.querySelector('[data-id="error"]'))
  expect(banner.textContent).toBe('Decisions could not be loaded. Storage is away. Nothing was changed.')
  serve(await decision())
  one(element, 'c-decision-note')?.shadowRoot?.querySelector('button')?.click()
  await until(() => review(element))
})
