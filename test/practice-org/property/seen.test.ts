import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Value } from '../../../server/practice-org/org.ts'
import { type House, openHouse } from '../engine/house.ts'

/** The same orgs every time; another seed and more of them to search for what these do not find. */
const RUNS = { numRuns: Number(process.env['SEEN_RUNS'] ?? 15), seed: Number(process.env['SEEN_SEED'] ?? 20_261_122) }
const SHARED = ['Account', 'Contact', 'Opportunity', 'Case', 'AccountTeamMember', 'AccountContactRelation', 'Task']
/** Records that nobody else sees, so that what somebody sees is little. */
const STRANGERS: Some['accounts'] = Array.from({ length: 40 }, () => ({ owner: 'admin', at: 0, deleted: false }))

const person = fc.constantFrom('admin', 'rep', 'elena.marsh', 'david.okafor')
const level = fc.constantFrom('Read', 'Edit')
const other = fc.constantFrom('Read', 'Edit', 'None')
const at = fc.nat(7)
const owned = fc.array(fc.record({ owner: person, at, deleted: fc.boolean() }), { maxLength: 7 })
const orgs = fc.record({
  accounts: owned,
  contacts: owned,
  opportunities: owned,
  cases: owned,
  teams: fc.array(fc.record({ user: person, at, level, other }), { maxLength: 3 }),
  shares: fc.array(fc.record({ holder: fc.oneof(person, fc.constant('SalesOps')), at, level, other }), {
    maxLength: 3,
  }),
  territories: fc.array(fc.record({ user: person, at, level, other }), { maxLength: 2 }),
})
type Some = typeof orgs extends fc.Arbitrary<infer T> ? T : never
type Rows = Record<string, Value>[]

/** Records that are shared in every way there is. */
function fill(house: House, some: Some): void {
  const { org } = house
  const idOf = (login: string) => house.as(login).userId
  const rows = (list: Some['accounts'], more: (row: { at: number }, n: number) => Record<string, Value>): Rows =>
    list.map((row, n) => ({ OwnerId: idOf(row.owner), IsDeleted: row.deleted, ...more(row, n) }))
  const accounts = org.load(
    'Account',
    rows([...some.accounts, ...STRANGERS], (_, n) => ({ Name: `A${n}` })),
  )
  const account = (n: number) => accounts[n]!
  const stranger = accounts.at(-1)!
  org.load(
    'Contact',
    rows(some.contacts, (row, n) => ({ LastName: `C${n}`, AccountId: row.at ? account(row.at) : null })),
  )
  org.load(
    'Contact',
    rows(STRANGERS, (_, n) => ({ LastName: `S${n}`, AccountId: stranger })),
  )
  const deal = { StageName: 'Prospecting', CloseDate: '2027-01-01' }
  org.load(
    'Opportunity',
    rows(some.opportunities, (row, n) => ({ Name: `O${n}`, ...deal, AccountId: account(row.at) })),
  )
  org.load(
    'Case',
    rows(some.cases, (row, n) => ({ Subject: `K${n}`, AccountId: account(row.at) })),
  )
  const levels = (row: { level: string; other: string }) => ({
    AccountAccessLevel: row.level,
    OpportunityAccessLevel: row.other,
    CaseAccessLevel: row.other,
  })
  org.load(
    'AccountTeamMember',
    some.teams.map((row) => ({ AccountId: account(row.at), UserId: idOf(row.user), ...levels(row) })),
  )
  const [group] = house.rows("SELECT Id FROM Group WHERE DeveloperName = 'SalesOps'")
  const holder = (name: string) => (name === 'SalesOps' ? String(group?.['Id']) : idOf(name))
  org.load(
    'AccountShare',
    some.shares.map((row) => ({ AccountId: account(row.at), UserOrGroupId: holder(row.holder), ...levels(row) })),
  )
  const [model = ''] = org.load('Territory2Model', [{ Name: 'M', DeveloperName: 'M', State: 'Active' }])
  for (const row of some.territories) {
    const [Territory2Id = ''] = org.load('Territory2', [
      { Name: 'T', DeveloperName: 'T', Territory2ModelId: model, ...levels(row) },
    ])
    org.load('UserTerritory2Association', [{ UserId: idOf(row.user), Territory2Id, IsActive: true }])
    org.load('ObjectTerritory2Association', [{ ObjectId: account(row.at), Territory2Id }])
  }
}

const idsOf = (house: House, login: string, object: string): string[] =>
  house.rows(`SELECT Id FROM ${object}`, login).map((row) => String(row['Id']))

it('somebody who may see little finds those records, and no others, that are shared with him one by one', () => {
  let found = 0
  fc.assert(
    fc.property(orgs, (some) => {
      const house = openHouse()
      fill(house, some)
      for (const login of ['rep', 'elena.marsh', 'manager']) {
        const { userId } = house.as(login)
        for (const object of SHARED) {
          const shared = idsOf(house, 'admin', object).filter((id) => house.org.recordAccess(userId, id).read)
          expect(idsOf(house, login, object), `${login} ${object}`).toEqual(shared)
          const count = house.org.query(house.as(login), `SELECT count() FROM ${object}`).totalSize
          expect(count, `${login} ${object}`).toBe(shared.length)
          found += shared.length
        }
      }
      house.org.close()
    }),
    RUNS,
  )
  expect(found).toBeGreaterThan(RUNS.numRuns)
})

it('a record that is shared, given away or deleted is in the list, or no longer in it, at once', () => {
  const house = openHouse()
  const { org, as } = house
  org.load(
    'Account',
    STRANGERS.map((_, n) => ({ Name: `Stranger ${n}` })),
  )
  const listed = () => house.rows('SELECT Name FROM Account', 'rep').map((row) => row['Name'])
  const id = org.create(as('admin'), 'Account', { Name: 'Wanted' })
  const before = listed()
  const share = { AccountId: id, UserOrGroupId: as('rep').userId, AccountAccessLevel: 'Read' }
  const shareId = org.create(as('admin'), 'AccountShare', share)
  const shared = listed()
  org.delete(as('admin'), 'AccountShare', shareId)
  const unshared = listed()
  org.update(as('admin'), 'Account', id, { OwnerId: as('rep').userId })
  const owned = listed()
  org.delete(as('admin'), 'Account', id)
  expect([before, shared, unshared, owned, listed()]).toEqual([[], ['Wanted'], [], ['Wanted'], []])
})
