// Guarantee 6: what a mission asserts is judged by the writer, on what it reads itself right before the first write.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Assertion } from '../../../server/contract/assertion.ts'
import type { SealedDocument } from '../../../server/contract/change-set.ts'
import { grantHash, type Grant } from '../../../server/contract/grant.ts'
import { approve, callTool } from '../calling.ts'
import { BORIS, LOSER, openMerging, rowsOf, statuses, SURVIVOR, update, type Merging } from '../scripted-merge.ts'
import { grant, registeredRow, sealedOf, type Sealed } from '../signing.ts'

const THEN = '2026-11-22T10:00:00.000+0000'
const HOLDS = "account.Type == 'Prospect' && account.AnnualRevenue >= 1000000.10"
const asserting: Grant = {
  ...grant,
  assertions: [{ holds: HOLDS, over: { account: { object: 'Account', sole: true } } }],
}
const stated: Assertion = { holds: HOLDS, over: [{ step: 'account', object: 'Account', id: SURVIVOR }] }

let house: Merging

beforeAll(async () => {
  house = await openMerging()
})
afterAll(() => house.close())
beforeEach(() => house.renew())

async function commit(set: Sealed, now: Parameters<typeof rowsOf>[1] = {}, opened: Grant = asserting) {
  const usual = rowsOf(set, now)
  house.org.script.query ??= usual
  await house.open(opened)
  const approvals = [await approve(house.client, set, BORIS)]
  return callTool(house.client, 'commitChangeSet', { leaves: set.leaves, approvals }, 'run-1')
}

const sealed = (changes: Partial<SealedDocument> = { assertions: [stated] }) =>
  sealedOf([update], { [SURVIVOR]: THEN }, { grant: grantHash(asserting), ...changes })

describe('a change set with assertions', () => {
  it('is written while they hold, numbers compared exactly', async () => {
    expect(statuses(await commit(sealed()))).toEqual(['composite written'])
  })

  it('writes nothing once one no longer holds, and names it', async () => {
    const result = await commit(sealed(), { survivor: { Type: 'Customer - Direct' } })
    expect(result.unheld).toEqual([stated])
    expect(statuses(result)).toEqual(['composite notSent'])
    expect(house.org.writes).toEqual([])
  })

  it('writes nothing where a field of it cannot be read', async () => {
    const result = await commit(sealed(), { survivor: { Type: undefined } })
    expect(result.unheld).toEqual([stated])
    expect(house.org.writes).toEqual([])
  })

  it.each([
    ['leaves it out', {}],
    ['states another condition', { assertions: [{ ...stated, holds: 'account.Type != null' }] }],
    ['names another record', { assertions: [{ ...stated, over: [{ ...stated.over[0]!, id: LOSER }] }] }],
    ['names another object', { assertions: [{ ...stated, over: [{ ...stated.over[0]!, object: 'Lead' }] }] }],
  ])('is refused as a breach when it %s', async (_title, changes) => {
    await expect(commit(sealed(changes))).rejects.toMatchObject({ error: { code: 'refused', breach: true } })
    expect(house.org.writes).toEqual([])
  })

  it('is refused as a breach when it claims to put back a decision of which the org holds no receipt', async () => {
    await expect(commit(sealed({ undoes: 'decision-0' }))).rejects.toMatchObject({
      error: { code: 'refused', breach: true, message: expect.stringContaining('no receipt of decision-0') },
    })
    expect(house.org.writes).toEqual([])
  })

  it('puts back a decision that was written, whatever is asserted', async () => {
    const set = sealed({ undoes: 'decision-0' })
    const usual = rowsOf(set, { survivor: { Type: 'Customer - Direct' } })
    house.org.script.query = (soql) =>
      soql.includes("Decision__c = 'decision-0'") ? [{ Id: 'a00000000000001AAA' }] : (usual?.(soql) ?? [])
    expect(statuses(await commit(set))).toEqual(['composite written'])
  })

  it('is refused by the register when its condition could run long', async () => {
    const costly = { ...asserting, assertions: [{ holds: '[1].all(a, a > 0)', over: {} }] } as Grant
    house.org.register = [registeredRow(house.options.sealKey, costly)]
    await expect(
      callTool(house.client, 'activateGrant', {
        grant: costly,
        before: null,
        decisions: [await approve(house.client, sealed(), BORIS)],
      }),
    ).rejects.toMatchObject({ error: { message: expect.stringContaining('walks a list') } })
  })
})
