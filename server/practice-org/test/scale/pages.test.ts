import { describe, expect, it } from 'vitest'
import type { QueryPage } from '../../src/org/org.ts'
import { openHouse, type House } from '../support/engine-harness.ts'

const MANY = 4500

function crowded(): House {
  const house = openHouse()
  // The later a row is made, the earlier its name comes.
  const rows = Array.from({ length: MANY }, (_, n) => ({ Name: `Crowd ${String(MANY - n).padStart(5, '0')}` }))
  house.org.loading(MANY, () => house.org.load('Account', rows))
  return house
}

const namesOf = ({ records }: QueryPage) => records.map((record) => String(record['Name']))

function* pages({ org, as }: House, soql: string, between: () => void = () => {}) {
  let page = org.query(as('admin'), soql)
  for (;;) {
    yield page
    if (page.done) return
    between()
    page = org.queryMore(as('admin'), page.nextLocator!)
  }
}

describe('the pages of a query', () => {
  it.each([
    "SELECT Id, Name FROM Account WHERE Name LIKE 'crowd%'",
    'SELECT Id, Name FROM Account',
    "SELECT Id, Name FROM Account WHERE Name LIKE 'crowd%' ORDER BY CreatedDate DESC",
    "SELECT Id, Name FROM Account WHERE Name > 'A'",
  ])('hold every row once, and say how many there are: %s', (soql) => {
    const all = [...pages(crowded(), soql)]
    expect(all.map(({ records, totalSize }) => [records.length, totalSize])).toEqual([
      [2000, MANY],
      [2000, MANY],
      [500, MANY],
    ])
    expect(new Set(all.flatMap(namesOf)).size).toBe(MANY)
  })

  it('go on in the order that was asked for', () => {
    const soql = "SELECT Name FROM Account WHERE Name LIKE 'crowd%' ORDER BY Name DESC"
    const names = [...pages(crowded(), soql)].flatMap(namesOf)
    expect(names).toEqual(names.toSorted().toReversed())
  })

  it('go on with the rows there were, whatever is made or deleted meanwhile', () => {
    const house = crowded()
    const admin = house.as('admin')
    const last = house.rows('SELECT Id FROM Account ORDER BY Name DESC LIMIT 1')[0]!
    let made = 0
    const between = () => {
      house.org.create(admin, 'Account', { Name: `Crowd 00000 ${(made += 1)}` })
      if (made === 1) house.org.delete(admin, 'Account', String(last['Id']))
    }
    const names = [...pages(house, "SELECT Id, Name FROM Account WHERE Name LIKE 'crowd%'", between)].flatMap(namesOf)
    expect(made).toBe(2)
    expect(names.length).toBe(MANY - 1)
    expect(names.filter((name) => name.startsWith('Crowd 00000'))).toEqual([])
  })

  it('never show a row that took the place of one that is gone for good', () => {
    const house = crowded()
    const admin = house.as('admin')
    const newest = house.org.create(admin, 'Account', { Name: 'Crowd 99999' })
    const first = house.org.query(admin, "SELECT Name FROM Account WHERE Name LIKE 'crowd%'")
    house.org.delete(admin, 'Account', newest)
    house.org.purge(admin, newest)
    house.org.create(admin, 'Account', { Name: 'Somebody else' })
    const second = house.org.queryMore(admin, first.nextLocator!)
    const third = house.org.queryMore(admin, second.nextLocator!)
    expect(third.totalSize).toBe(MANY + 1)
    expect([...namesOf(second), ...namesOf(third)]).toHaveLength(MANY - 2000)
    expect([...namesOf(second), ...namesOf(third)]).not.toContain('Somebody else')
  })

  it('come in order of creation when one is enough', () => {
    const names = crowded().rows("SELECT Name FROM Account WHERE Name LIKE 'crowd 0000%'")
    expect(names.map((row) => row['Name'])).toEqual(
      names
        .map((row) => row['Name'])
        .toSorted()
        .toReversed(),
    )
  })
})
