import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import openInOrg from '@salesforce/apex/MissionSession.open'
import { forget } from 'c/missionSession'
import MissionRationale from 'c/missionRationale'
import { createElement } from 'lwc'
import { FakeBrain, all, one, textOf, until } from '../../../../../test/brain'
import { ACCOUNT, rationale } from '../../../../../test/fixtures'
import type { RationaleView } from '../../../../../../server/contract/http.ts'

jest.mock('@salesforce/apex/MissionSession.open', () => ({ __esModule: true, default: jest.fn() }), { virtual: true })
jest.mock('@salesforce/apex/MissionSession.decide', () => ({ __esModule: true, default: jest.fn() }), { virtual: true })

const item = rationale({
  sentence: 'Keep Acme Corp.',
  undo: { class: 'partial', sentence: 'Undo: partial. Puts back 2 values.', possible: true, why: null, runId: null },
})
let brain: FakeBrain

beforeEach(() => {
  forget()
  brain = new FakeBrain().install()
  const session = { token: 'read-token', expiresAt: '2099-01-01T00:00:00Z', brainUrl: 'http://brain.test/' }
  jest.mocked(openInOrg).mockResolvedValue(session)
})

afterEach(() => document.body.replaceChildren())

async function mount(...items: RationaleView[]): Promise<HTMLElement> {
  brain.on(`GET /api/v1/records/${ACCOUNT}/rationale`, { body: { items, next: null } })
  const element = card()
  await until(() => one(element, 'li'))
  return element
}

function card(): HTMLElement {
  const element = createElement('c-mission-rationale', { is: MissionRationale })
  Object.assign(element, { recordId: ACCOUNT })
  document.body.appendChild(element)
  return element
}

test('a change that was undone tells by whom, why, and what stayed', async () => {
  const at = '2026-11-21T10:00:00Z'
  const undone = {
    decisionId: 'd-2',
    runId: 'r-2',
    at,
    askedBy: 'Sam Second',
    approvedBy: ['Ada Admin'],
    reason: 'Two companies',
    stayed: ['Fax stays'],
  }
  const element = await mount({ ...item, verdict: 'undone', undone })
  const text = textOf(element)
  expect(text).toMatch(/Undone .*, requested by Sam Second, approved by Ada Admin: Two companies/)
  expect(text).toContain('Fax stays')
  expect(one(element, '[data-id="undo"]')).toBeNull()
})

test('an undo tells what it answered', async () => {
  const element = await mount({ ...item, undoes: { decisionId: 'd-0', runId: 'r-0', reason: 'Two companies' } })
  expect(textOf(element)).toContain('This undid an earlier change: Two companies')
})

test('after a partial failure the way back is in sight, otherwise behind the question', async () => {
  const partly = await mount({ ...item, verdict: 'partly' })
  expect(one(partly, 'c-mission-undo')?.closest('details')).toBeNull()
  expect(one(partly, '[data-id="undo"]')).not.toBeNull()
  const whole = await mount(item)
  expect(one(whole, 'c-mission-undo')?.closest('details')).not.toBeNull()
})

test('a change whose contents were erased offers no way back', async () => {
  expect(one(await mount({ ...item, undo: null }), 'c-mission-undo')).toBeNull()
})

test('a record no mission has changed says so in the room a change would take', async () => {
  brain.on(`GET /api/v1/records/${ACCOUNT}/rationale`, { body: { items: [], next: null } })
  const element = card()
  await until(() => textOf(element).includes('No mission has changed this record.'))
})

test('reasons that cannot be had are not passed off as none, and can be asked for again', async () => {
  brain.refuse(`GET /api/v1/records/${ACCOUNT}/rationale`, 503, 'Storage is away.')
  const element = card()
  const again = await until(() => one(element, '[data-id="news"]'))
  expect(textOf(element)).toContain('The changes by missions could not be loaded. Try again')
  brain.on(`GET /api/v1/records/${ACCOUNT}/rationale`, { body: { items: [], next: null } })
  again.click()
  await until(() => textOf(element).includes('No mission has changed this record.'))
  expect(element.shadowRoot?.activeElement?.textContent).toBe('No mission has changed this record.')
})

test('of a record the reader may not see nothing is said', async () => {
  brain.refuse(`GET /api/v1/records/${ACCOUNT}/rationale`, 404, 'No such record.')
  const element = card()
  await until(() => brain.calls(`GET /api/v1/records/${ACCOUNT}/rationale`).length === 1)
  await until(() => one(element, 'section') === null)
})

test('a change that comes about while somebody reads is offered, not put under their eyes', async () => {
  const element = await mount(item)
  ;(element as HTMLElement & { offer(): void }).offer()
  const news = await until(() => one(element, '[data-id="news"]'))
  expect(news.textContent).toBe('Changed now · Show')
  brain.on(`GET /api/v1/records/${ACCOUNT}/rationale`, { body: { items: [item, { ...item, decisionId: 'd-2' }] } })
  news.click()
  await until(() => all(element, 'li').length === 2)
  await until(() => one(element, '[data-id="news"]') === null)
})

test('a value of another record that was made along the way is told with that record', async () => {
  const fields = [
    { label: 'Owner', fromText: 'Dana', toText: 'Priya', record: null },
    { label: 'Subject', fromText: '(blank)', toText: 'Call back', record: 'New Task' },
  ]
  const element = await mount({ ...item, fields })
  expect(textOf(element)).toContain('Owner: Dana → Priya')
  expect(textOf(element)).toContain('New Task · Subject: Call back')
})
