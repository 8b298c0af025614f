// Guarantees 1 and 2 between approving and committing: a change set or an approval that was changed sends no request to the org.
import { createSecretKey } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AcceptedDecision } from '../../server/contract/approval-token.ts'
import type { Leaf } from '../../server/contract/seal.ts'
import { seal } from '../../server/salesforce-mcp/approvals/acceptance-mac.ts'
import { approve, callTool } from '../salesforce-mcp/calling.ts'
import { approvalToken, newKeys, orgKeys, type Sealed, type Signing } from '../salesforce-mcp/signing.ts'
import { ANNA, BORIS, brain, openSilentHouse, OTHER_ORG, type SilentHouse } from '../salesforce-mcp/silent-house.ts'
import { unlimited } from './unlimited-tools.ts'
import { mutantsOf, wide } from './wide-change-set.ts'

let house: SilentHouse
let set: Sealed
let approvals: AcceptedDecision[]

const approvedByTwo = async (what: Sealed) => [
  await approve(house.client, what, ANNA),
  await approve(house.client, what, BORIS),
]

beforeAll(async () => {
  house = await openSilentHouse({ manifest: unlimited })
})
afterAll(() => house.close())
beforeEach(async () => {
  await house.renew()
  set = wide()
  approvals = await approvedByTwo(set)
})

/** The code of the refusal, or what happened instead. */
async function outcomeOf(attempt: Promise<unknown>): Promise<string> {
  const outcome = await attempt.then(
    () => 'it was accepted',
    (error: { error?: { code?: string }; message?: string }) => error.error?.code ?? String(error.message),
  )
  return house.org.requests.length === 0 ? outcome : `the org was asked: ${house.org.requests.splice(0).join()}`
}
const isRefusal = (outcome: string) => ['refused', 'bad-request', 'not-granted'].includes(outcome)
const commit = (leaves: readonly Leaf[], by = approvals) => outcomeOf(house.commit(leaves, by))

it('lets the change set through to the org as it was approved, in any order of its leaves', async () => {
  expect(await commit(set.leaves)).toMatch(/the org was asked/)
  expect(await commit([...set.leaves].reverse())).toMatch(/the org was asked/)
})

describe('a leaf of the approved change set', () => {
  const COUNTS = { changed: 348, added: 40, mixed: 29 }
  const families = Object.keys(mutantsOf(wide(), wide()))
  it.each(families)('that is %s is refused, every time', async (family) => {
    const other = wide()
    const mutants = mutantsOf(set, other)[family]!
    expect(mutants.length).toBeGreaterThanOrEqual(COUNTS[family as keyof typeof COUNTS] ?? 116)
    const through = []
    for (const { title, leaves } of mutants) {
      const outcome = await commit(leaves)
      if (!isRefusal(outcome)) through.push([title, outcome])
    }
    expect(through).toEqual([])
  })
})

describe('an approval', () => {
  it('under a seal that was changed is refused, every time', async () => {
    const [mine, hers] = approvals as [AcceptedDecision, AcceptedDecision]
    const flips = Array.from({ length: 64 }, (_, n) => {
      const digit = mine.seal[n] === 'f' ? '0' : 'f'
      return { ...mine, seal: mine.seal.slice(0, n) + digit + mine.seal.slice(n + 1) }
    })
    const [header, payload, signature] = mine.token.split('.')
    const forged = [
      ...flips,
      { ...mine, seal: hers.seal },
      { ...mine, token: hers.token },
      { ...mine, takenAt: hers.takenAt, seal: mine.seal.toUpperCase() },
      { ...mine, takenAt: new Date(Date.parse(mine.takenAt) + 1).toISOString() },
      { ...mine, takenAt: mine.takenAt.replace('Z', '+00:00') },
      { ...mine, takenAt: '' },
      { ...mine, token: `${mine.token}=` },
      { ...mine, token: `${header}.${payload}.${signature}.` },
      { ...mine, token: '' },
      { ...mine, seal: '' },
      { ...mine, isTrusted: true },
      null,
      'approved',
      [],
    ] as AcceptedDecision[]
    expect(forged.length).toBeGreaterThanOrEqual(67)
    const through = []
    for (const one of forged) {
      const outcome = await commit(set.leaves, [one, hers])
      if (!isRefusal(outcome)) through.push([one, outcome])
    }
    expect(through).toEqual([])
  })

  it('with a wrong claim is refused, and under the stolen key of the seals too', async () => {
    const wrong = wrongClaims(set)
    expect(wrong.length).toBeGreaterThanOrEqual(46)
    const hers = approvals[1]!
    const through = []
    for (const [title, signing] of wrong) {
      const token = await approvalToken(set, ANNA, signing)
      const taken = await callTool(house.client, 'acceptDecision', { token }).catch(() => null)
      const outcome = taken ? await commit(set.leaves, [taken.accepted, hers]) : 'refused'
      if (!isRefusal(outcome)) through.push([title, 'own seal', outcome])
      const stolen = await commit(set.leaves, [seal(house.sealKey, token, house.now.toISOString()), hers])
      if (!isRefusal(stolen)) through.push([title, 'stolen seal', stolen])
    }
    expect(through).toEqual([])
  })

  it('is one of two different people, neither of whom launched or edited: every other pair is refused', async () => {
    const [mine, hers] = approvals as [AcceptedDecision, AcceptedDecision]
    const again = await approve(house.client, set, ANNA)
    const other = await approvedByTwo(wide())
    const pairs = [
      [],
      [mine],
      [hers],
      [mine, mine],
      [mine, again],
      [mine, mine, again, again],
      [other[0]!, other[1]!],
      [mine, other[1]!],
      [mine, hers, other[0]!],
      Array.from({ length: 50 }, () => mine),
    ]
    for (const pair of pairs)
      expect([pair.length, isRefusal(await commit(set.leaves, pair))]).toEqual([pair.length, true])
  })

  it('that was taken 50 times at once was taken once', async () => {
    const token = await approvalToken(set, ANNA)
    const taken = await Promise.allSettled(
      Array.from({ length: 50 }, () => callTool(house.client, 'acceptDecision', { token })),
    )
    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })
})

function wrongClaims({ digest, document }: Sealed): [string, Signing][] {
  const seconds = Math.floor(house.now.getTime() / 1000)
  const claims: Record<string, unknown[]> = {
    iss: [OTHER_ORG, undefined, '', null, document.org.slice(0, 15), document.org.toLowerCase(), [document.org]],
    aud: ['http://localhost:4000', undefined, '', ['salesforce-mcp', 'x'], 'salesforce-mcp/', 'Salesforce-MCP', null],
    typ: ['session', undefined, 'Decision', '', ['decision']],
    sub: [undefined, '', 'nobody', null, [ANNA], document.editors[0]],
    verb: ['reject', 'activate', 'take-back', 'start-writes', 'Approve', undefined, ['approve']],
    decisionId: ['other', undefined, '', `${document.decision} `, document.decision.toUpperCase()],
    digest: ['a'.repeat(64), undefined, digest.toUpperCase(), digest.slice(1), `${digest}0`],
    rights: ['a'.repeat(64), undefined, ''],
    permissions: [[], undefined, ['View_Missions'], ['decide_missions'], 'Decide_Missions', [['Decide_Missions']]],
    groups: [[], undefined, ['revops'], 'RevOps', ['RevOps '], [null]],
    jti: [undefined, '', 'short', 1, null],
    iat: [undefined, seconds + 300, 'now', null, seconds - 86_400],
    exp: [undefined, seconds + 3_600, seconds - 3_600, 'never', null, seconds],
    nbf: [seconds + 3_600],
  }
  const secret = createSecretKey(Buffer.from(orgKeys.publicPem))
  return [
    ...Object.entries(claims).flatMap(([name, values]) =>
      values.map((value): [string, Signing] => [`${name} ${JSON.stringify(value)}`, { claims: { [name]: value } }]),
    ),
    ['signed by the brain', { key: brain.privateKey }],
    ['signed by a stranger', { key: newKeys().privateKey }],
    ['HS256 with the public key', { key: secret, algorithm: 'HS256' }],
    ['PS256', { algorithm: 'PS256' }],
    ['RS512', { algorithm: 'RS512' }],
  ]
}
