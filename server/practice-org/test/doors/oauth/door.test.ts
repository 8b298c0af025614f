import { request } from 'node:http'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { rest, startOrg, tokenOf } from '../../support/running-org.ts'

let org: PracticeOrg
let token: string

beforeAll(async () => {
  org = await startOrg({ origins: ['https://app.example', 'https://*.partner.example'] })
  token = await tokenOf(org.url)
})
afterAll(() => org.close())

/** What the org answers to bytes that no HTTP client would send. */
function raw(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(org.port, '127.0.0.1').setEncoding('utf8')
    let answer = ''
    socket.on('data', (part: string) => (answer += part)).on('error', () => {})
    socket.on('close', () => resolve(answer))
    socket.write(text)
  })
}

describe('the HTTP door', () => {
  it.each([
    ['v30.0', 410, 'GONE'],
    ['v21.0', 410, 'GONE'],
    ['v68.0', 404, 'NOT_FOUND'],
    ['v62.1', 404, 'NOT_FOUND'],
    ['vabc', 404, 'NOT_FOUND'],
  ])('answers version %s with %d %s', async (version, status, errorCode) => {
    const headers = { authorization: `Bearer ${token}` }
    for (const path of ['limits', 'jobs/ingest']) {
      const response = await fetch(`${org.url}/services/data/${version}/${path}`, { headers })
      expect({ status: response.status, body: await response.json() }).toMatchObject({ status, body: [{ errorCode }] })
    }
  })

  it('takes a PATCH as a POST that says so, and a HEAD as a GET without its body', async () => {
    const created = await rest(org.url, token, '/sobjects/Account', {
      method: 'POST',
      body: JSON.stringify({ Name: 'Before' }),
    })
    const { id } = created.body as { id: string }
    const row = `/sobjects/Account/${id}`
    const patched = await rest(org.url, token, `${row}?_HttpMethod=PATCH`, {
      method: 'POST',
      body: JSON.stringify({ Name: 'After' }),
    })
    expect(patched.status).toBe(204)
    expect((await rest(org.url, token, `${row}?fields=Name`)).body).toMatchObject({ Name: 'After' })
    const head = await rest(org.url, token, row, { method: 'HEAD' })
    expect({ status: head.status, body: head.body }).toEqual({ status: 200, body: undefined })
  })

  it('packs long answers for who asks, and only for them', async () => {
    const raw = (headers: Record<string, string>) =>
      new Promise<{ encoding: unknown; bytes: number }>((resolve) => {
        const path = '/services/data/v62.0/sobjects/Account/describe'
        const options = {
          port: org.port,
          host: '127.0.0.1',
          path,
          headers: { authorization: `Bearer ${token}`, ...headers },
        }
        request(options, (response) => {
          let bytes = 0
          response.on('data', (part: Buffer) => (bytes += part.length))
          response.on('end', () => resolve({ encoding: response.headers['content-encoding'], bytes }))
        }).end()
      })
    const plain = await raw({})
    const packed = await raw({ 'accept-encoding': 'gzip, deflate, br' })
    expect([plain.encoding, packed.encoding]).toEqual([undefined, 'gzip'])
    expect(packed.bytes).toBeLessThan(plain.bytes / 2)
    expect((await raw({ 'accept-encoding': 'br, gzip;q=0' })).encoding).toBeUndefined()
    const short = await fetch(`${org.url}/services/data/v62.0/limits/nothing`)
    expect(short.headers.get('content-encoding')).toBeNull()
  })

  it('unpacks what is sent packed', async () => {
    const body = gzipSync(JSON.stringify({ Name: 'Packed' }))
    const headers = { 'content-encoding': 'gzip' }
    expect((await rest(org.url, token, '/sobjects/Account', { method: 'POST', body, headers })).status).toBe(201)
  })

  it('refuses calls beyond the allowance, and says how many there were', async () => {
    const small = await startOrg({ apiLimit: 2 })
    const own = await tokenOf(small.url)
    await rest(small.url, own, '/limits')
    const last = await rest(small.url, own, '/nothing')
    expect({ status: last.status, info: last.headers.get('sforce-limit-info') }).toEqual({
      status: 404,
      info: 'api-usage=2/2',
    })
    const refused = await rest(small.url, own, '/limits')
    expect(refused).toMatchObject({
      status: 403,
      body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }],
    })
    await small.close()
  })

  it.each([
    ['Bearer', 'INVALID_AUTH_HEADER'],
    ['Bearer two words', 'INVALID_AUTH_HEADER'],
    ['Basic abc', 'INVALID_AUTH_HEADER'],
    ['Bearer 00D000000000001!x', 'INVALID_SESSION_ID'],
  ])('refuses Authorization: %s with 401 %s', async (authorization, errorCode) => {
    const response = await fetch(`${org.url}/services/data/v62.0/limits`, { headers: { authorization } })
    expect(response.headers.get('www-authenticate')).toBe('Token')
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status: 401,
      body: [{ errorCode }],
    })
  })

  it('refuses an address of more than 16 KB with 414', async () => {
    const { status, body } = await rest(org.url, token, `/query?q=${'x'.repeat(16_400)}`)
    expect({ status, body }).toMatchObject({ status: 414, body: [{ errorCode: 'URI_TOO_LONG' }] })
  })

  it.each([17_000, 70_000])('refuses headers of %d bytes with 431', async (bytes) => {
    const answer = await raw(
      `GET /services/data HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx: ${'y'.repeat(bytes)}\r\n\r\n`,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 431 /)
    expect(answer).toContain('"errorCode":"REQUEST_HEADERS_TOO_LARGE"')
  })

  it('answers what is no HTTP with 400', async () => {
    expect(await raw('HELLO\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [^]*"errorCode":"INVALID_INPUT"/)
  })
})

describe('pages of other origins', () => {
  const call = async (origin: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${token}`, origin, ...init.headers }
    const response = await fetch(`${org.url}/services/data/v62.0/limits`, { ...init, headers })
    return { status: response.status, allowed: response.headers.get('access-control-allow-origin') }
  }

  it.each(['https://app.example', 'https://eu.partner.example'])(
    'may call from %s, which is allowed',
    async (origin) => {
      const preflight = { 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' }
      expect(await call(origin, { method: 'OPTIONS', headers: preflight })).toEqual({ status: 200, allowed: origin })
      expect(await call(origin)).toEqual({ status: 200, allowed: origin })
    },
  )

  it.each(['https://evil.example', 'https://partner.example', 'http://app.example', 'null'])(
    'may not call from %s, which is not',
    async (origin) => {
      expect(await call(origin)).toEqual({ status: 403, allowed: null })
      expect(await call(origin, { method: 'OPTIONS' })).toEqual({ status: 403, allowed: null })
    },
  )

  it('are not those of the org itself', async () => {
    expect(await call(org.url)).toEqual({ status: 200, allowed: null })
  })
})
