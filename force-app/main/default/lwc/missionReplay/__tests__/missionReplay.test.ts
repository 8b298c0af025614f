import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import openInOrg from '@salesforce/apex/MissionSession.open'
import MissionReplay from 'c/missionReplay'
import { forget } from 'c/missionSession'
import { createElement } from 'lwc'
import { FakeBrain, one, until } from '../../../../../test/brain'
import { run } from '../../../../../test/fixtures'
import type { RunView } from '../../../../../../server/contract/http.ts'
import type { ReplayView } from '../../../../../../server/contract/replay.ts'

jest.mock('@salesforce/apex/MissionSession.open', () => ({ __esModule: true, default: jest.fn() }), { virtual: true })
jest.mock('@salesforce/apex/MissionSession.decide', () => ({ __esModule: true, default: jest.fn() }), { virtual: true })
const SAME: ReplayView = {
  isSame: true,
  engine: '0123456789abcdef',
  phases: [
    { phase: 'trigger', engine: 'this', result: 'same' },
    { phase: 'read', engine: 'this', result: 'same' },
  ],
  versions: [{ version: 1, recorded: 'aa', recomputed: 'aa' }],
  verdict: { recorded: 'verified', recomputed: 'verified' },
  observations: { compared: 21, otherwise: [] },
  brokeOffIn: null,
  asked: [],
}
const PATH = 'GET /api/v1/runs/r-1/replay'
let brain: FakeBrain

beforeEach(() => {
  forget()
  brain = new FakeBrain().install()
  const session = { token: 'read-token', expiresAt: '2099-01-01T00:00:00Z', brainUrl: 'http://brain.test/' }
  jest.mocked(openInOrg).mockResolvedValue(session)
})

afterEach(() => {
  document.body.replaceChildren()
  jest.clearAllMocks()
})

function mount(change: Partial<RunView> = {}): HTMLElement & { run: RunView } {
  const element = createElement('c-mission-replay', { is: MissionReplay }) as HTMLElement & { run: RunView }
  element.run = run({ id: 'r-1', status: 'done', ...change })
  document.body.appendChild(element)
  return element
}

const text = (element: HTMLElement, id: string) => one(element, `[data-id="${id}"]`)?.textContent?.trim() ?? ''

async function computed(recomputed: ReplayView, change: Partial<RunView> = {}): Promise<HTMLElement> {
  brain.on(PATH, { body: { recomputed } })
  const element = mount(change)
  one(element, '[data-id="replay-run"]')?.click()
  await until(() => text(element, 'result') !== '')
  return element
}

/** The component as it loads for a user with these permissions. */
async function offeredTo(...held: string[]): Promise<boolean> {
  let isOffered = false
  await jest.isolateModulesAsync(async () => {
    for (const name of ['Audit_Missions', 'Administer_Missions']) {
      const permission = { __esModule: true, default: held.includes(name) ? true : undefined }
      jest.doMock(`@salesforce/customPermission/${name}`, () => permission, { virtual: true })
    }
    const lwc = await import('lwc')
    const { default: is } = await import('c/missionReplay')
    // A class of its own wants a name of its own.
    const element = lwc.createElement(`c-offered-to-${held.length}-${held[0]?.length ?? 0}`, { is })
    Object.assign(element, { run: run({ id: 'r-1', status: 'done' }) })
    document.body.appendChild(element)
    isOffered = one(element, '[data-id="replay-run"]') !== null
  })
  return isOffered
}

test('is offered to those who audit or administer, and to nobody else', async () => {
  expect(await offeredTo('Audit_Missions')).toBe(true)
  expect(await offeredTo('Administer_Missions')).toBe(true)
  expect(await offeredTo()).toBe(false)
})

test('is not offered for a run whose contents were erased', () => {
  const erased = { at: '2026-11-22T10:00:00.000Z', by: 'an operator' }
  expect(one(mount({ erased }), '[data-id="replay-run"]')).toBeNull()
  expect(brain.asked).toEqual([])
})

test('says that a run comes out the same, and of how much', async () => {
  const element = await computed(SAME)
  expect(text(element, 'result')).toBe('Replayed: identical, byte for byte (2 phases, 21 observations, 1 change set).')
  expect(one(element, '[data-id="otherwise"]')).toBeNull()
})

test('says how far the record of a run goes that has not ended, and that an earlier engine was at work', async () => {
  const phases = SAME.phases.map((phase) => ({ ...phase, engine: 'another' as const }))
  const element = await computed({ ...SAME, phases, versions: [] }, { status: 'waiting' })
  expect(text(element, 'result')).toBe(
    'Replayed as far as recorded: identical, byte for byte (2 phases, 21 observations). Part of it was recorded under another version of the rules.',
  )
})

test('names everything that came out otherwise', async () => {
  const element = await computed({
    ...SAME,
    isSame: false,
    phases: [
      { phase: 'reason', engine: 'another', result: 'other' },
      { phase: 'commit', engine: 'this', result: 'not reached' },
    ],
    versions: [
      { version: 1, recorded: 'aa', recomputed: 'bb' },
      { version: 2, recorded: 'cc', recomputed: null },
    ],
    verdict: { recorded: 'verified', recomputed: null },
    observations: {
      compared: 3,
      otherwise: [{ phase: 'reason', key: 'result', recorded: null, recomputed: 'Acme is two companies' }],
    },
    brokeOffIn: 'decide',
    asked: [{ phase: 'read', key: 'lead', how: 'asked otherwise then' }],
  })
  expect(text(element, 'result')).toBe('Replayed: not identical.')
  const lines = [...(element.shadowRoot?.querySelectorAll('li') ?? [])].map(({ textContent }) => textContent)
  expect(lines).toEqual([
    'Reason came to another result; it was recorded under another version of the rules.',
    'Commit and verify was not reached again.',
    'Decide could not use the recorded answers.',
    'Read: “lead” was asked differently in the original run.',
    'Change set 1 has another digest.',
    'Change set 2 was not composed again.',
    'The verdict was Verified and is now none.',
    'Reason: recorded “nothing”, now “Acme is two companies”.',
  ])
})

test('what was computed of one run is not shown of another, nor after the run went on', async () => {
  const element = (await computed(SAME)) as HTMLElement & { run: RunView }
  element.run = run({ id: 'r-2', status: 'done' })
  await until(() => text(element, 'result') === '')
})

test('without an answer it says so, and can be asked again', async () => {
  brain.refuse(PATH, 500, 'It broke.')
  const element = mount()
  one(element, '[data-id="replay-run"]')?.click()
  await until(() => text(element, 'error') === 'The replay could not be loaded. It broke.')
  brain.on(PATH, { body: { recomputed: SAME } })
  one(element, '[data-id="replay-run"]')?.click()
  await until(() => text(element, 'result') !== '')
  expect(one(element, '[data-id="error"]')).toBeNull()
})
