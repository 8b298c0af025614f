// What an org fills in because of what a client wrote: times of events, forecasts, fiscal years, ends of contracts, comments.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openOrg } from '../../src/engine/engine.ts'
import type { Value } from '../../src/org/values.ts'
import { codeOf, NOON, openHouse, type House } from '../support/engine-harness.ts'

let house: House
beforeEach(() => {
  house = openHouse()
})
afterEach(() => house.org.close())

type Fields = Record<string, Value>
const create = (object: string, fields: Fields): string => house.org.create(house.as('admin'), object, fields)
const update = (object: string, id: string, fields: Fields): void =>
  house.org.update(house.as('admin'), object, id, fields)
const read = (object: string, id: string, ...fields: string[]): unknown[] => {
  const row = house.org.retrieve(house.as('admin'), object, id, fields)
  return fields.map((name) => row[name])
}

describe('an event', () => {
  const at = (time: string): string => `2026-11-20T${time}:00.000+0000`
  const timesOf = (id: string) => read('Event', id, 'StartDateTime', 'EndDateTime', 'DurationInMinutes')

  it('keeps start, end and length in step, whichever of them changes', () => {
    const id = create('Event', { StartDateTime: at('10:00'), DurationInMinutes: 60 })
    expect(timesOf(id)).toEqual([at('10:00'), at('11:00'), 60])
    update('Event', id, { StartDateTime: at('12:00') })
    expect(timesOf(id)).toEqual([at('12:00'), at('13:00'), 60])
    update('Event', id, { DurationInMinutes: 30 })
    expect(timesOf(id)).toEqual([at('12:00'), at('12:30'), 30])
    update('Event', id, { EndDateTime: at('14:00') })
    expect(timesOf(id)).toEqual([at('12:00'), at('14:00'), 120])
    update('Event', id, { ActivityDateTime: at('09:00') })
    expect(timesOf(id)).toEqual([at('09:00'), at('11:00'), 120])
  })

  it('is refused without an end, with one before its start, or with two that contradict each other', () => {
    const tried = (more: Fields) => codeOf(() => create('Event', { StartDateTime: at('10:00'), ...more }))

    expect(tried({})).toBe('REQUIRED_FIELD_MISSING')
    expect(tried({ EndDateTime: at('09:00') })).toBe('FIELD_INTEGRITY_EXCEPTION')
    expect(tried({ EndDateTime: at('11:00'), DurationInMinutes: 30 })).toBe('FIELD_INTEGRITY_EXCEPTION')
    expect(tried({ EndDateTime: at('11:00'), DurationInMinutes: 60 })).toBe('none')
  })

  it('of whole days lasts one unless it says more', () => {
    const day = create('Event', { IsAllDayEvent: true, ActivityDate: '2026-11-20' })
    const three = create('Event', { IsAllDayEvent: true, ActivityDate: '2026-11-20', DurationInMinutes: 4320 })

    expect(timesOf(day)).toEqual([at('00:00'), at('00:00'), 1440])
    expect(read('Event', three, 'EndDate', 'DurationInMinutes')).toEqual(['2026-11-22', 4320])
  })
})

it('the name of a forecast category brings its category along', () => {
  const id = create('Opportunity', { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2027-01-31' })
  update('Opportunity', id, { ForecastCategoryName: 'Commit' })
  expect(read('Opportunity', id, 'ForecastCategory')).toEqual(['Forecast'])
})

it('a contract ends the day before its start comes round again, also after the last day of a longer month', () => {
  const AccountId = create('Account', { Name: 'Acme' })
  const endOf = (StartDate: string, ContractTerm: number) =>
    read('Contract', create('Contract', { AccountId, StartDate, ContractTerm }), 'EndDate')[0]

  expect(endOf('2026-11-01', 12)).toBe('2027-10-31')
  expect(endOf('2024-01-31', 1)).toBe('2024-02-28')
})

it('the fiscal year of a deal is that of its org, and so is the quarter in which a converted one closes', () => {
  const organization = { FiscalYearStartMonth: 2 }
  const org = openOrg({ file: ':memory:', orgId: '00DgK0000000001UAA', now: () => NOON, organization })
  const admin = { ...house.as('admin'), userId: org.user('admin@practice.example')!.id }
  org.create(admin, 'Opportunity', { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2027-01-31' })
  const leadId = org.create(admin, 'Lead', { LastName: 'Doe', Company: 'Acme' })
  org.convertLead(admin, { leadId, convertedStatus: 'Closed - Converted' })
  const fields = 'CloseDate, FiscalYear, FiscalQuarter, Fiscal'
  const { records } = org.query(admin, `SELECT ${fields} FROM Opportunity WHERE FISCAL_YEAR(CloseDate) = 2027`)
  org.close()

  const period = { CloseDate: '2027-01-31', FiscalYear: 2027, FiscalQuarter: 4, Fiscal: '2027 4' }
  expect(records).toMatchObject([period, period])
})

it('comments that a case is saved with become records of their own', () => {
  const id = create('Case', { Subject: 'Help', Comments: 'first' })
  update('Case', id, { Comments: 'second' })

  expect(house.rows('SELECT CommentBody FROM CaseComment ORDER BY Id')).toMatchObject([
    { CommentBody: 'first' },
    { CommentBody: 'second' },
  ])
  expect(read('Case', id, 'Comments')).toEqual([null])
})
