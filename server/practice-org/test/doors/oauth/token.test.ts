import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { ADMIN, assertion, form, newKey, READER, REP } from '../../support/running-org.ts'
import { CALLBACK, oauthOrg } from './sign-in.ts'

const JWT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const LOGIN = 'https://login.salesforce.com'
let org: PracticeOrg
let tokenUrl: string
let inactive: string

beforeAll(async () => {
  org = await oauthOrg()
  tokenUrl = `${org.url}/services/oauth2/token`
  inactive = REP
  const caller = { userId: org.org.user(ADMIN)?.id ?? '', api: 'rest', version: '62.0' } as const
  org.org.update(caller, 'User', org.org.user(REP)?.id ?? '', { IsActive: false })
})
afterAll(() => org.close())

const inFiveMinutes = (): number => Math.floor(Date.now() / 1000) + 300
const claims = (changes: Record<string, unknown> = {}) => ({
  iss: 'reader-app',
  sub: READER,
  aud: LOGIN,
  exp: inFiveMinutes(),
  ...changes,
})

const password = { grant_type: 'password', client_id: 'practice', client_secret: 'practice', username: ADMIN }
const own = (client_id: string, more = {}) => {
  const fields = { grant_type: 'client_credentials', client_id, client_secret: 'secret' }
  return { ...fields, ...more }
}

describe('the token endpoint', () => {
  it('knows a username in any case, and takes no id for one', async () => {
    const ask = (username: string) => form(tokenUrl, { ...password, username, password: 'practice' })
    expect((await ask(ADMIN.toUpperCase())).body['id']).toBe((await ask(ADMIN)).body['id'])
    expect((await ask(org.org.user(ADMIN)?.id ?? '')).body).toMatchObject({ error: 'invalid_grant' })
  })

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

  it.each([
    ['the org itself', () => org.url],
    ['the org by https', () => org.url.replace('http:', 'https:')],
    ['the org by number', () => org.url.replace('localhost', '127.0.0.1')],
    ['the token address', () => `${LOGIN}/services/oauth2/token`],
    ['a slash at the end', () => `${LOGIN}/`],
    ['the test login', () => 'https://test.salesforce.com'],
    ['a list', () => ['https://other.example', LOGIN]],
  ])('takes as audience %s', async (_what, aud) => {
    const { status } = await form(tokenUrl, { grant_type: JWT, assertion: await assertion(claims({ aud: aud() })) })
    expect(status).toBe(200)
  })

  it('gives a client of its own a token of its run-as user, and neither it nor a password a refresh token', async () => {
    const basic = `Basic ${Buffer.from('practice:practice').toString('base64')}`
    const own = await fetch(tokenUrl, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
      headers: { authorization: basic },
    })
    const { body } = await form(tokenUrl, { ...password, password: 'practiceSECURITYTOKEN' })
    expect([own.status, await own.json(), body]).toEqual([
      200,
      expect.not.objectContaining({ refresh_token: expect.anything() as unknown }),
      expect.not.objectContaining({ refresh_token: expect.anything() as unknown }),
    ])
  })

  it.each<[string, () => Promise<Record<string, string>> | Record<string, string>, string, string]>([
    ['an unknown grant', () => ({ grant_type: 'saml' }), 'unsupported_grant_type', 'grant type not supported'],
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
      'a client without a secret on its own',
      () => ({ grant_type: 'client_credentials', client_id: 'PlatformCLI' }),
      'invalid_client',
      'invalid client credentials',
    ],
    ['a client that has no run-as user', () => own('no-run-as'), 'invalid_grant', 'no client credentials user enabled'],
    ['a client with no scope of its own', () => own('full-only'), 'invalid_grant', 'no valid scopes defined'],
    [
      'a scope the client may not have',
      () => own('practice', { client_secret: 'practice', scope: 'api wave_api' }),
      'invalid_scope',
      'the requested scope is not allowed',
    ],
    [
      'a user no administrator approved',
      () => ({ ...password, client_id: 'by-admin', client_secret: 'secret', password: 'practice' }),
      'invalid_app_access',
      'user is not admin approved to access this app',
    ],
    [
      'an assertion for a user no administrator approved',
      async () => ({ grant_type: JWT, assertion: await assertion(claims({ iss: 'by-admin', sub: ADMIN })) }),
      'invalid_app_access',
      'user is not admin approved to access this app',
    ],
    [
      'an inactive user by password',
      () => ({ ...password, username: inactive, password: 'practice' }),
      'inactive_user',
      'user is inactive',
    ],
    ['no grant type', () => ({}), 'unsupported_grant_type', 'grant type not supported'],
    ['a grant type from the prototype', () => ({ grant_type: 'constructor' }), 'unsupported_grant_type', ''],
    ['no client', () => ({ grant_type: 'password' }), 'invalid_request', 'missing required parameter: client_id'],
    [
      'an unknown code',
      () => ({ ...own('web'), grant_type: 'authorization_code', code: 'x', redirect_uri: CALLBACK }),
      'invalid_grant',
      'invalid authorization code',
    ],
    [
      'a code without an address',
      () => ({ ...own('web'), grant_type: 'authorization_code', code: 'x' }),
      'redirect_uri_missing',
      'redirect_uri not provided',
    ],
    [
      'an assertion for a user who has not approved the client',
      async () => ({ grant_type: JWT, assertion: await assertion(claims({ sub: ADMIN })) }),
      'invalid_grant',
      "user hasn't approved this consumer",
    ],
    [
      'an assertion for an inactive user',
      async () => ({ grant_type: JWT, assertion: await assertion(claims({ iss: 'ghosts', sub: inactive })) }),
      'inactive_user',
      'user is inactive',
    ],
    [
      'an assertion for a user who is approved and not there',
      async () => ({
        grant_type: JWT,
        assertion: await assertion(claims({ iss: 'ghosts', sub: 'ghost@practice.example' })),
      }),
      'invalid_grant',
      "user hasn't approved this consumer",
    ],
    [
      'an assertion without an expiry',
      async () => ({ grant_type: JWT, assertion: await assertion(claims({ exp: undefined })) }),
      'invalid_grant',
      'invalid assertion',
    ],
    [
      'an assertion of a client without a key',
      async () => ({ grant_type: JWT, assertion: await assertion(claims({ iss: 'web' })) }),
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
    const told = { error, error_description: description || (expect.any(String) as string) }
    expect({ status, body }).toEqual({ status: 400, body: told })
  })
})

describe('the login host that all orgs share', () => {
  /** A request under another name of this machine: fetch sets no Host header. */
  function post(host: string, fields: Record<string, string>): Promise<Record<string, unknown>> {
    const sent = request({
      port: org.port,
      host: '127.0.0.1',
      path: '/services/oauth2/token',
      method: 'POST',
      headers: { host: `${host}:${org.port}` },
    })
    return new Promise((resolve, reject) => {
      sent.on('error', reject).on('response', (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => (text += part))
        response.on('end', () => resolve(JSON.parse(text) as Record<string, unknown>))
      })
      sent.end(new URLSearchParams(fields).toString())
    })
  }

  it('sends its callers to their own org, and knows no client of its own', async () => {
    expect(await post('login.localhost', { ...password, password: 'practice' })).toMatchObject({
      instance_url: org.url,
    })
    expect(await post('test.localhost', own('practice', { client_secret: 'practice' }))).toEqual({
      error: 'invalid_grant',
      error_description: 'request not supported on this domain',
    })
  })
})

describe('a user who signs in too often', () => {
  it('is refused until the next hour', async () => {
    let now = Date.UTC(2026, 0, 1, 10, 30)
    const strict = await oauthOrg({ loginsPerHour: 2, now: () => now })
    const ask = async (username = ADMIN) => {
      const { body } = await form(`${strict.url}/services/oauth2/token`, {
        ...password,
        username,
        password: 'practice',
      })
      return body['error'] ?? 'token'
    }
    expect([await ask(), await ask(), await ask(), await ask(READER)]).toEqual([
      'token',
      'token',
      'rate_limit_exceeded',
      'token',
    ])
    now += 30 * 60_000
    expect(await ask()).toBe('token')
    await strict.close()
  })
})
