// Every wrong token at every address of both doors: refused, and nothing happened.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routes } from '../../server/brain/http/routes/index.ts'
import { Scope } from '../../server/contract/call-token.ts'
import { tools } from '../../server/contract/tools.ts'
import { openHttpDoor, type HttpDoor } from '../../server/salesforce-mcp/http.ts'
import { openDoor, type Door } from '../brain/http/server.ts'
import type { LoadedDecision } from '../../server/brain/decisions/view/decision-view.ts'
import { answers, challengeOf, newCaller, type Known } from '../salesforce-mcp/door/door-keys.ts'
import { startToken } from '../salesforce-mcp/signing.ts'
import { ANNA, openSilentHouse, type SilentHouse } from '../salesforce-mcp/silent-house.ts'
import { clientOf, inParallel, type Client, type Sent } from './sending.ts'
import { rightToken, wrongCalls, type Around } from './wrong-calls.ts'
import { wrongSessions } from './wrong-sessions.ts'

const SECRETS = /node_modules|\.ts:\d|eyJ/
const JSON_TYPE = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }

describe('the brain', () => {
  let door: Door
  let client: Client
  let open: LoadedDecision
  beforeAll(async () => {
    door = await openDoor({ failedSignInsPerMinute: 1e6, requestsPerMinute: 1e6, refusalsInARow: 1e9 })
    client = clientOf(door.url)
    open = await door.propose()
  })
  afterAll(() => client.close())

  const addresses = [...routes, { method: 'post', path: '/mcp' }]
  const state = async () => ({
    runs: (await door.store.runs({ limit: 1000 })).map(({ id, status }) => [id, status]),
    decision: (await door.facts(open.decision.id)).decision,
    writes: await door.json('admin', '/api/v1/writes'),
  })

  it('lets in the right token at the addresses that the wrong ones are tried at', async () => {
    for (const { method, path } of addresses) {
      const headers = { ...JSON_TYPE, authorization: `Bearer ${await door.session('admin')}` }
      const answer = await client.send({ method, path: path.replaceAll(/\{\w+\}/g, 'x'), headers, body: null })
      expect([path, answer.status]).not.toEqual([path, 401])
    }
  })

  it('refuses each of them with 401 at each of its addresses, and does nothing', async () => {
    const before = await state()
    const forgeries = wrongSessions(door)
    expect(forgeries.length).toBeGreaterThanOrEqual(61)
    const tries = forgeries.flatMap((forgery) => addresses.map((address) => ({ forgery, address })))
    const through: unknown[] = []
    await inParallel(tries, 16, async ({ forgery: [title, { headers, query, body }], address: { method, path } }) => {
      const at = path.replace('{id}', open.decision.id).replaceAll(/\{\w+\}/g, 'x') + (query ? `?${query}` : '')
      const text = method === 'post' ? JSON.stringify(body ?? {}) : null
      const answer = await client.send({ method, path: at, headers: { ...JSON_TYPE, ...headers }, body: text })
      const isRefused = answer.status === 401 && /^Bearer/.test(String(answer.headers['www-authenticate']))
      if (!isRefused || SECRETS.test(answer.text)) through.push([title, method, path, answer.status, answer.text])
    })
    expect(through.slice(0, 20)).toEqual([])
    expect(tries.length).toBeGreaterThanOrEqual(61 * routes.length)
    expect(await state()).toEqual(before)
  })
})

describe('salesforce-mcp', () => {
  const all = newCaller('right')
  const reader = newCaller('reader', ['read', 'decide', 'switch'])
  const day = 86_400_000
  const ended = newCaller('ended', Scope.options, { notBefore: Date.now() - 2 * day, notAfter: Date.now() - 1_000 })
  const early = newCaller('early', Scope.options, { notBefore: Date.now() + 60_000 })
  let house: SilentHouse
  let door: HttpDoor
  let client: Client
  let around: Around
  const refusals: { caller: string | null; rule: string }[] = []
  beforeAll(async () => {
    house = await openSilentHouse()
    const settings = { port: 0, answerKey: answers.privateKey }
    door = await openHttpDoor(house.mcp, {
      ...settings,
      onRefused: (refusal) => refusals.push(refusal),
      callers: [all, reader, ended, early].map(({ listed }) => listed),
    })
    const other = await openHttpDoor(house.mcp, { ...settings, callers: [all.listed] })
    const [{ text: challenge }, { text: otherChallenge }] = [await challengeOf(door.url), await challengeOf(other.url)]
    await other.close()
    client = clientOf(door.url)
    around = { origin: new URL(door.url).origin, challenge, otherChallenge, right: all, reader, ended, early }
  })
  afterAll(async () => {
    client.close()
    await door.close()
    await house.close()
  })

  const CALL = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'getUserInfo' } })
  const addresses: Omit<Sent, 'headers'>[] = [
    { method: 'POST', path: '/mcp', body: CALL },
    { method: 'GET', path: '/mcp', body: null },
    { method: 'DELETE', path: '/mcp', body: null },
    { method: 'PUT', path: '/mcp', body: CALL },
    { method: 'OPTIONS', path: '/mcp', body: null },
    { method: 'GET', path: '/writes', body: null },
    { method: 'POST', path: '/writes/stop', body: '{"what":"all"}' },
    { method: 'POST', path: '/writes/stop/', body: '{}' },
    { method: 'POST', path: '/WRITES/STOP', body: '{}' },
    { method: 'POST', path: '/writes/start', body: '{"decision":"x"}' },
    { method: 'POST', path: '//mcp', body: CALL },
    { method: 'GET', path: '/', body: null },
    { method: 'GET', path: '/elsewhere', body: null },
  ]
  const sendTo = (address: Omit<Sent, 'headers'>, headers: Sent['headers'], query = '') =>
    client.send({ ...address, path: address.path + query, headers: { ...JSON_TYPE, ...headers } })
  const rightFor = (address: Omit<Sent, 'headers'>, known = all) => ({
    authorization: `Bearer ${rightToken(around, known, address)}`,
  })

  it('refuses each wrong token with 401, or 403 for a scope, at each address, asks the org nothing, and stops nothing', async () => {
    const wrong = wrongCalls(around)
    expect(wrong.length).toBeGreaterThanOrEqual(140)
    const tries = wrong.flatMap((each) =>
      addresses.filter((address) => each.where?.(address) ?? true).map((address) => ({ each, address })),
    )
    const through: unknown[] = []
    await inParallel(tries, 16, async ({ each, address }) => {
      const { headers, query } = each.at(address)
      const answer = await sendTo(address, headers, query)
      const isExplained = each.status === 403 || answer.headers['www-authenticate'] !== undefined
      const isRefused = answer.status === each.status && isExplained
      if (!isRefused || answer.text.length > 200) through.push([each.title, address, answer.status, answer.text])
    })
    expect(through.slice(0, 20)).toEqual([])
    expect(tries.length).toBeGreaterThanOrEqual(140 * 11)
    expect([house.mcp.writesStopped, house.mcp.readsStopped, house.org.requests]).toEqual([false, false, []])
    // Each for the log, but for those without a token and those that are right to their last byte.
    expect(refusals.length).toBeGreaterThan(tries.length * 0.9)
    expect(new Set(refusals.map(({ caller }) => caller))).toEqual(new Set([null, 'right', 'reader', 'ended', 'early']))
    expect(refusals.filter(({ rule }) => rule.length > 60 || rule.includes('eyJ'))).toEqual([])
  })

  it('lets in the right one once: a thief who has it afterwards, or before with another body, gets nothing', async () => {
    for (const address of addresses) {
      const headers = rightFor(address, reader)
      expect((await sendTo(address, headers)).status, address.path).not.toBe(401)
      expect((await sendTo(address, headers)).status, address.path).toBe(401)
    }
    const [call, , , , , , stop] = addresses as [Sent, Sent, Sent, Sent, Sent, Sent, Sent]
    await house.mcp.start(await startToken(ANNA, 'all'))
    const stolen = rightFor({ ...stop, body: '{"what":"writes"}' })
    expect((await sendTo(stop, stolen)).status).toBe(401)
    expect((await sendTo({ ...stop, body: null }, rightFor(stop))).status).toBe(401)
    expect((await sendTo({ ...call, body: CALL.replace('getUserInfo', 'listReceipts') }, rightFor(call))).status).toBe(
      401,
    )
    // Before it is parsed.
    expect((await sendTo({ ...call, body: '{"jsonrpc' }, rightFor(call))).status).toBe(401)
    // A body that is not read because of its type is none.
    const plain = { ...rightFor(stop), 'content-type': 'text/plain' }
    expect((await sendTo(stop, plain)).status).toBe(401)
    expect([house.mcp.writesStopped, house.mcp.readsStopped]).toEqual([false, false])
    expect((await sendTo(stop, rightFor(stop))).status).toBe(200)
    expect(house.mcp.writesStopped).toBe(true)
    await house.mcp.start(await startToken(ANNA, 'all'))
  })

  it('lists no tool of another scope, and refuses its call by name with 403', async () => {
    const [mcp] = addresses as [Sent]
    const list = { ...mcp, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }) }
    const listed = async (known: Known) => {
      const { text } = await sendTo(list, rightFor(list, known))
      return (JSON.parse(text) as { result: { tools: { name: string }[] } }).result.tools.map(({ name }) => name)
    }
    expect(await listed(all)).toEqual(Object.keys(tools))
    const writing = ['commitChangeSet', 'voidChangeSet', 'keepApart']
    expect(await listed(reader)).toEqual(Object.keys(tools).filter((name) => !writing.includes(name)))
    for (const name of writing) {
      const called = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: {} } }
      for (const message of [called, [called], [{ jsonrpc: '2.0', id: 2, method: 'ping' }, called]]) {
        const address = { ...mcp, body: JSON.stringify(message) }
        expect((await sendTo(address, rightFor(address, reader))).status).toBe(403)
      }
    }
    const operator = newCaller('operator', ['switch'])
    door.acceptCallers([all.listed, reader.listed, ended.listed, early.listed, operator.listed])
    expect(await listed(operator)).toEqual([])
    const [, , , , , position] = addresses as [Sent, Sent, Sent, Sent, Sent, Sent]
    expect((await sendTo(position, rightFor(position, operator))).status).toBe(200)
    const narrowed = { ...reader, calling: { ...reader.calling, scopes: ['read'] as const } }
    expect((await sendTo(position, rightFor(position, narrowed))).status).toBe(403)
  })
})
