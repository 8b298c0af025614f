// Each refusal by a rule is one line with user and rule, in one form at every door, without anything of what was sent.
import { Writable } from 'node:stream'
import pino from 'pino'
import { Registry } from 'prom-client'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import { USERS } from '../decisions/acme.ts'
import { openDoor, type Door } from './server.ts'

const lines: Record<string, unknown>[] = []
const metrics = new Registry()
let door: Door

beforeAll(async () => {
  const into = new Writable({
    write(piece: Buffer, _encoding, done) {
      for (const line of piece.toString().trim().split('\n')) lines.push(JSON.parse(line) as Record<string, unknown>)
      done()
    },
  })
  door = await openDoor({ requestsPerMinute: 20 }, () => ({ log: pino({ base: null }, into), metrics }))
})
beforeEach(() => void (lines.length = 0))

const refusals = () => lines.filter(({ event }) => event === 'refusal')

it('a request without a permission names user, route, rule and what is missing', async () => {
  await door.post('rep', '/api/v1/writes/stop', { reason: 'SECRET words of a person' })
  expect(refusals()).toMatchObject([
    {
      door: 'http',
      what: 'POST /api/v1/writes/stop',
      userId: USERS.rep,
      status: 403,
      rule: 'forbidden',
      missing: 'Administer_Missions',
    },
  ])
  expect(JSON.stringify(lines)).not.toContain('SECRET')
  expect(await metrics.metrics()).toContain('missions_refusals_total{door="http",rule="forbidden"} 1')
})

it('a request without a token has no user', async () => {
  await fetch(`${door.url}/api/v1/missions`, { headers: { authorization: 'Bearer SECRET.x.y' } })
  expect(refusals()).toMatchObject([{ userId: null, status: 401, rule: 'unauthenticated' }])
  expect(JSON.stringify(lines)).not.toContain('SECRET')
})

it('a tool of the brain’s own MCP server is refused in the same form', async () => {
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'launchMission', arguments: {} } }
  await door.post('rep', '/mcp', call, { accept: 'application/json, text/event-stream' })
  expect(refusals()).toMatchObject([{ door: 'mcp', what: 'launchMission', userId: USERS.rep, rule: 'forbidden' }])
})

it('twenty refused variants in a row are twenty lines of that user, and each refusal has exactly one', async () => {
  for (let n = 0; n < 25; n += 1) await door.post('second', '/api/v1/writes/stop', { reason: `variant ${n}` })
  expect(refusals()).toHaveLength(25)
  expect(new Set(refusals().map(({ userId }) => userId))).toEqual(new Set([USERS.second]))
  expect(refusals().map(({ rule }) => rule)).toEqual([
    ...Array.from({ length: 20 }, () => 'forbidden'),
    ...Array.from({ length: 5 }, () => 'refused'),
  ])
})
