// Nothing of a change set is written unseen: each leaf of an operation is on the page, or the decision cannot be approved.
import { expect, test } from '@jest/globals'
import { changeSetOf, type ChangeSet } from 'c/changeSetRows'
import fc from 'fast-check'
import type { DecisionView } from '../../server/contract/http.ts'
import { TRANSFERS } from '../../server/contract/operations/change-owner.ts'
import { planTransactions, type Operation } from '../../server/contract/operations/operation.ts'
import { documentOf, type Leaf, type OpenLeaf } from '../../server/contract/seal.ts'
import { anyOperation, anyOperations } from './any-operations'
import { closed, open } from './fixtures'
import { honestView } from './honest-brain'

const RUNS = { numRuns: 300 }
const ACCOUNTS = ['001000000000001AAA', '001000000000002AAA', '001000000000003AAA'] as const
const [ONE, TWO, THREE] = ACCOUNTS
const CONTACT = '003000000000001AAA'

/** Everything of a change set that people see, as text. */
const visible = (changeSet: ChangeSet) => {
  const { groups, creations, plan, moves, endings, counts } = changeSet
  return JSON.stringify({ groups, creations, plan, moves, endings, counts })
}

/** Whether the leaves are a change set: others are never written. */
function isChangeSet(leaves: readonly Leaf[]): boolean {
  try {
    return documentOf(leaves as OpenLeaf[]) !== null
  } catch {
    return false
  }
}

/** Whether the page is what the brain's description makes of it, although the leaves are others. */
function passesUnseen(described: DecisionView, leaves: readonly Leaf[]): boolean {
  const shown = changeSetOf({ ...described, leaves: [...leaves] })
  return shown.invalidReason === null && visible(shown) === visible(changeSetOf(described))
}

test('what the brain describes truly is shown whole and can be approved', () => {
  fc.assert(
    fc.property(anyOperations, (operations) => {
      expect(changeSetOf(honestView(operations)).invalidReason).toBeNull()
    }),
    RUNS,
  )
})

test('the numbered requests are those of the contract', () => {
  fc.assert(
    fc.property(anyOperations, (operations) => {
      const { plan } = changeSetOf(honestView(operations))
      const lines = planTransactions(operations).map(({ kind, operations: some }) => [
        ...some.map((index) => `/operations/${index}`),
        ...(kind === 'composite' ? ['receipt'] : []),
      ])
      expect(plan.map((step) => step.lines.map(({ key }) => key))).toEqual(lines)
    }),
    RUNS,
  )
})

test('a reader from whom records or fields are withheld gets no false alarm', () => {
  const hides = fc.array(fc.constantFrom('1', '2', '3', 'Phone', 'OwnerId'), { maxLength: 3 })
  fc.assert(
    fc.property(anyOperations, hides, (operations, hidden) => {
      const view = honestView(operations, {
        record: (id) => !hidden.some((each) => each === id.charAt(14)),
        field: (name) => !hidden.some((each) => name.endsWith(`.${each}`)),
      })
      const { invalidReason, counts } = changeSetOf(view)
      expect([invalidReason, counts.hidden]).toEqual([null, view.hidden])
    }),
    RUNS,
  )
})

test.each(ACCOUNTS)('a reader from whom a lookup to %s is withheld gets no false alarm', (to) => {
  const operations: Operation[] = [
    { kind: 'undelete', object: 'Account', id: THREE, mergedInto: null },
    { kind: 'update', object: 'Contact', id: CONTACT, fields: { AccountId: { from: ONE, to, source: 'kept' } } },
  ]
  const view = honestView(operations, { record: () => true, field: (name) => name !== 'Contact.AccountId' })
  const { invalidReason, counts, plan } = changeSetOf(view)
  expect([invalidReason, counts.hidden]).toEqual([null, 1])
  expect(plan.some(({ lines }) => lines.some(({ key }) => key === '/operations/1'))).toBe(true)
})

test('other operations under the same words are seen, or cannot be approved', () => {
  fc.assert(
    fc.property(anyOperations, anyOperations, (described, sealed) => {
      fc.pre(JSON.stringify(described) !== JSON.stringify(sealed))
      const { leaves } = honestView(sealed)
      fc.pre(operationLeaves(honestView(described).leaves) !== operationLeaves(leaves))
      expect(passesUnseen(honestView(described), leaves)).toBe(false)
    }),
    RUNS,
  )
})

test('one operation more under the same words is seen, or cannot be approved', () => {
  fc.assert(
    fc.property(anyOperations, anyOperation, (described, more) => {
      expect(passesUnseen(honestView(described), honestView([...described, more]).leaves)).toBe(false)
    }),
    RUNS,
  )
})

test('one value exchanged, left out, withheld or added is seen, or cannot be approved', () => {
  const how = fc.constantFrom('exchange', 'leave out', 'withhold', 'add', 'rename')
  const other = fc.constantFrom(
    true,
    false,
    null,
    '',
    'x',
    'TransferContracts',
    '001000000000009AAA',
    3,
    'Fax',
    'existing',
  )
  fc.assert(
    fc.property(anyOperations, fc.nat(), how, other, (operations, at, change, value) => {
      const view = honestView(operations)
      const inside = view.leaves.filter(({ path }) => path.startsWith('/operations/'))
      const leaf = inside[at % inside.length]
      if (!leaf || !('value' in leaf)) throw new Error('no leaf')
      fc.pre(change !== 'exchange' || JSON.stringify(sameBlank(leaf.value)) !== JSON.stringify(sameBlank(value)))
      const rest = view.leaves.filter((each) => each !== leaf)
      const changed = {
        exchange: [...rest, { ...leaf, value }],
        'leave out': rest,
        withhold: [...rest, closed(leaf.path)],
        add: [...view.leaves, open(`${leaf.path}/more`, value)],
        rename: [...rest, { ...leaf, path: `${leaf.path}x` }],
      }[change]
      fc.pre(change === 'withhold' || isChangeSet(changed))
      expect(passesUnseen(view, changed)).toBe(false)
    }),
    { numRuns: 500 },
  )
})

/** Salesforce stores no empty text: it is blank. */
const sameBlank = (value: unknown) => (value === '' ? null : value)

/** The leaves of the operations without their salts, in order. */
const operationLeaves = (leaves: readonly Leaf[]) =>
  JSON.stringify(
    leaves.flatMap((leaf) =>
      leaf.path.startsWith('/operations/') && 'value' in leaf ? [[leaf.path, sameBlank(leaf.value)]] : [],
    ),
  )

const merge = (...losers: string[]): Operation => ({
  kind: 'merge',
  object: 'Account',
  survivor: ONE,
  losers,
  fields: {},
  moves: [],
})
const owner = (more: { keepTeam: boolean; transfer: string[] }): Operation =>
  ({
    kind: 'changeOwner',
    object: 'Account',
    id: ONE,
    from: USER,
    to: '005000000000002AAA',
    source: 'kept',
    ...more,
  }) as Operation
const USER = '005000000000001AAA'
const convert: Operation = {
  kind: 'convertLead',
  id: '00Q000000000001AAA',
  convertedStatus: 'Qualified',
  opportunity: 'new',
  overwriteLeadSource: false,
}
const usual: Operation[] = [owner({ keepTeam: true, transfer: [] }), merge(TWO)]

test.each<[string, Operation[]]>([
  ['one more delete', [...usual, { kind: 'delete', object: 'Account', id: THREE }]],
  ['a conversion', [...usual, convert]],
  ['another loser', [usual[0]!, merge(TWO, THREE)]],
  ['a second merge', [...usual, merge(THREE)]],
  [
    'what moves along with an owner',
    [owner({ keepTeam: false, transfer: ['SendEmail', 'TransferAllOwnedCases'] }), merge(TWO)],
  ],
])('%s under the words of another change set cannot be approved', (_case, sealed) => {
  const described = honestView(usual)
  expect(changeSetOf(described).invalidReason).toBeNull()
  const shown = changeSetOf({ ...described, leaves: honestView(sealed).leaves })
  expect(shown.invalidReason).not.toBeNull()
  expect(visible(shown)).not.toBe(visible(changeSetOf(described)))
})

test.each(TRANSFERS)('%s of an owner change has words of its own', (name) => {
  const [along, alone] = [[name], []].map((transfer) => changeSetOf(honestView([owner({ keepTeam: true, transfer })])))
  expect(along?.invalidReason).toBeNull()
  expect(along?.plan).not.toEqual(alone?.plan)
})

test('what the brain describes differently says so itself', () => {
  const described = honestView(usual)
  const shown = changeSetOf({ ...described, leaves: honestView([...usual, merge(THREE), convert]).leaves })
  expect(shown.plan.map(({ note }) => note !== null)).toEqual([false, false, true, true, true])
  expect(shown.endings.map(({ record, note }) => [record.id, note !== null])).toEqual([
    [TWO, false],
    [THREE, true],
  ])
  const rows = described.rows.map((row) => ({ ...row, recordId: TWO }))
  const [row] = changeSetOf({ ...described, rows }).groups.flatMap(({ rows: some }) => some)
  expect(row?.note).toBe('The mission describes this differently')
})
