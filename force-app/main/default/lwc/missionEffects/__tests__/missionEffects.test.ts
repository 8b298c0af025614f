import { afterEach, expect, test } from '@jest/globals'
import { changeSetOf } from 'c/changeSetRows'
import MissionEffects from 'c/missionEffects'
import type { DecisionView } from '../../../../../../server/contract/http.ts'
import { all, one, textOf } from '../../../../../test/brain'
import { ACCOUNT, DANA, PRIYA, decision, open } from '../../../../../test/fixtures'
import { mounted } from '../../../../../test/mount'

afterEach(() => document.body.replaceChildren())

const headings = (element: HTMLElement) => all(element, 'h3').map(({ textContent }) => textContent)

const shown = (view: DecisionView) =>
  mounted('c-mission-effects', MissionEffects, { decision: view, changeSet: changeSetOf(view) })

test('a plain update shows its transactions, what happens if one fails, and the undo', async () => {
  const element = shown(await decision())
  expect(headings(element)).toEqual(['What will run · 1 transaction', 'Undo: full'])
  expect(textOf(element)).toContain('Update 2 fields of Account 001…0001AAA Write the receipt')
  expect(textOf(element)).toContain('If it fails: nothing is changed.')
})

const OTHER = '001000000000002AAA'
const MERGE = [
  open('/operations/0/kind', 'merge'),
  open('/operations/0/object', 'Account'),
  open('/operations/0/survivor', ACCOUNT),
  open('/operations/0/losers/0', OTHER),
  open('/operations/0/moves/0/object', 'Renewal_Plan__c'),
  open('/operations/0/moves/0/field', 'Account__c'),
  open('/operations/0/moves/0/ids/0', 'a00000000000001AAA'),
  open('/operations/0/moves/1/object', 'Opportunity'),
  open('/operations/0/moves/1/field', 'AccountId'),
  ...['1', '2', '3'].map((n) => open(`/operations/0/moves/1/ids/${Number(n) - 1}`, `00600000000000${n}AAA`)),
]

test('values lost, records moved and records merged away each have a list', async () => {
  const record = { object: 'Account', id: OTHER, name: 'Acme Inc' }
  const moves = [
    { object: 'Renewal_Plan__c', field: 'Account__c', label: 'Renewal plans', count: 1, amount: null, names: [] },
    { object: 'Opportunity', field: 'AccountId', label: 'Opportunities', count: 3, amount: '$5', names: ['Deal'] },
  ]
  const view = await decision({
    leaves: MERGE,
    rows: [],
    moves,
    lost: [{ field: 'Fax', label: 'Fax', value: '12', record }],
    goesAway: [{ record, until: '2026-01-16T20:00:00Z' }],
  })
  const element = shown(view)
  expect(headings(element).slice(0, 4)).toEqual([
    'Lost · 1 value that will not be kept',
    'Moves · 4 records',
    'Merged or deleted',
    'What will run · 2 transactions',
  ])
  expect(all(element, '[data-id="move"] > bdi').map(({ textContent }) => textContent?.trim())).toEqual([
    'Renewal Plan (Account__c): 1',
    'Opportunity (AccountId): 3 · $5',
    'Deal',
  ])
  expect(textOf(element)).toContain('Merge Account 001…0002AAA into 001…0001AAA')
  expect(all(element, '.ids li').map(({ textContent }) => textContent)).toContain('006000000000003AAA')
  expect(all(element, '.between').some(({ textContent }) => textContent?.startsWith('in the Recycle Bin until'))).toBe(
    true,
  )
})

test('the records that a transaction names are links', async () => {
  const element = shown(await decision({ leaves: MERGE, rows: [] }))
  const links = all(element, '[data-id="step"] c-mission-record-link').map((link) => one(link, 'a')?.title)
  expect(links).toEqual([OTHER, ACCOUNT])
})

test('what the leaves have and the brain does not describe is shown, and says so', async () => {
  const element = shown(await decision({ leaves: MERGE, rows: [] }))
  const notes = all(element, '.note').map((note) => note.parentElement?.dataset.id)
  expect(notes).toEqual(['move', 'move', 'ending', 'step'])
})

test('what moves along with an owner and what a conversion makes is said in words', async () => {
  const leaves = [
    open('/operations/0/kind', 'changeOwner'),
    open('/operations/0/object', 'Account'),
    open('/operations/0/id', ACCOUNT),
    open('/operations/0/from', DANA),
    open('/operations/0/to', PRIYA),
    open('/operations/0/source', 'kept'),
    open('/operations/0/keepTeam', false),
    open('/operations/0/transfer/0', 'TransferAllOwnedCases'),
    open('/operations/0/transfer/1', 'TransferOpenActivities'),
    open('/operations/1/kind', 'convertLead'),
    open('/operations/1/id', '00Q000000000001AAA'),
    open('/operations/1/convertedStatus', 'Qualified'),
    open('/operations/1/accountId', ACCOUNT),
    open('/operations/1/opportunity', 'new'),
    open('/operations/1/overwriteLeadSource', false),
  ]
  const words = all(shown(await decision({ leaves, rows: [] })), '[data-id="step"] p').map((line) => line.textContent)
  expect(words).toEqual([
    'Team members are removed.',
    'These change owner too: all cases of the old owner and open activities.',
    'Status: Qualified',
    'The owner stays.',
    `Account: Acme Corp (${ACCOUNT})`,
    'A new contact is created.',
    'A new opportunity is created.',
    'The lead source of an existing contact stays.',
  ])
})

test('once it is written the undo is not repeated here', async () => {
  const element = mounted('c-mission-effects', MissionEffects, { decision: await decision(), written: true })
  expect(one(element, '[data-id="undo"]')).toBeNull()
})
