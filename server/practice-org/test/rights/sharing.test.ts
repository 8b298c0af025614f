import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openOrg } from '../../src/engine/engine.ts'
import { codeOf, type House, NOON, openHouse, refusalOf } from '../support/engine-harness.ts'
import { recordsIn } from './records.ts'

let house: House
beforeEach(() => {
  house = openHouse()
})
afterEach(() => house.org.close())

const { idOf, make, account, deal } = recordsIn(() => house, 'admin')
const mayOf = (login: string, id: string) => house.org.recordAccess(idOf(login), id)
const say = (sharing: object): void => house.org.setAutomation({ sharing })
const names = (login: string, object: string) =>
  house.rows(`SELECT Name FROM ${object} ORDER BY Name`, login).map((row) => row['Name'])

describe('an organization-wide default', () => {
  it.each([
    ['Private', { read: false, edit: false, delete: false, transfer: false }],
    ['Read', { read: true, edit: false, delete: false, transfer: false }],
    ['ReadWrite', { read: true, edit: true, delete: false, transfer: false }],
    ['ReadWriteTransfer', { read: true, edit: true, delete: false, transfer: true }],
  ])('%s lets everybody do as much with a lead', (model, may) => {
    const id = make('admin', 'Lead', { LastName: 'Doe', Company: 'Acme' })
    say({ defaults: { Lead: model } })
    expect(mayOf('rep', id)).toEqual(may)
    expect(names('rep', 'Lead')).toEqual(may.read ? ['Doe'] : [])
    expect(house.org.search(house.as('rep'), 'FIND {doe} RETURNING Lead(Id)')).toHaveLength(may.read ? 1 : 0)
    const edit = () => house.org.update(house.as('rep'), 'Lead', id, { Title: 'Chief' })
    expect(codeOf(edit)).toBe(may.edit ? 'none' : 'INSUFFICIENT_ACCESS_OR_READONLY')
    const give = () => house.org.update(house.as('rep'), 'Lead', id, { OwnerId: idOf('rep') })
    expect(codeOf(give)).toBe(may.transfer ? 'none' : 'INSUFFICIENT_ACCESS_OR_READONLY')
  })

  it('never gives what the profile does not', () => {
    const id = account()
    say({ defaults: { Account: 'ReadWrite' } })
    expect(mayOf('manager', id)).toMatchObject({ read: true, edit: false })
  })

  it('is told by Organization, and by no order any longer as it was before', () => {
    const told = () =>
      house.rows(
        'SELECT DefaultAccountAccess, DefaultContactAccess, DefaultLeadAccess, DefaultCaseAccess FROM Organization',
      )
    const before = told()
    say({ defaults: { Account: 'Read', Contact: 'ReadWrite', Lead: 'ReadWriteTransfer' } })
    const during = told()
    house.org.setAutomation({})
    const usual = {
      DefaultAccountAccess: 'None',
      DefaultContactAccess: 'ControlledByParent',
      DefaultLeadAccess: 'None',
    }
    expect(before).toMatchObject([{ ...usual, DefaultCaseAccess: 'None' }])
    expect(during).toMatchObject([
      { DefaultAccountAccess: 'Read', DefaultContactAccess: 'Edit', DefaultLeadAccess: 'ReadEditTransfer' },
    ])
    expect(told()).toEqual(before)
  })

  it('can be what the org is set up with, in its own words or in those of Organization', () => {
    const open = (setup: object) =>
      openOrg({ file: ':memory:', orgId: '00DgK0000000001UAA', now: () => NOON, ...setup })
    for (const setup of [
      { sharing: { defaults: { Account: 'Read' as const } } },
      { organization: { DefaultAccountAccess: 'Read' } },
    ]) {
      const org = open(setup)
      const [admin, rep] = ['admin', 'rep'].map((login) => ({
        userId: org.user(`${login}@practice.example`)!.id,
        api: 'rest' as const,
        version: '66.0',
      }))
      const id = org.create(admin!, 'Account', { Name: 'Acme' })
      expect(org.recordAccess(rep!.userId, id)).toMatchObject({ read: true, edit: false })
      expect(org.query(rep!, 'SELECT DefaultAccountAccess FROM Organization').records).toMatchObject([
        { DefaultAccountAccess: 'Read' },
      ])
      org.close()
    }
  })
})

describe('contacts that their account controls', () => {
  it('are seen and changed by whoever may do that with the account, whoever owns them', () => {
    const AccountId = account('elena.marsh')
    const id = make('admin', 'Contact', { LastName: 'Doe', AccountId, OwnerId: idOf('rep') })
    expect(mayOf('elena.marsh', id)).toMatchObject({ read: true, edit: true })
    expect(mayOf('rep', id).read).toBe(false)
    expect(mayOf('rep', AccountId).read).toBe(false)
  })

  it('belong to their owner alone when they have no account, and to nobody above him', () => {
    const id = make('rep', 'Contact', { LastName: 'Doe' })
    const [role] = house.rows("SELECT Id FROM UserRole WHERE Name = 'Sales Leadership'")
    house.org.update(house.as('admin'), 'User', idOf('david.okafor'), { UserRoleId: String(role?.['Id']) })
    expect(mayOf('rep', id)).toMatchObject({ read: true, edit: true, delete: true })
    expect(mayOf('david.okafor', id).read).toBe(false)
  })

  it('are not shared by themselves, nor along with the account at a level of their own', () => {
    const AccountId = account('rep')
    const ContactId = make('rep', 'Contact', { LastName: 'Doe', AccountId })
    const to = { UserOrGroupId: idOf('elena.marsh') }
    const shareContact = () => make('rep', 'ContactShare', { ...to, ContactId, ContactAccessLevel: 'Edit' })
    const levelled = { ...to, AccountId, AccountAccessLevel: 'Read', ContactAccessLevel: 'Edit' }
    expect(codeOf(shareContact)).toBe('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY')
    expect(codeOf(() => make('rep', 'AccountShare', levelled))).toBe('INVALID_FIELD_FOR_INSERT_UPDATE')
    say({ defaults: { Contact: 'Private' } })
    expect(codeOf(() => make('rep', 'AccountShare', levelled))).toBe('none')
    expect(mayOf('elena.marsh', ContactId)).toMatchObject({ read: true, edit: true })
  })

  it('open their account to whoever owns them once they are private', () => {
    const AccountId = account()
    make('admin', 'Contact', { LastName: 'Doe', AccountId, OwnerId: idOf('rep') })
    expect(mayOf('rep', AccountId).read).toBe(false)
    say({ defaults: { Contact: 'Private' } })
    expect(mayOf('rep', AccountId)).toMatchObject({ read: true, edit: false })
  })
})

describe('a share of no more than everybody has', () => {
  it('of an account is refused, and so is the level All', () => {
    const AccountId = account('rep')
    const to = { AccountId, UserOrGroupId: idOf('elena.marsh') }
    say({ defaults: { Account: 'Read' } })
    expect(refusalOf(() => make('rep', 'AccountShare', { ...to, AccountAccessLevel: 'Read' }))).toMatchObject({
      errorCode: 'INVALID_ACCESS_LEVEL',
      message:
        '(Account, Opportunity, Case Levels, Con Levels (Read, None, None, Read) are below organization levels ' +
        '(Read, None, None, ControlledByParent))',
    })
    expect(codeOf(() => make('rep', 'AccountShare', { ...to, AccountAccessLevel: 'All' }))).toBe('INVALID_ACCESS_LEVEL')
    const more = { ...to, AccountAccessLevel: 'Read', CaseAccessLevel: 'Read' }
    expect(codeOf(() => make('rep', 'AccountShare', more))).toBe('none')
  })

  it('of any other record is refused as trivial', () => {
    const LeadId = make('rep', 'Lead', { LastName: 'Doe', Company: 'Acme' })
    const to = { LeadId, UserOrGroupId: idOf('elena.marsh') }
    say({ defaults: { Lead: 'Read' } })
    expect(refusalOf(() => make('rep', 'LeadShare', { ...to, LeadAccessLevel: 'Read' }))).toMatchObject({
      errorCode: 'FIELD_INTEGRITY_EXCEPTION',
      message: expect.stringContaining('trivial share level Read, for organization with default level Read') as string,
    })
    expect(codeOf(() => make('rep', 'LeadShare', { ...to, LeadAccessLevel: 'Edit' }))).toBe('none')
  })
})

describe('a sharing rule', () => {
  const inWest = { when: [{ field: 'BillingState', is: '=', value: 'CA' }] }
  const group = { group: 'SalesOps' }

  it('by owner shares what one group of people owns with another, from now on and from before', () => {
    const [before] = [account('rep')]
    say({ rules: [{ object: 'Account', ownedBy: { role: 'Sales' }, with: { group: 'RevOps' }, access: 'Edit' }] })
    const after = account('elena.marsh')
    const others = account('admin')
    const [role] = house.rows("SELECT Id FROM UserRole WHERE Name = 'Sales Leadership'")
    house.org.update(house.as('admin'), 'User', idOf('david.okafor'), { UserRoleId: String(role?.['Id']) })
    const [revOps] = house.rows("SELECT Id FROM Group WHERE DeveloperName = 'RevOps'")
    make('admin', 'GroupMember', { GroupId: String(revOps?.['Id']), UserOrGroupId: idOf('priya.nair') })
    for (const id of [before!, after]) expect(mayOf('priya.nair', id)).toMatchObject({ edit: true, delete: false })
    expect(mayOf('priya.nair', others).read).toBe(false)
    expect(mayOf('kenji.tanaka', after).read).toBe(false)
  })

  it('by fields shares the records that fulfil it, letters as they are written, as soon as they do', () => {
    say({ rules: [{ object: 'Account', ...inWest, with: group, access: 'Read' }] })
    const id = account('admin', { Name: 'West', BillingState: 'CA' })
    account('admin', { Name: 'Small', BillingState: 'ca' })
    expect(names('rep', 'Account')).toEqual(['West'])
    expect(house.org.search(house.as('rep'), 'FIND {west OR small} RETURNING Account(Id)')).toHaveLength(1)
    expect(
      house.rows(
        `SELECT RecordId, MaxAccessLevel FROM UserRecordAccess WHERE UserId = '${idOf('rep')}' AND RecordId = '${id}'`,
      ),
    ).toMatchObject([{ MaxAccessLevel: 'Read' }])
    house.org.update(house.as('admin'), 'Account', id, { BillingState: 'NY' })
    expect(names('rep', 'Account')).toEqual([])
  })

  it('for accounts shares their deals and cases at levels of their own', () => {
    const AccountId = account('admin', { BillingState: 'CA' })
    const id = deal('admin', AccountId)
    const ticket = make('admin', 'Case', { Subject: 'Broken', AccountId })
    say({ rules: [{ object: 'Account', ...inWest, with: group, access: 'Read', opportunities: 'Edit' }] })
    expect(mayOf('rep', AccountId)).toMatchObject({ read: true, edit: false })
    expect(mayOf('rep', id)).toMatchObject({ read: true, edit: true, delete: false })
    expect(mayOf('rep', ticket).read).toBe(false)
  })

  it('for deals lets their readers see the account', () => {
    const AccountId = account('admin')
    const id = deal('admin', AccountId)
    expect(mayOf('rep', AccountId).read).toBe(false)
    say({
      rules: [
        {
          object: 'Opportunity',
          when: [{ field: 'Name', is: 'starts with', value: 'De' }],
          with: group,
          access: 'Read',
        },
      ],
    })
    expect(mayOf('rep', id).read).toBe(true)
    expect(mayOf('rep', AccountId)).toMatchObject({ read: true, edit: false })
    expect(names('rep', 'Account')).toEqual(['Acme'])
  })

  it('with a role reaches those above it too, with a public group only when it says so', () => {
    say({
      rules: [{ object: 'Lead', ownedBy: { queue: 'Unassigned_Leads' }, with: { role: 'Sales' }, access: 'Read' }],
    })
    const [queue] = house.rows("SELECT Id FROM Group WHERE Type = 'Queue'")
    const [leaders] = house.rows("SELECT Id FROM UserRole WHERE Name = 'Sales Leadership'")
    const lead = make('admin', 'Lead', { LastName: 'Doe', Company: 'Acme', OwnerId: String(queue?.['Id']) })
    expect(mayOf('rep', lead).read).toBe(true)
    // Somebody above the sellers who may not see all.
    house.org.update(house.as('admin'), 'User', idOf('priya.nair'), { UserRoleId: String(leaders?.['Id']) })
    expect(mayOf('priya.nair', lead).read).toBe(true)
    say({
      rules: [{ object: 'Lead', ownedBy: { queue: 'Unassigned_Leads' }, with: { group: 'East' }, access: 'Read' }],
    })
    const East = make('admin', 'Group', { Name: 'East', DeveloperName: 'East', Type: 'Regular' })
    make('admin', 'GroupMember', { GroupId: East, UserOrGroupId: idOf('rep') })
    expect([mayOf('rep', lead).read, mayOf('priya.nair', lead).read]).toEqual([true, false])
    house.org.update(house.as('admin'), 'Group', East, { DoesIncludeBosses: true })
    expect(mayOf('priya.nair', lead).read).toBe(true)
  })

  it('with everybody, of everything of everybody, is as good as a default', () => {
    const id = account()
    const all = { allInternalUsers: true }
    say({ rules: [{ object: 'Account', ownedBy: all, with: all, access: 'Edit' }] })
    expect(mayOf('rep', id)).toMatchObject({ read: true, edit: true, delete: false })
  })

  it('waits for what it names, and ends with the order', () => {
    const id = account('admin', { BillingState: 'CA' })
    say({ rules: [{ object: 'Account', ...inWest, with: { group: 'Later' }, access: 'Read' }] })
    expect(mayOf('rep', id).read).toBe(false)
    const later = make('admin', 'Group', { Name: 'Later', DeveloperName: 'Later', Type: 'Regular' })
    make('admin', 'GroupMember', { GroupId: later, UserOrGroupId: idOf('rep') })
    expect(mayOf('rep', id).read).toBe(true)
    house.org.setAutomation({})
    expect(mayOf('rep', id).read).toBe(false)
  })
})
