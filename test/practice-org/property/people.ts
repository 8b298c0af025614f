// Small random orgs for property tests: accounts and contacts of two people, some deleted, some blank.
import fc from 'fast-check'
import type { Value } from '../../../server/practice-org/org.ts'
import { openHouse, type House } from '../engine/house.ts'

export type Cell = string | number | boolean | null
/** A record as the naive evaluation sees it. */
export type Naive = Record<string, Cell>

const letters = fc.constantFrom('a', 'b', 'A', 'B', 'z', 'é', 'É', '_', '%', "'", '\\', '7', 'ß', '日')
/** Text that an org stores as it is: no blanks at its ends, never empty. */
export const text = fc.array(letters, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''))
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null, freq: 3 })
export const TYPES = ['Prospect', 'Other', 'Technology Partner']
export const amount = fc.integer({ min: -3, max: 5 })

export const people = fc.record({
  accounts: fc.array(
    fc.record({
      Name: text,
      Phone: maybe(text),
      Type: maybe(fc.constantFrom(...TYPES)),
      AnnualRevenue: maybe(amount),
      NumberOfEmployees: maybe(amount),
      Legal_Hold__c: fc.boolean(),
      IsDeleted: fc.boolean().map((deleted) => deleted && true),
      owner: fc.constantFrom('admin', 'rep'),
      parent: maybe(fc.nat(11)),
    }),
    { minLength: 1, maxLength: 12 },
  ),
  contacts: fc.array(
    fc.record({
      LastName: text,
      Title: maybe(text),
      owner: fc.constantFrom('admin', 'rep'),
      account: maybe(fc.nat(11)),
    }),
    { maxLength: 14 },
  ),
})
export type People = typeof people extends fc.Arbitrary<infer T> ? T : never

export interface Loaded {
  house: House
  accounts: Naive[]
  contacts: Naive[]
}

/** Loads the rows into a new org and gives them as an org stores them, in order of creation. */
export function load({ accounts, contacts }: People): Loaded {
  const house = openHouse()
  const owned = <T extends { owner: string }>({ owner, ...row }: T) => ({ ...row, OwnerId: house.as(owner).userId })
  const accountRows = accounts.map((account) => {
    const { parent: _, ...row } = owned(account)
    return row
  })
  const ids = house.org.load('Account', accountRows)
  // A parent must exist before it is pointed at, so the pointing rows are loaded with ids of their own choice.
  const stored = accountRows.map((row, i): Naive => ({ ...row, Id: ids[i]!, ParentId: null }))
  const children = accounts.flatMap(({ parent, owner, Name }) => {
    if (parent === null) return []
    return [{ Name, ParentId: ids[parent % ids.length]!, OwnerId: house.as(owner).userId }]
  })
  const childIds = house.org.load('Account', children)
  const blank = { Phone: null, Type: null, AnnualRevenue: null, NumberOfEmployees: null }
  const later = children.map((row, i): Naive => ({
    ...blank,
    Legal_Hold__c: false,
    IsDeleted: false,
    ...row,
    Id: childIds[i]!,
  }))
  const all = [...stored, ...later]
  const contactRows = contacts.map((contact): Record<string, Value> => {
    const { account, ...row } = owned(contact)
    return { ...row, AccountId: account === null ? null : String(all[account % all.length]!['Id']) }
  })
  const contactIds = house.org.load('Contact', contactRows)
  return {
    house,
    accounts: all,
    contacts: contactRows.map((row, i): Naive => ({ ...row, Id: contactIds[i]!, IsDeleted: false })),
  }
}
