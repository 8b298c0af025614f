import { describe, expect, it } from 'vitest'
import { openHouse } from '../support/engine-harness.ts'

const accounts = (count: number) => Array.from({ length: count }, (_, n) => ({ Name: `Company ${n}`, Phone: `${n}` }))

describe('loading many rows', () => {
  it('leaves nothing of it when one of the rows does not fit', () => {
    const { org, rows } = openHouse()
    const load = () =>
      org.loading(1_000_000, () => {
        org.load('Account', accounts(3))
        org.load('Contact', [{ NoSuchField: 1 }])
      })
    expect(load).toThrow('no field Contact.NoSuchField')
    expect(rows('SELECT Id FROM Account')).toHaveLength(0)
  })

  it('finds what was loaded as if it had been loaded row by row', () => {
    const { org, rows, as } = openHouse()
    org.loading(1_000_000, () => {
      const ids = org.load('Account', accounts(30))
      org.load('Contact', [{ LastName: 'Only', AccountId: ids[7]! }])
    })
    expect(rows("SELECT Name FROM Account WHERE Name = 'company 7'")).toHaveLength(1)
    expect(rows("SELECT Name FROM Account WHERE Name LIKE 'company 1%'")).toHaveLength(11)
    expect(rows('SELECT Account.Name, IsDirect FROM AccountContactRelation')).toMatchObject([
      { Account: { Name: 'Company 7' }, IsDirect: true },
    ])
    expect(org.search(as('admin'), 'FIND {company} IN NAME FIELDS RETURNING Account(Name)')).toHaveLength(30)
  })

  it('goes on with the writes of people', () => {
    const { org, rows, as } = openHouse()
    org.loading(1_000_000, () => org.load('Account', accounts(2)))
    const id = org.create(as('admin'), 'Account', { Name: 'Company 2' })
    org.delete(as('admin'), 'Account', id)
    expect(rows('SELECT Name FROM Account')).toHaveLength(2)
  })
})
