import { createPublicKey } from 'node:crypto'
import { jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DecisionClaims, SessionClaims } from '../../server/contract/approval-token.ts'
import { rightsHash } from '../../server/contract/rights.ts'
import { type Right } from '../../server/contract/operations/fields.ts'
import { practiceContent } from '../../server/practice/content/content.ts'
import type { PracticeOrg } from '../../server/practice-org/src/compose.ts'
import { ADMIN, connect, REP, startOrg, tokenOf, WRITER } from '../../server/practice-org/test/support/running-org.ts'

const brainUrl = 'http://localhost:4000'
let org: PracticeOrg
beforeAll(async () => {
  org = await startOrg({ content: practiceContent({ brainUrl }) })
})
afterAll(() => org.close())

async function apex(method: string, username: string, body: unknown) {
  const response = await fetch(`${org.url}/practice/apex/${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await tokenOf(org.url, username, 'lightning')}` },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
const verified = async (token: unknown): Promise<unknown> =>
  (await jwtVerify(String(token), createPublicKey(org.publicKeyPem), { algorithms: ['RS256'] })).payload
const digest = 'a'.repeat(64)
const approve = (rights: Right[], verb = 'approve') => ({
  decisionId: 'D1',
  digest,
  verb,
  rights: JSON.stringify(rights),
})

describe('MissionSession.open', () => {
  it('signs a five-minute read token for the brain in the claims both sides agreed on', async () => {
    const { status, body } = await apex('MissionSession.open', ADMIN, {})
    expect({ status, brainUrl: body['brainUrl'] }).toEqual({ status: 200, brainUrl })
    const claims = SessionClaims.parse(await verified(body['token']))
    expect(claims).toMatchObject({ iss: org.orgId, aud: brainUrl, sub: org.org.user(ADMIN)?.id })
    expect(claims.exp - claims.iat).toBe(300)
    expect(claims.permissions).toEqual(expect.arrayContaining(['View_Missions', 'Decide_Missions']))
  })

  it('says who may launch missions', async () => {
    const { body } = await apex('MissionSession.open', 'manager@practice.example', {})
    const claims = SessionClaims.parse(await verified(body['token']))
    expect([...claims.permissions].sort()).toEqual(['Launch_Missions', 'View_Missions'])
  })

  it('is refused to a user whose permission sets give no access to the Apex class', async () => {
    const { status, body } = await apex('MissionSession.open', WRITER, {})
    expect({ status, body }).toEqual({
      status: 403,
      body: {
        message: "You do not have access to the Apex class named 'MissionSession'.",
        exceptionType: 'System.AuraHandledException',
      },
    })
  })
})

describe('MissionSession.decide', () => {
  it('signs exactly the digest and the rights it checked', async () => {
    const conn = await connect(org.url)
    const { id = '' } = await conn.sobject('Account').create({ Name: 'Decided Ltd' })
    const rights: Right[] = [
      { verb: 'edit', object: 'Account', id: id ?? '', fields: ['Name', 'Phone'] },
      { verb: 'delete', object: 'Account', id: id ?? '' },
    ]
    const { body } = await apex('MissionSession.decide', ADMIN, approve(rights))
    const claims = DecisionClaims.parse(await verified(body['decision']))
    expect(claims).toMatchObject({ decisionId: 'D1', digest, verb: 'approve', rights: rightsHash(rights) })
    expect(claims.exp - claims.iat).toBe(60)
  })

  it('names the right that is missing now', async () => {
    const missing: Right = { verb: 'edit', object: 'Account', id: '001000000000000AAA', fields: ['Name'] }
    const { status, body } = await apex('MissionSession.decide', ADMIN, approve([missing]))
    expect({ status, message: body['message'] }).toEqual({
      status: 403,
      message: 'You may not edit Account 001000000000000AAA.',
    })
  })

  it('names an object whose records move along with an owner and may not be edited', async () => {
    const along = (object: string): Right => ({ verb: 'reassign', object, fields: ['OwnerId'] })
    const asked = await Promise.all(
      ['Task', 'No_Such_Object__c'].map((name) => apex('MissionSession.decide', ADMIN, approve([along(name)]))),
    )
    expect(asked.map(({ status, body }) => [status, body['message']])).toEqual([
      [200, undefined],
      [403, 'You may not reassign No_Such_Object__c records.'],
    ])
  })

  it('lets someone reject what they could not write', async () => {
    const missing: Right = { verb: 'edit', object: 'Account', id: '001000000000000AAA', fields: ['Name'] }
    const { status } = await apex('MissionSession.decide', ADMIN, approve([missing], 'reject'))
    expect(status).toBe(200)
  })

  it.each([
    ['approve', 'Decide_Missions'],
    ['activate', 'Administer_Missions'],
    ['start-writes', 'Administer_Missions'],
  ])('is refused to whoever may not %s', async (verb, permission) => {
    const { status, body } = await apex('MissionSession.decide', REP, approve([], verb))
    expect({ status, message: body['message'] }).toEqual({
      status: 403,
      message: `You need the permission ${permission}.`,
    })
  })

  it('takes the rights as JSON text only, as the Apex class does', async () => {
    const list = await apex('MissionSession.decide', ADMIN, { ...approve([]), rights: [] })
    const broken = await apex('MissionSession.decide', ADMIN, { ...approve([]), rights: '[' })
    const strange = await apex('MissionSession.decide', ADMIN, { ...approve([]), rights: '{}' })
    expect(
      [list, broken, strange].map(({ status, body }) => [status, /list of rights/.test(String(body['message']))]),
    ).toEqual([
      [400, true],
      [400, true],
      [400, true],
    ])
  })

  it('refuses a malformed request and an unknown method', async () => {
    const malformed = await apex('MissionSession.decide', ADMIN, { digest: 'x' })
    const unknown = await apex('MissionSession.erase', ADMIN, {})
    expect([malformed.status, unknown.status]).toEqual([400, 404])
  })

  it('wants a session, and no page of another site', async () => {
    const url = `${org.url}/practice/apex/MissionSession.open`
    const without = await fetch(url, { method: 'POST' })
    const foreign = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${await tokenOf(org.url)}`, origin: 'https://evil.example' },
    })
    expect([without.status, foreign.status]).toEqual([401, 404])
  })
})
