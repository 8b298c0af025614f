import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../server/practice-org/compose.ts'
import { ADMIN, assertion, form, newKey, READER, rest, startOrg, tokenOf } from '../protocols/org.ts'

const JWT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const LOGIN = 'https://login.salesforce.com'
let org: PracticeOrg
let tokenUrl: string

beforeAll(async () => {
  org = await startOrg()
  tokenUrl = `${org.url}/services/oauth2/token`
})
afterAll(() => org.close())

const inFiveMinutes = (): number => Math.floor(Date.now() / 1000) + 300
const claims = (changes: Record<string, unknown> = {}) => ({
  iss: 'missions-reader',
  sub: READER,
  aud: LOGIN,
  exp: inFiveMinutes(),
  ...changes,
})

describe('the token endpoint', () => {
  it('gives an opaque token that names the org, for a password', async () => {
    const { status, body } = await form(tokenUrl, {
      grant_type: 'password',
      client_id: 'practice',
      client_secret: 'practice',
      username: ADMIN,
      password: 'practice',
    })
    expect(status).toBe(200)
    expect(body['access_token']).toMatch(/^00D\w{12}![.\w]+$/)
    expect(body).toMatchObject({ token_type: 'Bearer', instance_url: org.url })
    expect(body['id']).toBe(`${org.url}/id/${org.orgId}/${org.org.user(ADMIN)?.id}`)
  })

  it.each([
    ['seconds', () => inFiveMinutes()],
    ['milliseconds', () => Date.now() + 300],
  ])('takes a signed assertion whose expiry is in %s', async (_unit, exp) => {
    const { status, body } = await form(tokenUrl, {
      grant_type: JWT,
      assertion: await assertion(claims({ exp: exp() })),
    })
    expect({ status, refresh: body['refresh_token'] }).toEqual({ status: 200, refresh: undefined })
    const who = await fetch(`${org.url}/services/oauth2/userinfo`, {
      headers: { authorization: `Bearer ${String(body['access_token'])}` },
    })
    expect(await who.json()).toMatchObject({ preferred_username: READER, organization_id: org.orgId })
  })

  it('takes the org itself as audience', async () => {
    const { status } = await form(tokenUrl, { grant_type: JWT, assertion: await assertion(claims({ aud: org.url })) })
    expect(status).toBe(200)
  })

  it('renews by refresh token and by client credentials', async () => {
    const first = await form(tokenUrl, {
      grant_type: 'password',
      client_id: 'PlatformCLI',
      username: ADMIN,
      password: 'practice',
    })
    const renewed = await form(tokenUrl, {
      grant_type: 'refresh_token',
      client_id: 'PlatformCLI',
      refresh_token: String(first.body['refresh_token']),
    })
    const service = await form(tokenUrl, {
      grant_type: 'client_credentials',
      client_id: 'practice',
      client_secret: 'practice',
    })
    expect([renewed.status, service.status]).toEqual([200, 200])
  })

  const password = { grant_type: 'password', client_id: 'practice', client_secret: 'practice', username: ADMIN }
  it.each<[string, () => Promise<Record<string, string>> | Record<string, string>, string, string]>([
    ['an unknown grant', () => ({ grant_type: 'device' }), 'unsupported_grant_type', 'grant type not supported'],
    [
      'an unknown client',
      () => ({ ...password, client_id: 'nobody', password: 'practice' }),
      'invalid_client_id',
      'client identifier invalid',
    ],
    [
      'a wrong client secret',
      () => ({ ...password, client_secret: 'no', password: 'practice' }),
      'invalid_client',
      'invalid client credentials',
    ],
    ['a wrong password', () => ({ ...password, password: 'wrong' }), 'invalid_grant', 'authentication failure'],
    [
      'an unknown user',
      () => ({ ...password, username: 'x@y.z', password: 'practice' }),
      'invalid_grant',
      'authentication failure',
    ],
    [
      'an unknown refresh token',
      () => ({ grant_type: 'refresh_token', client_id: 'PlatformCLI', refresh_token: 'x' }),
      'invalid_grant',
      'expired access/refresh token',
    ],
    [
      'a client that has no run-as user',
      () => ({ grant_type: 'client_credentials', client_id: 'PlatformCLI' }),
      'invalid_client',
      'invalid client credentials',
    ],
    [
      'an assertion for a user who has not approved the client',
      async () => ({ grant_type: JWT, assertion: await assertion(claims({ sub: ADMIN })) }),
      'invalid_grant',
      "user hasn't approved this consumer",
    ],
    [
      'an assertion for another audience',
      async () => ({ grant_type: JWT, assertion: await assertion(claims({ aud: 'https://evil.example' })) }),
      'invalid_grant',
      'audience is invalid',
    ],
    [
      'an assertion of an unknown client',
      async () => ({ grant_type: JWT, assertion: await assertion(claims({ iss: 'nobody' })) }),
      'invalid_client_id',
      'client identifier invalid',
    ],
    [
      'an assertion signed with another key',
      async () => ({ grant_type: JWT, assertion: await assertion(claims(), newKey()) }),
      'invalid_grant',
      'invalid assertion',
    ],
    [
      'an assertion of an hour ago',
      async () => ({ grant_type: JWT, assertion: await assertion(claims({ exp: inFiveMinutes() - 3600 })) }),
      'invalid_grant',
      'expired authorization code',
    ],
    [
      'text that is no assertion',
      () => ({ grant_type: JWT, assertion: 'a.b.c' }),
      'invalid_grant',
      'invalid assertion',
    ],
  ])('refuses %s', async (_what, fields, error, description) => {
    const { status, body } = await form(tokenUrl, await fields())
    expect({ status, body }).toEqual({ status: 400, body: { error, error_description: description } })
  })
})

describe('a session', () => {
  it('ends when it is revoked', async () => {
    const token = await tokenOf(org.url)
    const revoked = await form(`${org.url}/services/oauth2/revoke`, { token })
    const { status, body } = await rest(org.url, token, '/limits')
    expect(revoked.status).toBe(200)
    expect({ status, body }).toEqual({
      status: 401,
      body: [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }],
    })
  })

  it('is introspected as active until it is revoked', async () => {
    const token = await tokenOf(org.url)
    const ask = () => form(`${org.url}/services/oauth2/introspect`, { token, client_id: 'PlatformCLI' })
    expect((await ask()).body).toMatchObject({ active: true, username: ADMIN })
    await form(`${org.url}/services/oauth2/revoke`, { token })
    expect((await ask()).body).toEqual({ active: false })
  })

  it('stays good when the org restarts, and so do its keys, which only the owner may read', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'practice-org-'))
    try {
      const first = await startOrg({ dataDir })
      const token = await tokenOf(first.url)
      await first.close()
      const second = await startOrg({ dataDir })
      const { status } = await rest(second.url, token, '/limits')
      await second.close()
      expect(status).toBe(200)
      expect(second.publicKeyPem).toBe(first.publicKeyPem)
      const modes = ['org-key.pem', 'events-key.pem'].map((name) => statSync(join(dataDir, name)).mode & 0o777)
      expect(modes).toEqual([0o600, 0o600])
    } finally {
      rmSync(dataDir, { recursive: true })
    }
  })

  it('is refused by the person endpoints in plain text when the token is bad', async () => {
    const response = await fetch(`${org.url}/services/oauth2/userinfo`, { headers: { authorization: 'Bearer x' } })
    expect({ status: response.status, text: await response.text() }).toEqual({ status: 403, text: 'Bad_OAuth_Token' })
  })
})
