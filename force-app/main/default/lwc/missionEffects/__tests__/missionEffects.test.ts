import { afterEach, expect, test } from '@jest/globals'
import MissionEffects from 'c/missionEffects'
import { all, one } from '../../../../../test/brain'
import { ACCOUNT, decision } from '../../../../../test/fixtures'
import { mounted } from '../../../../../test/mount'

afterEach(() => document.body.replaceChildren())

const headings = (element: HTMLElement) => all(element, 'h3').map(({ textContent }) => textContent)
const lines = (element: HTMLElement) => all(element, 'li').map(({ textContent }) => textContent?.trim())

test('a plain update shows its transactions, what happens if one fails, and the undo', async () => {
  const element = mounted('c-mission-effects', MissionEffects, { decision: await decision() })
  expect(headings(element)).toEqual(['What will run · 1 transaction', 'Undo: full'])
  expect(lines(element)).toEqual(['1. Update 1 AccountIf it fails: nothing is changed'])
})

test('values lost, records moved and records merged away each have a list', async () => {
  const record = { object: 'Account', id: ACCOUNT, name: 'Acme Corp' }
  const moves = [
    { object: 'Renewal_Plan__c', field: 'Account__c', label: 'Renewal plans', count: 1, amount: null, names: [] },
    { object: 'Opportunity', field: 'AccountId', label: 'Opportunities', count: 3, amount: '$5', names: ['Deal'] },
  ]
  const view = await decision({
    moves,
    lost: [{ field: 'Fax', label: 'Fax', value: '12', record }],
    goesAway: [{ record, until: '2026-01-16T20:00:00Z' }],
  })
  const element = mounted('c-mission-effects', MissionEffects, { decision: view })
  expect(headings(element).slice(0, 3)).toEqual([
    'Lost · 1 value that will not be kept',
    'Moves · 4 records',
    'Merged or deleted',
  ])
  expect(lines(element).slice(1, 3)).toEqual(['→ 1 Renewal Plan', '→ 3 Opportunities · $5Deal'])
  expect(all(element, '.quiet').map(({ textContent }) => textContent)).toContain(
    'in the Recycle Bin until Jan 16, 2026, 12:00 PM',
  )
})

test('once it is written the undo is not repeated here', async () => {
  const element = mounted('c-mission-effects', MissionEffects, { decision: await decision(), written: true })
  expect(one(element, '[data-id="undo"]')).toBeNull()
})
