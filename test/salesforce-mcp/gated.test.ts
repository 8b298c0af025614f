// Guarantee 1: the gate is judged by the writer, on what it reads itself right before the first write.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { approve, callTool } from './calling.ts'
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
  update,
  type Merging,
} from './scripted-merge.ts'
import { activationToken, GATES, grant, sealedOf } from './signing.ts'

let house: Merging

beforeAll(async () => {
  house = await openMerging()
})
afterAll(() => house.close())
beforeEach(() => house.renew())

const THEN = '2026-11-22T10:00:00.000+0000'
const deal = (Id: string, Amount: number | null, more: object = {}) => ({
  attributes: { type: 'Opportunity', url: `/services/data/v66.0/sobjects/Opportunity/${Id}` },
  Id,
  Amount,
  IsClosed: false,
  IsWon: false,
  ...more,
})
const DEAL = '006000000000001AAA'
const children = (records: object[], totalSize = records.length) => ({ totalSize, done: true, records })

describe('a commit whose gate is named by a brain that lies', () => {
  it('writes nothing when a merge moves more than the named line allows, whoever approved', async () => {
    const moving = { ...merge, moves: [{ object: 'Opportunity', field: 'AccountId', ids: [DEAL] }] } as typeof merge
    const set = sealedOf([moving], { [SURVIVOR]: THEN, [LOSER]: THEN }, { gate: GATES[0] })
    house.org.script = { query: rowsOf(set, { loser: { Opportunities: children([deal(DEAL, 5_000_000)]) } }) }
    const result = await house.commit(set)
    expect(result.gate).toEqual({ require: { lines: [1], rosters: [{ needs: 2, from: 'group:RevOps' }] } })
    expect(statuses(result)).toEqual(['composite notSent', 'merge notSent'])
    expect(house.org.writes).toEqual([])
  })

  it('writes nothing to a record under legal hold, on either side of a merge', async () => {
    for (const side of ['survivor', 'loser'] as const) {
      const set = sealed(merge)
      house.org.script = { query: rowsOf(set, { [side]: { Legal_Hold__c: true } }) }
      expect(await house.commit(set)).toMatchObject({ gate: { block: 'Legal hold', line: 2 } })
    }
    expect(house.org.writes).toEqual([])
  })

  it('takes the stricter line when it cannot read all that a line rests on', async () => {
    const set = sealed(merge)
    house.org.script = { query: rowsOf(set, { loser: { Opportunities: children([deal(DEAL, 1)], 300) } }) }
    const { gate } = await house.commit({ ...set })
    expect(gate).toMatchObject({ require: { lines: [1] } })
  })

  it('refuses to activate a grant with a line that could run for hours', async () => {
    const when = '[1,1,1,1].all(a, [1,1,1,1].all(b, [1,1,1,1].all(c, a + b + c > 0)))'
    const costly = { ...grant, gate: [{ when, block: 'No' }, ...grant.gate] }
    const { accepted } = await callTool(house.client, 'acceptDecision', { token: await activationToken(ANNA, costly) })
    await expect(
      callTool(house.client, 'activateGrant', { grant: costly, before: null, decisions: [accepted] }),
    ).rejects.toMatchObject({
      error: { code: 'not-granted', message: expect.stringContaining('all is not offered') },
    })
  })

  it('refuses fewer people than the change set itself asks for', async () => {
    const set = sealedOf([update], { [SURVIVOR]: THEN }, { gate: GATES[1] })
    const approvals = [await approve(house.client, set, BORIS)]
    await expect(
      callTool(house.client, 'commitChangeSet', { leaves: set.leaves, approvals }, 'run-1'),
    ).rejects.toMatchObject({
      error: { code: 'refused', message: expect.stringContaining('missing from group:RevOps') },
    })
  })
})

describe('a commit whose approver left', () => {
  it.each([
    ['is no longer active', 'FROM User ', 'is no longer an active user'],
    ['lost the permission', 'FROM PermissionSetAssignment', 'is no longer in permission:Decide_Missions'],
  ])('writes nothing when the approver %s, and names them', async (_title, table, reason) => {
    const set = sealed(update)
    const usual = rowsOf(set)
    house.org.script = { query: (soql) => (soql.includes(table) ? [] : (usual?.(soql) ?? [])) }
    const result = await house.commit(set)
    expect(result.lapsed).toEqual([{ userId: BORIS, reason }])
    expect(statuses(result)).toEqual(['composite notSent'])
    expect(house.org.writes).toEqual([])
  })

  it('writes nothing when the approver left the group that was asked, though others of it approved', async () => {
    const set = sealedOf([update], { [SURVIVOR]: THEN }, { gate: GATES[1] })
    const usual = rowsOf(set)
    const query = (soql: string) =>
      soql.includes('FROM GroupMember') ? [{ UserOrGroupId: ANNA }] : (usual?.(soql) ?? [])
    house.org.script = { query }
    const approvals = [await approve(house.client, set, ANNA), await approve(house.client, set, BORIS)]
    const result = await callTool(house.client, 'commitChangeSet', { leaves: set.leaves, approvals }, 'run-1')
    expect(result.lapsed).toEqual([{ userId: BORIS, reason: 'is no longer in group:RevOps' }])
    expect(house.org.writes).toEqual([])
  })
})

describe('a merge whose children came or went', () => {
  const moving = { ...merge, moves: [{ object: 'Opportunity', field: 'AccountId', ids: [DEAL] }] } as typeof merge
  const OTHER = '006000000000002AAA'

  it.each([
    ['one came', [deal(DEAL, 1), deal(OTHER, 1)], { id: OTHER, was: null, now: LOSER }],
    ['one went', [], { id: DEAL, was: LOSER, now: null }],
  ])('is drift: %s', async (_title, now, expected) => {
    const set = sealed(moving)
    house.org.script = { query: rowsOf(set, { loser: { Opportunities: children(now) } }) }
    const { drift } = await house.commit(set)
    expect(drift).toMatchObject([{ object: 'Opportunity', field: 'AccountId', ...expected }])
    expect(house.org.writes).toEqual([])
  })

  it('is written when they are the ones that were approved', async () => {
    const set = sealed(moving)
    house.org.script = { query: rowsOf(set, { loser: { Opportunities: children([deal(DEAL, 1)]) } }) }
    expect(statuses(await house.commit(set))).toEqual(['composite written', 'merge written'])
  })
})
