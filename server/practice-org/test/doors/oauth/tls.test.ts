import jsforce from 'jsforce'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { ADMIN, READER, readerKey, startOrg, tokenOf } from '../../support/running-org.ts'

let org: PracticeOrg
let token: string
let folder: string
let agent: Agent

beforeAll(async () => {
  org = await startOrg()
  token = await tokenOf(org.url)
  folder = mkdtempSync(join(tmpdir(), 'practice-org-'))
  writeFileSync(join(folder, 'cert.pem'), org.certificatePem)
  agent = new Agent({ ca: org.certificatePem })
})
afterAll(async () => {
  agent.destroy()
  rmSync(folder, { recursive: true })
  await org.close()
})

function secure(path: string, host = 'localhost'): Promise<{ status: number; body: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` }
    const sent = request({ host, port: org.port, path, headers, agent }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Record<string, unknown> }),
      )
    })
    sent.on('error', reject).end()
  })
}

/** Runs a script that trusts the org's certificate, as a client of its own. */
function run(script: string): Promise<string> {
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem'), ORG: `https://localhost:${org.port}` }
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env,
    cwd: join(import.meta.dirname, '../../../../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part))
  return new Promise((resolve) => child.on('close', () => resolve(text.trim())))
}

describe('the port of the org', () => {
  it('speaks TLS too, and says https and the host it was called by in every address', async () => {
    const { body: info } = await secure('/services/oauth2/userinfo')
    const { body: root } = await secure('/services/data/v62.0', '127.0.0.1')
    expect(info['sub']).toBe(`https://localhost:${org.port}/id/${org.orgId}/${org.org.user(ADMIN)?.id}`)
    expect(info['urls']).toMatchObject({ rest: `https://localhost:${org.port}/services/data/v{version}/` })
    expect(root['identity']).toMatch(new RegExp(`^https://127\\.0\\.0\\.1:${org.port}/id/`))
  })

  it("lets jsforce sign in, over SOAP too, and read the identity over https when it trusts the org's certificate", async () => {
    const script = `
      import jsforce from 'jsforce'
      const conn = new jsforce.Connection({ loginUrl: process.env.ORG, version: '62.0' })
      await conn.login('${ADMIN}', 'practice')
      const { id, username } = await conn.identity()
      console.log(JSON.stringify({ instanceUrl: conn.instanceUrl, id, username }))`
    const url = `https://localhost:${org.port}`
    const id = `${url}/id/${org.orgId}/${org.org.user(ADMIN)?.id}`
    expect(JSON.parse(await run(script))).toEqual({ instanceUrl: url, id, username: ADMIN })
  })

  it('lets the Pub/Sub client sign in by assertion and by client secret, at the address of the org', async () => {
    const script = `
      import PubSubApiClient from 'salesforce-pubsub-api-client'
      const silent = { debug() {}, info() {}, warn() {}, error() {} }
      const log = { ...silent, info: (text) => /^Connected to Salesforce/.test(text) && console.log(text) }
      const common = { loginUrl: process.env.ORG, pubSubEndpoint: 'localhost:${org.eventsPort}', rejectUnauthorizedSsl: false }
      for (const own of [
        { authType: 'oauth-jwt-bearer', clientId: 'reader-app', username: '${READER}', privateKey: ${JSON.stringify(readerKey.privateKeyPem)} },
        { authType: 'oauth-client-credentials', clientId: 'practice', clientSecret: 'practice' },
        { authType: 'username-password', username: '${ADMIN}', password: 'practice', userToken: 'TOKEN' },
      ]) {
        const client = new PubSubApiClient({ ...common, ...own }, log)
        await client.connect()
        client.close()
      }`
    const connected = (who: string): string =>
      `Connected to Salesforce org https://localhost:${org.port} (${org.orgId}) as ${who}`
    expect((await run(script)).split('\n')).toEqual([READER, READER, ADMIN].map(connected))
  })

  it('still speaks plain HTTP, whether the request comes at once or byte by byte', async () => {
    const conn = new jsforce.Connection({ instanceUrl: org.url, accessToken: token, version: '62.0' })
    expect((await conn.identity()).id).toMatch(/^http:/)
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(org.port, '127.0.0.1').setNoDelay().setEncoding('utf8')
      let text = ''
      socket.on('data', (part: string) => (text += part)).on('close', () => resolve(text))
      for (const byte of 'GET /services/data HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')
        socket.write(byte)
    })
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/)
  })

  it('cuts a connection that says nothing, and one that only begins a handshake', async () => {
    const hasty = await startOrg({ requestTimeoutMs: 50 })
    const cut = (first?: Buffer): Promise<boolean> =>
      new Promise((resolve) => {
        const socket = connect(hasty.port, '127.0.0.1').resume()
        socket.on('error', () => {}).on('close', () => resolve(true))
        if (first) socket.write(first)
      })
    expect(await Promise.all([cut(), cut(Buffer.from([0x16, 3, 1]))])).toEqual([true, true])
    await hasty.close()
  })
})
