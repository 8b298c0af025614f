import jsforce from 'jsforce'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { ADMIN, form, READER, rest, startOrg, tokenOf } from '../../support/running-org.ts'
import { Browser, CALLBACK, oauthOrg } from './sign-in.ts'

const HOUR = 3_600_000
let org: PracticeOrg
let now: number

beforeAll(async () => {
  now = Date.now()
  org = await oauthOrg({ now: () => now })
})
beforeEach(() => {
  now = Date.now()
})
afterAll(() => org.close())

const bad = {
  status: 401,
  body: [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }],
}
const limits = async (token: string) => {
  const { status, body } = await rest(org.url, token, '/limits')
  return status === 200 ? { status } : { status, body }
}
const post = (path: string, fields: Record<string, string>) => form(`${org.url}/services/oauth2/${path}`, fields)
const web = { client_id: 'web', client_secret: 'secret' }

/** Both tokens of a person who allowed client `web` everything. */
async function bothTokens(): Promise<{ access: string; refresh: string }> {
  const ask = { client_id: 'web', redirect_uri: CALLBACK, response_type: 'code', prompt: 'consent' }
  const browser = await new Browser(org.url).authorize(ask)
  await browser.logIn(ADMIN)
  const { code = '' } = (await browser.allow()).answer
  const { body } = await post('token', { ...web, grant_type: 'authorization_code', code, redirect_uri: CALLBACK })
  return { access: String(body['access_token']), refresh: String(body['refresh_token']) }
}

async function refreshed(refresh: string, more: Record<string, string> = {}) {
  return (await post('token', { ...web, grant_type: 'refresh_token', refresh_token: refresh, ...more })).body
}

describe('an access token', () => {
  it('ends two hours after its last use, as it is prolonged in the second half of its life', async () => {
    const token = await tokenOf(org.url)
    now += 0.9 * HOUR
    expect(await limits(token)).toEqual({ status: 200 })
    now += HOUR
    expect(await limits(token)).toEqual({ status: 200 })
    now += 1.9 * HOUR
    expect(await limits(token)).toEqual({ status: 200 })
    now += 2 * HOUR
    expect(await limits(token)).toEqual(bad)
  })

  it('is good for REST, SOAP and the identity alike, wherever it came from', async () => {
    const viaOAuth = await tokenOf(org.url)
    const soap = new jsforce.Connection({ loginUrl: org.url, version: '62.0' })
    await soap.loginBySoap(ADMIN, 'practice')
    const conn = new jsforce.Connection({ instanceUrl: org.url, accessToken: viaOAuth, version: '62.0' })
    expect((await conn.soap.getServerTimestamp()).timestamp).toEqual(expect.any(String))
    expect(await limits(String(soap.accessToken))).toEqual({ status: 200 })
    expect((await soap.identity()).username).toBe(ADMIN)
  })

  it('ends when it is revoked; revoking it again is refused', async () => {
    const token = await tokenOf(org.url)
    expect((await post('revoke', { token })).status).toBe(200)
    expect(await limits(token)).toEqual(bad)
    expect(await post('revoke', { token })).toMatchObject({ status: 400, body: { error: 'unsupported_token_type' } })
    expect((await post('revoke', {})).body).toMatchObject({ error: 'invalid_request' })
  })

  it('without scope api opens no API, but tells who it belongs to', async () => {
    const own = { grant_type: 'client_credentials', client_id: 'who-only', client_secret: 'secret' }
    const token = String((await post('token', own)).body['access_token'])
    expect(await limits(token)).toEqual({
      status: 401,
      body: [{ message: 'This session is not valid for use with the REST API', errorCode: 'INVALID_SESSION_ID' }],
    })
    const conn = new jsforce.Connection({ instanceUrl: org.url, accessToken: token, version: '62.0' })
    await expect(conn.soap.getServerTimestamp()).rejects.toThrow('This session is not valid for use with the API')
    const info = await fetch(`${org.url}/services/oauth2/userinfo`, { headers: { authorization: `Bearer ${token}` } })
    const body = (await info.json()) as Record<string, unknown>
    expect(body).toMatchObject({ preferred_username: READER })
    expect(body).not.toHaveProperty('custom_permissions')
  })
})

describe('a refresh token', () => {
  it('gives new access tokens, of the same scopes or fewer', async () => {
    const { refresh } = await bothTokens()
    const all = await refreshed(refresh)
    expect(await limits(String(all['access_token']))).toEqual({ status: 200 })
    expect(all).not.toHaveProperty('refresh_token')
    expect(await refreshed(refresh, { scope: 'id' })).toMatchObject({ scope: 'id' })
    expect(await refreshed(refresh, { scope: 'wave_api' })).toMatchObject({ error: 'invalid_scope' })
  })

  it('is good for its own client alone', async () => {
    const { refresh } = await bothTokens()
    expect(await refreshed(refresh, { client_id: 'auditor' })).toEqual({
      error: 'invalid_grant',
      error_description: 'expired access/refresh token',
    })
  })

  it('takes its access tokens along when it is revoked, and outlives the revoking of one of them', async () => {
    const { access, refresh } = await bothTokens()
    const second = String((await refreshed(refresh))['access_token'])
    await post('revoke', { token: access })
    const third = String((await refreshed(refresh))['access_token'])
    expect(await Promise.all([access, second, third].map(limits))).toEqual([bad, { status: 200 }, { status: 200 }])
    await post('revoke', { token: refresh })
    expect(await Promise.all([second, third].map(limits))).toEqual([bad, bad])
    expect(await refreshed(refresh)).toMatchObject({ error_description: 'expired access/refresh token' })
  })
})

describe('introspection', () => {
  const ask = async (token: string, client: Record<string, string> = web) =>
    (await post('introspect', { token, ...client })).body

  it('tells a client all about its own tokens, until they end', async () => {
    const { access, refresh } = await bothTokens()
    const seconds = Math.floor(now / 1000)
    expect(await ask(access)).toEqual({
      active: true,
      scope: 'api id web refresh_token openid custom_permissions',
      client_id: 'web',
      username: ADMIN,
      sub: `${org.url}/id/${org.orgId}/${org.org.user(ADMIN)?.id}`,
      token_type: 'access_token',
      exp: seconds + 7200,
      iat: seconds,
      nbf: seconds,
    })
    expect(await ask(refresh)).toMatchObject({ active: true, token_type: 'refresh_token' })
    await post('revoke', { token: refresh })
    expect(await ask(access)).toEqual({ active: false })
  })

  it('tells no client about tokens of others, unless it is registered for that', async () => {
    const token = await tokenOf(org.url)
    expect(await ask(token)).toEqual({ active: false })
    expect(await ask(token, { client_id: 'auditor', client_secret: 'secret' })).toMatchObject({ active: true })
  })

  it('refuses whoever cannot prove to be a client', async () => {
    const token = await tokenOf(org.url)
    expect(await ask(token, { client_id: 'web' })).toMatchObject({ error: 'invalid_client' })
    expect(await ask(token, { client_id: 'nobody' })).toMatchObject({ error: 'invalid_client_id' })
    expect(await ask('', web)).toMatchObject({ error: 'invalid_request' })
    const got = await fetch(`${org.url}/services/oauth2/introspect?token=x`)
    expect(await got.json()).toEqual({ error: 'invalid_request', error_description: 'must use HTTP POST' })
  })

  it('does not prolong what it looks at', async () => {
    const { access } = await bothTokens()
    now += 1.9 * HOUR
    await ask(access)
    now += 0.2 * HOUR
    expect(await ask(access)).toEqual({ active: false })
  })
})

describe('a restart', () => {
  it('leaves tokens good, and the keys, which only the owner may read', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'practice-org-'))
    try {
      const first = await startOrg({ dataDir })
      const token = await tokenOf(first.url)
      const keys = await (await fetch(`${first.url}/id/keys`)).json()
      await first.close()
      const second = await startOrg({ dataDir })
      const { status } = await rest(second.url, token, '/limits')
      expect(await (await fetch(`${second.url}/id/keys`)).json()).toEqual(keys)
      await second.close()
      expect(status).toBe(200)
      expect(second.publicKeyPem).toBe(first.publicKeyPem)
      expect(second.certificatePem).toBe(first.certificatePem)
      const files = ['org-key.pem', 'events-key.pem', 'id-token-key.pem']
      expect(files.map((name) => statSync(join(dataDir, name)).mode & 0o777)).toEqual([0o600, 0o600, 0o600])
    } finally {
      rmSync(dataDir, { recursive: true })
    }
  })
})
