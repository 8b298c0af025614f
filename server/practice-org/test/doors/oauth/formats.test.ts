import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { ADMIN, rest, tokenOf } from '../../support/running-org.ts'
import { oauthOrg } from './sign-in.ts'

let org: PracticeOrg
let token: string
let path: string
beforeAll(async () => {
  org = await oauthOrg()
  token = await tokenOf(org.url)
  path = `/id/${org.orgId}/${org.org.user(ADMIN)?.id}`
})
afterAll(() => org.close())

async function get(target: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${org.url}${target}`, { headers: { authorization: `Bearer ${token}`, ...headers } })
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
}

describe('the identity', () => {
  it.each([
    ['?format=xml', {}],
    ['', { accept: 'application/xml,application/json;q=0.5' }],
    ['', { accept: 'image/png, application/xml' }],
  ])('%s with %j is XML', async (query, headers) => {
    const { type, text } = await get(`${path}${query}`, headers)
    expect(type).toBe('application/xml;charset=UTF-8')
    expect(text).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?><user xmlns:xsi="[^"]+"><id>http/)
    expect(text).toContain(`<username>${ADMIN}</username>`)
    expect(text).toContain('<created_date xsi:nil="true"')
  })

  it('is a form where the caller wants one', async () => {
    const { type, text } = await get(`${path}?format=urlencoded`, { accept: 'application/xml' })
    expect(type).toBe('application/x-www-form-urlencoded;charset=UTF-8')
    expect(new URLSearchParams(text).get('username')).toBe(ADMIN)
  })

  it('calls a function of the page that asks for it, but nothing that is no name of one', async () => {
    const { type, text } = await get(`${path}?callback=app.who`)
    expect(type).toBe('application/javascript;charset=UTF-8')
    expect(JSON.parse(/^app\.who\((.*)\);$/s.exec(text)?.[1] ?? '')).toMatchObject({ username: ADMIN })
    expect((await get(`${path}?callback=alert(1)//`)).type).toBe('application/json;charset=UTF-8')
  })

  it.each([
    ['latest', '/v67.0/'],
    ['55.0', '/v55.0/'],
    ['x', '/v{version}/'],
  ])('with version %s names its addresses by %s', async (version, part) => {
    expect((await get(`${path}?version=${version}`)).text).toContain(part)
  })
})

describe('revoking by a script', () => {
  it('calls the function with nothing, or with the error, and status 200', async () => {
    const mine = await tokenOf(org.url)
    const revoke = `/services/oauth2/revoke?token=${encodeURIComponent(mine)}&callback=done`
    expect(await get(revoke)).toEqual({ status: 200, type: 'application/javascript;charset=UTF-8', text: 'done({});' })
    expect((await rest(org.url, mine, '/limits')).status).toBe(401)
    const again = await get(revoke)
    expect(again.status).toBe(200)
    expect(again.text).toMatch(/^done\(\{"error":"unsupported_token_type"/)
  })
})
