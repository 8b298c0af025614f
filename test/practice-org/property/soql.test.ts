import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RecordJson } from '../../../server/practice-org/org.ts'
import { refusalOf } from '../engine/house.ts'
import { type Filter, holds, type Order, orderSoql, type Read, soqlOf, sorted } from './naive.ts'
import { amount, type Cell, load, type Loaded, type Naive, people, text, TYPES } from './people.ts'

const RUNS = { numRuns: 20, interruptAfterTimeLimit: 10_000 }
const QUERIES = 12
const TEXTS = ['Name', 'Phone', 'Parent.Name', 'Parent.Phone']
const NUMBERS = ['NumberOfEmployees', 'AnnualRevenue', 'Parent.NumberOfEmployees']

const pattern = fc
  .array(fc.constantFrom('%', '_', 'a', 'B', 'É', 'ß', "'", '\\%', '\\_', '\\\\', '日'), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''))
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null, freq: 5 })
const list = <T>(values: fc.Arbitrary<T>) => fc.array(values, { minLength: 1, maxLength: 4 })
const leaf: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({
    field: fc.constantFrom(...TEXTS),
    operator: fc.constantFrom('=', '!='),
    value: maybe(text),
  }),
  fc.record({
    field: fc.constantFrom(...TEXTS),
    operator: fc.constantFrom('<', '<=', '>', '>='),
    value: text,
  }),
  fc.record({ field: fc.constantFrom(...TEXTS), operator: fc.constant('LIKE'), value: pattern }),
  fc.record({ field: fc.constantFrom(...TEXTS), operator: fc.constantFrom('IN', 'NOT IN'), value: list(text) }),
  fc.record({
    field: fc.constantFrom('Type', 'Parent.Type'),
    operator: fc.constantFrom('IN', 'NOT IN'),
    value: list(maybe(fc.constantFrom(...TYPES))),
  }),
  fc.record({
    field: fc.constantFrom(...NUMBERS),
    operator: fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
    value: amount,
  }),
  fc.record({ field: fc.constantFrom(...NUMBERS), operator: fc.constantFrom('=', '!='), value: fc.constant(null) }),
  fc.record({
    field: fc.constantFrom('Legal_Hold__c'),
    operator: fc.constantFrom('=', '!='),
    value: fc.boolean(),
  }),
)
const filter: fc.Arbitrary<Filter> = fc.letrec<{ tree: Filter }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({ not: tie('tree') }),
    fc.record({ all: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }) }),
  ),
})).tree
const order: fc.Arbitrary<Order> = fc.record({
  field: fc.constantFrom('Name', 'Phone', 'Type', 'NumberOfEmployees', 'Parent.Name', 'Legal_Hold__c'),
  descending: fc.boolean(),
  nulls: fc.constantFrom(undefined, 'FIRST', 'LAST'),
})
const query = fc.record({
  where: fc.option(filter),
  orders: fc.array(order, { maxLength: 2 }),
  limit: fc.option(fc.integer({ min: 1, max: 10 })),
  offset: fc.option(fc.nat(4)),
  all: fc.boolean(),
  login: fc.constantFrom('admin', 'rep'),
})
type Query = typeof query extends fc.Arbitrary<infer T> ? T : never

/** What one person sees of the accounts, and how he reads a path from one of them. */
function view(loaded: Loaded, login: string, all: boolean): { rows: Naive[]; read: Read<Naive> } {
  const shared = sharedAccounts(loaded, login)
  const rows = loaded.accounts.filter((row) => (all || !row['IsDeleted']) && shared.has(row['Id']!))
  const byId = new Map(rows.map((row) => [row['Id'], row]))
  const read: Read<Naive> = (row, path) => {
    const [first = '', rest] = path.split('.')
    if (!rest) return row[first] ?? null
    const parent = byId.get(row['ParentId'] ?? null)
    if (parent) return parent[rest] ?? null
    return null
  }
  return { rows, read }
}

/** A seller sees the accounts he owns, and those he owns a contact of. */
function sharedAccounts({ house, accounts, contacts }: Loaded, login: string): Set<Cell> {
  const { userId } = house.as(login)
  const through = new Set(contacts.filter((row) => row['OwnerId'] === userId).map((row) => row['AccountId']))
  const isShared = (row: Naive) => login === 'admin' || row['OwnerId'] === userId || through.has(row['Id'])
  return new Set(accounts.filter(isShared).map((row) => row['Id']!))
}

const where = (each: Pick<Query, 'where'>) => (each.where ? ` WHERE ${soqlOf(each.where)}` : '')
const idsOf = (records: readonly Record<string, unknown>[]) => records.map((record) => record['Id'])
const ask = ({ house }: Loaded, login: string, soql: string, all: boolean): RecordJson[] =>
  house.org.query(house.as(login), soql, { all }).records

/** Whatever names a field the caller may not read is refused; the evaluation below never has to know of it. */
function refused(loaded: Loaded, soql: string, { login, all }: Query): boolean {
  if (login !== 'rep' || !soql.includes('AnnualRevenue')) return false
  expect(refusalOf(() => ask(loaded, login, soql, all))?.errorCode, soql).toBe('INVALID_FIELD')
  return true
}

describe('a random query over random data', () => {
  it('finds what a naive evaluation finds, in the same order', () => {
    fc.assert(
      fc.property(people, fc.array(query, { minLength: QUERIES, maxLength: QUERIES }), (data, queries) => {
        const loaded = load(data)
        for (const each of queries) {
          const { rows, read } = view(loaded, each.login, each.all)
          const soql =
            `SELECT Id, Name, Parent.Name FROM Account${where(each)}` +
            (each.orders.length ? ` ORDER BY ${orderSoql(each.orders)}` : '') +
            (each.limit === null ? '' : ` LIMIT ${each.limit}`) +
            (each.offset === null ? '' : ` OFFSET ${each.offset}`)
          if (refused(loaded, soql, each)) continue
          const found = rows.filter((row) => each.where === null || holds(each.where, row, read))
          const start = each.offset ?? 0
          const expected = sorted(found, each.orders, read).slice(start, start + (each.limit ?? found.length))
          const records = ask(loaded, each.login, soql, each.all)
          // The first few without ORDER BY may be any of those found.
          if (each.limit !== null && each.orders.length === 0) {
            expect(records, soql).toHaveLength(expected.length)
            expect(idsOf(found)).toEqual(expect.arrayContaining(idsOf(records)))
            continue
          }
          expect(idsOf(records), soql).toEqual(idsOf(expected))
          const parents = records.map((record) => (record['Parent'] as RecordJson | null)?.['Name'] ?? null)
          expect(parents).toEqual(expected.map((row) => read(row, 'Parent.Name')))
        }
        loaded.house.org.close()
      }),
      RUNS,
    )
  })

  it('counts and sums each group as adding up by hand does', () => {
    fc.assert(
      fc.property(people, fc.array(query, { minLength: QUERIES, maxLength: QUERIES }), (data, queries) => {
        const loaded = load(data)
        for (const each of queries) {
          const { rows, read } = view(loaded, each.login, each.all)
          const soql =
            'SELECT Type, COUNT(Id) n, SUM(NumberOfEmployees) total, MIN(NumberOfEmployees) least, ' +
            `COUNT_DISTINCT(Phone) phones FROM Account${where(each)} GROUP BY Type ORDER BY Type`
          if (refused(loaded, soql, each)) continue
          const found = rows.filter((row) => each.where === null || holds(each.where, row, read))
          const groups = Map.groupBy(found, (row) => row['Type'] ?? null)
          const named = [...groups.keys()].map((Type): Naive => ({ Type }))
          const order: Order = { field: 'Type', descending: false, nulls: undefined }
          const expected = sorted(named, [order], (row, path) => row[path] ?? null).map((row) =>
            groupOf(row['Type'], groups.get(row['Type'] ?? null) ?? []),
          )
          const records = ask(loaded, each.login, soql, each.all).map(({ attributes: _, ...record }) => record)
          expect(records, soql).toEqual(expected)
        }
        loaded.house.org.close()
      }),
      RUNS,
    )
  })

  it('joins children and semi-joins as following the lookups by hand does', () => {
    fc.assert(
      fc.property(people, fc.array(query, { minLength: 6, maxLength: 6 }), text, (data, queries, name) => {
        const loaded = load(data)
        for (const each of queries) joinsAgree(loaded, each, name)
        loaded.house.org.close()
      }),
      RUNS,
    )
  })
})

function groupOf(type: unknown, rows: Naive[]) {
  const numbers = rows.flatMap((row) =>
    typeof row['NumberOfEmployees'] === 'number' ? [row['NumberOfEmployees']] : [],
  )
  // Distinctness is that of the column: the case of the letters A to Z does not count.
  const phones = new Set(
    rows.flatMap((row) =>
      row['Phone'] === null ? [] : [String(row['Phone']).replace(/[A-Z]/g, (a) => a.toLowerCase())],
    ),
  )
  return {
    Type: type,
    n: rows.length,
    total: numbers.length ? numbers.reduce((a, b) => a + b) : null,
    least: numbers.length ? Math.min(...numbers) : null,
    phones: phones.size,
  }
}

function joinsAgree(loaded: Loaded, each: Query, name: string): void {
  const { rows, read } = view(loaded, each.login, each.all)
  const { userId } = loaded.house.as(each.login)
  // Rights on a contact follow its account, whether that is in the recycle bin or not.
  const shared = sharedAccounts(loaded, each.login)
  const contacts = loaded.contacts.filter(
    (row) => each.login === 'admin' || row['OwnerId'] === userId || shared.has(row['AccountId'] ?? null),
  )
  const quoted = name.replace(/[\\']/g, '\\$&')
  const named = contacts.filter((row) => String(row['LastName']).toLowerCase() !== name.toLowerCase())
  const withNamed = new Set(named.map((row) => row['AccountId']))
  for (const operator of ['IN', 'NOT IN']) {
    const soql =
      `SELECT Id, (SELECT Id FROM Contacts WHERE LastName != '${quoted}' ORDER BY LastName DESC) FROM Account ` +
      `WHERE Id ${operator} (SELECT AccountId FROM Contact WHERE LastName != '${quoted}')`
    const expected = rows.filter((row) => withNamed.has(row['Id'] ?? null) === (operator === 'IN'))
    const records = ask(loaded, each.login, soql, each.all)
    expect(idsOf(records), soql).toEqual(idsOf(expected))
    for (const [i, record] of records.entries()) {
      const mine = named.filter((row) => row['AccountId'] === expected[i]!['Id'])
      const order: Order = { field: 'LastName', descending: true, nulls: undefined }
      const children = record['Contacts'] as { records: RecordJson[] } | null
      expect(idsOf(children?.records ?? []), soql).toEqual(idsOf(sorted(mine, [order], read)))
    }
  }
}
