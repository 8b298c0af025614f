// Guarantee 1, no approval, no write: whatever is wrong with an approval, not one request leaves for the org.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { SealedDocument } from '../../server/contract/change-set.ts'
import type { Operation } from '../../server/contract/operations/operation.ts'
import { rightsHash } from '../../server/contract/rights.ts'
import { close, digestOf } from '../../server/contract/seal.ts'
import { approve, callTool } from './calling.ts'
import { approvalToken, GATES, startToken, type Signing } from './signing.ts'
import {
  ACCOUNT,
  ANNA,
  BORIS,
  openSilentHouse,
  operations,
  OTHER_ORG,
  sealed,
  type SilentHouse,
} from './silent-house.ts'

const OTHER_ACCOUNT = '001000000000002AAA'
const OPPORTUNITY = '006000000000001AAA'

let house: SilentHouse

beforeAll(async () => {
  house = await openSilentHouse()
})
afterAll(() => house.close())
beforeEach(() => house.renew())

const LEAD = '00Q000000000001AAA'
const survived: Operation = {
  kind: 'merge',
  object: 'Account',
  survivor: ACCOUNT,
  losers: [OTHER_ACCOUNT],
  fields: {},
  moves: [],
}
/** Every kind that changes or ends a record, with each record that it does so to. */
const touching: [title: string, op: Operation, id: string, object: string][] = [
  ['an updated record', operations[0]!, ACCOUNT, 'Account'],
  [
    'a record that changes owner',
    {
      kind: 'changeOwner',
      object: 'Account',
      id: ACCOUNT,
      from: ANNA,
      to: BORIS,
      source: 'rule:x',
      keepTeam: true,
      transfer: [],
    },
    ACCOUNT,
    'Account',
  ],
  ['the survivor of a merge', survived, ACCOUNT, 'Account'],
  ['a record that is merged away', survived, OTHER_ACCOUNT, 'Account'],
  [
    'a lead that is converted',
    { kind: 'convertLead', id: LEAD, convertedStatus: 'Closed', opportunity: 'none', overwriteLeadSource: false },
    LEAD,
    'Lead',
  ],
  ['a deleted record', { kind: 'delete', object: 'Opportunity', id: OPPORTUNITY }, OPPORTUNITY, 'Opportunity'],
]

describe('committing', () => {
  type Case = [
    title: string,
    reason: RegExp,
    changes: Partial<SealedDocument>,
    ops: Operation[],
    who: [string, Signing?][],
  ]
  const twoNeeded = { gate: GATES[1] }
  const deletion: Operation[] = [{ kind: 'delete', object: 'Account', id: ACCOUNT }]
  const owner: Operation[] = [
    {
      kind: 'update',
      object: 'Account',
      id: ACCOUNT,
      fields: { OwnerId: { from: ANNA, to: BORIS, source: 'rule:x' } },
    },
  ]
  const cases: Case[] = [
    ['a decision with another verb', /no approval/, {}, operations, [[ANNA, { claims: { verb: 'reject' } }]]],
    [
      'an approval of another decision',
      /decision other/,
      {},
      operations,
      [[ANNA, { claims: { decisionId: 'other' } }]],
    ],
    [
      'an approval of another digest',
      /another version/,
      {},
      operations,
      [[ANNA, { claims: { digest: 'a'.repeat(64) } }]],
    ],
    ['rights checked for other operations', /rights/, {}, operations, [[ANNA, { claims: { rights: rightsHash([]) } }]]],
    [
      'an approver without Decide_Missions',
      /Decide_Missions/,
      {},
      operations,
      [[ANNA, { claims: { permissions: ['View_Missions'] } }]],
    ],
    [
      'an approver outside the roster',
      /not in group:RevOps/,
      twoNeeded,
      operations,
      [[ANNA, { claims: { groups: [] } }], [BORIS]],
    ],
    ['one person twice where two are needed', /2 different people, 1/, twoNeeded, operations, [[ANNA], [ANNA]]],
    ['one person where two are needed', /2 different people, 1/, twoNeeded, operations, [[ANNA]]],
    ['the launcher as approver', /launched/, { launcher: ANNA }, operations, [[ANNA]]],
    ['an editor as approver', /edited/, { editors: [BORIS, ANNA] }, operations, [[ANNA]]],
    ['a change set of another org', /org/, { org: OTHER_ORG }, operations, [[ANNA]]],
    [
      'an approval given after expiry',
      /after the decision expired/,
      { expiresAt: '2020-01-01T00:00:00.000Z' },
      operations,
      [[ANNA]],
    ],
  ]
  it.each(cases)('refuses %s', async (_title, reason, changes, ops, who) => {
    const set = sealed(changes, ops)
    const approvals = []
    for (const [user, signing] of who) approvals.push(await approve(house.client, set, user, signing))
    await house.refused(house.commit(set.leaves, approvals), 'refused', reason)
  })

  const ungranted: [title: string, reason: RegExp, changes: Partial<SealedDocument>, ops: Operation[]][] = [
    ['a kind of operation outside the grant', /delete on Account/, {}, deletion],
    ['a field outside the grant', /Account.OwnerId/, {}, owner],
    ['another mission under the grant', /not the grant/, { mission: 'another' }, operations],
    ['a grant nobody activated', /not open/, { grant: 'b'.repeat(64) }, operations],
  ]
  it.each(ungranted)('refuses %s', async (_title, reason, changes, ops) => {
    const set = sealed(changes, ops)
    await house.refused(house.commit(set.leaves, [await approve(house.client, set, ANNA)]), 'not-granted', reason)
  })

  it.each(touching)('refuses a base that lacks the stamp of %s', async (_title, op, id, object) => {
    const whole = sealed({}, [op]).document.base
    for (const stamp of [undefined, '', 'then']) {
      const { [id]: _left, ...rest } = whole
      const set = sealed({ base: { ...rest, ...(stamp !== undefined && { [id]: stamp }) } }, [op])
      const approval = await approve(house.client, set, ANNA)
      await house.refused(house.commit(set.leaves, [approval]), 'refused', new RegExp(`no stamp of ${object} ${id}`))
    }
  })

  it('refuses no approval at all', async () => {
    await house.refused(house.commit(sealed().leaves, []), 'bad-request', /approvals/)
  })

  it('refuses another change set’s approval', async () => {
    const [one, other] = [sealed(), sealed()]
    await house.refused(
      house.commit(other.leaves, [await approve(house.client, one, ANNA)]),
      'refused',
      /approval is for decision/,
    )
  })

  it('refuses a change set of which one value was changed after approval', async () => {
    const set = sealed()
    const approval = await approve(house.client, set, ANNA)
    const leaves = set.leaves.map((leaf) => (leaf.path.endsWith('/Phone/to') ? { ...leaf, value: '2' } : leaf))
    await house.refused(house.commit(leaves, [approval]), 'refused', /another version/)
  })

  it('refuses a change set with a covered value', async () => {
    const set = sealed()
    const approval = await approve(house.client, set, ANNA)
    const leaves = set.leaves.map((leaf) => (leaf.path.endsWith('/Phone/from') ? close(leaf) : leaf))
    expect(digestOf(leaves)).toBe(set.digest)
    await house.refused(callTool(house.client, 'commitChangeSet', { leaves, approvals: [approval] }), 'refused', /open/)
  })

  it('refuses a seal it did not make', async () => {
    const set = sealed()
    const approval = await approve(house.client, set, ANNA)
    await house.refused(house.commit(set.leaves, [{ ...approval, seal: '0'.repeat(64) }]), 'refused', /seal/)
    const later = new Date(house.now.getTime() + 1000).toISOString()
    await house.refused(house.commit(set.leaves, [{ ...approval, takenAt: later }]), 'refused', /seal/)
  })

  it('refuses a valid token that nobody took within its minute', async () => {
    const set = sealed()
    const token = await approvalToken(set, ANNA)
    await house.refused(
      house.commit(set.leaves, [{ token, takenAt: house.now.toISOString(), seal: 'f'.repeat(64) }]),
      'refused',
      /seal/,
    )
  })

  it('refuses a value that a composite request would read as a reference', async () => {
    const set = sealed({}, [
      {
        kind: 'update',
        object: 'Account',
        id: ACCOUNT,
        fields: { Phone: { from: null, to: '@{op0.id}', source: 'rule:x' } },
      },
    ])
    await house.refused(house.commit(set.leaves, [await approve(house.client, set, ANNA)]), 'bad-request', /Phone/)
  })

  it('writes nothing while writes are stopped', async () => {
    const set = sealed()
    const approval = await approve(house.client, set, ANNA)
    house.mcp.stop('writes')
    await house.refused(house.commit(set.leaves, [approval]), 'stopped', /stopped/)
    await house.mcp.start(await startToken('005000000000001AAA'))
  })

  const change = { kind: 'changeOwner', from: ANNA, to: BORIS, source: 'rule:x', keepTeam: true } as const
  const account = { ...change, object: 'Account', id: ACCOUNT, transfer: [] }
  const together: [title: string, reason: RegExp, ops: Operation[]][] = [
    [
      'that disagree about one option',
      /TransferOpenActivities/,
      [account, { ...change, object: 'Opportunity', id: OPPORTUNITY, transfer: ['TransferOpenActivities'] }],
    ],
    ['of accounts to different owners', /one owner/, [account, { ...account, id: OTHER_ACCOUNT, to: ANNA }]],
  ]
  it.each(together)('refuses owner changes %s', async (_title, reason, ops) => {
    const set = sealed({}, ops)
    await house.refused(house.commit(set.leaves, [await approve(house.client, set, ANNA)]), 'bad-request', reason)
  })

  it('refuses an owner change that takes along records of an object whose owner the grant does not change', async () => {
    const set = sealed({}, [{ ...account, transfer: ['TransferOpenActivities', 'TransferAllOwnedCases'] }])
    const approval = await approve(house.client, set, ANNA)
    await house.refused(house.commit(set.leaves, [approval]), 'not-granted', /changeOwner on Case/)
  })

  it('refuses an owner change that sends an e-mail', async () => {
    const set = sealed({}, [{ ...account, transfer: ['SendEmail' as 'TransferContacts'] }])
    const approval = await approve(house.client, set, ANNA)
    await house.refused(house.commit(set.leaves, [approval]), 'bad-request', /./)
  })

  it('lets a proper approval through to the org', async () => {
    const set = sealed({ gate: GATES[1] })
    const approvals = [await approve(house.client, set, ANNA), await approve(house.client, set, BORIS)]
    await expect(house.commit(set.leaves, approvals)).rejects.toMatchObject({ error: { code: 'unavailable' } })
    expect(house.org.requests.length).toBeGreaterThan(0)
  })
})
