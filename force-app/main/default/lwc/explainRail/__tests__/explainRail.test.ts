import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import openInOrg from '@salesforce/apex/MissionSession.open'
import ExplainRail from 'c/explainRail'
import { focusRun } from 'c/missionFocus'
import { forget } from 'c/missionSession'
import { createElement } from 'lwc'
import { FakeBrain, all, one, textOf, until } from '../../../../../test/brain'
import { ACCOUNT, observation, run, rationale } from '../../../../../test/fixtures'

jest.mock('@salesforce/apex/MissionSession.open', () => ({ __esModule: true, default: jest.fn() }), { virtual: true })

let brain: FakeBrain

beforeEach(() => {
  forget()
  brain = new FakeBrain().install()
  jest
    .mocked(openInOrg)
    .mockResolvedValue({ token: 'read-token', expiresAt: '2099-01-01T00:00:00Z', brainUrl: 'http://brain.test' })
  brain.on('GET /api/v1/runs', { body: { items: [run()], next: null } })
  brain.on('GET /api/v1/runs/r-1/observations', { body: { items: [observation(1), observation(2)], next: null } })
})

afterEach(() => document.body.replaceChildren())

function mount(recordId: string | null = null): HTMLElement {
  const element = createElement('c-explain-rail', { is: ExplainRail })
  Object.assign(element, { recordId })
  document.body.appendChild(element)
  return element
}

const texts = (element: HTMLElement) => all(element, '[data-id="text"]').map((node) => node.textContent)

async function streaming(element: HTMLElement): Promise<void> {
  await until(() => texts(element).length >= 2)
  await until(() => brain.isStreaming)
}

test('a run shows its title, state, phase, counts and observations', async () => {
  const element = mount()
  await until(() => texts(element).length === 2)
  const text = textOf(element)
  expect(text).toContain('Reconcile duplicate accounts')
  expect(text).toContain('Running')
  expect(text).toContain('4 API calls')
  expect(one(element, '[aria-current="step"]')?.textContent).toContain('Reason')
})

test('observations from the stream are appended once and in the order of the event table', async () => {
  const element = mount()
  await streaming(element)
  brain.push('observation', observation(10))
  brain.push('observation', observation(9))
  brain.push('observation', observation(10))
  brain.push('observation', observation(11, { runId: 'r-other' }))
  await until(() => texts(element).length === 4)
  expect(texts(element)).toEqual(['Step 1', 'Step 2', 'Step 9', 'Step 10'])
})

test('a run that nobody knew of is followed when its first event comes', async () => {
  const element = mount()
  await streaming(element)
  expect(brain.calls('GET /api/v1/stream').at(-1)?.search).toBe('')
  const newer = run({ id: 'r-2', title: 'Newer', startedAt: '2026-01-02T10:00:00Z' })
  brain.on('GET /api/v1/runs', { body: { items: [newer, run()], next: null } })
  brain.on('GET /api/v1/runs/r-2/observations', { body: { items: [observation(20, { runId: 'r-2' })], next: null } })
  brain.push('run', newer)
  await until(() => texts(element).join() === 'Step 20')
})

test('a phase that comes back gets a group of its own', async () => {
  const items = [observation(1), observation(2, { phase: 'reason' }), observation(3)]
  brain.on('GET /api/v1/runs/r-1/observations', { body: { items, next: null } })
  const element = mount()
  await until(() => texts(element).length === 3)
  expect(all(element, '.phase').map((node) => node.textContent)).toEqual(['Read', 'Reason', 'Read'])
})

test('pause keeps news back and counts it; resume shows it', async () => {
  const element = mount()
  await streaming(element)
  const pause = one(element, '[data-id="pause"]')
  pause?.click()
  brain.push('observation', observation(3))
  await until(() => pause?.textContent === 'Resume (1 new)')
  expect(texts(element)).toEqual(['Step 1', 'Step 2'])
  pause?.click()
  await until(() => texts(element).length === 3)
})

test('a verdict and its differences are shown, expected ones named as such', async () => {
  const element = mount()
  await streaming(element)
  const record = { object: 'Account', id: ACCOUNT, name: 'Acme Corp' }
  const differences = [
    { record, field: 'CreatedDate', proposed: '2020', found: '2019', expected: true, reason: 'the oldest date wins' },
    { record, field: 'OwnerId', proposed: 'Priya', found: 'Dana', expected: false, reason: 'changed by a flow' },
  ]
  brain.push('run', run({ status: 'done', phase: 'commit', verdict: 'differs', differences }))
  await until(() => one(element, '[data-id="verdict"]'))
  const rows = all(element, 'tbody tr').map((node) => textOf(node))
  expect(rows).toHaveLength(1)
  expect(rows[0]).toContain('changed by a flow')
  expect(textOf(element)).toContain('1 expected difference')
  expect(textOf(element)).toContain('Expected: the oldest date wins')
})

test('a reset loads what was missed', async () => {
  const element = mount()
  await streaming(element)
  brain.on('GET /api/v1/runs/r-1/observations', ({ search }) => {
    expect(search).toBe('?after=7-2')
    return { body: { items: [observation(3)], next: null } }
  })
  brain.push('reset', {})
  await until(() => texts(element).length === 3)
})

test('a run that is not about the record is asked for when it comes to something, not at its every step', async () => {
  const element = mount(ACCOUNT)
  await streaming(element)
  const asked = () => brain.calls('GET /api/v1/runs').length
  const before = asked()
  for (const n of [20, 21, 22]) brain.push('observation', observation(n, { runId: 'r-other' }))
  await until(() => asked() === before + 1)
  brain.push('run', run({ id: 'r-other', status: 'waiting', decisionId: 'd-9' }))
  await until(() => asked() === before + 2)
  for (const n of [23, 24]) brain.push('observation', observation(n, { runId: 'r-other' }))
  brain.push('observation', observation(30))
  await until(() => texts(element).includes('Step 30'))
  expect(asked()).toBe(before + 2)
})

test('on a record page the newest run is followed and earlier ones can be picked', async () => {
  const earlier = run({ id: 'r-0', title: 'Earlier', startedAt: '2025-01-01T10:00:00Z' })
  brain.on('GET /api/v1/runs', { body: { items: [earlier, run()], next: null } })
  brain.on('GET /api/v1/runs/r-0', { body: earlier })
  brain.on('GET /api/v1/runs/r-0/observations', {
    body: { items: [observation(1, { runId: 'r-0', text: 'Old step' })], next: null },
  })
  const element = mount(ACCOUNT)
  await until(() => texts(element).includes('Step 2'))
  expect(brain.calls('GET /api/v1/runs')[0]?.search).toBe(`?record=${ACCOUNT}`)
  const select = one(element, '[data-id="runs"]') as HTMLSelectElement
  select.value = 'r-0'
  select.dispatchEvent(new CustomEvent('change'))
  await until(() => texts(element).join() === 'Old step')
})

test('a record page says in one click why the record changed', async () => {
  const fields = [{ label: 'Owner', fromText: 'Dana', toText: 'Priya', record: null }]
  brain.on(`GET /api/v1/records/${ACCOUNT}/rationale`, {
    body: { items: [rationale({ fields, why: ['Territory moved to West (Territory policy v7 §2.1)'] })], next: null },
  })
  const element = mount(ACCOUNT)
  await until(() => textOf(element).includes('Owner: Dana → Priya'))
  expect(textOf(element)).toContain('approved by Ada Admin')
  expect(textOf(element)).toContain('Territory moved to West')
})

test('a record nobody looked at says so', async () => {
  brain.on('GET /api/v1/runs', { body: { items: [], next: null } })
  const element = mount(ACCOUNT)
  await until(() => one(element, '[data-id="empty"]'))
  expect(textOf(element)).toContain('No mission has looked at this record.')
})

test('the list is no live region; a hidden status sums up instead', async () => {
  const element = mount()
  await until(() => texts(element).length === 2)
  expect(one(element, '.rows')?.getAttribute('aria-live')).toBe('off')
  expect(one(element, '[data-id="announcer"]')?.getAttribute('role')).toBe('status')
})

test('a record without a name is called by its id', async () => {
  const records = [
    { object: 'Account', id: ACCOUNT, name: 'Acme Corp' },
    { object: 'Opportunity', id: '006000000000001AAA', name: null },
  ]
  brain.on('GET /api/v1/runs/r-1/observations', { body: { items: [observation(1, { records })], next: null } })
  const element = mount()
  await until(() => textOf(element).includes('Opportunity 006000000000001AAA'))
  const links = all(element, 'c-mission-observation').flatMap((row) => all(row, 'a'))
  expect(links.map((link) => link.getAttribute('href'))).toEqual([
    `/lightning/r/Account/${ACCOUNT}/view`,
    '/lightning/r/Opportunity/006000000000001AAA/view',
  ])
})

test('contents that are erased leave the screen at once, and who erased them is said', async () => {
  const element = mount()
  await streaming(element)
  const subject = { object: 'Account', id: ACCOUNT, name: null }
  const erased = { at: '2026-01-02T12:00:00Z', by: 'user 005000000000001AAA' }
  brain.push('run', run({ status: 'cancelled', subject, erased }))
  await until(() => texts(element).length === 0)
  expect(one(element, '[data-id="erased"]')?.textContent).toMatch(
    /^Contents erased on .*2026.* by user 005000000000001AAA\.$/,
  )
  expect(textOf(element)).not.toContain('Waiting for the first step')
  expect(textOf(element)).not.toContain('Acme Corp')
})

test('a change whose contents were erased is told without a question behind it', async () => {
  const erased = { at: '2026-01-02T12:00:00Z', by: 'alice, on the command line' }
  const item = rationale({ sentence: '', approvedBy: [], erased })
  brain.on(`GET /api/v1/records/${ACCOUNT}/rationale`, { body: { items: [item], next: null } })
  const element = mount(ACCOUNT)
  await until(() => one(element, '[data-id="erased"]'))
  expect(textOf(element)).toContain('by alice, on the command line.')
  expect(one(element, 'details')).toBeNull()
})

test('beside a list of decisions the rail tells of the run of the one that is looked at', async () => {
  const newer = run({ id: 'r-2', startedAt: '2026-01-02T10:00:00Z' })
  brain.on('GET /api/v1/runs', { body: { items: [newer, run()], next: null } })
  brain.on('GET /api/v1/runs/r-1', { body: run() })
  brain.on('GET /api/v1/runs/r-2/observations', { body: { items: [observation(20, { runId: 'r-2' })], next: null } })
  const element = mount()
  await until(() => texts(element).join() === 'Step 20')
  focusRun('r-1')
  await until(() => texts(element).join() === 'Step 1,Step 2')
})

test('a run that is looked at and too old for the list is fetched', async () => {
  brain.on('GET /api/v1/runs/r-0', { body: run({ id: 'r-0', title: 'Long ago', startedAt: '2025-01-01T10:00:00Z' }) })
  brain.on('GET /api/v1/runs/r-0/observations', { body: { items: [observation(3, { runId: 'r-0' })], next: null } })
  const element = mount()
  await until(() => texts(element).length === 2)
  focusRun('r-0')
  await until(() => texts(element).join() === 'Step 3')
  expect(textOf(element)).toContain('Long ago')
})

test('a record page tells of its own runs, whatever is looked at elsewhere', async () => {
  brain.refuse(`GET /api/v1/records/${ACCOUNT}/rationale`, 404, 'No such record.')
  const element = mount(ACCOUNT)
  focusRun('r-9')
  await until(() => texts(element).length === 2)
})
