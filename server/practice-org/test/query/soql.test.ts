import { beforeAll, describe, expect, it } from 'vitest'
import { type House, NOON, openHouse, refusalOf } from '../support/engine-harness.ts'

interface Sample {
  Name: string
  Industry: string | null
  AnnualRevenue: number | null
  NumberOfEmployees: number | null
  Phone: string | null
  Legal_Hold__c: boolean
  CreatedDate: string
}
const DAY = 86_400_000
const NAMES = [
  'Acme',
  'acme 100%',
  'Bolt_Works',
  'BoltXWorks',
  'Müller AG',
  'MÜLLER ag',
  "O'Neil",
  'Zeta',
  'Éclair',
  'Back\\slash',
]
const SAMPLES: Sample[] = Array.from({ length: 60 }, (_, i) => ({
  Name: NAMES[i % NAMES.length] ?? '',
  Industry: [null, 'Banking', 'Energy'][i % 3] ?? null,
  AnnualRevenue: i % 4 === 0 ? null : i * 1000,
  NumberOfEmployees: i % 7 === 0 ? null : i,
  Phone: i % 2 ? `+1 415 555 ${1000 + i}` : null,
  Legal_Hold__c: i % 5 === 0,
  CreatedDate: new Date(NOON - i * DAY).toISOString(),
}))

let house: House
beforeAll(() => {
  house = openHouse()
  house.org.load(
    'Account',
    SAMPLES.map((sample) => ({ ...sample })),
  )
})
const low = (text: string | null) => (text ?? '').toLowerCase()
const midnight = Date.UTC(2026, 10, 18)
const at = (sample: Sample) => Date.parse(sample.CreatedDate)

const FILTERS: [where: string, holds: (sample: Sample) => boolean][] = [
  ["Name = 'ACME'", (s) => low(s.Name) === 'acme'],
  ["Name = 'müller AG'", (s) => low(s.Name) === 'müller ag'],
  ["Name IN ('éclair', 'zeta')", (s) => ['éclair', 'zeta'].includes(low(s.Name))],
  ["Name LIKE 'acme%'", (s) => low(s.Name).startsWith('acme')],
  ["Name LIKE 'acme 100\\%'", (s) => low(s.Name) === 'acme 100%'],
  ["Name LIKE 'bolt\\_works'", (s) => low(s.Name) === 'bolt_works'],
  ["Name LIKE 'bolt_works'", (s) => /^bolt.works$/i.test(s.Name)],
  ["Name LIKE '%ÜLLER%'", (s) => low(s.Name).includes('üller')],
  ["Name LIKE 'back\\\\slash'", (s) => s.Name === 'Back\\slash'],
  ["Name = 'O\\'Neil'", (s) => s.Name === "O'Neil"],
  ["NOT Name LIKE 'a%'", (s) => !low(s.Name).startsWith('a')],
  ["Industry != 'Banking'", (s) => s.Industry !== 'Banking'],
  ["Industry NOT IN ('Banking')", (s) => s.Industry !== 'Banking'],
  ['Industry = null', (s) => s.Industry === null],
  ["Industry != ''", (s) => s.Industry !== null],
  ['AnnualRevenue > 30000', (s) => (s.AnnualRevenue ?? -1) > 30000],
  ['AnnualRevenue <= 5000', (s) => s.AnnualRevenue !== null && s.AnnualRevenue <= 5000],
  ['NOT AnnualRevenue > 30000', (s) => !((s.AnnualRevenue ?? -1) > 30000)],
  ['AnnualRevenue IN (1000, 2000, null)', (s) => s.AnnualRevenue === null || [1000, 2000].includes(s.AnnualRevenue)],
  ['Legal_Hold__c = TRUE', (s) => s.Legal_Hold__c],
  ['CreatedDate = TODAY', (s) => at(s) >= midnight && at(s) < midnight + DAY],
  ['CreatedDate = LAST_N_DAYS:3', (s) => at(s) >= midnight - 3 * DAY && at(s) < midnight + DAY],
  ['CreatedDate < LAST_N_DAYS:3', (s) => at(s) < midnight - 3 * DAY],
  ['CreatedDate = THIS_MONTH', (s) => at(s) >= Date.UTC(2026, 10, 1)],
  ['CreatedDate = LAST_MONTH', (s) => at(s) >= Date.UTC(2026, 9, 1) && at(s) < Date.UTC(2026, 10, 1)],
  ['CreatedDate = LAST_N_WEEKS:1', (s) => at(s) >= Date.UTC(2026, 10, 8) && at(s) < Date.UTC(2026, 10, 15)],
  ['CreatedDate >= 2026-11-15T12:00:00Z', (s) => at(s) >= Date.UTC(2026, 10, 15, 12)],
  ['CALENDAR_MONTH(CreatedDate) = 9', (s) => new Date(at(s)).getUTCMonth() === 8],
  [
    "Industry = 'Energy' AND (NumberOfEmployees > 40 OR Phone = null)",
    (s) => s.Industry === 'Energy' && ((s.NumberOfEmployees ?? 0) > 40 || s.Phone === null),
  ],
  [
    "NOT (Industry = 'Energy' AND Phone = null) AND NumberOfEmployees != null",
    (s) => !(s.Industry === 'Energy' && s.Phone === null) && s.NumberOfEmployees !== null,
  ],
]

describe('a SOQL filter keeps the rows that the words say', () => {
  it.each(FILTERS)('%s', (where, holds) => {
    const expected = SAMPLES.filter(holds).map((sample) => sample.CreatedDate.replace('Z', '+0000'))
    const found = house.rows(`SELECT CreatedDate FROM Account WHERE ${where}`).map((row) => row['CreatedDate'])
    expect(found).toEqual(expected)
    expect(house.org.query(house.as('admin'), `SELECT COUNT() FROM Account WHERE ${where}`).totalSize).toBe(
      expected.length,
    )
  })

  it('holds with a thousand alternatives', () => {
    const many = Array.from({ length: 1500 }, (_, i) => `NumberOfEmployees = ${i}`).join(' OR ')
    expect(house.rows(`SELECT Id FROM Account WHERE ${many}`)).toHaveLength(51)
  })
})

describe('ordering and paging', () => {
  it('puts blanks first in both directions unless told otherwise', () => {
    const first = (order: string) =>
      house.rows(`SELECT AnnualRevenue FROM Account ORDER BY ${order} LIMIT 1`)[0]?.['AnnualRevenue']
    expect(first('AnnualRevenue')).toBeNull()
    expect(first('AnnualRevenue DESC')).toBeNull()
    expect(first('AnnualRevenue DESC NULLS LAST')).toBe(59_000)
  })

  it('hands out every row once, page by page, as they were when the query ran', () => {
    const caller = house.as('admin')
    let page = house.org.query(caller, 'SELECT Id, Name FROM Account ORDER BY Name', { batchSize: 25 })
    expect(page).toMatchObject({ totalSize: 60, done: false })
    const ids = page.records.map((row) => row['Id'])
    while (page.nextLocator) {
      page = house.org.queryMore(caller, page.nextLocator)
      ids.push(...page.records.map((row) => row['Id']))
    }
    expect(new Set(ids).size).toBe(60)
    expect(ids).toEqual(house.rows('SELECT Id FROM Account ORDER BY Name').map((row) => row['Id']))
  })

  it('forgets the oldest locators of whoever opens many, and of nobody else', () => {
    const open = (who: 'admin' | 'second'): string =>
      house.org.query(house.as(who), 'SELECT Id FROM Account', { batchSize: 25 }).nextLocator ?? ''
    const [others, oldest] = [open('second'), open('admin')]
    for (let i = 0; i < 50; i++) open('admin')
    expect(house.org.queryMore(house.as('second'), others).records).toHaveLength(25)
    expect(refusalOf(() => house.org.queryMore(house.as('admin'), oldest))?.errorCode).toBe('INVALID_QUERY_LOCATOR')
  })

  it("refuses somebody else's locator", () => {
    const page = house.org.query(house.as('admin'), 'SELECT Id FROM Account', { batchSize: 25 })
    expect(refusalOf(() => house.org.queryMore(house.as('reader'), page.nextLocator ?? ''))?.errorCode).toBe(
      'INVALID_QUERY_LOCATOR',
    )
  })
})

describe('groups', () => {
  it('counts and sums per group, under the given or a numbered name', () => {
    const rows = house.rows(
      'SELECT Industry, COUNT(Id), SUM(AnnualRevenue) total FROM Account GROUP BY Industry HAVING COUNT(Id) > 5 ORDER BY Industry NULLS LAST',
    )
    const sum = (industry: string | null) =>
      SAMPLES.filter((s) => s.Industry === industry).reduce((all, s) => all + (s.AnnualRevenue ?? 0), 0)
    expect(rows).toEqual(
      ['Banking', 'Energy', null].map((Industry) => ({
        attributes: { type: 'AggregateResult' },
        Industry,
        expr0: 20,
        total: sum(Industry),
      })),
    )
  })

  it('refuses a field that is neither grouped nor aggregated', () => {
    expect(refusalOf(() => house.rows('SELECT Name, COUNT(Id) FROM Account GROUP BY Industry'))?.errorCode).toBe(
      'MALFORMED_QUERY',
    )
  })
})

describe('relationships', () => {
  it('brings parents, grandparents, children and the right half of a polymorphic lookup', () => {
    const { org, as, rows } = openHouse()
    const admin = as('admin')
    const accountId = org.create(admin, 'Account', { Name: 'Parent' })
    const contactId = org.create(admin, 'Contact', { LastName: 'Child', AccountId: accountId })
    org.create(admin, 'Task', { Subject: 'Call', WhoId: contactId, WhatId: accountId })
    org.create(admin, 'Task', { Subject: 'Alone' })
    expect(rows('SELECT Name, Account.Owner.Profile.Name FROM Contact')[0]).toMatchObject({
      Name: 'Child',
      Account: { Owner: { Profile: { Name: 'System Administrator' } } },
    })
    expect(rows('SELECT Subject, Who.Name, What.Type, AccountId FROM Task ORDER BY Subject')).toMatchObject([
      { Subject: 'Alone', Who: null, What: null, AccountId: null },
      {
        Subject: 'Call',
        Who: { attributes: { type: 'Name' }, Name: 'Child' },
        What: { Type: 'Account' },
        AccountId: accountId,
      },
    ])
    expect(
      rows("SELECT TYPEOF What WHEN Account THEN Phone, Name ELSE Name END FROM Task WHERE What.Type = 'Account'"),
    ).toMatchObject([{ What: { attributes: { type: 'Account' }, Phone: null, Name: 'Parent' } }])
    expect(
      rows('SELECT Id, (SELECT LastName FROM Contacts LIMIT 1), (SELECT Id FROM Cases) FROM Account')[0],
    ).toMatchObject({
      Contacts: { totalSize: 1, done: true, records: [{ LastName: 'Child' }] },
      Cases: null,
    })
    expect(rows('SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact)')).toHaveLength(1)
    expect(rows('SELECT Id FROM Account WHERE Id NOT IN (SELECT AccountId FROM Contact)')).toHaveLength(0)
  })
})
