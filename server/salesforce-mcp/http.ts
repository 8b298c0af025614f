import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import express, { type Express, type RequestHandler, type Response } from 'express'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { StoppableThere } from '../contract/switch.ts'
import { brings } from './bearer.ts'
import type { SalesforceMcp } from './compose.ts'
import { ToolFailure } from './failure/failure.ts'
import { jsonOnly, refuse, refuseErrors } from './refuse-request.ts'

const KEEP_ALIVE_MS = 65_000

interface HttpDoorSettings {
  port: number
  /** 127.0.0.1 when left out. */
  host?: string
  /** Bearer tokens, at least 32 characters each: the current one and, while it is being changed, the next. */
  tokens: readonly string[]
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
 * are the switch and `GET /writes` shows its position, for the same caller; a start also wants a decision that the org signed.
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
  app.use(bearer(() => tokens))
  app.post('/mcp', jsonOnly, express.json({ limit: '8mb', inflate: false }), session(mcp))
  serveSwitch(app, mcp)
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

const Stop = z.strictObject({ what: StoppableThere.default('writes') })
const Start = z.strictObject({ decision: z.string().min(1).max(8192) })

function serveSwitch(app: Express, mcp: SalesforceMcp): void {
  const answer = (response: Response) =>
    void response.json({
      writes: mcp.writesStopped ? 'stopped' : 'on',
      reads: mcp.readsStopped ? 'stopped' : 'on',
    })
  const body = express.json({ limit: '16kb', inflate: false })
  app.get('/writes', (_request, response) => answer(response))
  app.post('/writes/stop', body, (request, response) => {
    const parsed = Stop.safeParse(request.body ?? {})
    if (!parsed.success) return refuse(response, 400, 'what is stopped is `writes` or `all`')
    mcp.stop(parsed.data.what)
    answer(response)
  })
  app.post('/writes/start', body, async (request, response) => {
    const parsed = Start.safeParse(request.body ?? {})
    if (!parsed.success) return refuse(response, 403, 'a start wants a decision that the org signed')
    try {
      await mcp.start(parsed.data.decision)
    } catch (error) {
      if (!(error instanceof ToolFailure)) throw error
      return refuse(response, 403, error.message)
    }
    answer(response)
  })
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
