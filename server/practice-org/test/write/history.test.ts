import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { codeOf, openHouse, type House } from '../support/engine-harness.ts'

let house: House
beforeEach(() => {
  house = openHouse()
})
afterEach(() => house.org.close())

const told = (rows: Record<string, unknown>[]) => rows.map((row) => [row['Field'], row['OldValue'], row['NewValue']])
const deal = { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2027-01-31', Amount: 100 }

describe('history', () => {
  it.each([
    ['Contact', 'ContactHistory', { LastName: 'Doe' }, { LastName: 'Roe' }, ['LastName', 'Doe', 'Roe']],
    [
      'Lead',
      'LeadHistory',
      { LastName: 'Doe', Company: 'Acme' },
      { Status: 'Qualified' },
      ['Status', 'Open - Not Contacted', 'Qualified'],
    ],
    ['Case', 'CaseHistory', { Subject: 'Broken' }, { Priority: 'High' }, ['Priority', 'Medium', 'High']],
    ['Opportunity', 'OpportunityFieldHistory', deal, { Amount: 250 }, ['Amount', '100', '250']],
  ])('of a %s tells of its creation and of each tracked change', (object, history, fields, changes, line) => {
    const admin = house.as('admin')
    const id = house.org.create(admin, object, fields)
    house.org.update(admin, object, id, changes)

    const rows = house.rows(`SELECT Field, OldValue, NewValue, CreatedById FROM ${history} WHERE ${object}Id = '${id}'`)
    expect(told(rows)).toEqual([['created', null, null], line])
    expect(rows[0]!['CreatedById']).toBe(admin.userId)
  })

  it('tells of a record in the recycle bin that a merge moves to the survivor', () => {
    const admin = house.as('admin')
    const account = (Name: string): string => house.org.create(admin, 'Account', { Name })
    const [master, loser] = [account('Acme'), account('Acme Inc')]
    const id = house.org.create(admin, 'Contact', { LastName: 'Doe', AccountId: loser })
    house.org.delete(admin, 'Contact', id)
    house.org.merge(admin, { type: 'Account', masterId: master, fields: {}, loserIds: [loser] })
    house.org.undelete(admin, id)

    expect(house.rows('SELECT AccountId FROM Contact')).toMatchObject([{ AccountId: master }])
    const rows = house.rows(`SELECT Field, OldValue, NewValue FROM ContactHistory WHERE Field = 'Account'`)
    expect(told(rows)).toEqual([
      ['Account', 'Acme Inc', 'Acme'],
      ['Account', loser, master],
    ])
  })

  it('cannot be written', () => {
    const admin = house.as('admin')
    const ContactId = house.org.create(admin, 'Contact', { LastName: 'Doe' })
    expect(codeOf(() => house.org.create(admin, 'ContactHistory', { ContactId, Field: 'LastName' }))).toBe(
      'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
    )
  })

  it('of all objects has ids of its own, though one key prefix', () => {
    const admin = house.as('admin')
    house.org.create(admin, 'Contact', { LastName: 'Doe' })
    house.org.create(admin, 'Lead', { LastName: 'Doe', Company: 'Acme' })
    house.org.create(admin, 'Account', { Name: 'Acme' })
    const ids = ['ContactHistory', 'LeadHistory', 'AccountHistory'].flatMap((object) =>
      house.rows(`SELECT Id FROM ${object}`).map((row) => String(row['Id'])),
    )
    expect(new Set(ids).size).toBe(3)
    expect(ids.every((id) => id.startsWith('017'))).toBe(true)
  })

  it('tells nobody of a field that is hidden from him, in queries, children and one by one', () => {
    const rep = house.as('rep')
    const admin = house.as('admin')
    const id = house.org.create(rep, 'Opportunity', { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2027-01-31' })
    house.org.update(admin, 'Opportunity', id, { Amount: 5000, StageName: 'Qualification' })
    const hidden = house.rows(`SELECT Id FROM OpportunityFieldHistory WHERE Field = 'Amount'`)

    expect(hidden).toHaveLength(1)
    const seen = house.rows('SELECT Field FROM OpportunityFieldHistory', 'rep').map((row) => row['Field'])
    expect(seen).toContain('StageName')
    expect(seen).not.toContain('Amount')
    const [row] = house.rows('SELECT (SELECT Field FROM Histories) FROM Opportunity', 'rep')
    expect(JSON.stringify(row)).not.toContain('"Amount"')
    expect(codeOf(() => house.org.retrieve(rep, 'OpportunityFieldHistory', String(hidden[0]!['Id'])))).toBe('NOT_FOUND')
    expect(codeOf(() => house.rows('SELECT Amount FROM OpportunityHistory', 'rep'))).toBe('INVALID_FIELD')
  })
})

describe('the way of an opportunity', () => {
  it('has a row for its beginning and for each change of stage, amount, date, probability or forecast', () => {
    const admin = house.as('admin')
    const id = house.org.create(admin, 'Opportunity', deal)
    house.org.update(admin, 'Opportunity', id, { NextStep: 'Call' })
    house.org.update(admin, 'Opportunity', id, { StageName: 'Closed Won' })
    house.org.update(admin, 'Opportunity', id, { Amount: 300 })

    const rows = house.rows('SELECT Id, StageName, Amount, Probability FROM OpportunityHistory')
    expect(rows.map((row) => [row['StageName'], row['Amount'], row['Probability']])).toEqual([
      ['Prospecting', 100, 10],
      ['Closed Won', 100, 100],
      ['Closed Won', 300, 100],
    ])
    const [opportunity] = house.rows('SELECT LastAmountChangedHistoryId FROM Opportunity')
    expect(opportunity!['LastAmountChangedHistoryId']).toBe(rows.at(-1)!['Id'])
  })
})

it('whoever may set audit fields does so at creation alone, and the system keeps its own stamp', () => {
  const admin = house.as('admin')
  const old = { Name: 'Acme', CreatedDate: '2001-02-03T04:05:06.000+0000', CreatedById: house.as('rep').userId }
  expect(codeOf(() => house.org.create(admin, 'Account', old))).toBe('INVALID_FIELD_FOR_INSERT_UPDATE')

  const [set] = house.rows(`SELECT Id FROM PermissionSet WHERE Name = 'Bookkeeping'`)
  house.org.update(admin, 'PermissionSet', String(set!['Id']), { PermissionsCreateAuditFields: true })
  const id = house.org.create(admin, 'Account', old)
  const [row] = house.rows(`SELECT CreatedDate, CreatedById, SystemModstamp FROM Account WHERE Id = '${id}'`)
  expect(row).toMatchObject({ CreatedDate: old.CreatedDate, CreatedById: old.CreatedById })
  expect(row!['SystemModstamp']).toBe('2026-11-18T12:00:00.000+0000')
  expect(codeOf(() => house.org.update(admin, 'Account', id, { CreatedDate: old.CreatedDate }))).toBe(
    'INVALID_FIELD_FOR_INSERT_UPDATE',
  )
})
