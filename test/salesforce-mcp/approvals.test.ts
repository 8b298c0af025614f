// Guarantee 1, no approval, no write: what is wrong with a token is found before one request leaves for the org.
import { createSecretKey } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { callTool } from './calling.ts'
import { activationToken, approvalToken, grant, orgKeys, type Signing } from './signing.ts'
import { ANNA, brain, openSilentHouse, OTHER_ORG, sealed, type SilentHouse } from './silent-house.ts'

let house: SilentHouse

beforeAll(async () => {
  house = await openSilentHouse()
})
afterAll(() => house.close())
beforeEach(() => house.renew())

describe('taking a decision token', () => {
  const tokenCases: [title: string, reason: RegExp, signing: () => Signing][] = [
    ['of another org', /another org/, () => ({ claims: { iss: OTHER_ORG } })],
    ['for another audience', /another audience/, () => ({ claims: { aud: 'http://localhost:4000' } })],
    ['that has expired', /expired/, () => ({ issuedAt: new Date(house.now.getTime() - 121_000) })],
    ['issued in the future', /future/, () => ({ issuedAt: new Date(house.now.getTime() + 90_000) })],
    [
      'valid for longer than a minute',
      /60 seconds/,
      () => ({ claims: { exp: Math.floor(house.now.getTime() / 1000) + 300 } }),
    ],
    ['that is a session token', /typ/, () => ({ claims: { typ: 'session' } })],
    ['signed by the brain itself', /not signed by the org/, () => ({ key: brain.privateKey })],
    ['without an id', /jti/, () => ({ claims: { jti: undefined } })],
    ['without an expiry', /exp/, () => ({ claims: { exp: undefined } })],
    ['without the checked rights', /rights/, () => ({ claims: { rights: undefined } })],
  ]
  it.each(tokenCases)('refuses one %s', async (_title, reason, signing) => {
    const token = await approvalToken(sealed(), ANNA, signing())
    await house.refused(callTool(house.client, 'acceptDecision', { token }), 'refused', reason)
  })

  it('refuses a symmetric signature made from the public key', async () => {
    const key = createSecretKey(Buffer.from(orgKeys.publicPem))
    const token = await approvalToken(sealed(), ANNA, { key, algorithm: 'HS256' })
    await house.refused(callTool(house.client, 'acceptDecision', { token }), 'refused', /RS256/)
  })

  it('refuses an unsigned one', async () => {
    const [, payload] = (await approvalToken(sealed(), ANNA)).split('.')
    const header = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')
    await house.refused(
      callTool(house.client, 'acceptDecision', { token: `${header}.${payload}.` }),
      'refused',
      /RS256/,
    )
  })

  it('refuses one with a byte changed', async () => {
    const [header, payload = '', signature] = (await approvalToken(sealed(), ANNA)).split('.')
    const changed = payload.slice(0, 30) + (payload[30] === 'A' ? 'B' : 'A') + payload.slice(31)
    await house.refused(
      callTool(house.client, 'acceptDecision', { token: `${header}.${changed}.${signature}` }),
      'refused',
      /not signed by the org/,
    )
  })

  it('takes each token once', async () => {
    const token = await approvalToken(sealed(), ANNA)
    await callTool(house.client, 'acceptDecision', { token })
    await house.refused(callTool(house.client, 'acceptDecision', { token }), 'refused', /used before/)
  })

  it('takes one within the clock skew', async () => {
    const token = await approvalToken(sealed(), ANNA, { issuedAt: new Date(house.now.getTime() - 100_000) })
    await expect(callTool(house.client, 'acceptDecision', { token })).resolves.toMatchObject({ claims: { sub: ANNA } })
  })
})

describe('activating a grant', () => {
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
    const { accepted } = await callTool(house.client, 'acceptDecision', {
      token: await activationToken(ANNA, wider, signing),
    })
    await house.refused(
      callTool(house.client, 'activateGrant', { grant: wider, before: grant, decisions: [accepted] }),
      'not-granted',
      reason,
    )
  })

  it('is refused with a signature that waited longer than three days', async () => {
    const { accepted } = await callTool(house.client, 'acceptDecision', { token: await activationToken(ANNA, wider) })
    const attempt = () =>
      callTool(house.client, 'activateGrant', { grant: wider, before: grant, decisions: [accepted] })
    house.now = new Date(house.now.getTime() + 3 * 86_400_000 + 61_000)
    await house.refused(attempt(), 'refused', /older than 3 days/)
  })
})

describe('an open grant', () => {
  it('is what every read wants first', async () => {
    const unopened = 'd'.repeat(64)
    const read = callTool(house.client, 'soqlQuery', { grant: unopened, queries: ['SELECT Id FROM Account'] })
    await house.refused(read, 'not-granted', /not open/)
  })
})
