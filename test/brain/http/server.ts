// The HTTP door on an ephemeral port, over a world that is played.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createParser } from 'eventsource-parser'
import pino from 'pino'
import { Registry } from 'prom-client'
import { afterAll } from 'vitest'
import { brainApp } from '../../../server/brain/http/app.ts'
import type { BrainDeps } from '../../../server/brain/http/requests/deps.ts'
import { startRun } from '../../../server/brain/runs/start-run.ts'
import { startUndo } from '../../../server/brain/undo/start-undo.ts'
import { steerRun } from '../../../server/brain/runs/steer-run.ts'
import { ORG_ID, USERS } from '../decisions/acme.ts'
import { HOLD_SECONDS, makeWorld, PERMISSIONS, type Who, type World } from '../decisions/world.ts'

export const ORIGIN = 'https://acme.lightning.force.com'

export interface Door extends World {
  url: string
  session(who: Who, claims?: Record<string, unknown>): Promise<string>
  get(who: Who, path: string): Promise<Response>
  json<T>(who: Who, path: string): Promise<T>
  post(who: Who, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
  /** Opens an event stream; `events` grows as they come. */
  listen(who: Who, query: string, lastEventId?: string, claims?: Record<string, unknown>): Promise<Listening>
}

export interface StreamedEvent {
  event: string
  id: string | undefined
  data: unknown
}

export interface Listening {
  events: StreamedEvent[]
  /** Every byte received, as text. */
  text(): string
  ended: Promise<void>
  close(): void
}

export async function openDoor(
  overrides: Partial<BrainDeps['config']> = {},
  exchanged: (world: World) => Partial<BrainDeps> = () => ({}),
  given?: World,
): Promise<Door> {
  const world = given ?? (await makeWorld())
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  const { store, ids, clock } = world
  const app = brainApp({
    ...world,
    config: {
      publicUrl: url,
      allowedOrigins: [ORIGIN],
      orgId: ORG_ID,
      orgKeys: [world.orgKey],
      holdSeconds: HOLD_SECONDS,
      ...overrides,
    },
    startRun: (request) => startRun({ store, ids, clock }, request),
    startUndo: (asked) => startUndo({ store, ids, clock }, asked),
    steerRun: (verb, runId) => steerRun({ store }, verb, runId),
    replayRun: (runId) => world.replay(runId),
    backTestRun: () => Promise.reject(new Error('this world has no phases to test')),
    log: pino({ level: 'silent' }),
    metrics: new Registry(),
    ...exchanged(world),
  })
  server.on('request', app)
  afterAll(() => closed(server))
  return doorOf(world, url)
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

function doorOf(world: World, url: string): Door {
  const session: Door['session'] = (who, claims = {}) => {
    const iat = Math.floor(Date.parse(world.clock.now()) / 1000)
    return world.sign({
      iss: ORG_ID,
      sub: USERS[who],
      aud: url,
      typ: 'session',
      iat,
      exp: iat + 300,
      jti: crypto.randomUUID(),
      permissions: PERMISSIONS[who],
      ...claims,
    })
  }
  const bearer = async (who: Who, claims = {}) => ({ authorization: `Bearer ${await session(who, claims)}` })
  const get: Door['get'] = async (who, path) => fetch(url + path, { headers: await bearer(who) })
  return {
    ...world,
    url,
    session,
    get,
    async json<T>(who: Who, path: string) {
      const response = await get(who, path)
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
      return (await response.json()) as T
    },
    post: async (who, path, body, headers = {}) =>
      fetch(url + path, {
        method: 'POST',
        headers: {
          ...(await bearer(who)),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      }),
    async listen(who, query, lastEventId, claims) {
      const controller = new AbortController()
      const headers = { ...(await bearer(who, claims)), ...(lastEventId ? { 'last-event-id': lastEventId } : {}) }
      const response = await fetch(`${url}/api/v1/stream${query}`, { headers, signal: controller.signal })
      if (!response.ok || !response.body) throw new Error(`${response.status}`)
      return listening(response.body, () => controller.abort())
    },
  }
}

function listening(body: ReadableStream<Uint8Array>, close: () => void): Listening {
  const events: StreamedEvent[] = []
  let text = ''
  const parser = createParser({
    onEvent: ({ event = 'message', id, data }) => events.push({ event, id, data: JSON.parse(data) as unknown }),
  })
  const read = async () => {
    const decoder = new TextDecoder()
    for await (const chunk of body) {
      const piece = decoder.decode(chunk, { stream: true })
      text += piece
      parser.feed(piece)
    }
  }
  return { events, text: () => text, ended: read().catch(() => undefined), close }
}
