import jsforce from 'jsforce'
import { createHash } from 'node:crypto'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { ADMIN, form, READER, REP, rest } from '../../support/running-org.ts'
import { Browser, CALLBACK, oauthOrg } from './sign-in.ts'

let org: PracticeOrg
let now = Date.now()
beforeAll(async () => {
  org = await oauthOrg({ now: () => now })
})
afterAll(() => org.close())

const web = { client_id: 'web', redirect_uri: CALLBACK, response_type: 'code', state: 'a b&c' }
const verifier = 'v'.repeat(43)
const challenge = createHash('sha256').update(verifier).digest('base64url')

/** What a person allowed: the fields the client is sent back with. */
async function allowed(fields: Record<string, string>, username = ADMIN): Promise<Record<string, string>> {
  const browser = await new Browser(org.url).authorize({ ...fields, prompt: 'consent' })
  await browser.logIn(username)
  return (await browser.allow()).answer
}

function redeem(code: string, more: Record<string, string> = {}) {
  const fields = { grant_type: 'authorization_code', client_id: 'web', client_secret: 'secret', redirect_uri: CALLBACK }
  return form(`${org.url}/services/oauth2/token`, { ...fields, code, ...more })
}

describe('the authorization code flow', () => {
  it('asks for the password, then for approval, and sends the browser back with a code and the state', async () => {
    const browser = await new Browser(org.url).authorize({ ...web, login_hint: 'me@practice.example' })
    expect(browser.url).toMatch(/^\/\?ec=302&startURL=/)
    expect(browser.page).toContain('value="me@practice.example"')
    await browser.logIn(ADMIN, 'wrong')
    expect(browser.page).toMatch(/role="alert">Please check your username and password/)
    await browser.logIn(ADMIN)
    expect(browser.url).toMatch(/^\/setup\/secur\/RemoteAccessAuthorizationPage\.apexp\?source=/)
    await browser.allow()
    expect(browser.answer).toEqual({ code: expect.any(String) as string, state: 'a b&c' })
    const { status, body } = await redeem(browser.answer['code'] ?? '')
    expect({ status, scope: body['scope'] }).toEqual({
      status: 200,
      scope: 'api id web refresh_token openid custom_permissions',
    })
    expect((await rest(org.url, String(body['access_token']), '/limits')).status).toBe(200)
  })

  it('is followed by jsforce from the address it builds to a refreshed connection', async () => {
    const redirectUri = 'http://localhost:9/oauth2/callback'
    const oauth2 = { loginUrl: org.url, clientId: 'practice', clientSecret: 'practice', redirectUri }
    const conn = new jsforce.Connection({ oauth2, version: '62.0' })
    const browser = await new Browser(org.url).open(conn.oauth2.getAuthorizationUrl({ state: 'hello' }))
    await browser.logIn(ADMIN)
    await browser.allow()
    expect(browser.url.startsWith(redirectUri)).toBe(true)
    const { organizationId } = await conn.authorize(browser.answer['code'] ?? '')
    conn.accessToken = 'no longer good'
    const { records } = await conn.query('SELECT Id FROM User LIMIT 1')
    expect({ organizationId, rows: records.length }).toEqual({ organizationId: org.orgId, rows: 1 })
  })

  it('asks a person once for the same scopes of the same client, unless told to ask again', async () => {
    const browser = await new Browser(org.url).authorize({ ...web, scope: 'api id' })
    await browser.logIn(REP)
    await browser.allow()
    await browser.authorize({ ...web, scope: 'id' })
    expect(Object.keys(browser.answer)).toEqual(['code', 'state'])
    await browser.authorize({ ...web, scope: 'id', prompt: 'consent' })
    expect(browser.page).toContain('id="oaapprove"')
    await browser.authorize({ ...web, scope: 'id', prompt: 'login' })
    expect(browser.page).toContain('id="Login"')
    await browser.authorize({ ...web, scope: 'id web' })
    expect(browser.page).toContain('id="oaapprove"')
  })

  it('gives a refresh token only for its scope, and an ID token only for openid', async () => {
    const told = async (scope: string) => {
      const { code = '' } = await allowed({ ...web, scope, nonce: 'n-1' })
      const { body } = await redeem(code)
      return { scope: body['scope'], refresh: 'refresh_token' in body, id: 'id_token' in body }
    }
    expect(await told('api')).toEqual({ scope: 'api', refresh: false, id: false })
    expect(await told('api offline_access')).toEqual({ scope: 'api offline_access', refresh: true, id: false })
    expect(await told('openid')).toEqual({ scope: 'openid', refresh: false, id: true })
  })

  it('signs the ID token for the client, verifiable by what the org publishes', async () => {
    const { code = '' } = await allowed({ ...web, scope: 'openid', nonce: 'n-1' })
    const { body } = await redeem(code)
    const published = await fetch(`${org.url}/.well-known/openid-configuration`)
    const { issuer, jwks_uri: keys } = (await published.json()) as { issuer: string; jwks_uri: string }
    const { payload } = await jwtVerify(String(body['id_token']), createRemoteJWKSet(new URL(keys)), {
      issuer,
      audience: 'web',
      currentDate: new Date(now),
    })
    expect(payload).toMatchObject({ sub: body['id'], nonce: 'n-1' })
  })

  it('takes a code once, for 15 minutes, from the client and for the address it was made for', async () => {
    const code = async (): Promise<string> => (await allowed(web))['code'] ?? ''
    const used = await code()
    await redeem(used)
    expect((await redeem(used)).body).toEqual({
      error: 'invalid_grant',
      error_description: 'expired authorization code',
    })
    expect((await redeem('aPrxNever')).body['error_description']).toBe('invalid authorization code')
    const foreign = await redeem(await code(), { client_id: 'auditor' })
    expect(foreign.body['error_description']).toBe('invalid authorization code')
    const elsewhere = await redeem(await code(), { redirect_uri: 'myapp://done' })
    expect(elsewhere.body).toEqual({
      error: 'redirect_uri_mismatch',
      error_description: 'redirect_uri must match configuration',
    })
    const late = await code()
    now += 15 * 60_000
    expect((await redeem(late)).body['error_description']).toBe('expired authorization code')
  })

  it('holds the code verifier against the challenge, and takes neither without the other', async () => {
    const code = async (fields = {}): Promise<string> => (await allowed({ ...web, ...fields }))['code'] ?? ''
    const s256 = { code_challenge: challenge, code_challenge_method: 'S256' }
    const bad = { error: 'invalid_grant', error_description: 'invalid code verifier' }
    expect((await redeem(await code(s256), { code_verifier: verifier })).status).toBe(200)
    expect((await redeem(await code(s256), { code_verifier: 'x'.repeat(43) })).body).toEqual(bad)
    expect((await redeem(await code(s256))).body).toEqual(bad)
    expect((await redeem(await code(), { code_verifier: verifier })).body).toEqual(bad)
  })

  it('keeps the query of a registered address, and takes addresses of apps', async () => {
    const asked = { ...web, prompt: 'consent' }
    const tenant = await new Browser(org.url).authorize({ ...asked, redirect_uri: `${CALLBACK}?tenant=1` })
    await tenant.logIn(ADMIN)
    await tenant.allow()
    expect(tenant.url).toMatch(/callback\?tenant=1&code=/)
    const app = await new Browser(org.url).authorize({ ...asked, redirect_uri: 'myapp://done' })
    expect(app.headers.get('content-security-policy')).toContain("form-action 'self' myapp:;")
    await app.logIn(ADMIN)
    await app.submit({ cancel: 'Deny' })
    expect(app.url).toMatch(/^myapp:\/\/done\?error=access_denied/)
  })
})

describe('the user-agent flow', () => {
  it('hands the token over in the fragment', async () => {
    const told = await allowed({ ...web, response_type: 'token', scope: 'api refresh_token' })
    expect(told).toMatchObject({ token_type: 'Bearer', state: 'a b&c', scope: 'api refresh_token' })
    expect(told['refresh_token']).toMatch(/^5Aep861/)
    expect((await rest(org.url, told['access_token'] ?? '', '/limits')).status).toBe(200)
  })

  it('adds an ID token when one is asked for', async () => {
    expect(await allowed({ ...web, response_type: 'token id_token', scope: 'openid' })).toHaveProperty('id_token')
  })
})

describe('a request that cannot be granted', () => {
  it.each([
    ['no client', { client_id: '' }, 'invalid_request', 'missing required parameter: client_id'],
    ['an unknown client', { client_id: 'nobody' }, 'invalid_client_id', 'client identifier invalid'],
    ['no address', { redirect_uri: '' }, 'redirect_uri_missing', 'redirect_uri not provided'],
    [
      'another path',
      { redirect_uri: `${CALLBACK}/x` },
      'redirect_uri_mismatch',
      'redirect_uri must match configuration',
    ],
    ['another case', { redirect_uri: 'https://app.example/Callback' }, 'redirect_uri_mismatch', ''],
    [
      'a host that only begins like this machine',
      { client_id: 'practice', redirect_uri: 'http://localhost.evil.example/' },
      'redirect_uri_mismatch',
      '',
    ],
    ['a script', { client_id: 'practice', redirect_uri: 'javascript:alert(1)' }, 'redirect_uri_mismatch', ''],
    [
      'no challenge where it is required',
      { client_id: 'strict' },
      'invalid_request',
      'missing required code challenge',
    ],
  ])('is shown to the person and not sent anywhere: %s', async (_what, fields, error, description) => {
    const browser = await new Browser(org.url).authorize({ ...web, ...fields })
    expect(browser.status).toBe(400)
    expect(browser.page).toContain(`error=${error}&error_description=${encodeURIComponent(description)}`)
  })

  it.each([
    [
      'an unknown response type',
      { response_type: 'device' },
      'unsupported_response_type',
      'response type not supported',
    ],
    [
      'a scope the client may not have',
      { scope: 'api wave_api' },
      'invalid_scope',
      'the requested scope is not allowed',
    ],
    ['a scope nobody knows', { scope: '__proto__' }, 'invalid_scope', 'the requested scope is not allowed'],
    ['a plain challenge', { code_challenge: challenge, code_challenge_method: 'plain' }, 'invalid_request', undefined],
    ['a challenge that is none', { code_challenge: 'short' }, 'invalid_request', undefined],
    ['an unknown prompt', { prompt: 'dance' }, 'invalid_request', undefined],
    ['an answer at once without a login', { prompt: 'none' }, 'immediate_unsuccessful', 'immediate unsuccessful'],
    ['immediate, as an org calls it', { immediate: 'true' }, 'immediate_unsuccessful', 'immediate unsuccessful'],
  ])('is told to the client with its state: %s', async (_what, fields, error, description) => {
    const { url, answer } = await new Browser(org.url).authorize({ ...web, ...fields })
    expect(url.startsWith(`${CALLBACK}?`)).toBe(true)
    expect(answer).toMatchObject({ error, state: 'a b&c', ...(description && { error_description: description }) })
  })

  it('is told in the fragment to who wanted a token', async () => {
    const { url } = await new Browser(org.url).authorize({ ...web, response_type: 'token', scope: 'nope' })
    expect(url).toMatch(/callback#error=invalid_scope/)
  })

  it('tells who is denied, and who is not approved by an administrator', async () => {
    const denied = await new Browser(org.url).authorize({ ...web, prompt: 'consent' })
    await denied.logIn(ADMIN)
    await denied.submit({ cancel: 'Deny' })
    expect(denied.answer).toEqual({
      error: 'access_denied',
      error_description: 'end-user denied authorization',
      state: 'a b&c',
    })
    const fields = { ...web, client_id: 'by-admin' }
    const stranger = await new Browser(org.url).authorize(fields)
    await stranger.logIn(ADMIN)
    expect(stranger.answer).toMatchObject({
      error: 'invalid_app_access',
      error_description: 'user is not admin approved to access this app',
    })
    expect((await allowed(fields, READER))['code']).toEqual(expect.any(String))
  })
})

describe('the login page', () => {
  it('runs no script, cannot be framed, and names its fields', async () => {
    const { page, headers } = await new Browser(org.url).authorize(web)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/^default-src 'none';.*frame-ancestors 'none'$/)
    expect(policy).toContain("form-action 'self' https://app.example;")
    expect(page).toMatch(/<html lang="en">[^]*<label for="username">[^]*<label for="password">/)
  })

  it('escapes what the address brings', async () => {
    const { page } = await new Browser(org.url).authorize({ ...web, login_hint: '"><script>x' })
    expect(page).not.toContain('<script')
  })

  it('takes no form of another site, and no approval without its own proof', async () => {
    const fields = { ...web, prompt: 'consent' }
    const login = await new Browser(org.url).authorize(fields)
    await login.submit({ username: ADMIN, pw: 'practice' }, { origin: 'https://evil.example' })
    expect(login.status).toBe(400)
    const approval = await new Browser(org.url).authorize(fields)
    await approval.logIn(ADMIN)
    await approval.submit({ save: 'Allow', confirmation: 'guessed' })
    expect({ status: approval.status, answer: approval.answer['code'] }).toEqual({ status: 400, answer: undefined })
  })

  it('leads nowhere but to the approval of a request that waits', async () => {
    for (const startUrl of ['https://evil.example', '//evil.example', '/lightning', '/setup/secur/x?source=y']) {
      const { status } = await new Browser(org.url).open(`/?ec=302&startURL=${encodeURIComponent(startUrl)}`)
      expect(status).toBe(400)
    }
  })
})
