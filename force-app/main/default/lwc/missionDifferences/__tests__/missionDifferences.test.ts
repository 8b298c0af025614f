import { afterEach, expect, test } from '@jest/globals'
import MissionDifferences from 'c/missionDifferences'
import { all, one } from '../../../../../test/brain'
import { ACCOUNT } from '../../../../../test/fixtures'
import { mounted } from '../../../../../test/mount'

afterEach(() => document.body.replaceChildren())

const record = { object: 'Account', id: ACCOUNT, name: 'Acme Corp' }
const difference = (change: object) => ({
  record,
  field: 'Active',
  proposed: '',
  found: true,
  reason: 'A flow',
  ...change,
})

test('a surprising difference is a row with both values in words', () => {
  const differences = [difference({ expected: false }), difference({ expected: false, proposed: false, found: null })]
  const element = mounted('c-mission-differences', MissionDifferences, { differences })
  const rows = all(element, 'tbody tr').map((row) =>
    [...row.querySelectorAll('td')].slice(1).map((cell) => cell.textContent),
  )
  expect(rows).toEqual([
    ['Active', '(blank)', 'Yes', 'A flow'],
    ['Active', 'No', '(blank)', 'A flow'],
  ])
  expect(
    all(element, 'td')
      .map((cell) => cell.dataset.label)
      .slice(0, 5),
  ).toEqual(['Record', 'Field', 'Proposed', 'Found', 'Reason'])
  expect(one(element, 'details')).toBeNull()
})

test('expected differences are folded, counted and give their reason', () => {
  const differences = [difference({ expected: true }), difference({ expected: true })]
  const element = mounted('c-mission-differences', MissionDifferences, { differences })
  expect(one(element, 'table')).toBeNull()
  expect(one(element, 'summary')?.textContent).toBe('2 expected differences')
  expect(one(element, 'li .quiet')?.textContent).toBe('Expected: A flow')
})
