// Who calls from where, about what is not theirs, and at the same time as others.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openHttpDoor } from '../../server/salesforce-mcp/http.ts'
import { routes } from '../../server/brain/http/routes/index.ts'
import type { LoadedDecision } from '../../server/brain/decisions/view/decision-view.ts'
import { LEAD, USERS } from '../brain/decisions/acme.ts'
import { openDoor, ORIGIN, type Door } from '../brain/http/server.ts'
import { HOLD_SECONDS } from '../brain/decisions/world.ts'
import { answers, newCaller, signerFor } from '../salesforce-mcp/door/door-keys.ts'
import { openSilentHouse } from '../salesforce-mcp/silent-house.ts'
import { clientOf, type Client } from './sending.ts'

const JSON_TYPE = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
const MADE_UP = '0195f9a0-0000-7000-8000-000000000001'

let door: Door
let client: Client
beforeAll(async () => {
  door = await openDoor({ requestsPerMinute: 1e6, refusalsInARow: 1e9, failedSignInsPerMinute: 1e6 })
  client = clientOf(door.url)
})
afterAll(() => client.close())

const hostsOf = (host: string, port: string) => [
  'evil.example',
  `evil.example:${port}`,
  `${host}:1`,
  `${host}`,
  `${host}:${port}.evil.example`,
  `${host}.evil.example:${port}`,
  `evil.example@${host}:${port}`,
  `${host}:${port}, evil.example`,
  `${host}:${port}/`,
  `${host}.:${port}`,
  `127.0.0.2:${port}`,
  `0.0.0.0:${port}`,
  `2130706433:${port}`,
]
const originsOf = (own: string) => [
  'https://evil.example',
  'null',
  '',
  `${own}.evil.example`,
  `${own}/`,
  `${own}:8443`,
  own.replace('https:', 'http:'),
  own.toUpperCase(),
  `${own} https://evil.example`,
  own.replace('acme', 'acme-x'),
  'file://',
  'chrome-extension://abcdef',
]

describe('another Host or Origin', () => {
  it('is refused by the brain at each kind of address, 72 times', async () => {
    const { hostname, port } = new URL(door.url)
    const authorization = `Bearer ${await door.session('admin')}`
    const addresses = [
      ['GET', '/api/v1/missions'],
      ['POST', '/api/v1/writes/stop'],
      ['POST', '/mcp'],
    ] as const
    const through: unknown[] = []
    for (const [method, path] of addresses) {
      const tried = [
        ...hostsOf(hostname, port).map((host) => ({ host })),
        ...originsOf(ORIGIN).map((origin) => ({ origin })),
      ]
      expect(tried.length).toBeGreaterThanOrEqual(12 + 11)
      for (const headers of tried) {
        const body = method === 'POST' ? '{"reason":"an attack"}' : null
        const { status } = await client.send({
          method,
          path,
          headers: { ...JSON_TYPE, authorization, ...headers },
          body,
        })
        const isRefused = 'host' in headers ? [400, 421] : [403]
        if (!isRefused.includes(status)) through.push([method, path, headers, status])
      }
    }
    expect(through).toEqual([])
    expect(await door.json('admin', '/api/v1/writes')).toMatchObject({ stopped: false })
  })

  it('is refused by salesforce-mcp, which has no Origin at all', async () => {
    const web = newCaller('web')
    const house = await openSilentHouse()
    const theirs = await openHttpDoor(house.mcp, { port: 0, callers: [web.listed], answerKey: answers.privateKey })
    const signer = await signerFor(theirs.url, web)
    const caller = clientOf(theirs.url)
    const { hostname, port } = new URL(theirs.url)
    const own = `http://${hostname}:${port}`
    const tried = [
      ...hostsOf(hostname, port).map((host) => ({ host })),
      ...[...originsOf(ORIGIN), own, ORIGIN].map((origin) => ({ origin })),
    ]
    const through: unknown[] = []
    for (const path of ['/mcp', '/writes/stop', '/writes/start'])
      for (const headers of tried) {
        const asked = { method: 'POST', path, body: '{}' }
        const all = { ...JSON_TYPE, ...(await signer.headers(asked)), ...headers }
        const { status } = await caller.send({ ...asked, headers: all })
        if (![400, 403].includes(status)) through.push([path, headers, status])
      }
    expect(through).toEqual([])
    expect([house.mcp.writesStopped, house.org.requests]).toEqual([false, []])
    caller.close()
    await theirs.close()
    await house.close()
  })
})

describe('what a caller may not see', () => {
  let hidden: LoadedDecision
  beforeAll(async () => {
    hidden = await door.propose()
    door.salesforce.hide(USERS.second, LEAD)
  })
  afterAll(() => door.salesforce.hidden.clear())

  it.each(routes.filter(({ path }) => path.includes('{id}')).map((route) => [`${route.method} ${route.path}`, route]))(
    'is answered as if it were not there: %s',
    async (_title, { method, path }) => {
      const permissions = [
        'View_Missions',
        'Launch_Missions',
        'Decide_Missions',
        'Administer_Missions',
        'Audit_Missions',
      ]
      const authorization = `Bearer ${await door.session('second', { permissions })}`
      const decision = await door.token('second', hidden, 'approve')
      const bodies = [
        {},
        { digest: hidden.changeSet.digest, decision },
        { reason: 'other', decision },
        { decision },
        { reason: 'not wanted' },
      ]
      const answers = async (id: string) => {
        const found: [number, string][] = []
        for (const body of method === 'post' ? bodies : [null]) {
          const at = path.replace('{id}', id).replace('{hash}', 'a'.repeat(64))
          const text = body && JSON.stringify(body)
          const answer = await client.send({ method, path: at, headers: { ...JSON_TYPE, authorization }, body: text })
          found.push([answer.status, answer.text])
        }
        return found
      }
      const id = path.includes('/runs/') ? hidden.run.id : hidden.decision.id
      const [real, absent] = [await answers(id), await answers(MADE_UP)]
      expect(real).toEqual(absent)
      expect(real.map(([status]) => status)).toContain(404)
      expect(real.filter(([status]) => status < 400)).toEqual([])
    },
  )

  it('stays as it was', async () => {
    expect((await door.facts(hidden.decision.id)).decision).toEqual(hidden.decision)
  })
})

describe('at the same time', () => {
  let facts: LoadedDecision
  let commits: number
  beforeEach(async () => {
    commits = door.salesforce.calls.filter(({ tool }) => tool === 'commitChangeSet').length
    facts = await door.propose()
  })
  const at = (verb: string) => `/api/v1/decisions/${facts.decision.id}/${verb}`
  const approve = async (who: 'admin' | 'second', given?: string) => {
    const decision = given ?? (await door.token(who, facts, 'approve'))
    return (await door.post(who, at('approve'), { digest: facts.changeSet.digest, decision })).status
  }
  const reject = async (who: 'admin' | 'second') => {
    const decision = await door.token(who, facts, 'reject')
    return (await door.post(who, at('reject'), { reason: 'other', decision })).status
  }
  const cancel = async () => (await door.post('admin', `/api/v1/runs/${facts.run.id}/cancel`)).status
  /** Walks on past the hold, by two workers at once. */
  const committed = async () => {
    door.clock.pass(HOLD_SECONDS + 1)
    await Promise.allSettled([door.advance(facts.run.id), door.advance(facts.run.id)])
    return door.salesforce.calls.filter(({ tool }) => tool === 'commitChangeSet').length - commits
  }

  const races: [title: string, all: () => Promise<number>[]][] = [
    ['two tabs approve', () => [approve('admin'), approve('admin')]],
    ['two people approve', () => [approve('admin'), approve('second')]],
    ['approve against reject', () => [approve('admin'), reject('second')]],
    ['one person approves and rejects', () => [approve('admin'), reject('admin')]],
    ['five tabs and one reject', () => [...Array.from({ length: 5 }, () => approve('admin')), reject('second')]],
    ['approve against cancel', () => [approve('admin'), cancel()]],
    ['reject against cancel', () => [reject('admin'), cancel()]],
  ]
  it.each(races.flatMap(([title, all]) => [1, 2, 3].map((n) => [`${title}, ${n}`, all] as const)))(
    '%s: one is heard, and at most one write follows',
    async (_title, all) => {
      const statuses = await Promise.all(all())
      expect(statuses.filter((status) => status >= 500)).toEqual([])
      expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(1)
      const { status } = (await door.facts(facts.decision.id)).decision
      const run = await door.store.run(facts.run.id)
      const writes = await committed()
      expect(writes).toBe(status === 'approved' && run?.status !== 'cancelled' ? 1 : 0)
    },
  )

  it('one token twenty times counts once', async () => {
    const token = await door.token('admin', facts, 'approve')
    const statuses = await Promise.all(Array.from({ length: 20 }, () => approve('admin', token)))
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect((await door.facts(facts.decision.id)).approvals).toHaveLength(1)
  })
})
