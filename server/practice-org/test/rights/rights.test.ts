import { beforeAll, describe, expect, it } from 'vitest'
import { codeOf, type House, openHouse, refusalOf } from '../support/engine-harness.ts'

let house: House
let mine: string
let theirs: string
let deal: string
beforeAll(() => {
  house = openHouse()
  const admin = house.as('admin')
  const rep = house.as('rep').userId
  mine = house.org.create(admin, 'Account', { Name: 'Mine', OwnerId: rep, AnnualRevenue: 5 })
  theirs = house.org.create(admin, 'Account', { Name: 'Theirs' })
  deal = house.org.create(admin, 'Opportunity', {
    Name: 'Deal',
    AccountId: mine,
    OwnerId: rep,
    StageName: 'Prospecting',
    CloseDate: '2026-12-01',
    Amount: 100_000,
  })
  house.org.create(admin, 'Contact', { LastName: 'Of mine', AccountId: mine })
  house.org.create(admin, 'Contact', { LastName: 'Of theirs', AccountId: theirs })
})

describe('a sales rep', () => {
  it('sees only records shared with him, in queries, searches, counts and one by one', () => {
    const rep = house.as('rep')
    const names = (soql: string) => house.rows(soql, 'rep').map((row) => row['Name'])
    expect(names('SELECT Name FROM Account')).toEqual(['Mine'])
    expect(names('SELECT Name FROM Contact')).toEqual(['Of mine'])
    expect(house.org.query(rep, 'SELECT COUNT() FROM Account').totalSize).toBe(1)
    expect(house.org.search(rep, 'FIND {theirs} RETURNING Account(Id), Contact(Id)')).toEqual([])
    expect(codeOf(() => house.org.retrieve(rep, 'Account', theirs))).toBe('NOT_FOUND')
    expect(house.rows('SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact)', 'rep')).toHaveLength(1)
  })

  it('may not change or delete what is not shared with him', () => {
    const rep = house.as('rep')
    expect(codeOf(() => house.org.update(rep, 'Account', theirs, { Fax: '1' }))).toBe('INSUFFICIENT_ACCESS_OR_READONLY')
    expect(codeOf(() => house.org.delete(rep, 'Account', theirs))).toBe('INSUFFICIENT_ACCESS_OR_READONLY')
    expect(codeOf(() => house.org.update(rep, 'Account', mine, { Fax: '1' }))).toBe('none')
    expect(codeOf(() => house.org.create(rep, 'Contact', { LastName: 'x', AccountId: theirs }))).toBe(
      'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
    )
  })

  it('meets hidden fields as if they did not exist', () => {
    const rep = house.as('rep')
    const refusal = refusalOf(() => house.org.query(rep, 'SELECT Amount FROM Opportunity'))
    expect(refusal?.errorCode).toBe('INVALID_FIELD')
    expect(refusal?.message).toContain("No such column 'Amount' on entity 'Opportunity'")
    for (const soql of [
      'SELECT Id FROM Opportunity WHERE Amount > 5',
      'SELECT Id FROM Opportunity ORDER BY Amount',
      'SELECT SUM(Amount) FROM Opportunity',
      'SELECT ExpectedRevenue FROM Opportunity',
    ]) {
      expect(codeOf(() => house.org.query(rep, soql))).toBe('INVALID_FIELD')
    }
    expect(house.org.retrieve(rep, 'Opportunity', deal)).not.toHaveProperty('Amount')
    const { fields } = house.org.describe(rep, 'Opportunity') as { fields: { name: string }[] }
    expect(fields.map((field) => field.name)).not.toContain('Amount')
    expect(codeOf(() => house.org.update(rep, 'Opportunity', deal, { Amount: 1 }))).toBe(
      'INVALID_FIELD_FOR_INSERT_UPDATE',
    )
    expect(house.org.fieldAccess(rep.userId, 'Opportunity', 'Amount')).toEqual({ read: false, edit: false })
  })

  it('does not know permission sets exist', () => {
    expect(codeOf(() => house.org.query(house.as('rep'), 'SELECT Id FROM PermissionSet'))).toBe('INVALID_TYPE')
    expect(house.rows('SELECT Id FROM PermissionSet', 'reader').length).toBeGreaterThan(0)
  })
})

describe('the two integration users', () => {
  it('the reader reads everything and writes nothing', () => {
    const reader = house.as('reader')
    expect(house.rows('SELECT Amount FROM Opportunity', 'reader')).toHaveLength(1)
    expect(codeOf(() => house.org.create(reader, 'Account', { Name: 'x' }))).toBe(
      'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
    )
    expect(codeOf(() => house.org.update(reader, 'Account', mine, { Fax: '1' }))).not.toBe('none')
    expect(codeOf(() => house.org.delete(reader, 'Account', mine))).toBe('INSUFFICIENT_ACCESS_OR_READONLY')
  })

  it('the writer may edit, delete and transfer any account', () => {
    const writer = house.as('writer').userId
    expect(house.org.recordAccess(writer, theirs)).toEqual({ read: true, edit: true, delete: true, transfer: true })
  })
})

describe('UserRecordAccess', () => {
  it('answers for another user', () => {
    const rep = house.as('rep').userId
    const rows = house.rows(
      `SELECT RecordId, HasReadAccess, HasEditAccess, MaxAccessLevel FROM UserRecordAccess WHERE UserId = '${rep}' AND RecordId IN ('${mine}', '${theirs}')`,
      'reader',
    )
    expect(rows).toMatchObject([
      { RecordId: mine, HasReadAccess: true, HasEditAccess: true },
      { RecordId: theirs, HasReadAccess: false, MaxAccessLevel: 'None' },
    ])
  })
})

describe('permissions', () => {
  it('change what a user may do as soon as they change', () => {
    const { org, as } = openHouse()
    const admin = as('admin')
    const rep = as('rep')
    const [access] = org.query(
      admin,
      "SELECT Id FROM FieldPermissions WHERE Field = 'Opportunity.NextStep' AND Parent.Profile.Name = 'Sales User'",
    ).records
    expect(org.fieldAccess(rep.userId, 'Opportunity', 'NextStep').read).toBe(true)
    org.delete(admin, 'FieldPermissions', String(access?.['Id']))
    expect(org.fieldAccess(rep.userId, 'Opportunity', 'NextStep').read).toBe(false)
    expect(codeOf(() => org.query(rep, 'SELECT NextStep FROM Opportunity'))).toBe('INVALID_FIELD')
  })

  it('of a profile are a permission set, assigned to whoever has the profile', () => {
    const { org, as, rows } = openHouse()
    const held = (user: string) =>
      rows(
        `SELECT PermissionSet.Profile.Name FROM PermissionSetAssignment WHERE AssigneeId = '${user}' AND PermissionSet.IsOwnedByProfile = true`,
      ).map((row) => row['PermissionSet'])
    const rep = as('rep').userId
    expect(held(rep)).toMatchObject([{ Profile: { Name: 'Sales User' } }])
    const [profile] = rows("SELECT Id FROM Profile WHERE Name = 'Auditor'")
    org.update(as('admin'), 'User', rep, { ProfileId: String(profile?.['Id']) })
    expect(held(rep)).toMatchObject([{ Profile: { Name: 'Auditor' } }])
  })

  it('are listed with each user', () => {
    expect(house.org.user('admin@practice.example')).toMatchObject({
      groups: ['RevOps'],
      customPermissions: ['Close_Books', 'Read_Audit'],
    })
    expect(house.org.user('AUDITOR@practice.example')?.customPermissions).toEqual(['Read_Audit'])
  })
})
