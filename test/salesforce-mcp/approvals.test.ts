// Guarantee 1, no approval, no write: whatever is wrong with an approval, not one request leaves for the org.
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AcceptedDecision } from '../../server/contract/approval-token.ts'
import type { Operation, SealedDocument } from '../../server/contract/change-set.ts'
import { rightsHash } from '../../server/contract/rights.ts'
import { close, digestOf } from '../../server/contract/seal.ts'
import { createSalesforceMcp, type SalesforceMcp } from '../../server/salesforce-mcp/compose.ts'
import { activate, approve, callTool, connected } from './calling.ts'
import {
  activationToken,
  approvalToken,
  GATES,
  grant,
  newKeys,
  ORG_ID,
  orgKeys,
  sealedOf,
  type Signing,
} from './signing.ts'
import { startSilentOrg } from './silent-org.ts'

const ANNA = '005000000000001AAA'
const BORIS = '005000000000002AAA'
const ACCOUNT = '001000000000001AAA'
const OTHER_ORG = '00D000000000009EAA'
const OTHER_ACCOUNT = '001000000000002AAA'
const OPPORTUNITY = '006000000000001AAA'

const operations: Operation[] = [
  { kind: 'update', object: 'Account', id: ACCOUNT, fields: { Phone: { from: null, to: '1', source: 'rule:x' } } },
]
const brain = newKeys()
const login = { clientId: 'id', username: 'user', privateKeyPem: brain.privatePem }

let org: Awaited<ReturnType<typeof startSilentOrg>>
let mcp: SalesforceMcp
let client: Client
let now: Date

beforeAll(async () => {
  org = await startSilentOrg()
  mcp = await createSalesforceMcp({
    orgId: ORG_ID,
    loginUrl: org.url,
    reader: login,
    writer: login,
    orgPublicKeys: [orgKeys.publicPem],
    sealKey: randomBytes(32),
    now: () => now,
  })
  client = await connected(mcp)
})
afterAll(async () => {
  await client.close()
  await mcp.close()
  await org.close()
})
beforeEach(async () => {
  now = new Date()
  org.requests.length = 0
  await activate(client, ANNA)
})

const sealed = (changes: Partial<SealedDocument> = {}, ops = operations) =>
  sealedOf(ops, { [ACCOUNT]: 'then' }, changes)
const commit = (leaves: ReturnType<typeof sealed>['leaves'], approvals: AcceptedDecision[]) =>
  callTool(client, 'commitChangeSet', { leaves, approvals })

async function refused(attempt: Promise<unknown>, code: string, reason: RegExp): Promise<void> {
  const answer = await attempt.then(
    () => 'it was accepted',
    (error: unknown) => error,
  )
  expect(answer).toMatchObject({ error: { code } })
  expect(String(answer)).toMatch(reason)
  expect(org.requests).toEqual([])
}

describe('taking a decision token', () => {
  const tokenCases: [title: string, reason: RegExp, signing: () => Signing][] = [
    ['of another org', /another org/, () => ({ claims: { iss: OTHER_ORG } })],
    ['for another audience', /another audience/, () => ({ claims: { aud: 'http://localhost:4000' } })],
    ['that has expired', /expired/, () => ({ issuedAt: new Date(now.getTime() - 121_000) })],
    ['issued in the future', /future/, () => ({ issuedAt: new Date(now.getTime() + 90_000) })],
    [
      'valid for longer than a minute',
      /60 seconds/,
      () => ({ claims: { exp: Math.floor(now.getTime() / 1000) + 300 } }),
    ],
    ['that is a session token', /typ/, () => ({ claims: { typ: 'session' } })],
    ['signed by the brain itself', /not signed by the org/, () => ({ key: brain.privateKey })],
    ['without an id', /jti/, () => ({ claims: { jti: undefined } })],
    ['without an expiry', /exp/, () => ({ claims: { exp: undefined } })],
    ['without the checked rights', /rights/, () => ({ claims: { rights: undefined } })],
  ]
  it.each(tokenCases)('refuses one %s', async (_title, reason, signing) => {
    const token = await approvalToken(sealed(), ANNA, signing())
    await refused(callTool(client, 'acceptDecision', { token }), 'refused', reason)
  })

  it('refuses a symmetric signature made from the public key', async () => {
    const { createSecretKey } = await import('node:crypto')
    const key = createSecretKey(Buffer.from(orgKeys.publicPem))
    const token = await approvalToken(sealed(), ANNA, { key, algorithm: 'HS256' })
    await refused(callTool(client, 'acceptDecision', { token }), 'refused', /RS256/)
  })

  it('refuses an unsigned one', async () => {
    const [, payload] = (await approvalToken(sealed(), ANNA)).split('.')
    const header = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')
    await refused(callTool(client, 'acceptDecision', { token: `${header}.${payload}.` }), 'refused', /./)
  })

  it('refuses one with a byte changed', async () => {
    const [header, payload = '', signature] = (await approvalToken(sealed(), ANNA)).split('.')
    const changed = payload.slice(0, 30) + (payload[30] === 'A' ? 'B' : 'A') + payload.slice(31)
    await refused(callTool(client, 'acceptDecision', { token: `${header}.${changed}.${signature}` }), 'refused', /./)
  })

  it('takes each token once', async () => {
    const token = await approvalToken(sealed(), ANNA)
    await callTool(client, 'acceptDecision', { token })
    await refused(callTool(client, 'acceptDecision', { token }), 'refused', /used before/)
  })

  it('takes one within the clock skew', async () => {
    const token = await approvalToken(sealed(), ANNA, { issuedAt: new Date(now.getTime() - 100_000) })
    await expect(callTool(client, 'acceptDecision', { token })).resolves.toMatchObject({ claims: { sub: ANNA } })
  })
})

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
    for (const [user, signing] of who) approvals.push(await approve(client, set, user, signing))
    await refused(commit(set.leaves, approvals), 'refused', reason)
  })

  const ungranted: [title: string, reason: RegExp, changes: Partial<SealedDocument>, ops: Operation[]][] = [
    ['a kind of operation outside the grant', /delete on Account/, {}, deletion],
    ['a field outside the grant', /Account.OwnerId/, {}, owner],
    [
      'a gate line outside the grant',
      /gate line 7/,
      { gate: { line: 7, needs: 1, from: 'permission:Decide_Missions' } },
      operations,
    ],
    ['fewer people than the grant’s gate line', /needs 2/, { gate: { ...GATES[1], needs: 1 } }, operations],
    ['another mission under the grant', /not the grant/, { mission: 'another' }, operations],
    ['a grant nobody activated', /not open/, { grant: 'b'.repeat(64) }, operations],
  ]
  it.each(ungranted)('refuses %s', async (_title, reason, changes, ops) => {
    const set = sealed(changes, ops)
    await refused(commit(set.leaves, [await approve(client, set, ANNA)]), 'not-granted', reason)
  })

  it('refuses no approval at all', async () => {
    await refused(commit(sealed().leaves, []), 'bad-request', /approvals/)
  })

  it('refuses another change set’s approval', async () => {
    const [one, other] = [sealed(), sealed()]
    await refused(commit(other.leaves, [await approve(client, one, ANNA)]), 'refused', /approval is for decision/)
  })

  it('refuses a change set of which one value was changed after approval', async () => {
    const set = sealed()
    const approval = await approve(client, set, ANNA)
    const leaves = set.leaves.map((leaf) => (leaf.path.endsWith('/Phone/to') ? { ...leaf, value: '2' } : leaf))
    await refused(commit(leaves, [approval]), 'refused', /another version/)
  })

  it('refuses a change set with a covered value', async () => {
    const set = sealed()
    const approval = await approve(client, set, ANNA)
    const leaves = set.leaves.map((leaf) => (leaf.path.endsWith('/Phone/from') ? close(leaf) : leaf))
    expect(digestOf(leaves)).toBe(set.digest)
    await refused(callTool(client, 'commitChangeSet', { leaves, approvals: [approval] }), 'refused', /open/)
  })

  it('refuses a seal it did not make', async () => {
    const set = sealed()
    const approval = await approve(client, set, ANNA)
    await refused(commit(set.leaves, [{ ...approval, seal: '0'.repeat(64) }]), 'refused', /seal/)
    const later = new Date(now.getTime() + 1000).toISOString()
    await refused(commit(set.leaves, [{ ...approval, takenAt: later }]), 'refused', /seal/)
  })

  it('refuses a valid token that nobody took within its minute', async () => {
    const set = sealed()
    const token = await approvalToken(set, ANNA)
    await refused(commit(set.leaves, [{ token, takenAt: now.toISOString(), seal: 'f'.repeat(64) }]), 'refused', /seal/)
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
    await refused(commit(set.leaves, [await approve(client, set, ANNA)]), 'bad-request', /Phone/)
  })

  it('writes nothing while writes are stopped', async () => {
    const set = sealed()
    const approval = await approve(client, set, ANNA)
    mcp.stopWrites()
    await refused(commit(set.leaves, [approval]), 'stopped', /stopped/)
    mcp.startWrites()
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
    await refused(commit(set.leaves, [await approve(client, set, ANNA)]), 'bad-request', reason)
  })

  it('lets a proper approval through to the org', async () => {
    const set = sealed({ gate: GATES[1] })
    const approvals = [await approve(client, set, ANNA), await approve(client, set, BORIS)]
    await expect(commit(set.leaves, approvals)).rejects.toMatchObject({ error: { code: 'unavailable' } })
    expect(org.requests.length).toBeGreaterThan(0)
  })
})

describe('opening a grant', () => {
  const wider = { ...grant, version: 2, limits: { records: 500, apiCalls: 12 } }
  const cases: [title: string, reason: RegExp, signing: Signing][] = [
    ['with an approval', /does not activate/, { claims: { verb: 'approve' } }],
    [
      'with the activation of another version',
      /activation is for/,
      { claims: { decisionId: `mission:${grant.mission}@1` } },
    ],
    ['with the activation of another grant', /another grant/, { claims: { digest: 'c'.repeat(64) } }],
    ['by somebody who is no administrator', /Administer_Missions/, { claims: { permissions: ['Decide_Missions'] } }],
  ]
  it.each(cases)('is refused %s', async (_title, reason, signing) => {
    const { accepted } = await callTool(client, 'acceptDecision', {
      token: await activationToken(ANNA, wider, signing),
    })
    await refused(callTool(client, 'openGrant', { grant: wider, activation: accepted }), 'not-granted', reason)
  })

  it('is what every read wants first', async () => {
    const unopened = 'd'.repeat(64)
    const read = callTool(client, 'soqlQuery', { grant: unopened, queries: ['SELECT Id FROM Account'] })
    await refused(read, 'not-granted', /not open/)
  })
})
