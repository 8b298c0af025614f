import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { instantOf, literalRange, wallClock } from '../../src/schema/dates.ts'
import { openOrg } from '../../src/engine/engine.ts'
import { type House, NOON, openHouse } from '../support/engine-harness.ts'

describe('clocks of a time zone', () => {
  it.each([
    ['Europe/Berlin', Date.UTC(2026, 2, 29, 3, 30), Date.UTC(2026, 2, 29, 1, 30)],
    ['America/New_York', Date.UTC(2026, 10, 1, 1, 30), Date.UTC(2026, 10, 1, 5, 30)],
    ['America/Sao_Paulo', Date.UTC(2018, 10, 4), Date.UTC(2018, 10, 4, 3)],
    ['Asia/Kolkata', Date.UTC(2026, 0, 1), Date.UTC(2025, 11, 31, 18, 30)],
  ])('of %s are read at the first instant they show a time, or the next after one they skip', (zone, wall, instant) => {
    expect(instantOf(wall, zone)).toBe(instant)
    expect(wallClock(instant, zone)).toBeGreaterThanOrEqual(wall)
  })

  it('count weeks from the first day of the locale and fiscal years from the month of the org', () => {
    const now = Date.UTC(2026, 10, 18, 12)
    const calendar = { timeZone: 'GMT', weekStart: 1, fiscalStart: 4, fiscalByStart: false }
    const range = (literal: string) => {
      const { from, to } = literalRange(literal, now, calendar) ?? { from: 0, to: 0 }
      return [new Date(from).toISOString().slice(0, 10), new Date(to).toISOString().slice(0, 10)]
    }
    expect(range('THIS_WEEK')).toEqual(['2026-11-16', '2026-11-23'])
    expect(range('THIS_FISCAL_YEAR')).toEqual(['2026-04-01', '2027-04-01'])
    expect(range('LAST_FISCAL_QUARTER')).toEqual(['2026-07-01', '2026-10-01'])
    expect(range('N_FISCAL_YEARS_AGO:2')).toEqual(['2024-04-01', '2025-04-01'])
    expect(range('NEXT_N_FISCAL_QUARTERS:2')).toEqual(['2027-01-01', '2027-07-01'])
    expect(range('LAST_90_DAYS')).toEqual(['2026-08-20', '2026-11-19'])
    expect(range('NEXT_N_DAYS:2')).toEqual(['2026-11-19', '2026-11-21'])
  })
})

describe('a query', () => {
  let house: House
  const plain = (soql: string) => house.rows(soql).map(({ attributes: _, ...row }) => row)
  const settle = (fields: Record<string, string>) =>
    house.org.update(house.as('admin'), 'User', house.as('admin').userId, fields)
  beforeAll(() => {
    house = openHouse()
    house.org.load('Account', [
      { Name: 'late', CreatedDate: '2026-11-18T03:00:00Z' },
      { Name: 'early', CreatedDate: '2026-11-18T10:00:00Z' },
    ])
    const deal = { StageName: 'Prospecting', Amount: 1234.5 }
    house.org.load('Opportunity', [
      { ...deal, Name: 'before', CloseDate: '2026-11-17' },
      { ...deal, Name: 'now', CloseDate: '2026-11-18', CreatedDate: '2026-11-18T03:04:00Z' },
    ])
  })
  beforeEach(() => settle({ TimeZoneSidKey: 'GMT', LocaleSidKey: 'en_US' }))

  it('means the days of the user by its date literals', () => {
    const names = (where: string) => plain(`SELECT Name FROM Account WHERE ${where}`).map((row) => row['Name'])
    expect(names('CreatedDate = TODAY')).toEqual(['late', 'early'])
    settle({ TimeZoneSidKey: 'America/Los_Angeles' })
    expect(names('CreatedDate = TODAY')).toEqual(['early'])
    expect(names('CreatedDate = YESTERDAY')).toEqual(['late'])
    expect(names('CreatedDate < TODAY')).toEqual(['late'])
    house.later(-7 * 3_600_000)
    expect(plain('SELECT Name FROM Opportunity WHERE CloseDate = TODAY')).toEqual([{ Name: 'before' }])
    house.later(7 * 3_600_000)
  })

  it('takes parts of a datetime in UTC, and in the zone of the user when asked to', () => {
    settle({ TimeZoneSidKey: 'America/Los_Angeles' })
    const by = (of: string) => `SELECT ${of} part, COUNT(Id) n FROM Account GROUP BY ${of} ORDER BY ${of}`
    expect(plain(by('DAY_ONLY(CreatedDate)'))).toEqual([{ part: '2026-11-18', n: 2 }])
    expect(plain(by('DAY_ONLY(convertTimezone(CreatedDate))'))).toEqual([
      { part: '2026-11-17', n: 1 },
      { part: '2026-11-18', n: 1 },
    ])
    expect(plain(by('HOUR_IN_DAY(convertTimezone(CreatedDate))'))).toEqual([
      { part: 2, n: 1 },
      { part: 19, n: 1 },
    ])
    const where = 'SELECT Name FROM Account WHERE HOUR_IN_DAY(convertTimezone(CreatedDate)) = 19'
    expect(plain(where)).toEqual([{ Name: 'late' }])
  })

  it('writes numbers, amounts and times as the locale and zone of the user have them', () => {
    const soql =
      "SELECT FORMAT(Amount) a, FORMAT(CloseDate) d, FORMAT(CreatedDate) t FROM Opportunity WHERE Name = 'now'"
    expect(plain(soql)).toEqual([{ a: '$1,234.50', d: '11/18/2026', t: '11/18/2026, 3:04 AM' }])
    settle({ LocaleSidKey: 'de_DE', TimeZoneSidKey: 'Europe/Berlin' })
    expect(plain(soql)).toEqual([{ a: '1.234,50 $', d: '18.11.2026', t: '18.11.2026, 04:04' }])
    settle({ LocaleSidKey: 'en_GB', TimeZoneSidKey: 'Asia/Tokyo' })
    expect(plain(soql)).toEqual([{ a: 'US$1,234.50', d: '18/11/2026', t: '18/11/2026, 12:04' }])
    expect(plain('SELECT FORMAT(MAX(CloseDate)) d FROM Opportunity')).toEqual([{ d: '18/11/2026' }])
  })
})

it.each([
  [{ FiscalYearStartMonth: 1 }, { y: 2026, q: 4, m: 11 }, 1],
  [{ FiscalYearStartMonth: 7 }, { y: 2027, q: 2, m: 5 }, 2],
  [{ FiscalYearStartMonth: 7, UsesStartDateAsFiscalYearName: true }, { y: 2026, q: 2, m: 5 }, 2],
  [{ FiscalYearStartMonth: 12 }, { y: 2026, q: 4, m: 12 }, 1],
])('fiscal years of an org with %j are counted from that month', (organization, parts, inYear) => {
  const org = openOrg({ file: ':memory:', orgId: '00DgK0000000001UAA', now: () => NOON, organization })
  const userId = org.user('admin@practice.example')?.id ?? ''
  const deal = { Name: 'o', StageName: 'Prospecting' }
  org.load('Opportunity', [
    { ...deal, CloseDate: '2026-11-18' },
    { ...deal, CloseDate: '2027-01-01' },
  ])
  const ask = (soql: string) =>
    org.query({ userId, api: 'rest', version: '66.0' }, soql).records.map(({ attributes: _, ...row }) => row)
  const of = ['FISCAL_YEAR', 'FISCAL_QUARTER', 'FISCAL_MONTH'].map((name) => `${name}(CloseDate)`)
  expect(
    ask(`SELECT ${of[0]} y, ${of[1]} q, ${of[2]} m FROM Opportunity WHERE CloseDate = TODAY GROUP BY ${of.join(', ')}`),
  ).toEqual([parts])
  expect(ask('SELECT COUNT(Id) n FROM Opportunity WHERE CloseDate = THIS_FISCAL_YEAR')).toEqual([{ n: inYear }])
})
