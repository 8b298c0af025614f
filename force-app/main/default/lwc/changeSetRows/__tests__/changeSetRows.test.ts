import { expect, test } from '@jest/globals'
import { rowsOf } from 'c/changeSetRows'
import type { Leaf } from '../../../../../../server/contract/seal.ts'
import { closed, open, row } from '../../../../../test/fixtures'

function shown(from: string | boolean | null, to: string | boolean | null, fromText = '', toText = '') {
  const leaves = [open('/operations/0/fields/F/from', from), open('/operations/0/fields/F/to', to)]
  const only = rowsOf({ leaves, rows: [row('F', 'change', fromText, toText)] }).groups[0]?.rows[0]
  if (!only) throw new Error('no row')
  return only
}

test.each([
  ['an amount with grouping', '650000.00', '$650,000', '$650,000'],
  ['an amount that says another number', '650000', '$65,000', '650000'],
  ['a name beside its id', '005000000000002AAA', 'Priya Rao', 'Priya Rao'],
  ['an id without a name', '005000000000002AAA', '', '005000000000002AAA'],
  ['other words', 'Closed Lost', 'Closed Won', 'Closed Lost'],
  ['the same words', 'Cambridge', 'Cambridge ', 'Cambridge '],
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
  expect(rowsOf({ leaves, rows }).groups.map(({ group }) => group)).toEqual([
    'gated',
    'conflict',
    'fill',
    'clear',
    'change',
  ])
})

test('a closed leaf is shown as hidden', () => {
  const leaves = [closed('/operations/0/fields/F/from'), closed('/operations/0/fields/F/to')]
  const { groups, invalidReason } = rowsOf({ leaves, rows: [row('F', 'change', 'secret', 'secret')] })
  expect(groups[0]?.rows[0]?.after.text).toBe('Hidden from you')
  expect(invalidReason).toBeNull()
})

test('a value that appears twice makes the change set invalid', () => {
  const leaves = [open('/operations/0/fields/F/to', 'a'), open('/operations/0/fields/F/to', 'b')]
  expect(rowsOf({ leaves, rows: [] }).invalidReason).toContain('twice')
})

test('a row about a value outside the change set makes it invalid', () => {
  expect(rowsOf({ leaves: [], rows: [row('F', 'change', 'a', 'b')] }).invalidReason).toContain('not in the change set')
})

test('an owner change without a row is shown', () => {
  const leaves = [
    open('/operations/0/object', 'Opportunity'),
    open('/operations/0/id', '006000000000001AAA'),
    open('/operations/0/from', '005000000000001AAA'),
    open('/operations/0/to', '005000000000002AAA'),
  ]
  const only = rowsOf({ leaves, rows: [] }).groups[0]?.rows[0]
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
  const { groups } = rowsOf({ leaves, rows: [row('F', 'change', 'a', 'b')] })
  expect(groups[0]?.rows[0]?.source).toBe('Model judgement · Policy: Territory v7')
})

test('the values of a record that is to be made are read together, but what requires review stays apart', () => {
  const task = (field: string, group: 'fill' | 'gated') => ({
    ...row(field, group, '', ''),
    fromPath: null,
    recordName: 'New Task',
  })
  const leaves: Leaf[] = [
    open('/operations/0/kind', 'create'),
    ...['Subject', 'Status', 'OwnerId'].map((field) => open(`/operations/0/fields/${field}/to`, 'x')),
  ]
  const { groups, creations } = rowsOf({
    leaves,
    rows: [task('Subject', 'fill'), task('Status', 'fill'), task('OwnerId', 'gated')],
  })
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
