// Random accounts with what hangs on them: merged, meddled with, undone, and compared record by record.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { childQueries, originsOf } from '../../../server/brain/undo/moved-children.ts'
import type { Held, Stay } from '../../../server/brain/undo/plan/plan-parts.ts'
import { planUndo } from '../../../server/brain/undo/plan/undo-plan.ts'
import type { JournalEntry } from '../../../server/brain/ports/runs.ts'
import { grantHash, type Grant } from '../../../server/contract/grant.ts'
import type { Operation, OperationOf } from '../../../server/contract/operations/operation.ts'
import type { RecordKey } from '../../../server/contract/values/ids.ts'
import type { ToolOutput } from '../../../server/contract/tools.ts'
import { activate, approve, callTool } from '../../salesforce-mcp/calling.ts'
import { openHouse, type House } from '../../salesforce-mcp/house.ts'
import { GATES, grant as shipped, sealedOf } from '../../salesforce-mcp/signing.ts'

const LOOKUPS = { Contact: 'AccountId', Opportunity: 'AccountId', Case: 'AccountId', Task: 'WhatId' } as const
type Child = keyof typeof LOOKUPS
const CHILDREN = Object.keys(LOOKUPS) as Child[]
const GRAPHS = 24

const moving = Object.entries(LOOKUPS).map(([object, field]) => {
  const { kinds = [], fields = [] } = shipped.writes[object] ?? {}
  return [object, { kinds: [...new Set([...kinds, 'update' as const])], fields: [...new Set([...fields, field])] }]
})
const grant: Grant = { ...shipped, writes: { ...shipped.writes, ...(Object.fromEntries(moving) as Grant['writes']) } }

type Meddling = 'phone' | 'move' | 'delete' | 'email' | 'restore' | 'add'
interface Graph {
  survivor: { Phone: string | null; Website: string | null }
  losers: (Record<Child, number> & { Phone: string | null; Website: string | null })[]
  meddling: Meddling[]
  /** Which of the records is meddled with. */
  pick: number
}
const text = (...some: string[]) => fc.constantFrom<(string | null)[]>(null, ...some)
const phone = text('415 555 0100', '415 555 0101')
const site = text('acme.example', 'www.acme.example')
const some = fc.nat({ max: 2 })
const loser = fc.record({ Phone: phone, Website: site, Contact: some, Opportunity: some, Case: some, Task: some })
const anyGraph: fc.Arbitrary<Graph> = fc.record({
  survivor: fc.record({ Phone: phone, Website: site }),
  losers: fc.array(loser, { minLength: 1, maxLength: 2 }),
  meddling: fc.subarray<Meddling>(['phone', 'move', 'delete', 'email', 'restore', 'add']),
  pick: fc.nat({ max: 20 }),
})

type Values = Record<string, unknown>
/** Values by record id. */
type Snapshot = Map<string, Values>

let house: House
beforeAll(async () => {
  house = await openHouse({}, [grant])
  await activate(house.client, [house.ids.admin, house.ids.second], grant)
})
afterAll(() => house.close())

const admin = () => ({ userId: house.ids.admin, api: 'ui', version: '66.0' }) as const

interface Built {
  survivor: string
  losers: string[]
  children: (RecordKey & { object: Child; of: string })[]
  third: string
}

function build(graph: Graph): Built {
  const { org } = house.org
  const account = (Name: string, values: object) => org.create(admin(), 'Account', { Name, ...values })
  const survivor = account('Acme', graph.survivor)
  const third = account('Other', {})
  const children: Built['children'] = []
  const losers = graph.losers.map(({ Phone, Website, ...counts }) => {
    const id = account('ACME', { Phone, Website })
    for (const object of CHILDREN)
      for (let n = 0; n < counts[object]; n += 1)
        children.push({ object, id: org.create(admin(), object, newChild(object, id)), of: id })
    return id
  })
  return { survivor, losers, children, third }
}

function newChild(object: Child, parent: string): Record<string, string> {
  const deal = { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2027-01-31' }
  const own = {
    Contact: { LastName: 'Roe' },
    Opportunity: deal,
    Case: { Subject: 'Broken' },
    Task: { Subject: 'Call' },
  }
  return { ...own[object], [LOOKUPS[object]]: parent }
}

function mergeOf({ survivor, losers, children }: Built, { survivor: own, losers: all }: Graph): OperationOf<'merge'> {
  const taken = (['Phone', 'Website'] as const).flatMap((field) => {
    const value = all.map((each) => each[field]).find((each) => each !== null)
    return own[field] === null && value ? [[field, { from: null, to: value, source: 'rule:filled' }] as const] : []
  })
  const moves = CHILDREN.flatMap((object) => {
    const ids = children.filter((child) => child.object === object).map(({ id }) => id)
    return ids.length > 0 ? [{ object, field: LOOKUPS[object], ids }] : []
  })
  return { kind: 'merge', object: 'Account', survivor, losers, fields: Object.fromEntries(taken), moves }
}

async function commit(operations: Operation[]): Promise<string[]> {
  house.later(2000)
  const named = { grant: grantHash(grant), operations }
  const { base, blockers, drift } = await house.call('checkChangeSet', { ...named, base: {} })
  expect([blockers, drift]).toEqual([[], []])
  const sealed = sealedOf(operations, base, { grant: grantHash(grant), gate: GATES[1] })
  const approvals = [
    await approve(house.client, sealed, house.ids.admin),
    await approve(house.client, sealed, house.ids.second),
  ]
  const answer: ToolOutput<'commitChangeSet'> = await callTool(
    house.client,
    'commitChangeSet',
    { leaves: sealed.leaves, approvals },
    'run-1',
  )
  expect(answer.transactions.map(({ status, error }) => [status, error])).toEqual(
    answer.transactions.map(() => ['written', null]),
  )
  return answer.transactions.map(({ kind }) => kind)
}

/** The way back by the code of the brain's phases, from what salesforce-mcp reads. */
async function planned(merge: OperationOf<'merge'>, { children }: Built) {
  const journal = [{ phase: 'read', answer: { accounts: merge.losers.map((id) => asRead(id, children)) } }]
  const named = { grant: grantHash(grant), operations: [merge] }
  const { records, types = {} } = await house.call('readBack', { ...named, digest: '0'.repeat(64), created: {} })
  const found = new Map(records.map((record) => [record.id, record]))
  for (const queries of childQueries([merge], grant, { read: [], facts: {} })) {
    const { results } = await house.call('soqlQuery', { grant: grantHash(grant), queries })
    results.flatMap((result) => result.records).forEach((record) => found.set(record.id, record))
  }
  const held: Held = new Map([...found].map(([id, { values }]) => [id, values]))
  const origins = originsOf(journal as unknown as JournalEntry[], new Set(merge.losers))
  return planUndo({ operations: [merge], created: {}, grant, origins, before: {}, at: null }, held, types)
}

const asRead = (id: string, children: Built['children']) => ({
  id,
  children: { All: { records: children.filter(({ of }) => of === id).map((child) => ({ id: child.id })) } },
})

/** What a user does between merge and undo; gives the fields it changed, as `id.field`. */
function meddle({ meddling, pick }: Graph, { survivor, losers, children, third }: Built): Set<string> {
  const { org } = house.org
  const at = <T>(list: readonly T[], shift = 0): T | undefined => list[(pick + shift) % Math.max(1, list.length)]
  const changed = new Set<string>()
  const contacts = children.filter(({ object }) => object === 'Contact')
  const others = children.filter(({ object }) => object !== 'Contact')
  const [contact, child] = [at(contacts), at(others)]
  for (const what of meddling) {
    if (what === 'phone') {
      org.update(admin(), 'Account', survivor, { Phone: '999' })
      changed.add(`${survivor}.Phone`)
    }
    if (what === 'move' && contact) {
      org.update(admin(), 'Contact', contact.id, { AccountId: third })
      changed.add(`${contact.id}.AccountId`)
    }
    if (what === 'email' && contact) {
      org.update(admin(), 'Contact', contact.id, { Email: 'new@acme.example' })
      changed.add(`${contact.id}.Email`)
    }
    if (what === 'delete' && child) {
      org.delete(admin(), child.object, child.id)
      for (const field of ['IsDeleted', 'AccountId', LOOKUPS[child.object]]) changed.add(`${child.id}.${field}`)
    }
    if (what === 'restore') org.undelete(admin(), at(losers) ?? '')
    if (what === 'add') org.create(admin(), 'Contact', newChild('Contact', survivor))
  }
  return changed
}

/** Fields that writes and the passing of time set. */
const STAMPS = /^(LastModified|SystemModstamp|LastActivity|LastViewed|LastReferenced|CreatedDate|attributes)/

function snapshot({ survivor, losers, children, third }: Built): Snapshot {
  const records = [survivor, ...losers, third].map((id): RecordKey => ({ object: 'Account', id })).concat(children)
  return new Map(
    records.map(({ object, id }) => {
      const fields =
        object === 'Account' ? 'Name, Phone, Website, ParentId, MasterRecordId, OwnerId' : fieldsOf(object as Child)
      const soql = `SELECT Id, IsDeleted, ${fields} FROM ${object} WHERE Id = '${id}'`
      const [row = {}] = house.org.org.query(admin(), soql, { all: true }).records as Values[]
      return [id, Object.fromEntries(Object.entries(row).filter(([name]) => !STAMPS.test(name)))] as const
    }),
  )
}

const fieldsOf = (object: Child): string =>
  ({
    Contact: 'LastName, Email, AccountId, OwnerId',
    Opportunity: 'Name, StageName, CloseDate, AccountId, OwnerId',
    Case: 'Subject, Status, AccountId, OwnerId',
    Task: 'Subject, Status, WhatId, AccountId, OwnerId',
  })[object]

/** `id.field` of everything that is not as before. */
function differences(before: Snapshot, after: Snapshot): Set<string> {
  const found = [...before].flatMap(([id, values]) =>
    Object.entries(values).flatMap(([field, value]) => (after.get(id)?.[field] === value ? [] : [`${id}.${field}`])),
  )
  return new Set(found)
}

const namedBy = (stays: readonly Stay[]): string[] =>
  stays.flatMap((stay) => ('field' in stay ? [`${stay.record.id}.${stay.field}`] : []))

/** What an undo of the merge would put back, was nothing meddled with. */
function taken({ survivor, children }: Built, merge: OperationOf<'merge'>): Set<string> {
  const values = Object.keys(merge.fields).map((field) => `${survivor}.${field}`)
  return new Set([...values, ...children.map(({ object, id }) => `${id}.${LOOKUPS[object]}`)])
}

describe('undo of a merge', () => {
  const kinds = new Set<string>()
  const graphs = fc.sample(anyGraph, { seed: 20_261_130, numRuns: GRAPHS })

  it.each(graphs.map((graph, n) => [n + 1, graph] as const))('brings everything back, graph %i', async (_n, graph) => {
    const built = build(graph)
    const before = snapshot(built)
    const merge = mergeOf(built, graph)
    await commit([merge])
    const meddled = meddle(graph, built)
    const plan = await planned(merge, built)
    if (plan.operations.length > 0) for (const kind of await commit(plan.operations)) kinds.add(kind)
    const different = differences(before, snapshot(built))
    // Whatever is not as before was meddled with; of that, what the undo would have put back is named.
    expect([...different].filter((name) => !meddled.has(name))).toEqual([])
    const wanted = taken(built, merge)
    const kept = [...meddled].filter((name) => wanted.has(name))
    expect(kept.filter((name) => !namedBy(plan.stays).includes(name))).toEqual([])
    expect(namedBy(plan.stays).filter((name) => !meddled.has(name))).toEqual([])
    expect(plan.stays.filter(({ why }) => why !== 'changed' && why !== 'merge-drops')).toEqual([])
  })

  it.each(['undelete', 'update'])('finds the request %s standing although its answer was lost', async (soapAction) => {
    const none = { Contact: 0, Opportunity: 0, Case: 0, Task: 0, Phone: null, Website: null }
    const graph: Graph = {
      survivor: { Phone: null, Website: null },
      losers: [{ ...none, Contact: 2 }],
      meddling: [],
      pick: 0,
    }
    const built = build(graph)
    const before = snapshot(built)
    const merge = mergeOf(built, graph)
    await commit([merge])
    await house.fault({ mode: 'cut-after', match: { soapAction }, count: 1 })
    expect(await commit((await planned(merge, built)).operations)).toEqual(['composite', 'undelete', 'reattach'])
    expect(differences(before, snapshot(built))).toEqual(new Set())
  })

  it('took restores and moves back to do so', () => {
    expect([...kinds]).toEqual(expect.arrayContaining(['composite', 'undelete', 'reattach']))
  })
})
