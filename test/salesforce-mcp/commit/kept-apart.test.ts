// Records that a person said are not the same: entered on the org's signature alone, and merged by no commit.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { approve, callTool } from '../calling.ts'
import {
  ANNA,
  BORIS,
  LOSER,
  merge,
  openMerging,
  rowsOf,
  sealed,
  statuses,
  SURVIVOR,
  type Merging,
} from '../scripted-merge.ts'
import type { Sealed } from '../signing.ts'

let house: Merging

beforeAll(async () => {
  house = await openMerging()
})
afterAll(() => house.close())
beforeEach(() => house.renew())

const PAIR = { Record__c: SURVIVOR, Other__c: LOSER, Until__c: null }
const apartOnly = (set: Sealed, rows: object[]) => {
  const usual = rowsOf(set)
  return (soql: string) => (soql.includes('FROM Mission_Exclusion__c') ? rows : (usual?.(soql) ?? []))
}
const rejection = (set: Sealed, userId = BORIS, claims: Record<string, unknown> = {}) =>
  approve(house.client, set, userId, { claims: { verb: 'reject', ...claims } })
const keep = async (set: Sealed, signed: Awaited<ReturnType<typeof rejection>>) => {
  await house.open()
  const input = { leaves: set.leaves, rejection: signed, reason: 'not-the-same' }
  return callTool(house.client, 'keepApart', input, 'run-1')
}

describe('a merge of records that are kept apart', () => {
  it.each([
    ['as a pair', [PAIR]],
    ['the other way round', [{ ...PAIR, Record__c: LOSER, Other__c: SURVIVOR }]],
    ['one of them from all', [{ ...PAIR, Record__c: LOSER, Other__c: null }]],
  ])('writes nothing, whoever approved: %s', async (_title, rows) => {
    const set = sealed(merge)
    house.org.script = { query: apartOnly(set, rows) }
    const result = await house.commit(set)
    expect(result.gate).toEqual({ block: 'A person said that these are not the same', line: -1 })
    expect(statuses(result)).toEqual(['composite notSent', 'merge notSent'])
    expect(house.org.writes).toEqual([])
  })

  it('is written when one of them is kept apart from another record', async () => {
    const set = sealed(merge)
    house.org.script = { query: apartOnly(set, [{ ...PAIR, Other__c: '001000000000009AAA' }]) }
    expect(statuses(await house.commit(set))).toEqual(['composite written', 'merge written'])
  })

  it('asks for those that hold today alone', async () => {
    const set = sealed(merge)
    house.org.script = { query: apartOnly(set, []) }
    await house.commit(set)
    const asked = house.org.queries.find((soql) => soql.includes('Mission_Exclusion__c'))
    expect(asked).toContain(`(Until__c = null OR Until__c >= ${new Date().toISOString().slice(0, 10)})`)
  })
})

describe('keeping records apart', () => {
  it('enters each pair with who said so', async () => {
    const set = sealed(merge)
    expect(await keep(set, await rejection(set))).toMatchObject({ added: 1 })
    expect(house.org.writes.join()).toContain(
      JSON.stringify({
        Key__c: `${SURVIVOR}/${LOSER}`,
        Record__c: SURVIVOR,
        Other__c: LOSER,
        Reason__c: 'not-the-same',
        Decision__c: set.document.decision,
        By__c: BORIS,
      }),
    )
  })

  it('is done already where the org refuses a second one', async () => {
    const set = sealed(merge)
    const body = [{ errorCode: 'DUPLICATE_VALUE', message: 'duplicate value found', fields: ['Key__c'] }]
    house.org.script = {
      write: (subs) => subs.map(({ referenceId }) => ({ referenceId, httpStatusCode: 400, httpHeaders: {}, body })),
    }
    expect(await keep(set, await rejection(set))).toMatchObject({ added: 0 })
  })

  it.each([
    ['an approval', { verb: 'approve' }, 'is no rejection'],
    ['a rejection of another decision', { decisionId: 'another' }, 'is of decision another'],
    ['a rejection of another version', { digest: 'c'.repeat(64) }, 'another version'],
    ['a person without the permission', { permissions: [] }, 'does not hold Decide_Missions'],
  ])('is refused on %s', async (_title, claims, message) => {
    const set = sealed(merge)
    await expect(keep(set, await rejection(set, ANNA, claims))).rejects.toMatchObject({
      error: { code: 'refused', message: expect.stringContaining(message) },
    })
    expect(house.org.writes).toEqual([])
  })
})
