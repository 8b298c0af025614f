// Guarantee 1: the order in which a gate asks is judged by the writer, by the times at which it took the approvals.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { grantHash, type Grant } from '../../../server/contract/grant.ts'
import type { GateRequirement } from '../../../server/contract/gate/lines.ts'
import { approve, callTool } from '../calling.ts'
import { ANNA, BORIS, openMerging, rowsOf, statuses, SURVIVOR, update, type Merging } from '../scripted-merge.ts'
import { grant, sealedOf, type Sealed } from '../signing.ts'

const THEN = '2026-11-22T10:00:00.000+0000'
const revOps = [{ needs: 1, from: 'group:RevOps' }]
const finance = [{ needs: 1, from: 'group:Finance' }]
const staging: Grant = { ...grant, gate: [{ otherwise: true, asks: finance, then: revOps }] }
const gate: GateRequirement = { lines: [0], rosters: finance, then: revOps }
const FINANCE = { claims: { groups: ['Finance'] } }

let house: Merging

beforeAll(async () => {
  house = await openMerging()
})
afterAll(() => house.close())
beforeEach(() => house.renew())

const sealed = (asked: GateRequirement = gate): Sealed =>
  sealedOf([update], { [SURVIVOR]: THEN }, { grant: grantHash(staging), gate: asked })

async function prepared(set: Sealed) {
  house.org.script.query = rowsOf(set)
  await house.open(staging)
}
const commit = (set: Sealed, approvals: Awaited<ReturnType<typeof approve>>[]) =>
  callTool(house.client, 'commitChangeSet', { leaves: set.leaves, approvals }, 'run-1')

describe('a change set that two stages approve', () => {
  it('is written when the second followed the first', async () => {
    const set = sealed()
    await prepared(set)
    const first = await approve(house.client, set, ANNA, FINANCE)
    house.pass(1_000)
    expect(statuses(await commit(set, [await approve(house.client, set, BORIS), first]))).toEqual(['composite written'])
  })

  it('is not written when the second came first; that approval lapses', async () => {
    const set = sealed()
    await prepared(set)
    const second = await approve(house.client, set, BORIS)
    house.pass(1_000)
    const result = await commit(set, [second, await approve(house.client, set, ANNA, FINANCE)])
    expect(result.lapsed).toEqual([{ userId: BORIS, reason: 'approved before those who are asked first' }])
    expect(house.org.writes).toEqual([])
  })

  it('is refused with one stage alone', async () => {
    const set = sealed()
    await prepared(set)
    await expect(commit(set, [await approve(house.client, set, ANNA, FINANCE)])).rejects.toMatchObject({
      error: { code: 'refused', message: expect.stringContaining('missing from group:RevOps') },
    })
  })

  it('is not written when a brain that lies asked both at once: the gate asks for their order', async () => {
    const set = sealed({ lines: [0], rosters: [...finance, ...revOps] })
    await prepared(set)
    const both = [await approve(house.client, set, BORIS), await approve(house.client, set, ANNA, FINANCE)]
    expect((await commit(set, both)).gate).toEqual({ require: gate })
    expect(house.org.writes).toEqual([])
  })
})
