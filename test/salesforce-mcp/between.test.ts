// Guarantees 6 and 7: right before each request of a commit the org is looked at again; what others changed meanwhile stops the rest.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  BORIS,
  LOSER,
  merge,
  openMerging,
  owner,
  rowsOf,
  sealed,
  statuses,
  SURVIVOR,
  update,
  type Merging,
} from './scripted-merge.ts'
import { created, type Script, type Sub } from './scripted-org.ts'
import type { Sealed } from './signing.ts'

let house: Merging

beforeAll(async () => {
  house = await openMerging()
})
afterAll(() => house.close())
beforeEach(() => house.renew())

const LATER = '2026-11-22T10:00:05.000+0000'
const WRITER = '005000000000009AAA'
const PERSON = '005000000000008AAA'
const DEAL = '006000000000001AAA'
const done = '<x><result><success>true</success></result></x>'
const edited = { SystemModstamp: LATER, LastModifiedDate: LATER, LastModifiedById: PERSON }
const written = { SystemModstamp: LATER, LastModifiedDate: LATER, LastModifiedById: WRITER }

interface Now {
  survivor: object
  loser: object
}

/** An org that does what the change set says; `meanwhile` happens right after the n-th request that writes. */
function orgOf(set: Sealed, meanwhile: Readonly<Record<number, Partial<Now>>>): Script {
  const now: Now = { survivor: {}, loser: {} }
  let n = 0
  const after = (own: Partial<Now>) => {
    n += 1
    const other = meanwhile[n] ?? {}
    now.survivor = { ...now.survivor, ...own.survivor, ...other.survivor }
    now.loser = { ...now.loser, ...own.loser, ...other.loser }
  }
  return {
    query: (soql) => rowsOf(set, now)?.(soql) ?? [],
    write: (subs) => {
      after({ survivor: { AnnualRevenue: 12345678901234567.89, ...written } })
      return subs.map(created)
    },
    soap: (envelope) => {
      after(envelope.includes('<merge>') ? {} : { survivor: { OwnerId: BORIS, ...written } })
      return done
    },
  }
}

describe('a commit of which a part stands', () => {
  const whole = () => sealed(update, owner, merge)

  it('goes on over what it wrote itself, and over what the org changes by itself', async () => {
    const set = whole()
    house.org.script = orgOf(set, { 1: { loser: { SystemModstamp: LATER } } })
    const result = await house.commit(set)
    expect(statuses(result)).toEqual(['composite written', 'owners written', 'merge written'])
    expect([result.drift, result.gate, result.calls]).toEqual([[], null, 5])
  })

  it.each([
    ['the owner that it replaces', 1, { survivor: { OwnerId: PERSON, ...edited } }, SURVIVOR, 'OwnerId', 1],
    ['the record that would vanish', 2, { loser: { Type: 'DO NOT MERGE', ...edited } }, LOSER, 'SystemModstamp', 2],
    ['a value that the merge replaces', 2, { survivor: { Website: 'y', ...edited } }, SURVIVOR, 'Website', 2],
    ['the record, which is gone', 2, { loser: { IsDeleted: true } }, LOSER, 'IsDeleted', 2],
  ])('sends no more when another user changed %s', async (_title, n, change, id, field, sent) => {
    const set = whole()
    house.org.script = orgOf(set, { [n]: change })
    const result = await house.commit(set)
    const expected = ['composite written', 'owners written', 'merge written'].map((each, index) =>
      index < sent ? each : each.replace('written', 'notSent'),
    )
    expect(statuses(result)).toEqual(expected)
    expect(result.drift).toMatchObject([{ id, field, by: 'Somebody Else' }])
    expect(house.org.writes).toHaveLength(sent)
  })

  it('sends no merge of an account to which a child record came', async () => {
    const set = whole()
    const came = { Opportunities: { totalSize: 1, done: true, records: [deal(900_000)] } }
    house.org.script = orgOf(set, { 2: { loser: came } })
    const result = await house.commit(set)
    expect(statuses(result)).toEqual(['composite written', 'owners written', 'merge notSent'])
    expect(result.drift).toMatchObject([{ id: DEAL, object: 'Opportunity', now: LOSER }])
  })

  it('sends no merge that the gate blocks by now', async () => {
    const set = whole()
    house.org.script = orgOf(set, { 2: { survivor: { Legal_Hold__c: true } } })
    const result = await house.commit(set)
    expect(statuses(result)).toEqual(['composite written', 'owners written', 'merge notSent'])
    expect(result.gate).toMatchObject({ block: 'Legal hold' })
  })

  it('looks before a merge that follows the composite at once', async () => {
    const set = sealed(update, merge)
    house.org.script = orgOf(set, { 1: { loser: edited } })
    const result = await house.commit(set)
    expect(statuses(result)).toEqual(['composite written', 'merge notSent'])
    expect(result.drift).toMatchObject([{ id: LOSER, field: 'SystemModstamp' }])
  })

  it('sends no merge when it is begun again after another user changed the loser', async () => {
    const set = whole()
    house.org.script = {
      query: rowsOf(set, { receipt: true, survivor: { OwnerId: BORIS, ...written }, loser: edited }),
    }
    const result = await house.commit(set)
    expect(statuses(result)).toEqual(['composite already', 'owners already', 'merge notSent'])
    expect(result.drift).toMatchObject([{ id: LOSER, field: 'SystemModstamp' }])
    expect(house.org.writes).toEqual([])
  })
})

describe('a record that is changed between the look and the first write', () => {
  const refused = ({ referenceId }: Sub) => ({ referenceId, httpStatusCode: 412, httpHeaders: {}, body: null })

  it('is looked at again: a change beside what is written does not matter', async () => {
    const set = sealed(update)
    const now: Partial<Now> = {}
    const answers = [refused, created]
    house.org.script = {
      query: (soql) => rowsOf(set, now)?.(soql) ?? [],
      write: (subs) => {
        now.survivor = { Phone: '9', ...edited }
        return subs.map(answers.shift() ?? created)
      },
    }
    expect(statuses(await house.commit(set))).toEqual(['composite written'])
    expect(house.org.writes[1]).toContain('"If-Unmodified-Since":"Sun, 22 Nov 2026 10:00:05 GMT"')
  })

  it('is drift when it is the value that would be replaced', async () => {
    const set = sealed(update)
    const now: Partial<Now> = {}
    house.org.script = {
      query: (soql) => rowsOf(set, now)?.(soql) ?? [],
      write: (subs) => {
        now.survivor = { AnnualRevenue: 7, ...edited }
        return subs.map(refused)
      },
    }
    const result = await house.commit(set)
    expect(statuses(result)).toEqual(['composite notSent'])
    expect(result.drift).toMatchObject([{ id: SURVIVOR, field: 'AnnualRevenue', now: '7' }])
  })

  it('waits when it is changed again and again', async () => {
    const set = sealed(update)
    house.org.script = { query: rowsOf(set), write: (subs) => subs.map(refused) }
    await expect(house.commit(set)).rejects.toMatchObject({ error: { code: 'locked', retryable: true } })
  })
})

it('what reading can foresee as refused is refused before the first write', async () => {
  const set = sealed(update, owner, merge)
  house.org.script = { query: rowsOf(set, { survivor: { ParentId: LOSER } }) }
  await expect(house.commit(set)).rejects.toMatchObject({
    error: { code: 'refused', message: expect.stringContaining('the parent of another') },
  })
  expect(house.org.writes).toEqual([])
})

const deal = (Amount: number) => ({
  attributes: { type: 'Opportunity', url: `/services/data/v66.0/sobjects/Opportunity/${DEAL}` },
  Id: DEAL,
  Amount,
  IsClosed: false,
  IsWon: false,
})
