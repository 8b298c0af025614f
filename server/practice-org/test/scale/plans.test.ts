import { StatementSync } from 'node:sqlite'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openHouse } from '../support/engine-harness.ts'

const MANY = 20_000
const house = openHouse()
const [seller, rep] = [house.as('elena.marsh').userId, house.as('rep').userId]
// One seller has most of the accounts, the other one in five hundred.
const ownerOf = (n: number) => (n % 500 === 2 ? rep : seller)
house.org.loading(MANY * 2, () => {
  const ids = house.org.load(
    'Account',
    Array.from({ length: MANY }, (_, n) => ({
      Name: `${n % 4 ? 'Wide' : 'Äther'} ${n}`,
      Website: `https://www.site${n}.example`,
      Phone: `+1 ${n}`,
      External_Id__c: `X-${n}`,
      Industry: n % 2 ? 'Energy' : 'Media',
      OwnerId: ownerOf(n),
    })),
  )
  house.org.load(
    'Contact',
    ids.slice(0, 3000).map((AccountId, n) => ({
      LastName: `Person ${n}`,
      Email: `p${n}@wide.example`,
      AccountId,
      OwnerId: ownerOf(n),
    })),
  )
})

afterEach(() => vi.restoreAllMocks())

const ROWS = /(FROM|CROSS JOIN) "(Account|Contact)" t0/
const SHARES = /'Owner' AS "RowCause"/

/** How SQLite runs each statement that the query comes to, told of the statement as it ran. */
function plansOf(soql: string, login: string, isAsked = ROWS): string[] {
  const ran: string[] = []
  const { all } = StatementSync.prototype
  vi.spyOn(StatementSync.prototype, 'all').mockImplementation(function (this: StatementSync, ...params) {
    const rows = all.apply(this, params)
    ran.push(this.expandedSQL)
    return rows
  })
  house.org.query(house.as(login), soql)
  vi.restoreAllMocks()
  const asked = ran.filter((sql) => isAsked.test(sql))
  return asked.map((sql) =>
    house.org.tables
      .select(`EXPLAIN QUERY PLAN ${sql}`)
      .map((row) => String(row[3]))
      .join('\n'),
  )
}

describe.each(['admin', 'elena.marsh'])('among many accounts, for %s', (login) => {
  it.each([
    ["SELECT Id FROM Account WHERE Name = 'wide 77'", 'Account_Name'],
    ["SELECT Id FROM Account WHERE Name = 'ÄTHER 80'", 'Account_Name_folded'],
    ["SELECT Id FROM Account WHERE Website = 'https://www.site9.example'", 'Account_Website'],
    ["SELECT Id FROM Account WHERE Phone = '+1 9'", 'Account_Phone'],
    ["SELECT Id FROM Account WHERE External_Id__c = 'X-9'", 'Account_External_Id__c'],
    ["SELECT Id FROM Account WHERE OwnerId = '005000000000001AAA'", 'Account_OwnerId'],
    ["SELECT Id, Name FROM Account WHERE Name LIKE 'wide 12%'", 'Account_Name'],
    ["SELECT Id, Name FROM Account WHERE Name LIKE 'wide%'", 'Account_Name'],
    ["SELECT Id, Name FROM Account WHERE Name LIKE 'äth%' LIMIT 5", 'Account_Name_folded'],
    ["SELECT Id, Name FROM Account WHERE Website LIKE 'https://www.site1%'", 'Account_Website'],
    ["SELECT Id, Name FROM Account WHERE Name LIKE 'wide%' ORDER BY Name", 'Account_Name'],
    ["SELECT Id, Name FROM Account WHERE Name LIKE 'wide%' LIMIT 50", 'Account_Name'],
    ["SELECT Id FROM Account WHERE Name LIKE 'wide 1%' AND Industry = 'Energy'", 'Account_Name'],
    ["SELECT Id FROM Contact WHERE Email = 'p7@wide.example'", 'Contact_Email'],
  ])('%s is a search of %s', (soql, index) => {
    const plans = plansOf(soql, login)
    expect(plans.length).toBeGreaterThan(0)
    for (const plan of plans) expect(plan).toMatch(new RegExp(`SEARCH t0 USING (COVERING )?INDEX ${index} `))
  })

  it('an id is found by itself', () => {
    const [plan] = plansOf("SELECT Name FROM Account WHERE Id = '001000000000001AAA'", login)
    expect(plan).toMatch(/SEARCH t0 USING INDEX sqlite_autoindex_Account_1 \(Id=\?\)/)
  })

  it('the first page of a wide prefix is read off the index, unsorted', () => {
    const [page] = plansOf("SELECT Id, Name FROM Account WHERE Name LIKE 'wide%'", login)
    expect(page).not.toContain('TEMP B-TREE FOR ORDER BY')
  })

  it('a prefix is counted without reading the table', () => {
    const [count] = plansOf("SELECT count() FROM Account WHERE Name LIKE 'wide%'", login)
    expect(count).toContain('SEARCH t0 USING COVERING INDEX Account_Name ')
  })
})

describe('somebody who may see few of many accounts', () => {
  it.each([
    'SELECT Id FROM Account',
    'SELECT count() FROM Account',
    "SELECT Id, Name FROM Account WHERE Name LIKE 'wide%'",
    "SELECT Id, Name FROM Account WHERE Name LIKE 'wide%' LIMIT 5",
    "SELECT Id, Name FROM Account WHERE Name LIKE 'wide%' ORDER BY Name",
    "SELECT count() FROM Account WHERE Website LIKE 'https://www.site%'",
    'SELECT Id, Name FROM Account ORDER BY CreatedDate DESC LIMIT 5',
    "SELECT Industry, count(Id) FROM Account WHERE Website != 'x' GROUP BY Industry",
    "SELECT Id FROM Contact WHERE LastName LIKE 'person%'",
  ])('begins at those: %s', (soql) => {
    expect(plansOf(soql, 'rep').at(-1)).toMatch(
      /SCAN t\d+ VIRTUAL TABLE INDEX 1:\n(.*\n)?SEARCH t0 USING (INTEGER PRIMARY KEY|COVERING INDEX Account_live)/,
    )
  })

  it.each([
    ["SELECT Id FROM Account WHERE Name = 'wide 77'", 'Account_Name'],
    ["SELECT Id FROM Account WHERE Phone = '+1 9'", 'Account_Phone'],
    ["SELECT Id, Name FROM Account WHERE Name LIKE 'wide 1234%'", 'Account_Name'],
  ])('begins at what he asks for when that is less: %s', (soql, index) => {
    expect(plansOf(soql, 'rep').at(-1)).toMatch(new RegExp(`SEARCH t0 USING (COVERING )?INDEX ${index} `))
  })

  it('is asked for those alone inside IN as well', () => {
    const [plan] = plansOf('SELECT Id FROM Contact WHERE AccountId IN (SELECT Id FROM Account)', 'rep')
    expect(plan).toMatch(/LIST SUBQUERY 1\nSCAN t2 VIRTUAL TABLE INDEX 1:\nSEARCH t1 USING INTEGER PRIMARY KEY/)
  })

  it('sees what he sees when each row is asked for by itself', () => {
    const wide = "SELECT Id FROM Account WHERE Name LIKE 'wide%'"
    const all = house.rows(`${wide} AND OwnerId = '${rep}'`)
    expect(house.rows(wide, 'rep')).toEqual(all)
    expect(all).toHaveLength(MANY / 500)
    expect(house.org.query(house.as('rep'), 'SELECT count() FROM Account').totalSize).toBe(MANY / 500)
  })
})

describe('among many accounts', () => {
  it('what a locator remembers is read off the index alone', () => {
    const [, remembered] = plansOf("SELECT Id, Name FROM Account WHERE Name LIKE 'wide%'", 'admin')
    expect(remembered).toContain('SEARCH t0 USING COVERING INDEX Account_Name ')
    expect(remembered).not.toContain('TEMP B-TREE')
  })

  it('all are counted, and remembered, without reading the table', () => {
    expect(plansOf('SELECT count() FROM Account', 'admin')).toEqual(['SCAN t0 USING COVERING INDEX Account_live'])
    expect(plansOf('SELECT Id FROM Account', 'admin').at(-1)).toContain('SCAN t0 USING COVERING INDEX Account_live')
  })

  it('the newest few are read off the index of dates', () => {
    const [plan] = plansOf('SELECT Id FROM Account ORDER BY CreatedDate DESC LIMIT 5', 'admin')
    expect(plan).toContain('SCAN t0 USING INDEX Account_CreatedDate')
  })
})

describe('the shares of many accounts', () => {
  // A table gets its indexes with its first row.
  house.org.loading(0, () => {
    const [AccountId = ''] = house.org.load('Account', [{ Name: 'Shared', OwnerId: seller }])
    const UserOrGroupId = house.as('david.okafor').userId
    const [OpportunityId = ''] = house.org.load('Opportunity', [{ Name: 'Deal', AccountId, OwnerId: seller }])
    const [CaseId = ''] = house.org.load('Case', [{ Subject: 'Broken', AccountId, OwnerId: seller }])
    house.org.load('AccountShare', [{ AccountId, UserOrGroupId, AccountAccessLevel: 'Read' }])
    house.org.load('OpportunityShare', [{ OpportunityId, UserOrGroupId, OpportunityAccessLevel: 'Read' }])
    house.org.load('CaseShare', [{ CaseId, UserOrGroupId, CaseAccessLevel: 'Read' }])
    house.org.load('AccountTeamMember', [{ AccountId, UserId: UserOrGroupId }])
    house.org.load('OpportunityTeamMember', [{ OpportunityId, UserId: UserOrGroupId }])
    const [Territory2ModelId = ''] = house.org.load('Territory2Model', [{ Name: 'M', State: 'Active' }])
    const [Territory2Id = ''] = house.org.load('Territory2', [{ Name: 'T', DeveloperName: 'T', Territory2ModelId }])
    house.org.load('ObjectTerritory2Association', [{ ObjectId: AccountId, Territory2Id }])
  })
  const share = String(house.rows(`SELECT Id FROM AccountShare WHERE UserOrGroupId = '${rep}' LIMIT 1`)[0]?.['Id'])
  const parent = String(house.rows(`SELECT Id FROM Account WHERE OwnerId = '${rep}' LIMIT 1`)[0]?.['Id'])
  it.each([
    [`AccountId = '${parent}'`, 1],
    [`AccountId IN ('${parent}')`, 1],
    [`UserOrGroupId = '${rep}'`, MANY / 500],
    [`UserOrGroupId = '${rep}' AND RowCause = 'Owner'`, MANY / 500],
    [`Id = '${share}'`, 1],
  ])('are found without looking through the accounts: %s', (where, count) => {
    for (const login of ['admin', 'rep']) {
      const soql = `SELECT Id, Account.Name FROM AccountShare WHERE ${where}`
      expect(house.rows(soql, login)).toHaveLength(count)
      const counted = `SELECT count() FROM AccountShare WHERE ${where}`
      expect(house.org.query(house.as(login), counted).totalSize).toBe(count)
      for (const plan of [...plansOf(soql, login, SHARES), ...plansOf(counted, login, SHARES)]) {
        expect(plan).not.toMatch(/SCAN (a|c|o|m|k)( |$)/m)
      }
    }
  })

  it('under one account of many are found by that account', () => {
    const soql = `SELECT Id, (SELECT Id FROM Shares) FROM Account WHERE Id = '${parent}'`
    for (const plan of plansOf(soql, 'admin', SHARES)) expect(plan).not.toMatch(/SCAN (a|c|o|m|k)( |$)/m)
  })

  it('are counted by cause, all of them', () => {
    const rows = house.rows('SELECT RowCause, count(Id) n FROM AccountShare GROUP BY RowCause')
    expect(rows.map((row) => [row['RowCause'], row['n']])).toEqual([
      ['Manual', 1],
      ['Owner', MANY + 1],
      ['Team', 1],
      ['Territory2AssociationManual', 1],
    ])
  })
})
