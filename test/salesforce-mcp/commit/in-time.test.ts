// When approved changes are written is judged by the writer: by the grant, the change set and its own clock.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { SealedDocument } from '../../../server/contract/change-set.ts'
import type { CommitTimes } from '../../../server/contract/commit-times/commit-times.ts'
import { grantHash, type Grant } from '../../../server/contract/grant.ts'
import { approve, callTool } from '../calling.ts'
import { A_DAY_MS, BORIS, openMerging, rowsOf, statuses, SURVIVOR, update, type Merging } from '../scripted-merge.ts'
import { grant, sealedOf, type Sealed } from '../signing.ts'

const THEN = '2026-11-22T10:00:00.000+0000'
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
/** Open on the day after tomorrow alone. */
const later: CommitTimes = { windows: [`${DAYS[(new Date().getUTCDay() + 2) % 7]} 00:00-24:00`], zone: 'UTC' }

let house: Merging

beforeAll(async () => {
  house = await openMerging()
})
afterAll(() => house.close())
beforeEach(() => house.renew())

async function approvedUnder(commit: CommitTimes | undefined, changes: Partial<SealedDocument> = {}) {
  const timed: Grant = { ...grant, ...(commit && { commit }) }
  const set = sealedOf([update], { [SURVIVOR]: THEN }, { grant: grantHash(timed), ...changes })
  house.org.script.query = rowsOf(set)
  await house.open(timed)
  return { set, timed, approvals: [await approve(house.client, set, BORIS)] }
}
type Approved = Awaited<ReturnType<typeof approvedUnder>>
const commit = async ({ set, timed, approvals }: Approved) => {
  await house.open(timed)
  return callTool(house.client, 'commitChangeSet', { leaves: (set as Sealed).leaves, approvals }, 'run-1')
}
const midnight = (days: number) => `${new Date(Date.now() + days * A_DAY_MS).toISOString().slice(0, 10)}T00:00:00.000Z`

describe('a change set of a mission with windows', () => {
  it('is not written outside them, and the refusal says from when on it is', async () => {
    await expect(commit(await approvedUnder(later))).rejects.toMatchObject({
      error: { code: 'too-early', retryable: true, until: midnight(2) },
    })
    expect(house.org.writes).toEqual([])
  })

  it('is written in one, also when its answer had to come long before', async () => {
    const approved = await approvedUnder(later, { expiresAt: new Date(Date.now() + 3_600_000).toISOString() })
    house.pass(2 * A_DAY_MS)
    expect(statuses(await commit(approved))).toEqual(['composite written'])
  })

  it('is refused as expired once the window it waited for is a day old', async () => {
    const approved = await approvedUnder(later, { expiresAt: new Date(Date.now() + 3_600_000).toISOString() })
    house.pass(9 * A_DAY_MS)
    await expect(commit(approved)).rejects.toMatchObject({ error: { code: 'refused' } })
    expect(house.org.writes).toEqual([])
  })

  it('is finished outside them once a part of it stands', async () => {
    const approved = await approvedUnder(later)
    house.org.script.query = rowsOf(approved.set, { receipt: true })
    expect(statuses(await commit(approved))).toEqual(['composite already'])
  })

  it('is written at once when it puts back a decision that the org holds a receipt of', async () => {
    const approved = await approvedUnder(later, { undoes: 'decision-0' })
    const usual = house.org.script.query
    house.org.script.query = (soql) =>
      soql.includes("Decision__c = 'decision-0'") ? [{ Id: 'a00000000000001AAA' }] : (usual?.(soql) ?? [])
    expect(statuses(await commit(approved))).toEqual(['composite written'])
  })
})

describe('a change set with a time of its own', () => {
  it('is not written before it, and is after it', async () => {
    const approved = await approvedUnder(undefined, { notBefore: midnight(3) })
    await expect(commit(approved)).rejects.toMatchObject({ error: { code: 'too-early', until: midnight(3) } })
    expect(house.org.writes).toEqual([])
    house.pass(3 * A_DAY_MS)
    expect(statuses(await commit(approved))).toEqual(['composite written'])
  })
})
