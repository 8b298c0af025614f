// The screen in a made-up language: labels and data have no Latin letters, so that a word that stands in code shows; and
// every text of the brain ends with invisible characters, so that a component that shows them raw is found.
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals'
import type * as Lwc from 'lwc'
import { FakeBrain, all, one, until } from './brain'
import { ACCOUNT, decision, observation, open, rationale, row, run, summaryOf } from './fixtures'
import type { DecisionView, RunView } from '../../server/contract/http.ts'

const { labelValues } = jest.requireActual<{ labelValues: Record<string, string> }>('./label-values.cjs')
const accented = 'åƀçđéƒğĥîĵķļɱñöþǫŕšţûṽŵẋýžÅƁÇĐÉƑĞĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽ'
const pseudo = (text: string) =>
  `⟦${text.replace(/[a-z]/gi, (letter) => accented['abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'.indexOf(letter)] ?? letter)}⟧`

/** Names of technical things that are shown as they are: leaves as stored, the digest, ids of records. */
const DATA = [
  /"?[0-9a-f]{64}"?/g,
  /\b(?=\w*\d)[a-zA-Z0-9]{18}\b/g,
  /\b\w{3}…\w{7}\b/g,
  /\b[0-9a-f]{4}…[0-9a-f]{2}\b/g,
  /\/(decision|version|operations)[\w/]*/g,
  /^"?(merge|kept|OwnerId|BillingCity)"?$/g,
]
const LATIN = /[A-Za-z]{2,}/
const READ_ATTRIBUTES = ['aria-label', 'title', 'placeholder', 'label', 'alternative-text', 'data-label']

/** Ends every Greek text with invisible characters, as a record or a model may; leaves are hashed as they are. */
function spoil<T>(answer: T): T {
  if (typeof answer === 'string') return (/\p{Script=Greek}/u.test(answer) ? answer + HIDDEN : answer) as T
  if (Array.isArray(answer)) return answer.map(spoil) as T
  if (answer === null || typeof answer !== 'object') return answer
  return Object.fromEntries(
    Object.entries(answer).map(([name, member]) => [name, name === 'leaves' ? member : spoil(member)]),
  ) as T
}
const HIDDEN = '\u202e\u200b\u{e0041}'
const MARKED = '⟦U+202E⟧⟦U+200B⟧⟦U+E0041⟧'
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]/u

let brain: FakeBrain
let createElement: typeof Lwc.createElement
const components: Record<string, Parameters<typeof Lwc.createElement>[1]['is']> = {}

beforeAll(async () => {
  for (const [name, value] of Object.entries(labelValues))
    jest.doMock(`@salesforce/label/c.${name}`, () => ({ __esModule: true, default: pseudo(value) }), { virtual: true })
  jest.doMock('@salesforce/i18n/locale', () => ({ __esModule: true, default: 'el-GR' }), { virtual: true })
  for (const name of ['Audit_Missions', 'Administer_Missions'])
    jest.doMock(`@salesforce/customPermission/${name}`, () => ({ __esModule: true, default: true }), { virtual: true })
  const session = { token: 'read-token', expiresAt: '2099-01-01T00:00:00Z', brainUrl: 'http://brain.test' }
  const open = () => Promise.resolve(session)
  jest.doMock('@salesforce/apex/MissionSession.open', () => ({ __esModule: true, default: open }), { virtual: true })
  ;({ createElement } = await import('lwc'))
  components['c-decision-queue'] = (await import('c/decisionQueue')).default
  components['c-explain-rail'] = (await import('c/explainRail')).default
})

beforeEach(() => {
  brain = new FakeBrain().install()
  const on = brain.on.bind(brain)
  brain.on = (route, answer) =>
    on(route, typeof answer === 'function' ? (asked) => spoil(answer(asked)) : spoil(answer))
})
afterEach(() => document.body.replaceChildren())

/** Components that were on the screen in these tests, by tag, and those that showed text of the brain. */
const shown = new Set<string>()
const marking = new Set<string>()

/** Texts and attributes below `root` that hold a Latin word or an invisible character, each with its component. */
function latinIn(root: Element): string[] {
  return all(root, '*').flatMap((element) => {
    const host = element.getRootNode()
    const component = host instanceof ShadowRoot ? host.host.tagName.toLowerCase() : root.tagName.toLowerCase()
    if (element.tagName.startsWith('C-')) shown.add(element.tagName.toLowerCase())
    const texts = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE)
    const attributes = READ_ATTRIBUTES.map((name) => element.getAttribute(name) ?? '')
    const all = [...texts.map(({ textContent }) => textContent ?? ''), ...attributes]
    if (all.some((text) => text.includes(MARKED))) marking.add(component)
    return all
      .filter((text) => INVISIBLE.test(text) || LATIN.test(DATA.reduce((rest, form) => rest.replace(form, ''), text)))
      .map((text) => `${component}: ${text.trim()}`)
  })
}

function mount(tag: string, members: object = {}): HTMLElement {
  const element = createElement(tag, { is: components[tag] as never })
  Object.assign(element, members)
  document.body.appendChild(element)
  return element
}

const LOSER = '001000000000002AAA'
const SUBJECT = { object: 'Λογαριασμός', id: ACCOUNT, name: 'Άλφα' }

/** A decision whose every text of data is Greek. */
async function greekDecision(change: Partial<DecisionView> = {}): Promise<DecisionView> {
  const fields = { BillingCity: 'Πόλη', OwnerId: 'Κάτοχος' }
  const leaves = [
    open('/decision', 'd-1'),
    open('/version', 1),
    open('/operations/0/kind', 'merge'),
    open('/operations/0/object', SUBJECT.object),
    open('/operations/0/survivor', ACCOUNT),
    open('/operations/0/losers/0', LOSER),
    open('/operations/0/moves/0/object', 'Ευκαιρία'),
    open('/operations/0/moves/0/field', 'Πεδίο'),
    open('/operations/0/moves/0/ids/0', '006000000000001AAA'),
    open('/operations/0/moves/0/ids/1', '006000000000002AAA'),
    ...Object.keys(fields).flatMap((field) => [
      open(`/operations/0/fields/${field}/from`, 'Άρτα'),
      open(`/operations/0/fields/${field}/to`, `Βόλος${HIDDEN}`),
      open(`/operations/0/fields/${field}/source`, 'kept'),
    ]),
  ]
  const greek = (field: keyof typeof fields, group: 'gated' | 'change') => ({
    ...row(field, group, 'Άρτα', 'Βόλος'),
    label: fields[field],
    fromPath: `/operations/0/fields/${field}/from`,
    toPath: `/operations/0/fields/${field}/to`,
    object: SUBJECT.object,
    recordName: SUBJECT.name,
    sourceText: 'Κανόνας',
  })
  return decision({
    leaves,
    subject: SUBJECT,
    mission: 'αποστολή',
    sentence: 'Πρόταση.',
    badges: [{ code: 'owner', label: 'Σήμα', gated: true }],
    rows: [greek('BillingCity', 'change'), greek('OwnerId', 'gated')],
    lost: [{ field: 'Fax', label: 'Φαξ', value: 'δέκα', record: SUBJECT }],
    moves: [{ object: 'Ευκαιρία', field: 'Πεδίο', label: 'Ευκαιρίες', count: 2, amount: null, names: ['Βήτα'] }],
    goesAway: [{ record: { ...SUBJECT, id: LOSER }, until: '2026-02-01T00:00:00Z' }],
    checks: [
      { label: 'Έλεγχος', agrees: true, by: 'rule', citations: [] },
      { label: 'Έλεγχος', agrees: false, by: 'model', citations: ['Πηγή'] },
    ],
    review: 'not-reviewed',
    cautions: [{ code: 'text-withheld', text: 'Προσοχή.', by: 'model' }],
    mustHold: [],
    overlaps: [],
    wrongIf: ['Λάθος.'],
    plan: ['composite', 'merge'].map((kind, n) => ({ n: n + 1, kind, sentence: 'Ενημέρωση', ifItFails: 'τίποτα' })),
    counters: { fields: 2, created: 0, moves: 2, lost: 1, calls: 2 },
    undo: { class: 'full', sentence: 'Επαναφορά.', possible: true, why: null, runId: null },
    rosters: [{ from: 'group:Ομάδα', needs: 1, users: [{ id: '005', name: 'Δάφνη' }], then: false }],
    askedNow: [],
    answers: [{ name: 'Δάφνη', verb: 'approve', at: '2026-01-02T00:00:00Z', comment: null, version: 1 }] as never,
    hidden: 1,
    ...change,
  })
}

const greekRun = (change: Partial<RunView> = {}) =>
  run({ title: 'Εκτέλεση', subject: SUBJECT, reason: 'Αιτία', mission: 'αποστολή', ...change })

function serve(...views: DecisionView[]): void {
  brain.on('GET /api/v1/decisions', ({ search }) => {
    const status = new URLSearchParams(search).get('status')
    const items = views.filter((view) => status === null || view.status === status).map(summaryOf)
    return { body: { items, next: null } }
  })
  for (const view of views) brain.on(`GET /api/v1/decisions/${view.id}`, { body: view })
}

test('an open decision, the list, the shortcuts and the reasons to reject show labels and data only', async () => {
  const other = await greekDecision()
  serve(await greekDecision(), { ...other, id: 'd-2', risk: 'high' })
  const queue = mount('c-decision-queue')
  await until(() => one(queue, 'h2.sentence'))
  one(queue, '[aria-keyshortcuts="?"]')?.click()
  await until(() => one(queue, '[data-id="help"]'))
  expect(latinIn(queue)).toEqual([])
  one(queue, '[data-id="reject"]')?.click()
  await until(() => one(queue, '.reasons'))
  expect(latinIn(queue)).toEqual([])
})

test.each([
  ['a folded decision on a record page', { status: 'open' as const }],
  ['a written decision', { status: 'approved' as const, verdict: 'differs' as const }],
  ['a hold', { status: 'approved' as const, commitsAt: '2099-01-01T00:00:00Z' }],
])('%s shows labels and data only', async (_case, change) => {
  serve(await greekDecision({ ...change, verdict: null }))
  const found = { record: SUBJECT, field: 'Πόλη', proposed: 'Άρτα', found: null, reason: 'Αιτία' }
  const differences = [
    { ...found, expected: false },
    { ...found, expected: true },
  ]
  const verdict = 'verdict' in change ? change.verdict : null
  brain.on('GET /api/v1/runs/r-1', { body: greekRun({ status: 'done', verdict, differences }) })
  if (verdict) brain.on('GET /api/v1/decisions/d-1', { body: await greekDecision({ ...change, verdict }) })
  const queue = mount('c-decision-queue', { recordId: ACCOUNT })
  const review = await until(() => one(queue, '[data-id="review"]'))
  expect(latinIn(queue)).toEqual([])
  review.click()
  await until(() => one(queue, 'c-mission-decision h2.sentence') ?? one(queue, 'h2.sentence'))
  const undo = one(queue, '[data-id="undo"]')
  if (undo instanceof HTMLButtonElement) undo.click()
  await Promise.resolve()
  expect(latinIn(queue)).toEqual([])
})

test('past decisions and errors show labels and data only', async () => {
  const answered = [{ name: 'Δάφνη', verb: 'approve', at: '2026-01-02T00:00:00Z' }]
  serve(await greekDecision({ status: 'approved', verdict: 'verified', answered }))
  const queue = mount('c-decision-queue')
  one(queue, '[data-id="past"]')?.click()
  await until(() => one(queue, 'button.line'))
  expect(latinIn(queue)).toEqual([])
  brain.refuse('GET /api/v1/decisions', 503, 'Σφάλμα.', 'Σφάλμα')
  const other = mount('c-decision-queue')
  await until(() => one(other, '[data-id="error"]'))
  expect(latinIn(other)).toEqual([])
})

test('the rail with a run, its observations, the reasons of the record and a replay shows labels and data only', async () => {
  const differences = [
    { record: SUBJECT, field: 'Πόλη', proposed: 'Άρτα', found: 'Βόλος', expected: false, reason: 'Αιτία' },
  ]
  const ended = greekRun({ status: 'done', phase: 'commit', verdict: 'differs', differences })
  brain.on('GET /api/v1/runs', { body: { items: [ended, greekRun({ id: 'r-2', status: 'held' })], next: null } })
  brain.on('GET /api/v1/runs/r-1', { body: ended })
  const items = [observation(1, { text: 'Βήμα', records: [{ ...SUBJECT, id: '006000000000001AAA' }] })]
  brain.on('GET /api/v1/runs/r-1/observations', { body: { items, next: null } })
  const fields = ['Α', 'Β', 'Γ', 'Δ'].map((label) => ({ label, fromText: '', toText: 'τιμή', record: null }))
  const undone = {
    decisionId: 'd-2',
    runId: 'r-2',
    at: '2026-01-03T00:00:00Z',
    askedBy: 'Σοφία',
    approvedBy: ['Δάφνη', 'Άννα'],
    reason: 'Λόγος',
    stayed: [],
  }
  const undo = { class: 'full', sentence: 'Επαναφορά.', possible: true, why: null, runId: null } as const
  const words = { sentence: 'Πρόταση.', approvedBy: ['Δάφνη'], why: ['Κανόνας'] }
  const reasons = [rationale({ ...words, fields, hidden: 2, undone, verdict: 'partly', undo })]
  brain.on(`GET /api/v1/records/${ACCOUNT}/rationale`, { body: { items: reasons, next: null } })
  const phases = [{ phase: 'read', engine: 'another', result: 'other' }]
  const recomputed = { isSame: false, engine: '1', phases, versions: [{ version: 1, recorded: '1', recomputed: null }] }
  const rest = { verdict: { recorded: 'verified', recomputed: null }, observations: { compared: 1, otherwise: [] } }
  const asked = [{ phase: 'read', key: 'κλειδί', how: 'not asked then' }]
  brain.on('GET /api/v1/runs/r-1/replay', {
    body: { recomputed: { ...recomputed, ...rest, brokeOffIn: 'read', asked } },
  })
  const rail = mount('c-explain-rail', { recordId: ACCOUNT })
  await until(() => one(rail, '[data-id="text"]') && one(rail, '[data-id="undo"]'))
  one(rail, '[data-id="replay-run"]')?.click()
  await until(() => one(rail, '[data-id="otherwise"]'))
  expect(latinIn(rail)).toEqual([])
})

test('a word that stands in code is found, with its component', () => {
  const host = document.createElement('c-explain-rail')
  host.innerHTML = '<p>⟦Ļîṽé⟧</p><p title="Record">Try again</p><b aria-label="Άλφα">001000000000001AAA</b>'
  expect(latinIn(host)).toEqual(['c-explain-rail: Try again', 'c-explain-rail: Record'])
})

/** The stream's state, the outcome and the replay speak in labels and names of the contract. */
const WITHOUT_TEXT_OF_THE_BRAIN = ['c-live-badge', 'c-mission-outcome']

afterAll(() => {
  const missing = ['decision-history', 'decision-note', 'live-badge', 'mission-decision', 'mission-diff']
  const more = [
    'differences',
    'effects',
    'evidence',
    'observation',
    'outcome',
    'rationale',
    'record-link',
    'replay',
    'run-header',
    'undo',
  ]
  const tags = [...missing, ...more.map((each) => `mission-${each}`)].map((name) => `c-${name}`)
  expect([...shown].sort()).toEqual(expect.arrayContaining(tags))
  expect(tags.filter((tag) => !marking.has(tag)).sort()).toEqual(WITHOUT_TEXT_OF_THE_BRAIN)
})
