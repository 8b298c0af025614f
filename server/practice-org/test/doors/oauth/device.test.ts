import { describe, expect, it, afterAll, beforeAll } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { ADMIN, form, REP, rest } from '../../support/running-org.ts'
import { Browser, oauthOrg } from './sign-in.ts'

let org: PracticeOrg
let now = Date.now()
beforeAll(async () => {
  org = await oauthOrg({ now: () => now })
})
afterAll(() => org.close())

const token = (fields: Record<string, string>) => form(`${org.url}/services/oauth2/token`, fields)
const start = async (more: Record<string, string> = {}) =>
  (await token({ response_type: 'device_code', client_id: 'practice', ...more })).body as Record<string, string>
const poll = (code = '', client_id = 'practice') => token({ grant_type: 'device', client_id, code })
const wait = (seconds: number) => void (now += seconds * 1000)

/** A person's browser that has entered a code and, if asked to, signed in. */
async function entering(code: string, username = ADMIN): Promise<Browser> {
  const browser = await new Browser(org.url).open('/setup/connect')
  await browser.submit({ user_code: code, connect: 'Connect' })
  return browser.page.includes('id="username"') ? browser.logIn(username) : browser
}

describe('the device flow', () => {
  it('shows a code, waits for the person who enters it elsewhere, and gives a token to the device', async () => {
    const codes = await start({ scope: 'api refresh_token' })
    expect(codes).toEqual({
      device_code: expect.stringMatching(/^[\w-]{64}$/) as string,
      user_code: expect.stringMatching(/^[A-Z2-9]{8}$/) as string,
      verification_uri: `${org.url}/setup/connect`,
      interval: 5,
    })
    expect(await poll(codes['device_code'])).toMatchObject({ status: 400, body: { error: 'authorization_pending' } })
    const browser = await entering((codes['user_code'] ?? '').toLowerCase())
    expect(browser.page).toContain('practice</strong> is asking to')
    await browser.allow()
    expect(browser.page).toContain('Connected')
    wait(5)
    const { status, body } = await poll(codes['device_code'])
    expect({ status, scope: body['scope'] }).toEqual({ status: 200, scope: 'api refresh_token' })
    expect(body['refresh_token']).toMatch(/^5Aep861/)
    expect((await rest(org.url, String(body['access_token']), '/limits')).status).toBe(200)
    wait(5)
    expect((await poll(codes['device_code'])).body['error']).toBe('invalid_grant')
  })

  it('tells a device that asks too early to slow down, and makes it wait longer', async () => {
    const codes = await start()
    const errors: unknown[] = []
    for (const seconds of [0, 1, 6, 15]) {
      wait(seconds)
      errors.push((await poll(codes['device_code'])).body['error'])
    }
    expect(errors).toEqual(['authorization_pending', 'slow_down', 'slow_down', 'authorization_pending'])
  })

  it('ends with access_denied where the person denies it', async () => {
    const codes = await start()
    const browser = await entering(codes['user_code'] ?? '', REP)
    await browser.submit({ cancel: 'Deny' })
    expect(browser.page).toContain('Access Denied')
    expect((await poll(codes['device_code'])).body['error']).toBe('access_denied')
  })

  it('is over after ten minutes, for the device and for the person', async () => {
    const codes = await start()
    wait(601)
    expect((await poll(codes['device_code'])).body['error']).toBe('invalid_grant')
    const browser = await entering(codes['user_code'] ?? '')
    expect(browser.page).toContain('role="alert">The code is not valid')
  })

  it('takes a code from nobody but the client it was made for, and once', async () => {
    const codes = await start()
    expect((await poll(codes['device_code'], 'PlatformCLI')).body['error']).toBe('invalid_grant')
    const browser = await entering(codes['user_code'] ?? '')
    const second = await entering(codes['user_code'] ?? '')
    await browser.allow()
    await second.submit({ cancel: 'Deny' })
    expect(second.page).toContain('no longer good')
    wait(30)
    expect((await poll(codes['device_code'])).status).toBe(200)
  })

  it.each([
    ['a client that is not registered for it', { client_id: 'web' }, 'invalid_request'],
    ['an unknown client', { client_id: 'nobody' }, 'invalid_client_id'],
    ['a scope that the client may not have', { scope: 'wave_api' }, 'invalid_scope'],
  ])('refuses %s', async (_, fields, error) => {
    expect((await start(fields))['error']).toBe(error)
  })
})

it.each([
  'urn:ietf:params:oauth:grant-type:token-exchange',
  'urn:ietf:params:oauth:grant-type:saml2-bearer',
  'urn:salesforce:grant-type:external:jwt',
])('the grant %s is not offered', async (grant_type) => {
  const answer = await token({ grant_type, client_id: 'practice', client_secret: 'practice', assertion: 'x' })
  expect(answer).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } })
})
