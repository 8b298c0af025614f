import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import openInOrg from '@salesforce/apex/MissionSession.open'
import DecisionHistory from 'c/decisionHistory'
import { forget } from 'c/missionSession'
import { createElement } from 'lwc'
import { FakeBrain, all, one, textOf, until } from '../../../../../test/brain'
import { decision, run, summaryOf } from '../../../../../test/fixtures'
import type { DecisionSummary } from '../../../../../../server/contract/http.ts'

jest.mock('@salesforce/apex/MissionSession.open', () => ({ __esModule: true, default: jest.fn() }), { virtual: true })
jest.mock('@salesforce/apex/MissionSession.decide', () => ({ __esModule: true, default: jest.fn() }), { virtual: true })

let brain: FakeBrain
let ada: DecisionSummary
let sam: DecisionSummary

beforeEach(async () => {
  forget()
  brain = new FakeBrain().install()
  const session = { token: 'read-token', expiresAt: '2099-01-01T00:00:00Z', brainUrl: 'http://brain.test/' }
  jest.mocked(openInOrg).mockResolvedValue(session)
  jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2026-02-15T12:00:00Z'))
  ada = await past('d-1', 'Ada Admin', 'approve', '2026-02-10T10:00:00Z')
  sam = await past('d-2', 'Sam Second', 'reject', '2026-01-10T10:00:00Z')
})

afterEach(() => {
  document.body.replaceChildren()
  jest.restoreAllMocks()
})

/** A decision that was answered once. */
async function past(id: string, name: string, verb: 'approve' | 'reject', at: string): Promise<DecisionSummary> {
  const ended =
    verb === 'approve' ? ({ status: 'approved', verdict: 'verified' } as const) : { status: 'rejected' as const }
  const view = await decision({
    ...ended,
    id,
    createdAt: at,
    sentence: `Decision ${id}.`,
    answered: [{ name, verb, at }],
  })
  brain.on(`GET /api/v1/decisions/${id}`, { body: view })
  brain.on('GET /api/v1/runs/r-1', { body: run({ status: 'done' }) })
  return summaryOf(view)
}

function mount(): HTMLElement {
  const element = createElement('c-decision-history', { is: DecisionHistory })
  document.body.appendChild(element)
  return element
}

function choose(element: HTMLElement, name: string, value: string): void {
  const select = one(element, `select[name="${name}"]`) as HTMLSelectElement
  select.value = value
  select.dispatchEvent(new Event('change'))
}

const sentences = (element: HTMLElement) => all(element, '.words').map(({ textContent }) => textContent)

test('past decisions are told with who answered what and when, and can be narrowed to a person and a month', async () => {
  const waiting = summaryOf(await decision({ id: 'd-3' }))
  brain.on('GET /api/v1/decisions', { body: { items: [waiting, ada, sam], next: null } })
  const element = mount()
  await until(() => sentences(element).length === 2)
  expect(textOf(element)).toMatch(/Verified · Ada Admin approved it, Feb 10, 2026/)
  choose(element, 'person', 'Sam Second')
  await until(() => sentences(element).length === 1)
  expect(sentences(element)).toEqual(['Decision d-2.'])
  choose(element, 'month', '2026-02')
  await until(() => textOf(element).includes('No past decision matches.'))
  choose(element, 'person', '')
  await until(() => sentences(element)[0] === 'Decision d-1.')
})

test('a month is read back to its first day', async () => {
  brain.on('GET /api/v1/decisions', ({ search }) => {
    const isFirst = !search.includes('before=')
    return { body: { items: [isFirst ? ada : sam], next: isFirst ? 'd-1' : null } }
  })
  const element = mount()
  await until(() => one(element, '[data-id="more"]'))
  choose(element, 'month', '2026-01')
  await until(() => sentences(element)[0] === 'Decision d-2.')
})

test('a past decision opens with all that was approved, and the focus goes to it', async () => {
  brain.on('GET /api/v1/decisions', { body: { items: [ada], next: null } })
  const element = mount()
  const line = await until(() => one(element, 'button.line'))
  line.click()
  const heading = await until(() => one(element, 'h2.sentence'))
  expect(heading.textContent).toBe('Decision d-1.')
  await until(() => one(element, 'c-mission-decision')?.shadowRoot?.activeElement === heading)
  expect(line.getAttribute('aria-current')).toBe('true')
})

test('when nothing was decided yet, or it cannot be had, that is said', async () => {
  brain.on('GET /api/v1/decisions', { body: { items: [], next: null } })
  const element = mount()
  await until(() => textOf(element).includes('Nothing has been decided yet.'))
  brain.refuse('GET /api/v1/decisions', 503, 'Storage is away.')
  const other = mount()
  await until(() => textOf(other).includes('Past decisions could not be loaded. Storage is away.'))
})
