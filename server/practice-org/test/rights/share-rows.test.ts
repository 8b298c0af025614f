import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { codeOf, type House, openHouse, refusalOf } from '../support/engine-harness.ts'
import { recordsIn } from './records.ts'

let house: House
beforeEach(() => {
  house = openHouse()
})
afterEach(() => house.org.close())

const { idOf, make, account, deal } = recordsIn(() => house, 'rep')
const LEVELS = 'AccountAccessLevel, OpportunityAccessLevel, CaseAccessLevel, ContactAccessLevel'
const shares = (where: string, login = 'admin') =>
  house.rows(`SELECT UserOrGroupId, RowCause, ${LEVELS} FROM AccountShare WHERE ${where} ORDER BY RowCause`, login)
const groupId = (where: string) => String(house.rows(`SELECT Id FROM Group WHERE ${where}`)[0]?.['Id'])

describe('the shares of a record', () => {
  it('tell its owner, and change with him', () => {
    const id = account('rep')
    const [first] = house.rows(`SELECT Id, LastModifiedById FROM AccountShare WHERE AccountId = '${id}'`)
    const all = { AccountAccessLevel: 'All', OpportunityAccessLevel: 'None', ContactAccessLevel: 'Edit' }
    expect(shares(`AccountId = '${id}'`)).toMatchObject([{ UserOrGroupId: idOf('rep'), RowCause: 'Owner', ...all }])
    expect(first).toMatchObject({ LastModifiedById: idOf('rep') })
    house.later(1000)
    house.org.update(house.as('admin'), 'Account', id, { OwnerId: idOf('elena.marsh') })
    const [second] = house.rows(
      `SELECT Id, UserOrGroupId, LastModifiedById FROM AccountShare WHERE AccountId = '${id}'`,
    )
    expect(second).toMatchObject({ UserOrGroupId: idOf('elena.marsh'), LastModifiedById: idOf('admin') })
    expect(second!['Id']).not.toBe(first!['Id'])
  })

  it('say what the role of its owner gives him of its deals', () => {
    const id = account('rep')
    const [role] = house.rows("SELECT Id FROM UserRole WHERE Name = 'Sales'")
    house.org.update(house.as('admin'), 'UserRole', String(role!['Id']), { OpportunityAccessForAccountOwner: 'Edit' })
    expect(shares(`AccountId = '${id}'`)).toMatchObject([{ OpportunityAccessLevel: 'Edit', CaseAccessLevel: 'None' }])
  })

  it('tell teams, territories, rules, hands and children, each with its cause and its levels', () => {
    const AccountId = account('rep', { BillingState: 'CA' })
    const member = { AccountAccessLevel: 'Edit', OpportunityAccessLevel: 'Read', CaseAccessLevel: 'None' }
    make('rep', 'AccountTeamMember', { AccountId, UserId: idOf('elena.marsh'), ...member })
    make('rep', 'AccountShare', { AccountId, UserOrGroupId: idOf('priya.nair'), AccountAccessLevel: 'Read' })
    house.org.load('Opportunity', [
      { Name: 'D', StageName: 'Prospecting', CloseDate: '2027-01-31', AccountId, OwnerId: idOf('david.okafor') },
    ])
    const model = make('admin', 'Territory2Model', { Name: 'M', DeveloperName: 'M', State: 'Active' })
    const Territory2TypeId = make('admin', 'Territory2Type', { MasterLabel: 'T', DeveloperName: 'T', Priority: 1 })
    const Territory2Id = make('admin', 'Territory2', {
      Name: 'West',
      DeveloperName: 'West',
      Territory2ModelId: model,
      Territory2TypeId,
      AccountAccessLevel: 'Read',
      CaseAccessLevel: 'Edit',
    })
    make('admin', 'ObjectTerritory2Association', { ObjectId: AccountId, Territory2Id })
    house.org.setAutomation({
      sharing: {
        rules: [
          {
            object: 'Account',
            when: [{ field: 'BillingState', is: '=', value: 'CA' }],
            with: { role: 'Sales' },
            access: 'Read',
            cases: 'Read',
          },
        ],
      },
    })
    const found = shares(`AccountId = '${AccountId}'`).map((row) => [
      row['RowCause'],
      row['UserOrGroupId'],
      ...LEVELS.split(', ').map((level) => row[level]),
    ])
    expect(found).toEqual(
      [
        ['Owner', idOf('rep'), 'All', 'None', 'None', 'Edit'],
        ['Manual', idOf('priya.nair'), 'Read', 'None', 'None', 'Read'],
        ['Rule', groupId("Type = 'Role' AND DeveloperName = 'Sales'"), 'Read', 'None', 'Read', 'Read'],
        ['ImplicitParent', idOf('david.okafor'), 'Read', 'None', 'None', 'Read'],
        ['Team', idOf('elena.marsh'), 'Edit', 'Read', 'None', 'Edit'],
        ['Territory2AssociationManual', groupId("Type = 'Territory'"), 'Read', 'None', 'Edit', 'Read'],
      ].sort((a, b) => order(a[0]!) - order(b[0]!)),
    )
    const counted = house.rows('SELECT RowCause, count(Id) n FROM AccountShare GROUP BY RowCause')
    expect(counted.map((row) => row['n'])).toEqual([1, 1, 1, 1, 1, 1])
    expect(house.org.query(house.as('admin'), 'SELECT count() FROM AccountShare').totalSize).toBe(6)
    expect(shares(`UserOrGroupId = '${idOf('david.okafor')}'`)).toMatchObject([{ RowCause: 'ImplicitParent' }])
    const below = house.rows(`SELECT Id, (SELECT Id, RowCause, Account.Name FROM Shares) FROM Account`)
    expect(below).toMatchObject([{ Shares: { totalSize: 6 } }])
    const seen = `SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM AccountShare WHERE RowCause = 'Team')`
    expect(house.rows(seen)).toHaveLength(1)
  })

  const order = (cause: string): number =>
    ['Owner', 'Manual', 'Rule', 'ImplicitParent', 'Team', 'Territory2AssociationManual'].indexOf(cause)

  it('are one for a user who owns the record, has it by hand or has a child, the strongest', () => {
    const AccountId = account('rep')
    deal('rep', AccountId)
    const [owner] = house.rows(`SELECT Id FROM AccountShare WHERE AccountId = '${AccountId}'`)
    const again = { AccountId, UserOrGroupId: idOf('rep'), AccountAccessLevel: 'Read' }
    expect(make('rep', 'AccountShare', again)).toBe(owner!['Id'])
    make('rep', 'AccountShare', { ...again, UserOrGroupId: idOf('elena.marsh') })
    const id = deal('rep', AccountId)
    house.org.update(house.as('rep'), 'Opportunity', id, { OwnerId: idOf('elena.marsh') })
    expect(shares(`AccountId = '${AccountId}'`)).toMatchObject([{ RowCause: 'Owner' }, { RowCause: 'Manual' }])
  })

  it('keep their ids, by which they are found', () => {
    const AccountId = account('rep')
    make('rep', 'AccountTeamMember', { AccountId, UserId: idOf('elena.marsh') })
    const manual = make('rep', 'AccountShare', {
      AccountId,
      UserOrGroupId: idOf('priya.nair'),
      AccountAccessLevel: 'Read',
    })
    const ids = house.rows('SELECT Id FROM AccountShare').map((row) => String(row['Id']))
    expect(ids).toHaveLength(3)
    expect(ids).toContain(manual)
    for (const id of ids) {
      expect(house.rows(`SELECT Id FROM AccountShare WHERE Id = '${id}'`)).toMatchObject([{ Id: id }])
      expect(house.org.retrieve(house.as('rep'), 'AccountShare', id)).toMatchObject({ Id: id, AccountId })
    }
    const all = `SELECT Id FROM AccountShare WHERE Id IN ('${ids.join("','")}') AND RowCause != 'Team'`
    expect(house.rows(all)).toHaveLength(2)
  })

  it('are seen with the record, and nobody else sees them', () => {
    const id = account('rep')
    const [share] = house.rows('SELECT Id FROM AccountShare', 'rep')
    expect(share).toBeDefined()
    expect(house.rows('SELECT Id FROM AccountShare', 'elena.marsh')).toEqual([])
    const look = () => house.org.retrieve(house.as('elena.marsh'), 'AccountShare', String(share!['Id']))
    expect(codeOf(look)).toBe('NOT_FOUND')
    house.org.delete(house.as('admin'), 'Account', id)
    expect(house.rows('SELECT Id FROM AccountShare')).toEqual([])
  })

  it('that the org made are changed and deleted by nobody', () => {
    account('rep')
    const [share] = house.rows('SELECT Id FROM AccountShare')
    const id = String(share!['Id'])
    const change = () => house.org.update(house.as('admin'), 'AccountShare', id, { CaseAccessLevel: 'Edit' })
    const remove = () => house.org.delete(house.as('admin'), 'AccountShare', id)
    for (const write of [change, remove]) {
      expect(refusalOf(write)).toMatchObject({
        errorCode: 'INSUFFICIENT_ACCESS_OR_READONLY',
        message: 'insufficient access rights on object id',
      })
    }
  })

  it('come page by page, each once', () => {
    house.org.load(
      'Account',
      Array.from({ length: 30 }, (_, n) => ({ Name: `A${n}`, OwnerId: idOf('rep') })),
    )
    const admin = house.as('admin')
    let page = house.org.query(admin, 'SELECT Id, Account.Name FROM AccountShare', { batchSize: 8 })
    const ids = page.records.map((row) => row['Id'])
    while (page.nextLocator) {
      page = house.org.queryMore(admin, page.nextLocator)
      ids.push(...page.records.map((row) => row['Id']))
    }
    expect(new Set(ids).size).toBe(30)
    expect(ids).toHaveLength(30)
  })
})

describe('shares of other records', () => {
  it('tell owners, teams and rules; what comes of the account is worked out when it is asked for', () => {
    const AccountId = account('rep')
    make('rep', 'AccountTeamMember', { AccountId, UserId: idOf('priya.nair'), OpportunityAccessLevel: 'Edit' })
    const id = deal('rep', AccountId)
    make('rep', 'OpportunityTeamMember', {
      OpportunityId: id,
      UserId: idOf('elena.marsh'),
      OpportunityAccessLevel: 'Edit',
    })
    const rows = house.rows('SELECT UserOrGroupId, RowCause, OpportunityAccessLevel FROM OpportunityShare')
    expect(rows).toMatchObject([
      { UserOrGroupId: idOf('rep'), RowCause: 'Owner', OpportunityAccessLevel: 'All' },
      { UserOrGroupId: idOf('elena.marsh'), RowCause: 'Team', OpportunityAccessLevel: 'Edit' },
    ])
  })

  it('tell of leads in a queue and of contacts that no account controls', () => {
    const queue = groupId("Type = 'Queue'")
    make('admin', 'Lead', { LastName: 'Doe', Company: 'Acme', OwnerId: queue })
    make('rep', 'Contact', { LastName: 'Doe', AccountId: account('rep') })
    make('rep', 'Contact', { LastName: 'Alone' })
    expect(house.rows('SELECT UserOrGroupId FROM LeadShare')).toMatchObject([{ UserOrGroupId: queue }])
    expect(house.rows('SELECT Contact.LastName FROM ContactShare')).toMatchObject([{ Contact: { LastName: 'Alone' } }])
    house.org.setAutomation({ sharing: { defaults: { Contact: 'Private' } } })
    expect(house.rows('SELECT Id FROM ContactShare')).toHaveLength(2)
  })
})
