// Every wrong token at every address of both doors: refused, and nothing happened.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routes } from '../../server/brain/http/routes/index.ts'
import { openHttpDoor, type HttpDoor } from '../../server/salesforce-mcp/http.ts'
import { openDoor, type Door } from '../brain/http/server.ts'
import type { LoadedDecision } from '../../server/brain/decisions/view/decision-view.ts'
import { openSilentHouse, type SilentHouse } from '../salesforce-mcp/silent-house.ts'
import { clientOf, inParallel, type Client, type Sent } from './sending.ts'
import { wrongSessions } from './wrong-sessions.ts'

const SECRETS = /node_modules|\.ts:\d|eyJ/
const JSON_TYPE = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }

describe('the brain', () => {
  let door: Door
  let client: Client
  let open: LoadedDecision
  beforeAll(async () => {
    door = await openDoor({ failedSignInsPerMinute: 1e6, requestsPerMinute: 1e6 })
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
  const TOKEN = createHash('sha256').update('the token of this test').digest('hex')
  const NEXT = createHash('sha256').update('the next one').digest('hex')
  let house: SilentHouse
  let door: HttpDoor
  let client: Client
  beforeAll(async () => {
    house = await openSilentHouse()
    door = await openHttpDoor(house.mcp, { port: 0, tokens: [TOKEN, NEXT] })
    client = clientOf(door.url)
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

  it('refuses each wrong token with 401 at each address, asks the org nothing, and stops nothing', async () => {
    const forgeries = wrongTokens(TOKEN, NEXT)
    expect(forgeries.length).toBeGreaterThanOrEqual(67)
    const tries = forgeries.flatMap((forgery) => addresses.map((address) => ({ forgery, address })))
    const through: unknown[] = []
    await inParallel(tries, 16, async ({ forgery: [title, headers, query = ''], address }) => {
      const path = address.path + query
      const answer = await client.send({ ...address, path, headers: { ...JSON_TYPE, ...headers } })
      const isRefused = answer.status === 401 && answer.headers['www-authenticate'] !== undefined
      if (!isRefused || answer.text.length > 200) through.push([title, address, answer.status, answer.text])
    })
    expect(through.slice(0, 20)).toEqual([])
    expect(tries.length).toBeGreaterThanOrEqual(67 * 11)
    expect([house.mcp.writesStopped, house.mcp.readsStopped, house.org.requests]).toEqual([false, false, []])
  })

  it('lets in the right one', async () => {
    const headers = { ...JSON_TYPE, authorization: `Bearer ${NEXT}` }
    expect((await client.send({ ...addresses[0]!, headers })).status).toBe(200)
    expect((await client.send({ ...addresses[6]!, headers })).status).toBe(200)
    expect(house.mcp.writesStopped).toBe(true)
  })
})

type WrongToken = [title: string, headers: Sent['headers'], query?: string]

function wrongTokens(right: string, next: string): WrongToken[] {
  const bearer = (title: string, value: string): WrongToken => [title, { authorization: `Bearer ${value}` }]
  const cut = Array.from({ length: 20 }, (_, n) => bearer(`without its last ${n + 1}`, right.slice(0, -(n + 1))))
  const flipped = Array.from({ length: 20 }, (_, n) => {
    const digit = right[n * 3] === 'a' ? 'b' : 'a'
    return bearer(`letter ${n * 3} changed`, right.slice(0, n * 3) + digit + right.slice(n * 3 + 1))
  })
  const schemes = ['Basic', 'Digest', 'Token', 'JWT', 'MAC', 'Negotiate', 'bearers', 'Bear er'].map(
    (scheme): WrongToken => [scheme, { authorization: `${scheme} ${right}` }],
  )
  return [
    ['none', {}],
    ['an empty header', { authorization: '' }],
    ['no value', { authorization: 'Bearer ' }],
    ['no scheme', { authorization: right }],
    ['a list', { authorization: `Bearer ${right}, Bearer ${right}` }],
    ['two spaces', { authorization: `Bearer  ${right}` }],
    ['more after it', { authorization: `Bearer ${right} x` }],
    bearer('doubled', right + right),
    bearer('both joined', right + next),
    bearer('half of each', right.slice(0, 32) + next.slice(32)),
    bearer('in capitals', right.toUpperCase()),
    bearer('its digest', createHash('sha256').update(right).digest('hex')),
    bearer('in base64', Buffer.from(right, 'hex').toString('base64')),
    bearer('quoted', `"${right}"`),
    bearer('undefined', 'undefined'),
    bearer('null', 'null'),
    bearer('a comma', `${right},`),
    bearer('percent-encoded', `%${right.charCodeAt(0).toString(16)}${right.slice(1)}`),
    bearer('9 kB', 'a'.repeat(9_000)),
    bearer('zeros', '0'.repeat(64)),
    ['in a cookie', { cookie: `token=${right}; Authorization=Bearer ${right}` }],
    ['in another header', { 'x-authorization': `Bearer ${right}`, 'x-api-key': right }],
    ['for a proxy', { 'proxy-authorization': `Bearer ${right}` }],
    ['in the query', {}, `?access_token=${right}`],
    ['in the query as token', {}, `?token=${right}&authorization=Bearer%20${right}`],
    ...cut,
    ...flipped,
    ...schemes,
  ]
}
