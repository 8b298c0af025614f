import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { codeOf, openHouse, type House } from '../support/engine-harness.ts'

let house: House
beforeEach(() => {
  house = openHouse()
})
afterEach(() => house.org.close())

const idOf = (login: string): string => house.as(login).userId
const account = (login: string, name = 'Acme'): string => house.org.create(house.as(login), 'Account', { Name: name })
const share = (by: string, fields: Record<string, string>): string =>
  house.org.create(house.as(by), 'AccountShare', fields)
const mayOf = (login: string, id: string) => house.org.recordAccess(idOf(login), id)

describe('a manual share', () => {
  it('lets one more user see a record, edit it at a higher level, and ends when it is deleted', () => {
    const AccountId = account('rep')
    const before = mayOf('elena.marsh', AccountId)
    const id = share('rep', { AccountId, UserOrGroupId: idOf('elena.marsh'), AccountAccessLevel: 'Read' })
    const read = mayOf('elena.marsh', AccountId)
    house.org.update(house.as('rep'), 'AccountShare', id, { AccountAccessLevel: 'Edit' })
    const edit = mayOf('elena.marsh', AccountId)
    house.org.delete(house.as('rep'), 'AccountShare', id)

    expect(before.read).toBe(false)
    expect(read).toEqual({ read: true, edit: false, delete: false, transfer: false })
    expect(edit).toMatchObject({ read: true, edit: true, delete: false })
    expect(mayOf('elena.marsh', AccountId).read).toBe(false)
  })

  it('shows in queries as manual, once per user, with the level asked for last', () => {
    const AccountId = account('rep')
    const first = share('rep', { AccountId, UserOrGroupId: idOf('elena.marsh'), AccountAccessLevel: 'Read' })
    const again = share('rep', { AccountId, UserOrGroupId: idOf('elena.marsh'), AccountAccessLevel: 'Edit' })

    const rows = house.rows(
      "SELECT Id, RowCause, AccountAccessLevel FROM AccountShare WHERE RowCause != 'Owner'",
      'elena.marsh',
    )
    expect(again).toBe(first)
    expect(rows).toMatchObject([{ Id: first, RowCause: 'Manual', AccountAccessLevel: 'Edit' }])
  })

  it('is only made by whoever may do everything with the record, and only as a manual one', () => {
    const AccountId = account('rep')
    const to = { AccountId, UserOrGroupId: idOf('david.okafor'), AccountAccessLevel: 'Read' }
    share('rep', { AccountId, UserOrGroupId: idOf('elena.marsh'), AccountAccessLevel: 'Edit' })

    expect(codeOf(() => share('elena.marsh', to))).toBe('INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY')
    expect(codeOf(() => share('rep', { ...to, RowCause: 'Rule' }))).toBe('FIELD_INTEGRITY_EXCEPTION')
    expect(codeOf(() => share('rep', { ...to, AccountAccessLevel: 'None' }))).toBe(
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    )
  })

  it('with a group reaches its members, those of groups in it, and nobody else', () => {
    const AccountId = account('rep')
    const { org } = house
    const outer = org.create(house.as('admin'), 'Group', { Name: 'East', DeveloperName: 'East', Type: 'Regular' })
    const inner = org.create(house.as('admin'), 'Group', { Name: 'Boston', DeveloperName: 'Boston', Type: 'Regular' })
    org.create(house.as('admin'), 'GroupMember', { GroupId: outer, UserOrGroupId: inner })
    org.create(house.as('admin'), 'GroupMember', { GroupId: inner, UserOrGroupId: idOf('priya.nair') })
    share('rep', { AccountId, UserOrGroupId: outer, AccountAccessLevel: 'Read' })

    expect(mayOf('priya.nair', AccountId).read).toBe(true)
    expect(mayOf('david.okafor', AccountId).read).toBe(false)
  })

  it('ends with a new owner', () => {
    const AccountId = account('rep')
    share('rep', { AccountId, UserOrGroupId: idOf('elena.marsh'), AccountAccessLevel: 'Read' })
    house.org.update(house.as('admin'), 'Account', AccountId, { OwnerId: idOf('david.okafor') })

    expect(mayOf('elena.marsh', AccountId).read).toBe(false)
    expect(house.rows("SELECT Id FROM AccountShare WHERE RowCause = 'Manual'")).toEqual([])
  })

  it('is there for opportunities, contacts, cases and leads too', () => {
    const rep = house.as('rep')
    house.org.setAutomation({ sharing: { defaults: { Contact: 'Private' } } })
    const records = {
      Opportunity: { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2027-01-31' },
      Contact: { LastName: 'Doe' },
      Case: { Subject: 'Broken' },
      Lead: { LastName: 'Doe', Company: 'Acme' },
    }
    for (const [object, fields] of Object.entries(records)) {
      const id = house.org.create(rep, object, fields)
      const level = { [`${object}Id`]: id, [`${object}AccessLevel`]: 'Read', UserOrGroupId: idOf('elena.marsh') }
      house.org.create(rep, `${object}Share`, level)
      expect(mayOf('elena.marsh', id), object).toMatchObject({ read: true, edit: false })
    }
  })
})

describe('the deals of an account', () => {
  const deal = (AccountId: string): string =>
    house.org.create(house.as('rep'), 'Opportunity', {
      Name: 'Deal',
      StageName: 'Prospecting',
      CloseDate: '2027-01-31',
      AccountId,
    })

  it('are seen by its team as far as the member is allowed', () => {
    const AccountId = account('rep')
    const id = deal(AccountId)
    const member = { AccountId, AccountAccessLevel: 'Read', CaseAccessLevel: 'None' }
    house.org.create(house.as('rep'), 'AccountTeamMember', {
      ...member,
      UserId: idOf('elena.marsh'),
      OpportunityAccessLevel: 'Edit',
    })
    house.org.create(house.as('rep'), 'AccountTeamMember', {
      ...member,
      UserId: idOf('david.okafor'),
      OpportunityAccessLevel: 'None',
    })

    expect(mayOf('elena.marsh', id)).toMatchObject({ read: true, edit: true, delete: false })
    expect(mayOf('david.okafor', id).read).toBe(false)
  })

  it('are seen by their own team', () => {
    const OpportunityId = deal(account('rep'))
    house.org.create(house.as('rep'), 'OpportunityTeamMember', {
      OpportunityId,
      UserId: idOf('elena.marsh'),
      OpportunityAccessLevel: 'Read',
    })
    expect(mayOf('elena.marsh', OpportunityId)).toMatchObject({ read: true, edit: false })
    expect(house.rows('SELECT Name FROM OpportunityTeamMember')).toMatchObject([{ Name: 'Elena Marsh' }])
  })

  it("are seen by the owner of the account as far as his role says, and nobody's role says so at first", () => {
    const AccountId = account('elena.marsh')
    house.org.update(house.as('admin'), 'Account', AccountId, {})
    const id = house.org.create(house.as('admin'), 'Opportunity', {
      Name: 'Deal',
      StageName: 'Prospecting',
      CloseDate: '2027-01-31',
      AccountId,
    })
    expect(mayOf('elena.marsh', id).read).toBe(false)
    const [role] = house.rows(`SELECT Id FROM UserRole WHERE Name = 'Sales'`)
    house.org.update(house.as('admin'), 'UserRole', String(role!['Id']), { OpportunityAccessForAccountOwner: 'Read' })
    expect(mayOf('elena.marsh', id)).toMatchObject({ read: true, edit: false })
  })
})

it('an account in a territory is seen by the people of that territory and of those above, while its model is active', () => {
  const admin = house.as('admin')
  const { org } = house
  const AccountId = account('rep')
  const model = org.create(admin, 'Territory2Model', { Name: 'FY27', DeveloperName: 'FY27', State: 'Active' })
  const type = org.create(admin, 'Territory2Type', { MasterLabel: 'Field', DeveloperName: 'Field', Priority: 1 })
  const territory = (name: string, parent: string | null): string =>
    org.create(admin, 'Territory2', {
      Name: name,
      DeveloperName: name,
      Territory2ModelId: model,
      Territory2TypeId: type,
      ParentTerritory2Id: parent,
      AccountAccessLevel: 'Edit',
    })
  const america = territory('America', null)
  const boston = territory('Boston', america)
  org.create(admin, 'UserTerritory2Association', { UserId: idOf('priya.nair'), Territory2Id: america })
  org.create(admin, 'UserTerritory2Association', { UserId: idOf('david.okafor'), Territory2Id: boston })
  org.create(admin, 'ObjectTerritory2Association', { ObjectId: AccountId, Territory2Id: boston })

  expect(mayOf('priya.nair', AccountId)).toMatchObject({ read: true, edit: true, delete: false })
  expect(mayOf('david.okafor', AccountId).read).toBe(true)
  expect(mayOf('elena.marsh', AccountId).read).toBe(false)
  org.update(admin, 'Territory2Model', model, { State: 'Archived' })
  expect(mayOf('priya.nair', AccountId).read).toBe(false)
})

it('a merge keeps what the survivor was shared as, and drops the shares of the loser', () => {
  const [master, loser] = [account('rep'), account('rep', 'Acme Inc')]
  share('rep', { AccountId: master, UserOrGroupId: idOf('elena.marsh'), AccountAccessLevel: 'Read' })
  share('rep', { AccountId: loser, UserOrGroupId: idOf('david.okafor'), AccountAccessLevel: 'Read' })
  const result = house.org.merge(house.as('admin'), {
    type: 'Account',
    masterId: master,
    fields: {},
    loserIds: [loser],
  })

  expect(result.success).toBe(true)
  expect(mayOf('elena.marsh', master).read).toBe(true)
  expect(mayOf('david.okafor', master).read).toBe(false)
})
