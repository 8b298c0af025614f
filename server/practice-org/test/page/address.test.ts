import { expect, test } from 'vitest'
import { addressOf, parseAddress } from '../../src/page/client/nav/page-reference.ts'

test.each([
  '/lightning/page/home',
  '/lightning/page/search?term=acme+%26+sons',
  '/lightning/o/Lead/list',
  '/lightning/o/Lead/new',
  '/lightning/r/Account/001000000000001AAA/view',
  '/lightning/r/Account/001000000000001AAA/edit',
  '/lightning/r/001000000000001AAA/view',
  '/lightning/n/Missions',
])('%s is read and written back the same', (address) => {
  expect(addressOf(parseAddress(address))).toBe(address)
})

test('the bare address is home', () => {
  expect(parseAddress('/lightning')).toEqual({
    type: 'standard__namedPage',
    attributes: { pageName: 'home' },
    state: {},
  })
})

test('a page type that does not exist here is refused by name', () => {
  expect(() => addressOf({ type: 'standard__app', attributes: {}, state: {} })).toThrow('standard__app')
})
