import { randomBytes } from 'node:crypto'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as requestTls } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { generate } from 'selfsigned'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { readSalesforceMcpSettings } from '../../server/settings/salesforce-mcp-settings.ts'
import { openHttpDoor, type HttpDoor } from '../../server/salesforce-mcp/http.ts'
import { refusalCounts } from '../../server/salesforce-mcp/refusal-counts.ts'
import { httpTransport, openSalesforce } from '../../server/brain/adapters/salesforce/client.ts'
import { openScriptedHouse, type ScriptedHouse } from './scripted-house.ts'
import { callTool } from './calling.ts'
import { answers, entryOf, newCaller, pemOf, signerFor, type Known } from './door/door-keys.ts'
import { newKeys, ORG_ID, orgKeys, startToken } from './signing.ts'

const secret = () => randomBytes(32).toString('hex')
const web = newCaller('web')
const opened = { port: 0, callers: [web.listed], answerKey: answers.privateKey }
const JSON_TYPE = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
const LIST = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })

const folder = mkdtempSync(join(tmpdir(), 'http-door-'))
const file = (name: string, content: string) => {
  writeFileSync(join(folder, name), content, { mode: 0o600 })
  return join(folder, name)
}
const listOf = (...callers: Known[]) => JSON.stringify(callers.map(({ listed }) => entryOf(listed)))
let house: ScriptedHouse
let door: HttpDoor
beforeAll(async () => (house = await openScriptedHouse()))
afterEach(() => door?.close())
afterAll(async () => {
  await house.close()
  rmSync(folder, { recursive: true })
})

const unsigned = (path: string, headers: Record<string, string>, body?: string) =>
  fetch(new URL(path, door.url), { method: 'POST', headers, ...(body !== undefined && { body }) })
const sent = async (path: string, headers: Record<string, string>, body = '', caller = web) => {
  const signed = await (await signerFor(door.url, caller)).headers({ method: 'POST', path, body })
  return unsigned(path, { ...headers, ...signed }, body)
}
const listing = async (caller: Known) => (await sent('/mcp', JSON_TYPE, LIST, caller)).status

describe('a request that cannot be read', () => {
  const PRIVATE = 'Jane Doe of Initech'
  it.each([
    ['cut off', { ...JSON_TYPE }, `{"jsonrpc":"2.0","params":{"name":"${PRIVATE}"`, 400],
    ['no object', { ...JSON_TYPE }, `"${PRIVATE}"`, 400],
    ['too large', { ...JSON_TYPE }, JSON.stringify({ name: PRIVATE.repeat(500_000) }), 413],
    ['of another type', { ...JSON_TYPE, 'content-type': 'text/plain' }, PRIVATE, 415],
    ['of another charset', { ...JSON_TYPE, 'content-type': 'application/json; charset=koi8-r' }, PRIVATE, 415],
    ['compressed', { ...JSON_TYPE, 'content-encoding': 'br' }, PRIVATE, 415],
  ])('gets a short JSON error and leaves nothing in the log: %s', async (_title, headers, body, status) => {
    const errors = vi.fn()
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    door = await openHttpDoor(house.mcp, { ...opened, onError: errors })
    const answer = await sent('/mcp', headers, body)
    const text = await answer.text()
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/json; charset=utf-8'])
    expect(JSON.parse(text)).toMatchObject({ jsonrpc: '2.0', error: { message: expect.any(String) }, id: null })
    expect(text.length).toBeLessThan(200)
    expect(text).not.toMatch(/Jane|node_modules|\.ts|\bat /)
    expect([log.mock.calls, errors.mock.calls]).toEqual([[], []])
    log.mockRestore()
  })

  it('is told in the same form that an address is unknown', async () => {
    door = await openHttpDoor(house.mcp, opened)
    const answer = await sent('/elsewhere', {})
    expect([answer.status, await answer.json()]).toMatchObject([404, { jsonrpc: '2.0' }])
  })
})

describe('the callers of the door', () => {
  it('have no token of theirs passed on to the org', async () => {
    const asked = vi.spyOn(globalThis, 'fetch')
    door = await openHttpDoor(house.mcp, opened)
    const brain = openSalesforce(() => Promise.resolve(httpTransport(door.url, web.fetch)))
    house.org.script = { query: () => [{ Username: 'reader@practice.example' }] }
    await brain.call('getUserInfo', {}, { runId: null })
    await expect(brain.call('acceptDecision', { token: 'a.b.c' }, { runId: null })).rejects.toThrow()
    await brain.close()
    expect(house.org.requests.length).toBeGreaterThan(1)
    const tokens = asked.mock.calls.flatMap(([, init]) => new Headers(init?.headers).get('authorization') ?? [])
    asked.mockRestore()
    const signed = tokens.map((each) => each.replace('Bearer ', '')).filter((each) => each.split('.').length === 3)
    expect(signed.length).toBeGreaterThan(4)
    expect(house.org.requests.filter((text) => signed.some((token) => text.includes(token)))).toEqual([])
  })

  it('have two keys while one is being replaced, and others after they were read again', async () => {
    const [next, third] = [newCaller('web'), newCaller('worker')]
    door = await openHttpDoor(house.mcp, { ...opened, callers: [web.listed, next.listed] })
    expect([await listing(web), await listing(next), await listing(third)]).toEqual([200, 200, 401])
    door.acceptCallers([next.listed, third.listed])
    expect([await listing(web), await listing(next), await listing(third)]).toEqual([401, 200, 200])
  })

  it('stop writes, and start none without a decision that the org signed for it', async () => {
    door = await openHttpDoor(house.mcp, opened)
    const start = async (body: object) => (await sent('/writes/start', JSON_TYPE, JSON.stringify(body))).status
    const stop = await sent('/writes/stop', JSON_TYPE, JSON.stringify({ what: 'all' }))
    expect(await stop.json()).toEqual({ writes: 'stopped', reads: 'stopped', missions: [] })
    expect((await sent('/writes/stop', JSON_TYPE, JSON.stringify({ what: 'nothing' }))).status).toBe(400)
    const user = '005000000000001AAA'
    const refused = [
      {},
      { decision: 'not a token' },
      { decision: await startToken(user, 'model') },
      { decision: await startToken(user, 'all', { key: newKeys().privateKey }) },
      { decision: await startToken(user, 'all', { issuedAt: new Date(Date.now() - 200_000) }) },
      { decision: await startToken(user, 'all', { claims: { verb: 'activate' } }) },
      { decision: await startToken(user, 'all', { claims: { permissions: ['Decide_Missions'] } }) },
      { decision: await startToken(user, 'all', { claims: { aud: 'somebody else' } }) },
    ]
    for (const body of refused) expect(await start(body)).toBe(403)
    const signed = { decision: await startToken(user) }
    expect((await unsigned('/writes/start', JSON_TYPE, JSON.stringify(signed))).status).toBe(401)
    expect([house.mcp.writesStopped, house.mcp.readsStopped]).toEqual([true, true])
    expect([await start(signed), house.mcp.writesStopped, house.mcp.readsStopped]).toEqual([200, false, true])
    await sent('/writes/stop', JSON_TYPE, '{}')
    // Used once, it starts nothing again.
    expect([await start(signed), house.mcp.writesStopped]).toEqual([403, true])
    expect(await start({ decision: await startToken(user, 'all') })).toBe(200)
    expect([house.mcp.writesStopped, house.mcp.readsStopped]).toEqual([false, false])
  })

  it('are not wanted for the counts of refusals and breaches, which are numbers only', async () => {
    const counts = refusalCounts()
    const refusal = { tool: 'commitChangeSet', rule: 'refused' as const, runId: null, userId: null }
    counts.count({ ...refusal, isBreach: true })
    counts.count({ ...refusal, isBreach: false })
    door = await openHttpDoor(house.mcp, { ...opened, metrics: counts })
    const text = await (await fetch(new URL('/metrics', door.url))).text()
    expect(text).toContain('missions_refusals_total{door="salesforce-mcp",rule="refused"} 2')
    expect(text).toContain('missions_breaches_total 1')
  })

  it('read nothing for a run while everything is stopped, and show people their own rights', async () => {
    door = await openHttpDoor(house.mcp, opened)
    house.mcp.stop('all')
    await expect(callTool(house.client, 'getUserInfo', {})).rejects.toMatchObject({ error: { code: 'stopped' } })
    house.org.script = { query: () => [] }
    await callTool(house.client, 'checkVisibility', {
      userId: '005000000000001AAA',
      grants: ['a'.repeat(64)],
      recordIds: [],
      fields: [],
    })
    await house.mcp.start(await startToken('005000000000001AAA', 'all'))
  })
})

describe('the settings of the door', () => {
  const base = {
    ORG_ID,
    SF_LOGIN_URL: 'http://127.0.0.1:1',
    SF_READER_CLIENT_ID: 'reader',
    SF_READER_USERNAME: 'reader@practice.example',
    SF_READER_KEY_FILE: file('user.pem', newKeys().privatePem),
    SF_WRITER_CLIENT_ID: 'writer',
    SF_WRITER_USERNAME: 'writer@practice.example',
    SF_WRITER_KEY_FILE: join(folder, 'user.pem'),
    SF_ORG_KEY_FILES: file('org.pem', orgKeys.publicPem),
    SALESFORCE_MCP_SEAL_KEY_FILE: file('seal.key', secret()),
    SALESFORCE_MCP_PORT: '0',
    SALESFORCE_MCP_CALLERS_FILE: file('callers.json', listOf(web)),
    SALESFORCE_MCP_ANSWER_KEY_FILE: file('answers.pem', pemOf(answers.privateKey)),
  }
  const tlsFiles = async () => {
    const pair = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' })
    return {
      SALESFORCE_MCP_TLS_CERT_FILE: file('door.crt', pair.cert),
      SALESFORCE_MCP_TLS_KEY_FILE: file('door.pem', pair.private),
    }
  }

  it('refuse an address beyond loopback without TLS, and half of a pair', async () => {
    const tls = await tlsFiles()
    for (const SALESFORCE_MCP_HOST of ['0.0.0.0', '::', '10.0.0.7', 'salesforce-mcp.internal', '127.evil.example']) {
      const read = (more: object) => () => readSalesforceMcpSettings({ ...base, SALESFORCE_MCP_HOST, ...more })
      expect(read({})).toThrow(/^SALESFORCE_MCP_TLS_CERT_FILE is missing: SALESFORCE_MCP_HOST is .* wants TLS; set it/)
      expect(read(tls)().http).toMatchObject({ host: SALESFORCE_MCP_HOST, tls: { cert: expect.any(String) } })
    }
    for (const SALESFORCE_MCP_HOST of ['127.0.0.1', '127.0.0.2', '::1', 'localhost'])
      expect(readSalesforceMcpSettings({ ...base, SALESFORCE_MCP_HOST }).http?.tls).toBeNull()
    const half = (name: keyof typeof tls) => () => readSalesforceMcpSettings({ ...base, [name]: tls[name] })
    expect(half('SALESFORCE_MCP_TLS_CERT_FILE')).toThrow(/^SALESFORCE_MCP_TLS_KEY_FILE is missing/)
    expect(half('SALESFORCE_MCP_TLS_KEY_FILE')).toThrow(/^SALESFORCE_MCP_TLS_CERT_FILE is missing/)
    const foreign = { ...base, ...tls, SALESFORCE_MCP_TLS_KEY_FILE: base.SF_READER_KEY_FILE }
    expect(() => readSalesforceMcpSettings(foreign)).toThrow(/no certificate of that key/)
  })

  it('serve https with the named pair', async () => {
    const { http } = readSalesforceMcpSettings({ ...base, ...(await tlsFiles()) })
    door = await openHttpDoor(house.mcp, http!)
    expect(door.url).toMatch(/^https:/)
    const status = await new Promise((resolve, reject) => {
      const options = { method: 'POST', headers: JSON_TYPE, ca: http!.tls!.cert }
      const asked = requestTls(door.url, { ...options, servername: 'localhost' }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      })
      asked.on('error', reject)
      asked.end(LIST)
    })
    expect(status).toBe(401)
  })

  it('are read again on SIGHUP as far as they are callers; of a wrong list the callers of before stay', async () => {
    const next = newCaller('web')
    const env = { ...base, SALESFORCE_MCP_CALLERS_FILE: file('changing.json', listOf(web, next)) }
    const child: ChildProcess = spawn(process.execPath, ['server/salesforce-mcp/main.ts'], { env })
    const lines = createInterface({ input: child.stderr as Readable })
    const line = async () => String((await once(lines, 'line'))[0])
    const url = /http:\S+/.exec(await line())![0]
    const status = async (caller: Known) =>
      (await caller.fetch(url, { method: 'POST', headers: JSON_TYPE, body: LIST })).status
    expect([await status(web), await status(next)]).toEqual([200, 200])
    const hangUp = () => {
      const said = line()
      child.kill('SIGHUP')
      return said
    }
    file('changing.json', '[]')
    expect(await hangUp()).toMatch(
      /^SALESFORCE_MCP_CALLERS_FILE leads to .* no list of callers .*; the callers of before stay$/,
    )
    expect([await status(web), await status(next)]).toEqual([200, 200])
    file('changing.json', listOf(next))
    expect(await hangUp()).toBe('salesforce-mcp has read its list of callers again')
    expect([await status(web), await status(next)]).toEqual([401, 200])
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
  })
})
