import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import openInOrg from '@salesforce/apex/MissionSession.open'
import { forget } from 'c/missionSession'
import MissionUndo from 'c/missionUndo'
import { createElement } from 'lwc'
import { FakeBrain, one, until } from '../../../../../test/brain'
import { decision } from '../../../../../test/fixtures'
import type { DecisionView } from '../../../../../../server/contract/http.ts'

jest.mock('@salesforce/apex/MissionSession.open', () => ({ __esModule: true, default: jest.fn() }), { virtual: true })
jest.mock('@salesforce/apex/MissionSession.decide', () => ({ __esModule: true, default: jest.fn() }), { virtual: true })

const SENTENCE = "Undo: partial. Puts back 2 values. Won't come back: 1 merged record."
const POSSIBLE: DecisionView['undo'] = { class: 'partial', sentence: SENTENCE, possible: true, why: null, runId: null }
let brain: FakeBrain

beforeEach(() => {
  forget()
  brain = new FakeBrain().install()
  const session = { token: 'read-token', expiresAt: '2099-01-01T00:00:00Z', brainUrl: 'http://brain.test/' }
  jest.mocked(openInOrg).mockResolvedValue(session)
  let keys = 0
  Object.defineProperty(globalThis.crypto, 'randomUUID', { value: () => `key-${(keys += 1)}`, configurable: true })
})

afterEach(() => {
  document.body.replaceChildren()
  jest.clearAllMocks()
})

async function mount(change: Partial<DecisionView> = {}): Promise<HTMLElement> {
  const view = { ...(await decision({})), verdict: 'verified' as const, undo: POSSIBLE, ...change }
  const element = createElement('c-mission-undo', { is: MissionUndo })
  Object.assign(element, { decision: view })
  document.body.appendChild(element)
  return element
}

const path = async () => `POST /api/v1/decisions/${(await decision({})).id}/undo`
const text = (element: HTMLElement, id: string) => one(element, `[data-id="${id}"]`)?.textContent?.trim()

async function ask(element: HTMLElement, reason: string): Promise<void> {
  if (!one(element, 'textarea')) one(element, '[data-id="undo"]')?.click()
  const field = await until(() => one(element, 'textarea') as HTMLTextAreaElement | null)
  field.value = reason
  field.dispatchEvent(new Event('input'))
  one(element, '[data-id="request"]')?.click()
}

test('after a write it says what comes back and what does not, and asks before anything is sent', async () => {
  const element = await mount()
  expect(text(element, 'sentence')).toBe(SENTENCE)
  one(element, '[data-id="undo"]')?.click()
  const field = await until(() => one(element, 'textarea'))
  expect(element.shadowRoot?.activeElement).toBe(field)
  expect(brain.asked).toEqual([])
})

test('an undo is asked for once with its reason, and the proposal is announced', async () => {
  brain.on(await path(), { status: 201, body: { runId: 'r-2' } })
  const element = await mount()
  const heard: unknown[] = []
  element.addEventListener('undoasked', (event) => heard.push((event as CustomEvent<unknown>).detail))
  await ask(element, ' They are two companies ')
  await until(() => text(element, 'announcement')?.startsWith('Undo requested.'))
  const [sent, ...more] = brain.calls(await path())
  expect(sent?.body).toEqual({ reason: 'They are two companies' })
  expect(sent?.headers['Idempotency-Key']).toBe('key-1')
  expect(more).toEqual([])
  expect(heard).toEqual([{ runId: 'r-2' }])
  expect(one(element, 'textarea')).toBeNull()
})

test('without a reason nothing is sent', async () => {
  const element = await mount()
  await ask(element, '   ')
  await until(() => text(element, 'error') === 'Enter a reason for the undo. It is not requested yet.')
  expect(brain.asked).toEqual([])
})

test('a refusal is said with the reason kept, and the same reason is sent again under the same key', async () => {
  brain.refuse(await path(), 409, 'An undo of this is open already.')
  const element = await mount()
  await ask(element, 'Wrong company')
  await until(() => text(element, 'error'))
  expect(text(element, 'error')).toBe('The undo was not requested. An undo of this is open already.')
  await ask(element, 'Wrong company')
  const route = await path()
  await until(() => brain.calls(route).length === 2)
  expect(brain.calls(route).map(({ headers }) => headers['Idempotency-Key'])).toEqual(['key-1', 'key-1'])
})

test('after an error of the server it is not known whether the undo was requested', async () => {
  brain.refuse(await path(), 500, 'Something went wrong.')
  const element = await mount()
  await ask(element, 'Wrong company')
  await until(() => text(element, 'error'))
  expect(text(element, 'error')).toBe(
    'Something went wrong. It is not known whether the undo was requested. Send the request again.',
  )
})

test('when it cannot be undone it says why, and offers no button', async () => {
  const why = 'An undo of this is open already.'
  const element = await mount({ undo: { ...POSSIBLE, possible: false, why } })
  expect(text(element, 'why')).toBe(why)
  expect(one(element, 'button')).toBeNull()
})

test('Escape leaves the question and gives the focus back', async () => {
  const element = await mount()
  one(element, '[data-id="undo"]')?.click()
  const field = await until(() => one(element, 'textarea'))
  field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true }))
  const button = await until(() => one(element, '[data-id="undo"]'))
  expect(element.shadowRoot?.activeElement).toBe(button)
})

test.each([null, 'rejected', 'unknown', 'undone'] as const)(
  'nothing is offered with the verdict %s',
  async (verdict) => {
    expect(one(await mount({ verdict }), 'section')).toBeNull()
  },
)
