// A breach is named in the answer; the writes of one mission can be stopped, and only a signed start for them lets them go on.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { SealedDocument } from '../../../server/contract/change-set.ts'
import type { Operation } from '../../../server/contract/operations/operation.ts'
import { approve } from '../calling.ts'
import { startToken, type Signing } from '../signing.ts'
import { ACCOUNT, ANNA, openSilentHouse, operations, sealed, type SilentHouse } from '../silent-house.ts'

const MISSION = 'duplicate-account-reconciliation'
const ADMIN = '005000000000001AAA'

let house: SilentHouse
beforeAll(async () => {
  house = await openSilentHouse()
})
afterAll(() => house.close())
beforeEach(() => house.renew())

const deletion: Operation[] = [{ kind: 'delete', object: 'Account', id: ACCOUNT }]

it.each<
  [
    title: string,
    isBreach: boolean,
    changes: Partial<SealedDocument>,
    ops: Operation[],
    signing: Signing,
    seal?: string,
  ]
>([
  ['an operation outside the grant', true, {}, deletion, {}],
  ['an approval of another digest', true, {}, operations, { claims: { digest: 'a'.repeat(64) } }],
  ['an approval that this server did not accept', true, {}, operations, {}, '0'.repeat(64)],
  ['the launcher as approver', true, { launcher: ANNA }, operations, {}],
  ['an approval after expiry, as clocks may differ', false, { expiresAt: '2020-01-01T00:00:00.000Z' }, operations, {}],
  ['a grant that is not open', false, { grant: 'b'.repeat(64) }, operations, {}],
])('names %s a breach: %s', async (_, isBreach, changes, ops, signing, seal) => {
  const set = sealed(changes, ops)
  const approval = await approve(house.client, set, ANNA, signing)
  const failure = await house
    .commit(set.leaves, [{ ...approval, ...(seal && { seal }) }])
    .catch((error: unknown) => error)
  expect(failure).toMatchObject({ error: { retryable: false } })
  expect((failure as { error: { breach?: true } }).error.breach).toBe(isBreach ? true : undefined)
  expect(house.org.requests).toEqual([])
})

it('writes nothing for a mission whose writes are stopped, until its own start is signed', async () => {
  const set = sealed()
  const approval = await approve(house.client, set, ANNA)
  const committed = () => house.commit(set.leaves, [approval])
  house.mcp.stop('writes:another')
  house.mcp.stop(`writes:${MISSION}`)
  expect([house.mcp.writesStopped, house.mcp.missionsStopped]).toEqual([false, ['another', MISSION]])
  await house.refused(committed(), 'contained', /writes of duplicate-account-reconciliation are stopped/)
  for (const what of ['writes', 'all', 'writes:another']) {
    await house.mcp.start(await startToken(ADMIN, what))
    await house.refused(committed(), 'contained', /stopped/)
  }
  for (const wrong of [
    await startToken(ADMIN, `writes:${MISSION}`, { claims: { permissions: ['Decide_Missions'] } }),
    await startToken(ADMIN, `starts:${MISSION}`),
    await startToken(ADMIN, 'writes:'),
  ])
    await expect(house.mcp.start(wrong)).rejects.toThrow(/decision token/)
  await house.refused(committed(), 'contained', /stopped/)
  await house.mcp.start(await startToken(ADMIN, `writes:${MISSION}`))
  expect(house.mcp.missionsStopped).toEqual([])
  await expect(committed()).rejects.toMatchObject({ error: { code: 'unavailable' } })
  expect(house.org.requests.length).toBeGreaterThan(0)
})
