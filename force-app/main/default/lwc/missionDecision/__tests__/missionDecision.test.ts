import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import decideInOrg from '@salesforce/apex/MissionSession.decide'
import openInOrg from '@salesforce/apex/MissionSession.open'
import MissionDecision from 'c/missionDecision'
import { forget } from 'c/missionSession'
import { FakeBrain, all, one, textOf, until } from '../../../../../test/brain'
import { decision, summaryOf, open } from '../../../../../test/fixtures'
import { mounted } from '../../../../../test/mount'
import type { DecisionSummary, DecisionView } from '../../../../../../server/contract/http.ts'

jest.mock('@salesforce/apex/MissionSession.open', () => ({ __esModule: true, default: jest.fn() }), { virtual: true })
jest.mock('@salesforce/apex/MissionSession.decide', () => ({ __esModule: true, default: jest.fn() }), { virtual: true })

interface Members {
  decisionId: string | null
  summary: DecisionSummary | null
  hasNext: boolean
}
interface Pane extends HTMLElement, Members {
  approve(): Promise<void>
  startReject(): void
  cancelReject(): boolean
  chooseReason(number: number): Promise<void>
  takeBack(): Promise<void>
}

const decideMock = jest.mocked(decideInOrg)
const DECISION = 'GET /api/v1/decisions/d-1'
let brain: FakeBrain

beforeEach(() => {
  forget()
  brain = new FakeBrain().install()
  const session = { token: 'read-token', expiresAt: '2099-01-01T00:00:00Z', brainUrl: 'http://brain.test' }
  jest.mocked(openInOrg).mockResolvedValue(session)
  decideMock.mockResolvedValue({ decision: 'signed-by-org' })
})

afterEach(() => {
  document.body.replaceChildren()
  jest.clearAllMocks()
})

async function shown(change: Partial<DecisionView> = {}, members: Partial<Members> = {}): Promise<Pane> {
  brain.on(DECISION, { body: await decision(change) })
  const pane = mounted('c-mission-decision', MissionDecision, { decisionId: 'd-1', ...members }) as unknown as Pane
  await until(() => one(pane, 'h2.sentence'))
  return pane
}

/** A decision that asks for no row to be seen. */
const ungated = async () => ({ rows: (await decision()).rows.filter(({ group }) => group !== 'gated') })
const text = (pane: HTMLElement, id: string) => one(pane, `[data-id="${id}"]`)?.textContent?.trim() ?? null
const posts = () => brain.asked.filter(({ method }) => method === 'POST').map(({ path, body }) => ({ path, body }))

test('sentence, risk, badges and counters stand above the change set', async () => {
  const pane = await shown()
  expect(all(pane, '.badges li').map(({ textContent }) => textContent?.trim())).toEqual([
    'Medium risk',
    'Strong match',
    'Owner changes',
  ])
  expect(all(pane, '.counters li').map(({ textContent }) => textContent)).toEqual([
    '2 fields change',
    '0 records move',
    '0 values lost',
    '1 API call',
  ])
  expect(textOf(pane)).toContain('Needs 1 approval from RevOps: Dana Whit.')
})

test('one more operation than the brain describes is on the page, and cannot be approved', async () => {
  const { leaves } = await decision()
  const more = [
    open('/operations/1/kind', 'delete'),
    open('/operations/1/object', 'Contact'),
    open('/operations/1/id', '003000000000009AAA'),
  ]
  const pane = await shown({ leaves: [...leaves, ...more] })
  expect(text(pane, 'invalid')).toBe(
    'The mission describes the change set differently: the records that are merged or deleted. It cannot be approved here.',
  )
  expect(textOf(pane)).toContain('Contact 003000000000009AAA')
  await pane.approve()
  expect(posts()).toEqual([])
})

test.each([
  [['merge', 'update'], 'Approve merge'],
  [['convertLead'], 'Approve conversion'],
  [['undelete'], 'Approve restore'],
  [['create', 'update'], 'Approve'],
])('the button for %j reads %s', async (kinds, label) => {
  const pane = await shown({ leaves: kinds.map((kind, n) => open(`/operations/${n}/kind`, kind)) })
  expect(text(pane, 'approve')).toBe(label)
})

test('an approval sends the digest of the screen, is announced to the queue, and loads the decision again', async () => {
  const pane = await shown(await ungated())
  const answers: unknown[] = []
  pane.addEventListener('answered', (event) => answers.push((event as CustomEvent<unknown>).detail))
  const { digest } = await decision()
  brain.on('POST /api/v1/decisions/d-1/approve', { body: {} })
  brain.on(DECISION, { body: await decision({ status: 'approved', approvals: 1, runStatus: 'running' }) })
  await pane.approve()
  expect(decideMock.mock.calls.map(([{ verb, digest: signed }]) => [verb, signed])).toEqual([['approve', digest]])
  expect(posts()).toEqual([{ path: '/api/v1/decisions/d-1/approve', body: { digest, decision: 'signed-by-org' } }])
  expect(answers).toEqual([{ id: 'd-1', answer: 'approved' }])
  await until(() => text(pane, 'badge') === 'Writing')
  expect(one(pane, '[data-id="approve"]')).toBeNull()
})

test('nothing is sent while a gated row is unseen, and the reason stands beside the button', async () => {
  const pane = await shown()
  await pane.approve()
  expect(text(pane, 'blocked')).toBe('1 change that requires review has not been seen: scroll to it or press N.')
  expect(posts()).toEqual([])
})

test('a rejection asks for a reason first and carries the comment; Escape leaves the question', async () => {
  const pane = await shown()
  await pane.chooseReason(1)
  expect(posts()).toEqual([])
  pane.startReject()
  const field = await until(() => one(pane, 'textarea') as HTMLTextAreaElement | null)
  expect(textOf(pane)).toContain('Reason for rejecting (1–6, Esc to cancel)')
  expect(pane.cancelReject()).toBe(true)
  expect(pane.cancelReject()).toBe(false)
  pane.startReject()
  field.value = ' Two companies '
  const again = await until(() => one(pane, 'textarea') as HTMLTextAreaElement | null)
  again.value = ' Two companies '
  again.dispatchEvent(new CustomEvent('change'))
  brain.on('POST /api/v1/decisions/d-1/reject', { body: {} })
  await pane.chooseReason(1)
  const body = { reason: 'not-the-same', decision: 'signed-by-org', comment: 'Two companies' }
  expect(posts()).toEqual([{ path: '/api/v1/decisions/d-1/reject', body }])
})

test('an answer without a reply is not called a failure', async () => {
  const pane = await shown(await ungated())
  const answer = globalThis.fetch
  globalThis.fetch = (() => Promise.reject(new TypeError('network'))) as typeof fetch
  await pane.approve()
  globalThis.fetch = answer
  const banner = await until(() => text(pane, 'error'))
  expect(banner).toContain(
    'No answer. The mission service did not answer. It is not known whether your answer arrived.',
  )
  expect(banner).not.toContain('Nothing was written')
})

test('a new version is offered and the old one cannot be approved', async () => {
  const pane = await shown(await ungated())
  pane.summary = summaryOf(await decision({ version: 2 }))
  await until(() => text(pane, 'outdated'))
  expect(text(pane, 'outdated')).toContain('Out of date. This proposal changed: version 2.')
  await pane.approve()
  expect(posts()).toEqual([])
})

test('a decision that cannot be loaded offers to try again, and shows once it can', async () => {
  brain.refuse(DECISION, 503, 'Storage is away.')
  const pane = mounted('c-mission-decision', MissionDecision, { decisionId: 'd-1' })
  const alert = await until(() => one(pane, '[role="alert"]'))
  expect(alert.querySelector('p')?.textContent).toBe('This decision could not be loaded. Storage is away.')
  brain.on(DECISION, { body: await decision() })
  alert.querySelector('button')?.click()
  await until(() => one(pane, 'h2.sentence'))
  expect(one(pane, '[role="alert"]')).toBeNull()
})

test('a late answer for another decision is dropped', async () => {
  const pane = await shown()
  brain.on('GET /api/v1/decisions/d-2', { body: await decision({ id: 'd-2', sentence: 'Merge Globex.' }) })
  brain.on('GET /api/v1/decisions/d-3', { body: await decision({ id: 'd-3', sentence: 'Merge Initech.' }) })
  pane.decisionId = 'd-2'
  pane.decisionId = 'd-3'
  await until(() => one(pane, 'h2.sentence')?.textContent === 'Merge Initech.')
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(one(pane, 'h2.sentence')?.textContent).toBe('Merge Initech.')
})

test('after an answer the next decision is one click away, where there is one', async () => {
  const pane = await shown({ status: 'rejected' }, { hasNext: true })
  const next = jest.fn<(event: Event) => void>()
  pane.addEventListener('next', next)
  one(pane, '[data-id="next"]')?.click()
  expect(next).toHaveBeenCalledTimes(1)
  pane.hasNext = false
  await until(() => one(pane, '[data-id="next"]') === null)
})
