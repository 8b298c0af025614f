// One who is refused again and again is noticed, logged once, and kept from the same routes for a while; others notice nothing.
import { Writable } from 'node:stream'
import pino from 'pino'
import { Registry } from 'prom-client'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { RefusalStreaks } from '../../../server/brain/http/requests/refusal-streaks.ts'
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
  door = await openDoor({}, () => ({ log: pino({ base: null }, into), metrics }))
})
beforeEach(() => {
  lines.length = 0
  door.clock.pass(3600)
})
const probes = () => lines.filter(({ event }) => event === 'probing')
const erase = (n: number) => door.post('rep', '/api/v1/erasures', { run: `r${n}`, reason: 'no' })
const mcp = (name: string) =>
  door.post(
    'manager',
    '/mcp',
    { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: {} } },
    {
      accept: 'application/json, text/event-stream',
    },
  )

describe('twenty refused variants in a row', () => {
  it('are one event with user and route, and close that route to that user for five minutes', async () => {
    const statuses: number[] = []
    for (let n = 0; n < 25; n += 1) statuses.push((await erase(n)).status)
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 403), ...Array.from({ length: 5 }, () => 429)])
    expect(probes()).toMatchObject([{ door: 'http', userId: USERS.rep, what: ['POST /api/v1/erasures'] }])
    expect(await metrics.metrics()).toContain('missions_probing_total{door="http"} 1')
    expect((await door.get('rep', '/api/v1/missions')).status).toBe(200)
    expect((await door.post('manager', '/api/v1/erasures', { run: 'r', reason: 'no' })).status).toBe(403)
    door.clock.pass(301)
    expect((await erase(0)).status).toBe(403)
  })

  it('are found over many routes, and among ids that are not there', async () => {
    for (let n = 0; n < 10; n += 1) {
      await door.get('auditor', `/api/v1/runs/none-${n}`)
      await door.post('auditor', '/api/v1/writes/start', { reason: 'no', decision: 'x' })
    }
    expect(probes()).toMatchObject([
      { userId: USERS.auditor, what: ['GET /api/v1/runs/:id', 'POST /api/v1/writes/start'] },
    ])
  })

  it('are found at the MCP door in the same form', async () => {
    for (let n = 0; n < 21; n += 1) await mcp('readRun')
    expect(probes()).toMatchObject([{ door: 'mcp', userId: USERS.manager, what: ['readRun'] }])
    expect(await (await mcp('readRun')).text()).toContain('refused again and again')
  })

  it('never keep a user from stopping', async () => {
    for (let n = 0; n < 25; n += 1) expect((await door.post('second', '/api/v1/writes/stop', {})).status).toBe(403)
    expect(probes()).toHaveLength(1)
  })
})

describe('a normal user', () => {
  it('raises none in a day with a mistake now and then', async () => {
    for (let n = 0; n < 60; n += 1) {
      await door.get('second', '/api/v1/decisions')
      await door.get('second', '/api/v1/runs')
      if (n % 3 === 0) await door.get('second', `/api/v1/runs/none-${n}`)
      if (n % 10 === 0) await door.post('second', '/api/v1/erasures', { run: 'r', reason: 'no' })
      door.clock.pass(60)
    }
    expect(probes()).toEqual([])
  })

  it('is not blamed for refusals that answers at the same route make up for', () => {
    const streaks = new RefusalStreaks(() => 0, 20)
    for (let n = 0; n < 200; n += 1) {
      expect(streaks.refused('u', 'route')).toBeNull()
      streaks.answered('u', 'route')
    }
    for (let n = 0; n < 19; n += 1) expect(streaks.refused('u', 'route')).toBeNull()
    // Answers elsewhere make up for nothing.
    for (let n = 0; n < 50; n += 1) streaks.answered('u', 'elsewhere')
    expect(streaks.refused('u', 'route')).toEqual(['route'])
  })

  it('is one of ten thousand that are kept', () => {
    const streaks = new RefusalStreaks(() => 0, 2)
    streaks.refused('first', 'route')
    for (let n = 0; n < 10_000; n += 1) streaks.refused(`u${n}`, 'route')
    expect(streaks.refused('first', 'route')).toBeNull()
    expect(streaks.refused('u9999', 'route')).toEqual(['route'])
  })
})
