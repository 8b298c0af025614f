import { expect, test } from '@jest/globals'
import { changeSetOf } from 'c/changeSetRows'
import type { Leaf } from '../../../../../../server/contract/seal.ts'
import { ACCOUNT, closed, described, open, row } from '../../../../../test/fixtures'

const UPDATE = [
  open('/operations/0/kind', 'update'),
  open('/operations/0/object', 'Account'),
  open('/operations/0/id', ACCOUNT),
]

function shown(from: string | boolean | null, to: string | boolean | null, fromText = '', toText = '') {
  const leaves = [open('/operations/0/fields/F/from', from), open('/operations/0/fields/F/to', to)]
  const only = changeSetOf(described([...UPDATE, ...leaves], [row('F', 'change', fromText, toText)])).groups[0]?.rows[0]
  if (!only) throw new Error('no row')
  return only
}

test.each([
  ['an amount with grouping', '650000.00', '$650,000.00', '$650,000.00'],
  ['an amount with other digits', '650000.00', '$650,000', '650000.00'],
  ['an amount with words', '650000', '650,000 as the CFO said', '650000'],
  ['an amount that begins with zeros', '00123', '123', '00123'],
  ['an amount that says another number', '650000', '$65,000', '650000'],
  ['a name beside its id', '005000000000002AAA', 'Priya Rao', 'Priya Rao'],
  ['an id without a name', '005000000000002AAA', '', '005000000000002AAA'],
  ['other words', 'Closed Lost', 'Closed Won', 'Closed Lost'],
  ['other spaces', 'Cambridge', 'Cambridge ', 'Cambridge'],
  ['invisible characters', 'a\u202eb', 'a⟦U+202E⟧b', 'a⟦U+202E⟧b'],
  ['a day that no calendar has', '2026-02-30', 'Mar 2, 2026', '2026-02-30'],
  ['nothing', null, 'something', '(blank)'],
  ['yes', true, 'No', 'Yes'],
])('a cell never says more than its leaf: %s', (_case, value, text, expected) => {
  expect(shown(null, value, '', text).after.text).toBe(expected)
})

test('an emptied, a filled and a changed value are told apart by word', () => {
  expect([shown('a', null).word, shown(null, 'a').word, shown('a', 'b').word]).toEqual([
    'Cleared',
    'Filled in',
    'Changed',
  ])
})

test('a change of capitals or spaces alone is named', () => {
  expect(shown('ACME', 'Acme').note).toBe('Only capitals differ')
  expect(shown('Acme ', 'Acme').note).toBe('Only spaces differ')
})

test('groups come in the order gated, conflict, fill, clear, change', () => {
  const groups = ['change', 'clear', 'fill', 'conflict', 'gated'] as const
  const rows = groups.map((group) => row(group, group, '', ''))
  const leaves: Leaf[] = groups.flatMap((group) => [
    open(`/operations/0/fields/${group}/from`, 'a'),
    open(`/operations/0/fields/${group}/to`, 'b'),
  ])
  expect(changeSetOf(described([...UPDATE, ...leaves], rows)).groups.map(({ group }) => group)).toEqual([
    'gated',
    'conflict',
    'fill',
    'clear',
    'change',
  ])
})

test('a closed leaf is shown as hidden', () => {
  const leaves = [closed('/operations/0/fields/F/from'), closed('/operations/0/fields/F/to')]
  const { groups, invalidReason } = changeSetOf(
    described([...UPDATE, ...leaves], [row('F', 'change', 'secret', 'secret')]),
  )
  expect(groups[0]?.rows[0]?.after.text).toBe('Hidden from you')
  expect(invalidReason).not.toContain('cannot show')
})

test('a value that appears twice makes the change set invalid', () => {
  const leaves = [open('/operations/0/fields/F/to', 'a'), open('/operations/0/fields/F/to', 'b')]
  expect(changeSetOf(described([...UPDATE, ...leaves], [])).invalidReason).toContain('twice')
})

test('a row about a value outside the change set makes it invalid', () => {
  expect(changeSetOf(described([], [row('F', 'change', 'a', 'b')])).invalidReason).toContain('not in the change set')
})

test('an owner change without a row is shown', () => {
  const leaves = [
    open('/operations/0/kind', 'changeOwner'),
    open('/operations/0/object', 'Opportunity'),
    open('/operations/0/id', '006000000000001AAA'),
    open('/operations/0/from', '005000000000001AAA'),
    open('/operations/0/to', '005000000000002AAA'),
  ]
  const only = changeSetOf(described(leaves, [])).groups[0]?.rows[0]
  expect([only?.label, only?.before.text, only?.after.text]).toEqual([
    'OwnerId',
    '005000000000001AAA',
    '005000000000002AAA',
  ])
})

test('a value judged by a model is marked as such, whatever the words say', () => {
  const leaves = [
    open('/operations/0/fields/F/from', 'a'),
    open('/operations/0/fields/F/to', 'b'),
    open('/operations/0/fields/F/source', 'model(e1)'),
  ]
  const { groups } = changeSetOf(described([...UPDATE, ...leaves], [row('F', 'change', 'a', 'b')]))
  expect(groups[0]?.rows[0]?.source).toBe('Model judgement: e1')
})

test('the values of a record that is to be made are read together, but what requires review stays apart', () => {
  const task = (field: string, group: 'fill' | 'gated') => ({
    ...row(field, group, '', ''),
    fromPath: null,
    recordName: 'New Task',
  })
  const leaves: Leaf[] = [
    open('/operations/0/kind', 'create'),
    open('/operations/0/object', 'Task'),
    open('/operations/0/key', 'followUp'),
    ...['Subject', 'Status', 'OwnerId'].flatMap((field) => [
      open(`/operations/0/fields/${field}/to`, 'x'),
      open(`/operations/0/fields/${field}/source`, 'knowledge:Territory v7'),
    ]),
  ]
  const rows = [task('Subject', 'fill'), task('Status', 'fill'), task('OwnerId', 'gated')]
  const { groups, creations } = changeSetOf(described(leaves, rows))
  expect(creations.map(({ title, source, rows }) => [title, source, rows.map(({ field }) => field)])).toEqual([
    ['New Task', 'Policy: Territory v7', ['Subject', 'Status']],
  ])
  expect(groups.map(({ group, rows }) => [group, rows.map(({ field }) => field)])).toEqual([['gated', ['OwnerId']]])
})

test('dates and times read as they do elsewhere in Salesforce, whatever the brain wrote', () => {
  expect(shown(null, '2026-11-23', '', '2026-11-23').after.text).toBe('Nov 23, 2026')
  const time = '2026-11-23T20:15:00.000+0000'
  expect(shown(null, time, '', '2026-11-23 20:15 UTC').after.text).toBe('Nov 23, 2026, 12:15 PM')
})

test('a word of the page that is really the value is told from it', () => {
  expect([shown('a', '(blank)').after.stored, shown('a', null).after.stored]).toEqual(['(blank)', null])
  expect([shown(null, 'Yes').after.stored, shown(null, true).after.stored]).toEqual(['Yes', null])
  expect(shown('a', '(blank)').word).toBe('Changed')
})

test('seconds that the page leaves out of a time are shown as stored', () => {
  const time = '2026-11-23T20:15:07.000+0000'
  expect(shown(null, time).after.stored).toBe(time)
})

test('a text of a million commas is shown at once', () => {
  const commas = ','.repeat(1_000_000)
  const began = performance.now()
  expect(shown(null, '650000', '', commas).after.text).toBe('650000')
  expect(shown(null, '650000', '', `${commas}650000`).after.text).toBe('650000')
  expect(shown(null, `${'1'.repeat(100_000)}.`, '', commas).after.text).toHaveLength(100_001)
  expect(performance.now() - began).toBeLessThan(1_000)
})
