import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../server/practice-org/compose.ts'
import { rest, startOrg, tokenOf } from '../protocols/org.ts'

let org: PracticeOrg
let token: string

beforeAll(async () => {
  org = await startOrg()
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
