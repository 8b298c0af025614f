import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { RecordJson } from '../../src/org/values.ts'
import { type House, NOON, openHouse, refusalOf } from '../support/engine-harness.ts'
import { type Clock, type Filter, holds, type Order, orderSoql, type Read, soqlOf, sorted } from './naive.ts'
import { LITERALS, PARTS } from './naive-dates.ts'
import { amount, type Cell, load, type Loaded, type Naive, type People, people, ROLES, text, TYPES } from './people.ts'

/** The same queries every time; another seed and more of them to search for what these do not find. */
const SEED = Number(process.env['SOQL_SEED'] ?? 20_261_118)
const TIMES = Number(process.env['SOQL_RUNS'] ?? 20)
const RUNS = { numRuns: TIMES, seed: SEED }
const PATIENCE = 60_000 + TIMES * 2000
const QUERIES = 12
const TEXTS = ['Name', 'Phone', 'Parent.Name', 'Parent.Phone', 'Parent.Parent.Name']
const NUMBERS = ['NumberOfEmployees', 'AnnualRevenue', 'Parent.NumberOfEmployees']

const pattern = fc
  .array(fc.constantFrom('%', '_', 'a', 'B', 'É', 'ß', "'", '\\%', '\\_', '\\\\', '日'), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''))
const COMPARISONS = ['=', '!=', '<', '<=', '>', '>=']
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
    value: maybe(fc.boolean()),
  }),
  fc.record({
    field: fc.constantFrom('CreatedDate', 'Parent.CreatedDate'),
    operator: fc.constantFrom(...COMPARISONS),
    literal: fc.constantFrom(...LITERALS),
  }),
  fc.record({
    field: fc.constantFrom('CreatedDate', 'Parent.CreatedDate'),
    operator: fc.constantFrom(...COMPARISONS),
    part: fc.constantFrom(...Object.keys(PARTS)),
    zoned: fc.boolean(),
    value: fc.oneof(fc.integer({ min: 1, max: 31 }), fc.constantFrom(2025, 2026)),
  }),
)
const contactLeaf: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({
    field: fc.constantFrom('LastName', 'Title', 'Account.Name'),
    operator: fc.constantFrom('=', '!=', '<', '>='),
    value: text,
  }),
  fc.record({ field: fc.constant('Title'), operator: fc.constantFrom('=', '!='), value: fc.constant(null) }),
  fc.record({ field: fc.constantFrom('LastName', 'Title'), operator: fc.constant('LIKE'), value: pattern }),
  fc.record({
    field: fc.constant('Birthdate'),
    operator: fc.constantFrom(...COMPARISONS),
    literal: fc.constantFrom(...LITERALS),
  }),
)
const contactFilter: fc.Arbitrary<Filter> = fc.oneof(
  contactLeaf,
  fc.record({ not: contactLeaf }),
  fc.record({ all: fc.array(contactLeaf, { minLength: 2, maxLength: 2 }) }),
  fc.record({ any: fc.array(contactLeaf, { minLength: 2, maxLength: 2 }) }),
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
  field: fc.constantFrom(
    'Name',
    'Phone',
    'Type',
    'NumberOfEmployees',
    'Parent.Name',
    'Legal_Hold__c',
    'CreatedDate',
    'Parent.Type',
  ),
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
    const [first = '', ...rest] = path.split('.')
    if (rest.length === 0) return row[first] ?? null
    const parent = byId.get(row['ParentId'] ?? null)
    return parent ? read(parent, rest.join('.')) : null
  }
  return { rows, read }
}

/** A seller sees the accounts he owns. */
function sharedAccounts({ house, accounts }: Loaded, login: string): Set<Cell> {
  const { userId } = house.as(login)
  const isShared = (row: Naive) => login === 'admin' || row['OwnerId'] === userId
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

let house: House
beforeAll(() => {
  house = openHouse()
})

/** Runs a property over random rows, which replace those of the run before. */
function over<T>(queries: fc.Arbitrary<T>, agree: (loaded: Loaded, each: T, clock: Clock) => void): void {
  const several = fc.array(queries, { minLength: QUERIES, maxLength: QUERIES })
  const check = (data: People, all: T[]): void => {
    const loaded = load(house, data)
    // The administrator alone lives anywhere but in GMT.
    for (const each of all) agree(loaded, each, { now: NOON, timeZone: data.zone })
  }
  fc.assert(fc.property(people, several, check), RUNS)
}
const clockOf = (clock: Clock, login: string): Clock => (login === 'admin' ? clock : { ...clock, timeZone: 'GMT' })

describe('a random query over random data', { timeout: PATIENCE }, () => {
  it('finds what a naive evaluation finds, in the same order', () => {
    over(query, (loaded, each, clock) => rowsAgree(loaded, each, clockOf(clock, each.login)))
  })

  it('counts and sums each group as adding up by hand does', () => {
    over(fc.record({ of: query, by: grouping }), (loaded, { of, by }, clock) =>
      groupsAgree(loaded, of, by, clockOf(clock, of.login)),
    )
  })

  it('joins children and semi-joins as following the lookups by hand does', () => {
    over(fc.record({ of: query, children: childQuery }), (loaded, { of, children }, clock) =>
      joinsAgree(loaded, of, children, clockOf(clock, of.login)),
    )
  })

  it('shows of a lookup of several types what each type is asked for', () => {
    over(taskQuery, typesAgree)
  })

  it('finds choices of several as sets of them', () => {
    over(fc.record({ operator: fc.constantFrom('INCLUDES', 'EXCLUDES'), sets: list(roles) }), rolesAgree)
  })
})

function rowsAgree(loaded: Loaded, each: Query, clock: Clock): void {
  const { rows, read } = view(loaded, each.login, each.all)
  const soql =
    `SELECT Id, Name, Parent.Name FROM Account${where(each)}` +
    (each.orders.length ? ` ORDER BY ${orderSoql(each.orders)}` : '') +
    (each.limit === null ? '' : ` LIMIT ${each.limit}`) +
    (each.offset === null ? '' : ` OFFSET ${each.offset}`)
  if (refused(loaded, soql, each)) return
  const found = rows.filter((row) => each.where === null || holds(each.where, row, read, clock))
  const start = each.offset ?? 0
  const expected = sorted(found, each.orders, read).slice(start, start + (each.limit ?? found.length))
  const records = ask(loaded, each.login, soql, each.all)
  // The first few without ORDER BY may be any of those found.
  if (each.limit !== null && each.orders.length === 0) {
    expect(records, soql).toHaveLength(expected.length)
    expect(idsOf(found)).toEqual(expect.arrayContaining(idsOf(records)))
    return
  }
  expect(idsOf(records), soql).toEqual(idsOf(expected))
  const parents = records.map((record) => (record['Parent'] as RecordJson | null)?.['Name'] ?? null)
  expect(parents).toEqual(expected.map((row) => read(row, 'Parent.Name')))
}

/** What rows are grouped by: SOQL of it, and its value. */
const GROUPS: Record<string, (row: Naive, read: Read<Naive>) => Cell> = {
  Type: (row) => row['Type'] ?? null,
  Legal_Hold__c: (row) => row['Legal_Hold__c'] ?? null,
  'Parent.Legal_Hold__c': (row, read) => read(row, 'Parent.Legal_Hold__c'),
  NumberOfEmployees: (row) => row['NumberOfEmployees'] ?? null,
  'CALENDAR_YEAR(CreatedDate)': (row) => new Date(Number(row['CreatedDate'])).getUTCFullYear(),
}
const grouping = fc.record({
  by: fc.subarray(Object.keys(GROUPS), { minLength: 1, maxLength: 2 }),
  rollup: fc.boolean(),
  least: fc.nat(2),
})

function groupsAgree(
  loaded: Loaded,
  each: Query,
  { by, rollup, least }: typeof grouping extends fc.Arbitrary<infer T> ? T : never,
  clock: Clock,
): void {
  const { rows, read } = view(loaded, each.login, each.all)
  // Subtotals are of fields alone.
  const isRollup = rollup && !by.some((group) => group.includes('('))
  const keys = by.map((group, i) => `${group} g${i}`).join(', ')
  const query =
    `SELECT ${keys}, COUNT(Id) n, AVG(AnnualRevenue) mean, MAX(CreatedDate) latest, ` +
    `COUNT(Phone) phones, COUNT_DISTINCT(Phone) different FROM Account${where(each)} ` +
    `GROUP BY ${isRollup ? `ROLLUP(${by.join(', ')})` : by.join(', ')} HAVING COUNT(Id) > ${least}`
  if (refused(loaded, query, each)) return
  const found = rows.filter((row) => each.where === null || holds(each.where, row, read, clock))
  const levels = isRollup ? by.map((_, i) => by.length - i).concat(0) : [by.length]
  const expected = levels.flatMap((kept) => {
    const valuesOf = (row: Naive): Cell[] =>
      by.map((group, i) => (i < kept ? (GROUPS[group]?.(row, read) ?? null) : null))
    const groups = Map.groupBy(found, (row) => JSON.stringify(valuesOf(row)))
    // All rows together are a group even when there are none.
    if (kept === 0 && groups.size === 0) groups.set(JSON.stringify(by.map(() => null)), [])
    return [...groups].map(([key, members]) => groupOf(JSON.parse(key) as Cell[], members))
  })
  const records = ask(loaded, each.login, query, each.all).map(({ attributes: _, ...record }) => record)
  const inOrder = (list: object[]) => list.map((one) => JSON.stringify(one)).sort()
  expect(inOrder(records), query).toEqual(inOrder(expected.filter(({ n }) => n > least)))
}

function groupOf(values: Cell[], rows: Naive[]) {
  const numbers = rows.flatMap((row) => (typeof row['AnnualRevenue'] === 'number' ? [row['AnnualRevenue']] : []))
  const phones = rows.flatMap((row) => (row['Phone'] === null ? [] : [String(row['Phone'])]))
  const latest = Math.max(...rows.map((row) => Number(row['CreatedDate'])))
  return {
    ...Object.fromEntries(values.map((value, i) => [`g${i}`, value])),
    n: rows.length,
    mean: numbers.length ? numbers.reduce((a, b) => a + b) / numbers.length : null,
    latest: rows.length ? new Date(latest).toISOString().replace('Z', '+0000') : null,
    phones: phones.length,
    // Distinctness is that of the column: the case of the letters A to Z does not count.
    different: new Set(phones.map((phone) => phone.replace(/[A-Z]/g, (a) => a.toLowerCase()))).size,
  }
}

const childQuery = fc.record({
  where: contactFilter,
  joined: contactFilter,
  operator: fc.constantFrom('IN', 'NOT IN'),
  orders: list(
    fc.record({
      field: fc.constantFrom('LastName', 'Title', 'Birthdate'),
      descending: fc.boolean(),
      nulls: fc.constantFrom(undefined, 'FIRST' as const, 'LAST' as const),
    }),
  ),
  limit: fc.option(fc.integer({ min: 1, max: 4 })),
})

function joinsAgree(
  loaded: Loaded,
  each: Query,
  children: typeof childQuery extends fc.Arbitrary<infer T> ? T : never,
  clock: Clock,
): void {
  const { rows } = view(loaded, each.login, each.all)
  const { userId } = loaded.house.as(each.login)
  const byId = new Map(rows.map((row) => [row['Id'], row]))
  const read: Read<Naive> = (row, path) => {
    const [first = '', rest] = path.split('.')
    return (rest ? byId.get(row['AccountId'] ?? null)?.[rest] : row[first]) ?? null
  }
  // Rights on a contact follow its account, whether that is in the recycle bin or not; without one it is its owner's.
  const shared = sharedAccounts(loaded, each.login)
  const isOwn = (row: Naive) => row['AccountId'] === null && row['OwnerId'] === userId
  const contacts = loaded.contacts.filter(
    (row) => each.login === 'admin' || isOwn(row) || shared.has(row['AccountId'] ?? null),
  )
  const withOne = new Set(
    contacts.filter((row) => holds(children.joined, row, read, clock)).map((row) => row['AccountId'] ?? null),
  )
  const limit = children.limit === null ? '' : ` LIMIT ${children.limit}`
  const soql =
    `SELECT Id, (SELECT Id FROM Contacts WHERE ${soqlOf(children.where)} ORDER BY ${orderSoql(children.orders)}${limit}) ` +
    `FROM Account WHERE Id ${children.operator} (SELECT AccountId FROM Contact WHERE ${soqlOf(children.joined)})`
  const expected = rows.filter((row) => withOne.has(row['Id'] ?? null) === (children.operator === 'IN'))
  const records = ask(loaded, each.login, soql, each.all)
  expect(idsOf(records), soql).toEqual(idsOf(expected))
  for (const [i, record] of records.entries()) {
    const mine = contacts.filter(
      (row) => row['AccountId'] === expected[i]!['Id'] && holds(children.where, row, read, clock),
    )
    const found = record['Contacts'] as { records: RecordJson[] } | null
    const ordered = sorted(mine, children.orders, read).slice(0, children.limit ?? mine.length)
    expect(idsOf(found?.records ?? []), soql).toEqual(idsOf(ordered))
  }
}

const taskQuery = fc.record({
  whens: fc.subarray(['Account', 'Opportunity']),
  hasElse: fc.boolean(),
  types: list(fc.constantFrom('Account', 'Opportunity', 'Case')),
  operator: fc.constantFrom('IN', 'NOT IN'),
})

function typesAgree(
  { house, ...loaded }: Loaded,
  each: typeof taskQuery extends fc.Arbitrary<infer T> ? T : never,
): void {
  const accounts = new Map(loaded.accounts.filter((row) => !row['IsDeleted']).map((row) => [row['Id'], row]))
  const deals = new Map(loaded.deals.map((row) => [row['Id'], row]))
  const fields: Record<string, string> = { Account: 'Phone, Parent.Name', Opportunity: 'Amount' }
  if (each.whens.length === 0) return
  const whens = each.whens.map((type) => `WHEN ${type} THEN ${fields[type]}`).join(' ')
  const list = each.types.map((type) => `'${type}'`).join(', ')
  const soql =
    `SELECT Id, TYPEOF What ${whens}${each.hasElse ? ' ELSE Name' : ''} END FROM Task ` +
    `WHERE What.Type ${each.operator} (${list})`
  const typeOf = (row: Naive) =>
    accounts.has(row['WhatId'] ?? null) ? 'Account' : deals.has(row['WhatId'] ?? null) ? 'Opportunity' : null
  const expected = loaded.tasks
    .filter((row) => each.types.includes(typeOf(row) as 'Account') === (each.operator === 'IN'))
    .map((row) => {
      const type = typeOf(row)
      const about = accounts.get(row['WhatId'] ?? null) ?? deals.get(row['WhatId'] ?? null)
      if (!type || !about) return null
      const parent = accounts.get(about['ParentId'] ?? null)
      if (!each.whens.includes(type)) return each.hasElse ? { Name: about['Name'] } : null
      if (type === 'Opportunity') return { Amount: about['Amount'] }
      return { Phone: about['Phone'], Parent: parent ? { Name: parent['Name'] } : null }
    })
  const shown = house.rows(soql).map((record) => bare(record['What']))
  expect(shown, soql).toEqual(expected)
}

/** A record, and those inside it, without what says of which type they are. */
function bare(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([name]) => name !== 'attributes')
  return Object.fromEntries(entries.map(([name, each]) => [name, bare(each)]))
}

const roles = fc.subarray(ROLES, { minLength: 1, maxLength: 2 })

function rolesAgree({ house, relations }: Loaded, { operator, sets }: { operator: string; sets: string[][] }): void {
  const soql =
    `SELECT ContactId FROM AccountContactRelation WHERE Roles ${operator} ` +
    `(${sets.map((set) => `'${set.join(';')}'`).join(', ')})`
  const expected = relations.filter(({ Roles }) => {
    const own = Roles === null ? [] : String(Roles).split(';')
    return sets.some((set) => set.every((role) => own.includes(role))) === (operator === 'INCLUDES')
  })
  expect(house.rows(soql).map((row) => row['ContactId'])).toEqual(expected.map((row) => row['ContactId']))
}
