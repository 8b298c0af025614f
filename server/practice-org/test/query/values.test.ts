import { beforeAll, describe, expect, it } from 'vitest'
import type { RecordJson } from '../../src/org/values.ts'
import { type House, openHouse } from '../support/engine-harness.ts'

let house: House
let account: string
let contact: string
beforeAll(() => {
  house = openHouse()
  const admin = house.as('admin')
  account = house.org.create(admin, 'Account', { Name: 'Acme', Type: 'Other', Rating: 'Hot', Phone: '1' })
  house.org.create(admin, 'Account', { Name: 'Bolt', Type: 'Prospect', Rating: 'Cold', Legal_Hold__c: true })
  house.org.create(admin, 'Account', { Name: 'Crow' })
  contact = house.org.create(admin, 'Contact', { LastName: 'Ann', AccountId: account, Email: 'ann@acme.example' })
  const deal = { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2026-12-01', AccountId: account, Amount: 5 }
  const opportunity = house.org.create(admin, 'Opportunity', deal)
  house.org.create(admin, 'Task', { Subject: 'a', WhatId: account, WhoId: contact })
  house.org.create(admin, 'Task', { Subject: 'o', WhatId: opportunity })
  house.org.create(admin, 'Task', { Subject: 'n' })
})
const plain = (soql: string, login = 'admin') => house.rows(soql, login).map(({ attributes: _, ...row }) => row)
const names = (tail: string) => plain(`SELECT Name FROM Account ${tail}`).map((row) => row['Name'])

describe('choices', () => {
  it('are sorted by their list, not by their letters', () => {
    expect(names('ORDER BY Type NULLS LAST')).toEqual(['Bolt', 'Acme', 'Crow'])
    expect(names('ORDER BY Rating DESC NULLS LAST')).toEqual(['Bolt', 'Acme', 'Crow'])
    expect(plain('SELECT MIN(Type) least, MAX(Type) most FROM Account')).toEqual([{ least: 'Prospect', most: 'Other' }])
  })

  it('are shown and filtered by their labels, under a parent too', () => {
    expect(plain("SELECT Name, toLabel(Account.Type) FROM Contact WHERE toLabel(Account.Type) = 'OTHER'")).toEqual([
      { Name: 'Ann', Account: expect.objectContaining({ Type: 'Other' }) as RecordJson },
    ])
    expect(plain("SELECT Type, toLabel(Type) label FROM Account WHERE Name = 'Acme'")).toEqual([
      { Type: 'Other', label: 'Other' },
    ])
  })
})

it('a check box without a tick is null to a filter', () => {
  expect(names('WHERE Legal_Hold__c = null')).toEqual(['Acme', 'Crow'])
  expect(names('WHERE Legal_Hold__c != null')).toEqual(['Bolt'])
})

it('escapes stand for the letters they name, in either case', () => {
  const admin = house.as('admin')
  const text = 'tab\t "x" \'y\' back\\slash é'
  const id = house.org.create(admin, 'Contact', { LastName: 'Escapes', Description: 'd', Title: text })
  const ids = (filter: string) => plain(`SELECT Id FROM Contact WHERE ${filter}`).map((row) => row['Id'])
  expect(ids(String.raw`Title = 'tab\t \"x\" \'y\' back\\slash \u00e9'`)).toEqual([id])
  expect(ids(String.raw`Title = 'tab\T \"x\" \'y\' back\\slash \u00E9'`)).toEqual([id])
  expect(ids(String.raw`Title LIKE 'tab%back\\slash%'`)).toEqual([id])
  expect(ids(String.raw`Title LIKE 'tab\%%'`)).toEqual([])
})

describe('FIELDS()', () => {
  it('takes all, the standard or the custom fields, bounded by rows or ids, in a subquery too', () => {
    const filter = `WHERE Id = '${account}'`
    const [all] = plain(`SELECT FIELDS(ALL) FROM Account ${filter} LIMIT 200`)
    const [standard] = plain(`SELECT FIELDS(STANDARD) FROM Account ${filter}`)
    const [custom] = plain(`SELECT FIELDS(CUSTOM), Id FROM Account WHERE Id IN ('${account}') OR Id = '${account}'`)
    expect(Object.keys(custom ?? {}).filter((name) => !/__p?c$/.test(name))).toEqual(['Id'])
    const both = [...Object.keys(standard ?? {}), ...Object.keys(custom ?? {}).filter((name) => name !== 'Id')]
    expect(new Set(Object.keys(all ?? {}))).toEqual(new Set(both))
    const [parent] = plain(`SELECT Id, (SELECT FIELDS(ALL) FROM Contacts LIMIT 200) FROM Account ${filter}`)
    expect(parent?.['Contacts']).toMatchObject({ records: [{ Id: contact, LastName: 'Ann' }] })
  })
})

describe('TYPEOF', () => {
  it('shows other fields for each type, of its parents too, and those of Name for the rest', () => {
    const soql =
      'SELECT Subject, TYPEOF What WHEN Account THEN Phone, Owner.Profile.Name WHEN Opportunity THEN Amount ELSE Name END ' +
      'FROM Task ORDER BY Subject'
    expect(plain(soql)).toMatchObject([
      { What: { attributes: { type: 'Account' }, Phone: '1', Owner: { Profile: { Name: 'System Administrator' } } } },
      { Subject: 'n', What: null },
      { What: { attributes: { type: 'Opportunity' }, Amount: 5 } },
    ])
    expect(plain('SELECT TYPEOF What WHEN Account THEN Phone ELSE Name, Email END FROM Task')).toMatchObject([
      { What: { Phone: '1' } },
      { What: { Name: 'Deal', Email: null } },
      { What: null },
    ])
    expect(plain('SELECT TYPEOF What WHEN Account THEN Phone END FROM Task')).toMatchObject([
      { What: { Phone: '1' } },
      { What: null },
      { What: null },
    ])
  })

  it('can look at a lookup of a parent', () => {
    const soql = "SELECT Id, TYPEOF Account.Owner WHEN User THEN Username END FROM Contact WHERE LastName = 'Ann'"
    const lead = house.org.create(house.as('admin'), 'Lead', { LastName: 'L', Company: 'C' })
    expect(() => plain(soql)).toThrow('is not a polymorphic relationship field')
    expect(plain(`SELECT TYPEOF Owner WHEN User THEN Username END FROM Lead WHERE Id = '${lead}'`)).toMatchObject([
      { Owner: { attributes: { type: 'User' }, Username: 'admin@practice.example' } },
    ])
  })
})

it('a lookup of several types is filtered and shown by its type and by the fields of Name', () => {
  expect(plain("SELECT Subject, What.Type, Who.Email FROM Task WHERE What.Type IN ('Account')")).toMatchObject([
    { Subject: 'a', What: { Type: 'Account' }, Who: { Email: 'ann@acme.example' } },
  ])
  expect(plain("SELECT Subject FROM Task WHERE What.Name LIKE 'de%'")).toEqual([{ Subject: 'o' }])
})

it('FOR VIEW and FOR REFERENCE make records recent', () => {
  const seen = () => plain(`SELECT LastViewedDate, LastReferencedDate FROM Account WHERE Id = '${account}'`)
  plain(`SELECT Id FROM Account WHERE Id = '${account}' FOR REFERENCE`)
  expect(seen()).toMatchObject([{ LastViewedDate: null, LastReferencedDate: '2026-11-18T12:00:00.000+0000' }])
  plain(`SELECT Id FROM Account WHERE Id = '${account}' FOR VIEW`)
  expect(seen()).toMatchObject([{ LastViewedDate: '2026-11-18T12:00:00.000+0000' }])
  expect(plain('SELECT Id FROM RecentlyViewed')).toEqual([{ Id: account }])
})

it('scopes keep what is delegated to others and what is in the territories of the user', () => {
  const { org } = house
  const admin = house.as('admin')
  const rep = house.as('rep').userId
  const given = org.create(admin, 'Task', { Subject: 'given', OwnerId: rep })
  expect(plain('SELECT Id FROM Task USING SCOPE delegated')).toEqual([{ Id: given }])
  expect(plain('SELECT Id FROM Account USING SCOPE my_territory', 'rep')).toEqual([])
})
