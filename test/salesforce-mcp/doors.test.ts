import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { randomBytes } from 'node:crypto'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tools } from '../../server/contract/tools.ts'
import { SettingsError } from '../../server/settings/settings-error.ts'
import { readSalesforceMcpSettings } from '../../server/settings/salesforce-mcp-settings.ts'
import { openHttpDoor, type HttpDoor } from '../../server/salesforce-mcp/http.ts'
import { httpTransport } from '../../server/brain/adapters/salesforce/client.ts'
import { callTool, connected } from './calling.ts'
import { answers, entryOf, newCaller, pemOf, signerFor, type Signer } from './door/door-keys.ts'
import { openScriptedHouse, type ScriptedHouse } from './scripted-house.ts'
import { approvalToken, newKeys, ORG_ID, orgKeys, sealedOf, startToken } from './signing.ts'

const web = newCaller('web')
const ANNA = '005000000000001AAA'
let house: ScriptedHouse
let door: HttpDoor
let signer: Signer

beforeAll(async () => {
  house = await openScriptedHouse()
  door = await openHttpDoor(house.mcp, { port: 0, callers: [web.listed], answerKey: answers.privateKey })
  signer = await signerFor(door.url, web)
})
afterAll(async () => {
  await door.close()
  await house.close()
})

const change = { kind: 'update', object: 'Account', id: '001000000000001AAA', fields: {} } as const
const decision = () => approvalToken(sealedOf([change], {}), ANNA)

describe('in process', () => {
  it('lists every tool of the contract in its order, and only those that write as such', async () => {
    const listed = (await house.client.listTools()).tools
    expect(listed.map(({ name }) => name)).toEqual(Object.keys(tools))
    const writing = listed.filter(({ annotations }) => annotations?.readOnlyHint === false)
    expect(writing.map(({ name }) => name)).toEqual([
      'activateGrant',
      'withdrawGrant',
      'commitChangeSet',
      'voidChangeSet',
      'keepApart',
    ])
    expect((await house.client.listTools()).tools).toEqual(listed)
  })

  it('gives a structured error to a client that knows the output schemas', async () => {
    const client = await connected(house.mcp)
    await client.listTools()
    const result = await client.callTool({ name: 'acceptDecision', arguments: { token: 'nonsense' } })
    expect(result).toMatchObject({ isError: true, structuredContent: { error: { code: 'refused', retryable: false } } })
    await client.close()
  })

  it('answers unknown tools and wrong arguments with what is wrong', async () => {
    const unknown = await house.client.callTool({ name: 'deleteEverything', arguments: {} })
    expect(unknown).toMatchObject({ isError: true, structuredContent: { error: { code: 'bad-request' } } })
    const wrong = callTool(house.client, 'soqlQuery', { grant: 'x', queries: [] })
    await expect(wrong).rejects.toThrow(/grant/)
  })
})

describe('over Streamable HTTP', () => {
  it('serves a client that signs its requests', async () => {
    const client = new Client({ name: 'test', version: '0' })
    await client.connect(httpTransport(door.url, web.fetch))
    const { claims } = await callTool(client, 'acceptDecision', { token: await decision() })
    expect(claims.sub).toBe(ANNA)
    await client.close()
  })

  const LIST = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
  const bodyFor = (method: string, path: string) => (method !== 'POST' ? '' : path === '/mcp' ? LIST : '{}')
  const call = (headers: Record<string, string>, method = 'POST', path = '/mcp') =>
    new Promise<{ status: number; headers: NodeJS.Dict<string | string[]> }>((resolve, reject) => {
      const { hostname, port } = new URL(door.url)
      const defaults = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
      const sent = request({ hostname, port, path, method, headers: { ...defaults, ...headers } }, (response) => {
        response.resume()
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }))
      })
      sent.on('error', reject)
      sent.end(bodyFor(method, path))
    })
  const signed = async (headers: Record<string, string> = {}, method = 'POST', path = '/mcp') =>
    call({ ...(await signer.headers({ method, path, body: bodyFor(method, path) })), ...headers }, method, path)

  it.each([
    ['its token', {}, 200],
    ['its token and an old session id', { 'mcp-session-id': 'old' }, 200],
    ['no token', { authorization: '' }, 401],
    ['another host', { host: 'evil.example' }, 403],
    ['the right host with another port', { host: '127.0.0.1:1' }, 403],
    ['a page’s origin', { origin: 'https://evil.example' }, 403],
    ['a null origin', { origin: 'null' }, 403],
  ])('answers a request with %s as it should', async (_title, headers, status) => {
    expect((await signed(headers)).status).toBe(status)
  })

  it('has no standing stream', async () => {
    expect((await signed({}, 'GET')).status).toBe(405)
    expect((await signed({}, 'DELETE')).status).toBe(405)
  })

  it('throws the switch for its caller', async () => {
    expect((await call({}, 'POST', '/writes/stop')).status).toBe(401)
    expect(house.mcp.writesStopped).toBe(false)
    expect((await signed({}, 'POST', '/writes/stop')).status).toBe(200)
    expect(house.mcp.writesStopped).toBe(true)
    expect((await signed({}, 'POST', '/writes/start')).status).toBe(403)
    await house.mcp.start(await startToken(ANNA))
    expect(house.mcp.writesStopped).toBe(false)
  })
})

describe('as a process of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'salesforce-mcp-'))
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const settings = {
    ORG_ID,
    SF_LOGIN_URL: 'http://127.0.0.1:1',
    SF_READER_CLIENT_ID: 'reader',
    SF_READER_USERNAME: 'reader@practice.example',
    SF_READER_KEY_FILE: file('user.pem', newKeys().privatePem),
    SF_WRITER_CLIENT_ID: 'writer',
    SF_WRITER_USERNAME: 'writer@practice.example',
    SF_WRITER_KEY_FILE: join(folder, 'user.pem'),
    SF_ORG_KEY_FILES: file('org.pem', orgKeys.publicPem),
    SALESFORCE_MCP_SEAL_KEY_FILE: file('seal.key', randomBytes(32).toString('hex')),
  }
  afterAll(() => rmSync(folder, { recursive: true }))

  it('serves over standard input and output', async () => {
    const client = new Client({ name: 'test', version: '0' })
    const args = ['server/salesforce-mcp/main.ts', '--stdio']
    await client.connect(new StdioClientTransport({ command: process.execPath, args, env: settings }))
    const { claims } = await callTool(client, 'acceptDecision', { token: await decision() })
    expect(claims.sub).toBe(ANNA)
    await client.close()
  })

  it('refuses standard input and output for an org that is not local', async () => {
    const env = { ...settings, SF_LOGIN_URL: 'https://acme.my.salesforce.com' }
    const child = spawn(process.execPath, ['server/salesforce-mcp/main.ts', '--stdio'], { env })
    const [line] = (await once(createInterface({ input: child.stderr }), 'line')) as [string]
    expect(line).toMatch(/^--stdio serves a local org only/)
    expect(await once(child, 'exit')).toEqual([2, null])
  })

  it('serves over HTTP until it is told to stop, or says what is missing', async () => {
    const start = (env: NodeJS.ProcessEnv) => spawn(process.execPath, ['server/salesforce-mcp/main.ts'], { env })
    const lines = (child: ChildProcess) => createInterface({ input: child.stderr as Readable })
    const http = {
      SALESFORCE_MCP_PORT: '0',
      SALESFORCE_MCP_CALLERS_FILE: file('callers.json', JSON.stringify([entryOf(web.listed)])),
      SALESFORCE_MCP_ANSWER_KEY_FILE: file('answers.pem', pemOf(answers.privateKey)),
    }
    const serving = start({ ...settings, ...http })
    const [line] = (await once(lines(serving), 'line')) as [string]
    expect(line).toMatch(/^salesforce-mcp listens on http:\/\/127\.0\.0\.1:\d+\/mcp$/)
    serving.kill('SIGTERM')
    expect(await once(serving, 'exit')).toEqual([0, null])
    const failing = start(settings)
    const [reason] = (await once(lines(failing), 'line')) as [string]
    expect(reason).toMatch(/^SALESFORCE_MCP_PORT is missing/)
    expect(await once(failing, 'exit')).toEqual([2, null])
  })

  it('names each wrong or missing setting in a line with an example', () => {
    const wrong = {
      ...settings,
      ORG_ID: 'short',
      SF_WRITER_KEY_FILE: settings.SF_ORG_KEY_FILES,
      SF_READER_USERNAME: '',
    }
    const read = () =>
      readSalesforceMcpSettings({ ...wrong, SF_LOGIN_URL: undefined, SF_READER_KEY_FILE: '/nowhere.pem' })
    expect(read).toThrow(SettingsError)
    const lines = (() => {
      try {
        read()
        return []
      } catch (error) {
        return (error as SettingsError).lines
      }
    })()
    expect(lines).toHaveLength(5)
    for (const line of lines) expect(line).toMatch(/^[A-Z_]+ .+; set it in the environment, e\.g\. [A-Z_]+=.+$/)
    expect(() => readSalesforceMcpSettings({ ...settings, SALESFORCE_MCP_PORT: '4600' })).toThrow(
      /SALESFORCE_MCP_CALLERS_FILE is missing/,
    )
    expect(readSalesforceMcpSettings(settings).mcp.orgId).toBe(ORG_ID)
  })
})
