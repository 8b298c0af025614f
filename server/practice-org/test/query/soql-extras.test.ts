import { beforeEach, describe, expect, it } from 'vitest'
import { codeOf, type House, openHouse, refusalOf } from '../support/engine-harness.ts'

let house: House
beforeEach(() => {
  house = openHouse()
})
const plain = (soql: string, login = 'admin') => house.rows(soql, login).map(({ attributes: _, ...row }) => row)

describe('subtotals', () => {
  beforeEach(() => {
    house.org.load('Account', [
      { Name: 'a', Type: 'Other', Rating: 'Hot', NumberOfEmployees: 1 },
      { Name: 'b', Type: 'Other', Rating: 'Cold', NumberOfEmployees: 2 },
      { Name: 'c', Type: 'Prospect', Rating: 'Hot', NumberOfEmployees: 4 },
    ])
  })

  it('add up from the right, the grand total last', () => {
    const soql =
      'SELECT Type, Rating, SUM(NumberOfEmployees) n, GROUPING(Rating) all FROM Account GROUP BY ROLLUP(Type, Rating)'
    expect(plain(soql)).toEqual([
      { Type: 'Other', Rating: 'Cold', n: 2, all: 0 },
      { Type: 'Other', Rating: 'Hot', n: 1, all: 0 },
      { Type: 'Other', Rating: null, n: 3, all: 1 },
      { Type: 'Prospect', Rating: 'Hot', n: 4, all: 0 },
      { Type: 'Prospect', Rating: null, n: 4, all: 1 },
      { Type: null, Rating: null, n: 7, all: 1 },
    ])
  })

  it('of a cube cover every combination, in the order asked for', () => {
    const soql =
      'SELECT Type, Rating, COUNT(Id) n FROM Account GROUP BY CUBE(Type, Rating) HAVING COUNT(Id) > 1 ORDER BY COUNT(Id) DESC, Rating'
    expect(plain(soql)).toEqual([
      { Type: null, Rating: null, n: 3 },
      { Type: 'Other', Rating: null, n: 2 },
      { Type: null, Rating: 'Hot', n: 2 },
    ])
  })
})

describe('a query', () => {
  it('formats values for people', () => {
    house.org.load('Opportunity', [
      {
        Name: 'o',
        StageName: 'Prospecting',
        Amount: 1234.5,
        CloseDate: '2027-01-31',
        CreatedDate: '2026-11-18T15:04:00Z',
      },
    ])
    expect(plain('SELECT FORMAT(Amount) a, FORMAT(CloseDate) d, FORMAT(CreatedDate) t FROM Opportunity')).toEqual([
      { a: '$1,234.50', d: '1/31/2027', t: '11/18/2026, 3:04 PM' },
    ])
  })

  it('can be limited to own records, those of own queues, or accounts of own teams', () => {
    const { org, as } = house
    const manager = as('manager').userId
    const mine = org.create(as('admin'), 'Account', { Name: 'mine', OwnerId: manager })
    const teams = org.create(as('admin'), 'Account', { Name: 'team' })
    org.create(as('admin'), 'AccountTeamMember', { AccountId: teams, UserId: manager })
    const ids = (scope: string) =>
      house.rows(`SELECT Id FROM Account USING SCOPE ${scope}`, 'manager').map((row) => row['Id'])
    expect(ids('mine')).toEqual([mine])
    expect(ids('mine_and_my_groups')).toEqual([mine])
    expect(ids('team')).toEqual([teams])
    expect(ids('everything')).toEqual([mine, teams])
    expect(codeOf(() => ids('delegated'))).toBe('MALFORMED_QUERY')
  })

  it('gives 199 children of a record at first, the others behind a locator of their own', () => {
    const [account] = house.org.load('Account', [{ Name: 'Many' }])
    const names = Array.from({ length: 202 }, (_, i) => `c${String(i).padStart(3, '0')}`)
    house.org.load(
      'Contact',
      names.map((LastName) => ({ LastName, AccountId: account! })),
    )
    const [record] = house.rows('SELECT Id, (SELECT LastName FROM Contacts ORDER BY LastName) FROM Account')
    const children = record?.['Contacts'] as {
      totalSize: number
      done: boolean
      records: unknown[]
      nextRecordsUrl: string
    }
    expect(children).toMatchObject({ totalSize: 202, done: false })
    expect(children.records).toHaveLength(199)
    const locator = /\/services\/data\/v66\.0\/query\/(01g\w+-199)$/.exec(children.nextRecordsUrl)?.[1] ?? ''
    const rest = house.org.queryMore(house.as('admin'), locator)
    expect(rest).toMatchObject({ totalSize: 202, done: true })
    expect(rest.records.map((row) => row['LastName'])).toEqual(names.slice(199))
  })

  it('counts children among the rows of a page, which ends before a record that has too many', () => {
    const ids = house.org.load(
      'Account',
      ['ne', 'nd', 'nc', 'nb', 'na'].map((Name) => ({ Name })),
    )
    for (const [n, id] of ids.entries()) {
      const count = [120, 120, 60, 300, 1][n]!
      const contacts = Array.from({ length: count }, (_, i) => ({ LastName: `c${i}`, AccountId: id }))
      house.org.load('Contact', contacts)
    }
    const caller = house.as('admin')
    const pagesOf = (soql: string) => {
      const pages = [house.org.query(caller, soql, { batchSize: 200 })]
      while (!pages.at(-1)!.done) pages.push(house.org.queryMore(caller, pages.at(-1)!.nextLocator!))
      return pages
    }
    const namesOf = (pages: ReturnType<typeof pagesOf>) =>
      pages.map(({ records }) => records.map((row) => row['Name']).join(''))
    const soql = 'SELECT Name, (SELECT Id FROM Contacts) FROM Account ORDER BY Name DESC'
    const pages = pagesOf(soql)
    expect(namesOf(pages)).toEqual(['ne', 'ndnc', 'nb', 'na'])
    expect(pages.map(({ totalSize }) => totalSize)).toEqual([5, 5, 5, 5])
    expect(pages[2]?.records[0]?.['Contacts']).toMatchObject({ totalSize: 300, done: false })
    expect(house.org.query(caller, soql)).toMatchObject({ totalSize: 5, done: true })
    const unordered = "SELECT Name, (SELECT Id FROM Contacts) FROM Account WHERE Name LIKE 'n%'"
    expect(namesOf(pagesOf(unordered)).join('')).toBe('nendncnbna')
  })

  it('gives up on a filter without an index once the table is large', () => {
    house.org.load('Account', [{ Name: 'a' }, { Name: 'b' }, { Name: 'c' }])
    house.org.setAutomation({ queryTimeoutRows: 2 })
    const code = (where: string) => codeOf(() => house.rows(`SELECT Id FROM Account WHERE ${where}`))
    expect(code("BillingCity = 'Leeds'")).toBe('QUERY_TIMEOUT')
    expect(code("Name LIKE '%a'")).toBe('QUERY_TIMEOUT')
    expect(code("Name LIKE 'a%'")).toBe('none')
    expect(code("BillingCity = 'Leeds' AND Name = 'a'")).toBe('none')
    expect(code("BillingCity = 'Leeds' OR Name = 'a'")).toBe('QUERY_TIMEOUT')
  })

  it('means what it says with NOTs inside one another, and with an offset but no limit', () => {
    house.org.load('Account', [{ Name: "O'Neil (NOT" }, { Name: 'b' }, { Name: 'c' }])
    const names = (tail: string) => plain(`SELECT Name FROM Account ${tail}`).map((row) => row['Name'])
    expect(names("WHERE (NOT (NOT (NOT Name = 'O\\'Neil (NOT')))")).toEqual(['b', 'c'])
    expect(names("WHERE NOT (NOT (NOT (NOT Name = 'b' OR Name = 'c')))")).toEqual(['b'])
    expect(names("WHERE Name != 'b' OFFSET 1")).toEqual(['c'])
  })

  it('may not have more than twenty subqueries', () => {
    const subqueries = Array.from({ length: 21 }, () => '(SELECT Id FROM Contacts)').join(', ')
    expect(refusalOf(() => house.rows(`SELECT Id, ${subqueries} FROM Account`))?.errorCode).toBe('MALFORMED_QUERY')
  })
})
