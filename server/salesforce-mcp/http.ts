import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import express, { type RequestHandler, type Response } from 'express'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { brings } from './bearer.ts'
import type { SalesforceMcp } from './compose.ts'
import { jsonOnly, refuse, refuseErrors } from './refuse-request.ts'

const KEEP_ALIVE_MS = 65_000

interface HttpDoorSettings {
  port: number
  /** 127.0.0.1 when left out. */
  host?: string
  /** Bearer tokens, at least 32 characters each: the current one and, while it is being changed, the next. */
  tokens: readonly string[]
  /** Bearer of `POST /writes/start`; null: every token may start writes again. */
  startSecret?: string | null
  /** PEM; null: plain HTTP. */
  tls?: { cert: string; key: string } | null
  /** Receives errors that are not the request's. */
  onError?: (error: Error) => void
  /** Exact `Host` header values; the door's own address when left out. */
  allowedHosts?: readonly string[]
  /** Exact `Origin` header values; a browser has no business here, so none when left out. */
  allowedOrigins?: readonly string[]
}

export interface HttpDoor {
  url: string
  /** Accepts these tokens and no others, from the next request on. */
  acceptTokens(tokens: readonly string[]): void
  close(): Promise<void>
}

/**
 * Streamable HTTP at `POST /mcp`: stateless, JSON answers, a bearer token for everyone. `POST /writes/stop` and `/writes/start`
 * are the switch and `GET /writes` shows its position, for the same caller; with a start secret, only its bearer ends a stop.
 */
export async function openHttpDoor(mcp: SalesforceMcp, settings: HttpDoorSettings): Promise<HttpDoor> {
  const app = express()
  // The brain keeps its connections; one that was closed here just when it is used again would look like an outage.
  const options = { keepAliveTimeout: KEEP_ALIVE_MS }
  const { tls = null } = settings
  const server = tls ? createTlsServer({ ...options, ...tls }, app) : createServer(options, app)
  let { tokens } = settings
  const hosts = new Set(settings.allowedHosts ?? [])
  app.disable('x-powered-by')
  app.use(exactHeaders(hosts, new Set(settings.allowedOrigins ?? [])))
  app.post('/writes/start', startByOwnSecret(mcp, settings.startSecret ?? null))
  app.use(bearer(() => tokens))
  app.post('/mcp', jsonOnly, express.json({ limit: '8mb', inflate: false }), session(mcp))
  const say = (response: Response) => void response.json({ writes: mcp.writesStopped ? 'stopped' : 'on' })
  app.get('/writes', (_request, response) => say(response))
  app.post('/writes/stop', (_request, response) => (mcp.stopWrites(), say(response)))
  app.post('/writes/start', (_request, response) => {
    if (mcp.writesStopped && settings.startSecret)
      return refuse(response, 403, 'starting writes wants the start secret')
    mcp.startWrites()
    say(response)
  })
  app.use('/mcp', (_request, response) => refuse(response.set('Allow', 'POST'), 405, 'only POST'))
  app.use((_request, response) => refuse(response, 404, 'there is nothing here'))
  app.use(refuseErrors(settings.onError ?? (() => {})))
  const port = await listening(server, settings.port, settings.host ?? '127.0.0.1')
  if (!settings.allowedHosts) for (const name of ['127.0.0.1', 'localhost']) hosts.add(`${name}:${port}`)
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}/mcp`,
    acceptTokens: (next) => void (tokens = next),
    close: () => closed(server),
  }
}

function session(mcp: SalesforceMcp): RequestHandler {
  return async (request, response) => {
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true })
    response.on('close', () => void transport.close())
    await mcp.connect(transport)
    await transport.handleRequest(request, response, request.body)
  }
}

/** Keeps a page in a user's browser from calling a server on the same machine. */
function exactHeaders(hosts: ReadonlySet<string>, origins: ReadonlySet<string>): RequestHandler {
  return ({ headers: { host, origin } }, response, next) => {
    if (host === undefined || !hosts.has(host)) return refuse(response, 403, 'unknown Host')
    if (origin !== undefined && !origins.has(origin)) return refuse(response, 403, 'unknown Origin')
    next()
  }
}

function bearer(tokens: () => readonly string[]): RequestHandler {
  return (request, response, next) => {
    if (brings(request, tokens())) return next()
    refuse(response.set('WWW-Authenticate', 'Bearer realm="salesforce-mcp"'), 401, 'a bearer token is wanted')
  }
}

/** Starts writes for the bearer of the secret. Any other caller goes on to the tokens, and may not end a stop. */
function startByOwnSecret(mcp: SalesforceMcp, secret: string | null): RequestHandler {
  return (request, response, next) => {
    if (secret === null) return next()
    if (brings(request, [secret])) {
      mcp.startWrites()
      return void response.json({ writes: 'on' })
    }
    next()
  }
}

function listening(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
