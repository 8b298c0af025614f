// 5,000 malformed requests at each door: no failure of the server, no standstill, no memory kept, nothing of its inside shown.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { grantHash } from '../../server/contract/grant.ts'
import { tools } from '../../server/contract/tools.ts'
import { mcpTools } from '../../server/brain/mcp/tools.ts'
import { routes } from '../../server/brain/http/routes/index.ts'
import type { LoadedDecision } from '../../server/brain/decisions/view/decision-view.ts'
import { openHttpDoor, type HttpDoor } from '../../server/salesforce-mcp/http.ts'
import { openDoor, type Door } from '../brain/http/server.ts'
import { answers, newCaller, signerFor } from '../salesforce-mcp/door/door-keys.ts'
import { openSilentHouse, type SilentHouse } from '../salesforce-mcp/silent-house.ts'
import { grant } from '../salesforce-mcp/signing.ts'
import { LEAD } from '../brain/decisions/acme.ts'
import { chanceOf, malformed, sampleOf, type Chance, type Right } from './malformed-requests.ts'
import { clientOf, inParallel, type Answer, type Client, type Sent } from './sending.ts'
import { unlimited } from './unlimited-tools.ts'

const REQUESTS = 5_000
/** The heap may differ by this much after the first thousand and after all of them, with everything collected. */
const GROWTH_BYTES = 16 * 2 ** 20
const SEED = Number(process.env.ATTACK_SEED ?? randomBytes(4).readUInt32LE())
/** A stack, a path of this machine, a statement of the database, or a driver's message. */
const INSIDE =
  /node_modules|\.[mc]?[jt]s:\d|\n\s+at |file:\/\/|\bINSERT INTO|\bFROM missions\.|syntax error at|violates|pg_|ZodError/

const JSON_TYPE = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const heap = () => {
  collect()
  return process.memoryUsage().heapUsed
}

interface Fault {
  seed: number
  n: number
  why: string
  sent: string
  answer: string
}

/** Sends them, and returns every fault; asserts that memory stays. */
async function attack(
  client: Client,
  rightOf: (chance: Chance) => Right,
  isFault: (answer: Answer) => boolean,
  signed: (sent: Sent) => Promise<Sent> = (sent) => Promise.resolve(sent),
) {
  const chance = chanceOf(SEED)
  const faults: Fault[] = []
  const statuses: Record<number, number> = {}
  let before = 0
  const round = (from: number, to: number) =>
    inParallel(
      Array.from({ length: to - from }, () => malformed(rightOf(chance), chance)),
      16,
      async (sent, n) => {
        const add = (why: string, answer: string) =>
          faults.push({ seed: SEED, n: from + n, why, sent: shown(sent), answer: answer.slice(0, 500) })
        try {
          const answer = await client.send(await signed(sent))
          statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
          if (isFault(answer)) add(`status ${answer.status}`, answer.text)
          if (answer.status >= 400 && INSIDE.test(answer.text)) add('shows its inside', answer.text)
        } catch (error) {
          add(String(error), '')
        }
      },
    )
  // Some never leave, or their connection is closed on them: only answers count.
  const answered = () =>
    Object.entries(statuses).reduce((sum, [status, count]) => (status === '0' ? sum : sum + count), 0)
  for (let n = 0; answered() < REQUESTS && n < 2 * REQUESTS; n += 500) {
    if (n === 1_000) before = heap()
    await round(n, n + 500)
  }
  expect(answered()).toBeGreaterThanOrEqual(REQUESTS)
  const growth = heap() - before
  expect(faults.slice(0, 8)).toEqual([])
  expect([SEED, growth < GROWTH_BYTES, growth]).toEqual([SEED, true, growth])
  return statuses
}

const shown = ({ method, path, headers, body }: { method: string; path: string; headers: object; body: unknown }) =>
  `${method} ${path.slice(0, 300)} ${JSON.stringify(headers)
    .replace(/eyJ[\w.-]+/, '…')
    .slice(0, 400)} ${String(body).slice(0, 400)}`

describe('the brain', () => {
  let door: Door
  let client: Client
  let open: LoadedDecision
  let headers: Record<string, string>
  beforeAll(async () => {
    door = await openDoor({ failedSignInsPerMinute: 1e9, requestsPerMinute: 1e9, refusalsInARow: 1e9 })
    client = clientOf(door.url)
    open = await door.propose()
    const permissions = ['View_Missions', 'Launch_Missions', 'Decide_Missions', 'Administer_Missions', 'Audit_Missions']
    headers = { ...JSON_TYPE, authorization: `Bearer ${await door.session('admin', { permissions })}` }
  })
  afterAll(() => client.close())

  const samples = routes.map(({ body, query }) => ({
    body: body ? sampleOf(body) : null,
    query: query ? Object.entries(sampleOf(query) as Record<string, unknown>) : [],
  }))
  function rightOf(chance: Chance): Right {
    const n = chance.below(routes.length)
    const { method, path } = routes[n]!
    const { body, query } = samples[n]!
    // A run that is steered by its right id would be no malformed request.
    const isSteered = /\/(pause|resume|cancel)$/.test(path)
    const id = isSteered ? 'x' : path.includes('/runs/') ? open.run.id : open.decision.id
    const filled = path
      .replace('{recordId}', LEAD)
      .replace('{name}', 'duplicate-account-reconciliation')
      .replaceAll(/\{\w+\}/g, id)
    const some = query.filter(() => chance.below(3) === 0).map(([name, value]) => `${name}=${String(value)}`)
    return {
      method: method.toUpperCase(),
      path: some.length > 0 ? `${filled}?${some.join('&')}` : filled,
      headers: { ...headers, 'idempotency-key': `key-${chance.below(1e9)}` },
      body,
    }
  }

  it('answers all of them at its routes, and the open decision can be approved afterwards', async () => {
    const statuses = await attack(client, rightOf, ({ status }) => status >= 500)
    expect(statuses[400]).toBeGreaterThan(REQUESTS / 10)
    expect((await door.facts(open.decision.id)).decision).toEqual(open.decision)
    const decision = await door.token('admin', open, 'approve')
    const at = `/api/v1/decisions/${open.decision.id}/approve`
    const approved = await door.post('admin', at, { digest: open.changeSet.digest, decision })
    expect(await approved.json()).toMatchObject({ status: 'approved' })
  }, 180_000)

  it('answers all of them at its MCP door', async () => {
    const names = Object.entries(mcpTools).map(([name, { input }]) => [name, sampleOf(input)] as const)
    const right = (chance: Chance) => callOf(headers, chance.of(names), chance)
    const statuses = await attack(client, right, ({ status, text }) => status >= 500 || /"status":5\d\d/.test(text))
    expect(statuses[400]).toBeGreaterThan(REQUESTS / 20)
  }, 180_000)
})

describe('salesforce-mcp', () => {
  const web = newCaller('web')
  const failed: unknown[] = []
  let house: SilentHouse
  let door: HttpDoor
  let client: Client
  beforeAll(async () => {
    const onError = (error: unknown) => failed.push(error)
    house = await openSilentHouse({ manifest: unlimited, onError })
    door = await openHttpDoor(house.mcp, { port: 0, callers: [web.listed], answerKey: answers.privateKey, onError })
    client = clientOf(door.url)
  })
  afterAll(async () => {
    client.close()
    await door.close()
    await house.close()
  })

  it('answers all of them, writes nothing, and knows the reason of each refusal', async () => {
    await house.renew()
    const headers = JSON_TYPE
    const signer = await signerFor(door.url, web)
    const signed = async (sent: Sent) => ({ ...sent, headers: { ...sent.headers, ...(await signer.headers(sent)) } })
    // Under the grant that is open, so that they come as far as they can.
    const hash = grantHash(grant)
    const opened = (input: unknown) => JSON.parse(JSON.stringify(input).replaceAll('a'.repeat(64), hash)) as unknown
    const names = Object.entries(tools).map(([name, { input }]) => [name, opened(sampleOf(input))] as const)
    const right = (chance: Chance): Right => {
      if (chance.below(8) > 0) return callOf(headers, chance.of(names), chance)
      const path = chance.of(['/writes/start', '/writes'])
      return { method: path === '/writes' ? 'GET' : 'POST', path, headers, body: { decision: 'x.y.z' } }
    }
    const isFault = ({ status, text }: Answer) => status >= 500 || text.includes('failed unexpectedly')
    const statuses = await attack(client, right, isFault, signed)
    expect(statuses[400]).toBeGreaterThan(REQUESTS / 20)
    expect(failed.slice(0, 5)).toEqual([])
    // The org saw sign-ins and reads.
    expect(house.org.requests.filter((text) => !/\/(oauth2\/token|composite)$/.test(text))).toEqual([])
    expect(house.org.bodies.filter((text) => /"method":"(POST|PATCH|PUT|DELETE)"/.test(text))).toEqual([])
    expect(house.org.bodies.some((text) => text.includes('"method":"GET"'))).toBe(true)
    expect([house.mcp.writesStopped, house.mcp.readsStopped]).toEqual([false, false])
  }, 180_000)
})

function callOf(headers: Record<string, string>, [name, input]: readonly [string, unknown], chance: Chance): Right {
  const method =
    chance.below(12) > 0 ? 'tools/call' : chance.of(['initialize', 'tools/list', 'ping', 'x', 'resources/read'])
  const params = { name, arguments: input, _meta: { 'missions/run': 'run-1' } }
  return { method: 'POST', path: '/mcp', headers, body: { jsonrpc: '2.0', id: chance.below(9), method, params } }
}
