// Small random orgs for property tests: accounts and contacts of two people, some deleted, some blank.
import fc from 'fast-check'
import type { Value } from '../../src/org/values.ts'
import { type House, NOON } from '../support/engine-harness.ts'

export type Cell = string | number | boolean | null
/** A record as the naive evaluation sees it. */
export type Naive = Record<string, Cell>

const letters = fc.constantFrom('a', 'b', 'A', 'B', 'z', 'é', 'É', '_', '%', "'", '\\', '7', 'ß', '日')
/** Text that an org stores as it is: no blanks at its ends, never empty. */
export const text = fc.array(letters, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''))
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null, freq: 3 })
export const TYPES = ['Prospect', 'Other', 'Technology Partner']
export const amount = fc.integer({ min: -3, max: 5 })
export const ROLES = ['Business User', 'Decision Maker', 'Evaluator']
const HOUR = 3_600_000

/** `YYYY-MM-DD`, so many days from now. */
function dayFromNow(days: number): string {
  return new Date(NOON + days * 24 * HOUR).toISOString().slice(0, 10)
}

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
      /** Hours before now; within weeks, and around years. */
      age: fc.oneof(fc.integer({ min: -60, max: 60 }), fc.integer({ min: -9000, max: 18_000 })),
      owner: fc.constantFrom('admin', 'rep'),
      parent: maybe(fc.nat(11)),
    }),
    { minLength: 1, maxLength: 12 },
  ),
  contacts: fc.array(
    fc.record({
      LastName: text,
      Title: maybe(text),
      Birthdate: maybe(fc.integer({ min: -40, max: 40 }).map(dayFromNow)),
      roles: maybe(fc.subarray(ROLES, { minLength: 1 })),
      owner: fc.constantFrom('admin', 'rep'),
      account: maybe(fc.nat(11)),
    }),
    { maxLength: 14 },
  ),
  tasks: fc.array(fc.record({ Subject: text, about: fc.oneof(fc.nat(11), fc.constantFrom('deal', null)), amount }), {
    maxLength: 6,
  }),
  /** Where the administrator lives. */
  zone: fc.constantFrom('GMT', 'America/Los_Angeles', 'Asia/Tokyo'),
})
export type People = typeof people extends fc.Arbitrary<infer T> ? T : never

export interface Loaded {
  house: House
  accounts: Naive[]
  contacts: Naive[]
  relations: Naive[]
  tasks: Naive[]
  deals: Naive[]
}

const TABLES = ['Account', 'Contact', 'AccountContactRelation', 'Opportunity', 'Task']

/** Puts the rows in the place of those of the org and gives them as an org stores them, in order of creation. */
export function load(house: House, { accounts, contacts, tasks, zone }: People): Loaded {
  for (const table of TABLES) house.org.tables.run(`DELETE FROM "${table}"`)
  house.org.update(house.as('admin'), 'User', house.as('admin').userId, { TimeZoneSidKey: zone })
  const owned = <T extends { owner: string }>({ owner, ...row }: T) => ({ ...row, OwnerId: house.as(owner).userId })
  const accountRows = accounts.map((account) => {
    const { parent: _, age, ...row } = owned(account)
    return { ...row, CreatedDate: NOON - age * HOUR }
  })
  const created = ({ CreatedDate }: { CreatedDate: number }) => ({ CreatedDate: new Date(CreatedDate).toISOString() })
  const ids = house.org.load(
    'Account',
    accountRows.map((row) => ({ ...row, ...created(row) })),
  )
  // A parent must exist before it is pointed at, so the pointing rows are loaded with ids of their own choice.
  const stored = accountRows.map((row, i): Naive => ({ ...row, Id: ids[i]!, ParentId: null }))
  const children = accounts.flatMap(({ parent, owner, Name }) => {
    if (parent === null) return []
    return [{ Name, ParentId: ids[parent % ids.length]!, OwnerId: house.as(owner).userId, CreatedDate: NOON }]
  })
  const childIds = house.org.load(
    'Account',
    children.map((row) => ({ ...row, ...created(row) })),
  )
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
    const { account, roles: _, ...row } = owned(contact)
    return { ...row, AccountId: account === null ? null : String(all[account % all.length]!['Id']) }
  })
  const contactIds = house.org.load('Contact', contactRows)
  house.org.tables.run('DELETE FROM "AccountContactRelation"')
  const relations = contacts.map(({ roles }, i) => ({
    AccountId: String(all[0]!['Id']),
    ContactId: contactIds[i]!,
    Roles: roles === null ? null : roles.join(';'),
  }))
  house.org.load('AccountContactRelation', relations)
  return {
    house,
    accounts: all,
    contacts: contactRows.map((row, i): Naive => ({ ...row, Id: contactIds[i]!, IsDeleted: false })),
    relations,
    ...activities(house, all, tasks),
  }
}

/** Tasks about accounts, about deals of their own, or about nothing. */
function activities(house: House, accounts: Naive[], tasks: People['tasks']): Pick<Loaded, 'tasks' | 'deals'> {
  const deals: Naive[] = []
  const rows = tasks.map(({ Subject, about, amount: Amount }): Record<string, Value> => {
    if (about === null) return { Subject, WhatId: null }
    if (about !== 'deal') return { Subject, WhatId: String(accounts[Number(about) % accounts.length]!['Id']) }
    const deal = { Name: Subject, StageName: 'Prospecting', CloseDate: '2026-12-01', Amount }
    const [Id = ''] = house.org.load('Opportunity', [deal])
    deals.push({ ...deal, Id })
    return { Subject, WhatId: Id }
  })
  const ids = house.org.load('Task', rows)
  return { deals, tasks: rows.map((row, i): Naive => ({ ...row, Id: ids[i]! })) }
}
