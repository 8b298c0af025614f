import { generateKeyPair } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { request } from 'node:http'
import { routes } from '../../../server/brain/http/routes/index.ts'
import { LEAD, USERS } from '../decisions/acme.ts'
import { PERMISSIONS } from '../decisions/world.ts'
import { openDoor, ORIGIN, type Door } from './server.ts'

let door: Door

beforeAll(async () => {
  door = await openDoor({ failedSignInsPerMinute: 10_000, requestsPerMinute: 10_000, refusalsInARow: 1e9 })
})

const problemOf = async (response: Response) => {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  return (await response.json()) as { type: string; title: string; status: number; detail: string } & Record<
    string,
    unknown
  >
}

/** fetch does not let one set the Host header. */
const rawStatus = (headers: Record<string, string>, path = '/api/v1/missions') =>
  new Promise<number>((resolve, reject) => {
    const { hostname, port } = new URL(door.url)
    const sent = request({ hostname, port, path, headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sent.once('error', reject).end()
  })

describe('a token', () => {
  const wrong: [string, () => Promise<string | null>][] = [
    ['that is missing', async () => null],
    ['that is no token', async () => 'nonsense'],
    ['that has expired', () => door.session('admin', { iat: 1_700_000_000, exp: 1_700_000_300 })],
    [
      'that would live longer than five minutes',
      async () => {
        const iat = Math.floor(Date.parse(door.clock.now()) / 1000)
        return door.session('admin', { iat, exp: iat + 3600 })
      },
    ],
    [
      'that is dated more than a minute ahead',
      async () => {
        const iat = Math.floor(Date.parse(door.clock.now()) / 1000) + 61
        return door.session('admin', { iat, exp: iat + 300 })
      },
    ],
    ['for another audience', () => door.session('admin', { aud: 'http://localhost:4000' })],
    ['for salesforce-mcp', () => door.session('admin', { aud: 'salesforce-mcp', typ: 'decision' })],
    ['of another kind', () => door.session('admin', { typ: 'decision' })],
    ['of another org', () => door.session('admin', { iss: '00D000000000000EAA' })],
    ['without a user', () => door.session('admin', { sub: undefined })],
    [
      'signed by somebody else',
      async () => {
        const { privateKey } = await generateKeyPair('RS256')
        return door.sign({ iss: '', typ: 'session' }, privateKey)
      },
    ],
    [
      'signed with nothing',
      async () => {
        const [, payload] = (await door.session('admin')).split('.')
        return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`
      },
    ],
    [
      'with one character changed',
      async () => {
        const token = await door.session('admin')
        return `${token.slice(0, 40)}${token[40] === 'A' ? 'B' : 'A'}${token.slice(41)}`
      },
    ],
  ]
  it.each(wrong)('%s opens no route', async (_title, make) => {
    const token = await make()
    for (const route of routes) {
      const response = await fetch(door.url + route.path.replaceAll(/\{\w+\}/g, 'x'), {
        method: route.method.toUpperCase(),
        headers: token === null ? {} : { authorization: `Bearer ${token}` },
      })
      expect(response.status, route.path).toBe(401)
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/)
      await problemOf(response)
    }
  })
})

it('failed sign-ins get slow, while good tokens from the same address are answered', async () => {
  const strict = await openDoor({ failedSignInsPerMinute: 2 })
  const statuses = []
  for (let n = 0; n < 3; n++) statuses.push((await fetch(`${strict.url}/api/v1/missions`)).status)
  expect(statuses).toEqual([401, 401, 429])
  expect((await strict.get('admin', '/api/v1/missions')).status).toBe(200)
})

describe('permissions', () => {
  it('permissions that are missing are named', async () => {
    const problem = await problemOf(await door.post('rep', '/api/v1/writes/stop'))
    expect(problem).toMatchObject({ status: 403, missing: 'Administer_Missions' })
  })

  it.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    'guard %s',
    async (_name, route) => {
      for (const who of ['rep', 'second', 'manager', 'auditor', 'admin'] as const) {
        if (route.path.endsWith('/stream')) continue
        const path = route.path.replaceAll(/\{\w+\}/g, '00QAC0000000099')
        const response = route.method === 'get' ? await door.get(who, path) : await door.post(who, path, {})
        const permitted = route.needs.some((permission) => PERMISSIONS[who].includes(permission))
        expect(response.status === 403, who).toBe(!permitted)
        expect(response.status).toBeLessThan(500)
      }
    },
  )
})

describe('a request', () => {
  it('a request for another host is refused', async () => {
    expect(await rawStatus({ host: 'evil.example' })).toBe(421)
    expect(await rawStatus({ host: 'evil.example' }, '/health/live')).toBe(200)
  })

  it('a request for another name of the loopback address that it listens on is answered, for another port it is refused', async () => {
    const { port } = new URL(door.url)
    for (const name of ['localhost', '127.0.0.1', '[::1]']) {
      expect(await rawStatus({ host: `${name}:${port}` }, '/openapi.json')).toBe(200)
      expect(await rawStatus({ host: `${name}:1` }, '/openapi.json')).toBe(421)
    }
    expect(await rawStatus({ host: `127.0.0.2:${port}` }, '/openapi.json')).toBe(421)
  })

  it('a request from an origin that is not on the list is refused, one that is gets exactly its name back', async () => {
    const authorization = `Bearer ${await door.session('admin')}`
    const from = (origin: string) => fetch(`${door.url}/api/v1/missions`, { headers: { authorization, origin } })
    expect((await from('https://evil.example')).status).toBe(403)
    expect((await from(`${ORIGIN}.evil.example`)).status).toBe(403)
    const known = await from(ORIGIN)
    expect(known.status).toBe(200)
    expect(known.headers.get('access-control-allow-origin')).toBe(ORIGIN)
    expect(known.headers.get('access-control-allow-credentials')).toBeNull()
    const preflight = await fetch(`${door.url}/api/v1/decisions/x/approve`, {
      method: 'OPTIONS',
      headers: { origin: ORIGIN },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization')
  })

  const bad: [string, string, RequestInit, number][] = [
    ['whose body is not JSON', '/api/v1/decisions/x/approve', { body: '{"digest":' }, 400],
    [
      'whose body is a form',
      '/api/v1/decisions/x/approve',
      { body: 'digest=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
    ],
    [
      'with a comment of a megabyte',
      '/api/v1/decisions/x/reject',
      { body: JSON.stringify({ reason: 'other', decision: 'x', comment: 'a'.repeat(1_048_576) }) },
      413,
    ],
    [
      'with a comment of 5,000 characters',
      '/api/v1/decisions/x/reject',
      { body: JSON.stringify({ reason: 'other', decision: 'x', comment: 'a'.repeat(5_000) }) },
      400,
    ],
    [
      'with a field nobody asked for',
      '/api/v1/decisions/x/approve',
      { body: JSON.stringify({ digest: 'x', decision: 'y', status: 'approved' }) },
      400,
    ],
    [
      'that pollutes the prototype',
      '/api/v1/decisions/x/approve',
      { body: '{"__proto__":{"digest":"x"},"decision":"y"}' },
      400,
    ],
    [
      'about a decision that is not there',
      '/api/v1/decisions/x/approve',
      { body: JSON.stringify({ digest: 'x', decision: 'y' }) },
      404,
    ],
    [
      'to launch a mission that is not there',
      '/api/v1/missions/nope/runs',
      { body: '{}', headers: { 'idempotency-key': 'key-12345' } },
      404,
    ],
    [
      'to launch about a record of another kind',
      '/api/v1/missions/duplicate-account-reconciliation/runs',
      {
        body: JSON.stringify({ subject: { object: 'Account', id: LEAD } }),
        headers: { 'idempotency-key': 'key-12345' },
      },
      400,
    ],
    [
      'to launch without an Idempotency-Key',
      '/api/v1/missions/duplicate-account-reconciliation/runs',
      { body: JSON.stringify({ subject: { object: 'Lead', id: LEAD } }) },
      400,
    ],
    ['to an address that is not there', '/api/v1/nowhere', {}, 404],
  ]
  it.each(bad)('%s is answered with a problem document and nothing else', async (_title, path, init, status) => {
    const authorization = `Bearer ${await door.session('admin')}`
    const headers = { 'content-type': 'application/json', ...(init.headers as Record<string, string>), authorization }
    const response = await fetch(door.url + path, { method: 'POST', ...init, headers })
    const problem = await problemOf(response)
    expect(problem.status).toBe(status)
    expect(JSON.stringify(problem)).not.toMatch(/node_modules|\.ts:\d/)
  })

  it.each(['?limit=0', '?limit=many', '?status=odd', '?record=123', '?record=a&record=b', '?color=red'])(
    'for runs%s is not understood',
    async (query) => {
      expect((await problemOf(await door.get('admin', `/api/v1/runs${query}`))).status).toBe(400)
    },
  )

  it('too many in a minute is told to wait, while others are not', async () => {
    const strict = await openDoor({ requestsPerMinute: 3 })
    const statuses = []
    for (let n = 0; n < 4; n++) statuses.push((await strict.get('admin', '/api/v1/missions')).status)
    expect(statuses).toEqual([200, 200, 200, 429])
    expect((await strict.get('second', '/api/v1/missions')).status).toBe(200)
  })
})

describe('what everybody may ask', () => {
  it('is whether it lives, whether it is ready, its metrics and its description', async () => {
    for (const path of ['/health/live', '/health/ready', '/metrics', '/openapi.json'])
      expect((await fetch(door.url + path)).status, path).toBe(200)
  })

  it('describes every route with its parameters, body and answer', async () => {
    const document = (await (await fetch(`${door.url}/openapi.json`)).json()) as {
      openapi: string
      paths: Record<string, Record<string, { responses: object; requestBody?: object; parameters: { name: string }[] }>>
    }
    expect(document.openapi).toBe('3.1.0')
    for (const route of routes) {
      const operation = document.paths[route.path]?.[route.method]
      expect(operation, route.path).toBeDefined()
      expect(Object.keys(operation?.responses ?? {})).toEqual([String(route.status), 'default'])
      expect(operation?.requestBody !== undefined).toBe(route.body !== null)
      for (const [, name] of route.path.matchAll(/\{(\w+)\}/g))
        expect(operation?.parameters.map((parameter) => parameter.name)).toContain(name)
    }
  })
})

describe('a launch', () => {
  const path = '/api/v1/missions/duplicate-account-reconciliation/runs'
  const body = { subject: { object: 'Lead', id: LEAD.slice(0, 15) } }

  it('a launch with the same key starts one run, with another body under that key it is refused', async () => {
    const key = { 'idempotency-key': 'my-launch-1' }
    const first = await door.post('manager', path, body, key)
    expect(first.status).toBe(201)
    const again = await door.post('manager', path, body, key)
    expect(await again.json()).toEqual(await first.json())
    expect((await door.post('manager', path, { scope: { BillingState: 'CA' } }, key)).status).toBe(400)
    const other = { subject: { object: 'Lead', id: '00QAC0000000077' } }
    expect((await door.post('manager', path, other, key)).status).toBe(409)
  })

  it('about a record the caller may not read is as if the record were not there', async () => {
    door.salesforce.hide(USERS.manager, LEAD)
    door.clock.pass(301)
    expect((await door.post('manager', path, body, { 'idempotency-key': 'my-launch-2' })).status).toBe(404)
  })

  it('is refused to a user without the permission to launch', async () => {
    expect((await door.post('rep', path, body, { 'idempotency-key': 'my-launch-3' })).status).toBe(403)
  })
})
