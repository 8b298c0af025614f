import { beforeAll, describe, expect, it } from 'vitest'
import type { RecordJson } from '../../src/org/values.ts'
import { type House, NOON, openHouse, refusalOf } from '../support/engine-harness.ts'

const HOUR = 3_600_000
const at = (ms: number) => new Date(ms).toISOString()

let house: House
let account: string
let contact: string
beforeAll(() => {
  house = openHouse()
  const admin = house.as('admin')
  account = house.org.create(admin, 'Account', { Name: 'Acme', OwnerId: house.as('rep').userId })
  contact = house.org.create(admin, 'Contact', { LastName: 'Ann', AccountId: account })
  const task = (Subject: string, Status: string, ActivityDate: string | null) =>
    house.org.create(admin, 'Task', { Subject, Status, ActivityDate, WhatId: account, WhoId: contact })
  task('done', 'Completed', '2026-11-01')
  task('called', 'Completed', '2026-11-03')
  task('to do', 'Not Started', '2026-12-01')
  const event = (Subject: string, start: number) =>
    house.org.create(admin, 'Event', { Subject, StartDateTime: at(start), DurationInMinutes: 60, WhatId: account })
  event('met', NOON - 48 * HOUR)
  event('will meet', NOON + 48 * HOUR)
})

const list = (soql: string, login: string, name: string) => {
  const [record] = house.rows(soql, login)
  return (record?.[name] as { records: RecordJson[] } | null)?.records.map((row) => row['Subject']) ?? []
}

describe('the lists of activities of a record', () => {
  it('hold closed tasks and past events, or open tasks and coming events', () => {
    const soql = (name: string) => `SELECT Id, (SELECT Subject FROM ${name} ORDER BY ActivityDate) FROM Account`
    expect(list(soql('ActivityHistories'), 'admin', 'ActivityHistories')).toEqual(['done', 'called', 'met'])
    expect(list(soql('OpenActivities'), 'admin', 'OpenActivities')).toEqual(['will meet', 'to do'])
  })

  it('are there for contacts too, and tell tasks from events', () => {
    const [record] = house.rows('SELECT Id, (SELECT Subject, IsTask, Who.Name FROM ActivityHistories) FROM Contact')
    expect(record?.['ActivityHistories']).toMatchObject({
      totalSize: 2,
      records: [
        { attributes: { type: 'ActivityHistory' }, Subject: 'done', IsTask: true, Who: { Name: 'Ann' } },
        { Subject: 'called', IsTask: true },
      ],
    })
  })

  it('come to those who may not see everything for one record, in one order and up to 500 rows', () => {
    const order = 'ORDER BY ActivityDate DESC, LastModifiedDate DESC'
    const soql = (tail: string, parent = `WHERE Id = '${account}'`) =>
      `SELECT Id, (SELECT Subject FROM ActivityHistories ${tail}) FROM Account ${parent}`
    expect(list(soql(`${order} LIMIT 500`), 'rep', 'ActivityHistories')).toEqual(['met', 'called', 'done'])
    const words = (query: string) => refusalOf(() => house.rows(query, 'rep'))?.message
    expect(words(soql('ORDER BY ActivityDate LIMIT 500'))).toContain('use a specific sort order')
    expect(words(soql(order))).toContain('specify a limit')
    expect(words(soql(`WHERE Subject = 'met' ${order} LIMIT 9`))).toContain('not filter')
    expect(words(soql(`${order} LIMIT 9`, ''))).toContain('There is an implementation restriction on ActivityHistories')
  })

  it('are named by the description of their parents, and can only be asked for there', () => {
    const described = house.org.describe(house.as('admin'), 'Account')['childRelationships'] as RecordJson[]
    expect(described).toContainEqual(
      expect.objectContaining({ childSObject: 'ActivityHistory', relationshipName: 'ActivityHistories' }),
    )
    expect(refusalOf(() => house.rows('SELECT Id FROM OpenActivity'))).toMatchObject({
      errorCode: 'INVALID_TYPE_FOR_OPERATION',
      message: 'entity type OpenActivity does not support query',
    })
  })
})
