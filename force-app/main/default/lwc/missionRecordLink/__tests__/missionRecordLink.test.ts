import { afterEach, expect, test } from '@jest/globals'
import MissionRecordLink from 'c/missionRecordLink'
import { one } from '../../../../../test/brain'
import { ACCOUNT } from '../../../../../test/fixtures'
import { mounted } from '../../../../../test/mount'

afterEach(() => document.body.replaceChildren())

const link = (name: string | null) =>
  one(mounted('c-mission-record-link', MissionRecordLink, { record: { object: 'Account', id: ACCOUNT, name } }), 'a')
const click = (target: HTMLElement | null, init: MouseEventInit = {}): boolean =>
  target?.dispatchEvent(new MouseEvent('click', { cancelable: true, bubbles: true, ...init })) ?? false

test('a record is named and has an address of its own', () => {
  expect([link('Acme Corp')?.textContent, link('Acme Corp')?.getAttribute('href')]).toEqual([
    'Acme Corp',
    `/lightning/r/Account/${ACCOUNT}/view`,
  ])
  expect(link(null)?.textContent).toBe(`Account ${ACCOUNT}`)
})

test('a plain click stays in the app; one for a new tab is left to the browser', () => {
  expect(click(link('Acme Corp'))).toBe(false)
  expect(click(link('Acme Corp'), { shiftKey: true })).toBe(true)
})
