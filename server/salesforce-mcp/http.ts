import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import express, { type RequestHandler, type Response } from 'express'
import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SalesforceMcp } from './compose.ts'

const KEEP_ALIVE_MS = 65_000

interface HttpDoorSettings {
  port: number
  /** 127.0.0.1 when left out. */
  host?: string
  /** The one bearer token, at least 32 characters. */
  token: string
  /** Exact `Host` header values; the door's own address when left out. */
  allowedHosts?: readonly string[]
  /** Exact `Origin` header values; a browser has no business here, so none when left out. */
  allowedOrigins?: readonly string[]
}

export interface HttpDoor {
  url: string
  close(): Promise<void>
}

/**
 * Streamable HTTP at `POST /mcp`: stateless, JSON answers, a bearer token for everyone. `POST /writes/stop` and `/writes/start`
 * are the switch and `GET /writes` shows its position, for the same caller.
 */
export async function openHttpDoor(mcp: SalesforceMcp, settings: HttpDoorSettings): Promise<HttpDoor> {
  const app = express()
  // The brain keeps its connections; one that was closed here just when it is used again would look like an outage.
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, app)
  const hosts = new Set(settings.allowedHosts ?? [])
  app.disable('x-powered-by')
  app.use(exactHeaders(hosts, new Set(settings.allowedOrigins ?? [])))
  app.use(bearer(settings.token))
  app.post('/mcp', express.json({ limit: '8mb' }), session(mcp))
  const say = (response: Response) => void response.json({ writes: mcp.writesStopped ? 'stopped' : 'on' })
  app.get('/writes', (_request, response) => say(response))
  app.post('/writes/stop', (_request, response) => (mcp.stopWrites(), say(response)))
  app.post('/writes/start', (_request, response) => (mcp.startWrites(), say(response)))
  app.use('/mcp', (_request, response) => void response.status(405).set('Allow', 'POST').json(problem('only POST')))
  const port = await listening(server, settings.port, settings.host ?? '127.0.0.1')
  if (!settings.allowedHosts) for (const name of ['127.0.0.1', 'localhost']) hosts.add(`${name}:${port}`)
  return { url: `http://127.0.0.1:${port}/mcp`, close: () => closed(server) }
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
    if (host === undefined || !hosts.has(host)) return void response.status(403).json(problem('unknown Host'))
    if (origin !== undefined && !origins.has(origin)) return void response.status(403).json(problem('unknown Origin'))
    next()
  }
}

function bearer(token: string): RequestHandler {
  const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest()
  const expected = digest(token)
  return ({ headers: { authorization = '' } }, response, next) => {
    const given = /^Bearer ([\x21-\x7e]+)$/i.exec(authorization)?.[1]
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return next()
    response
      .status(401)
      .set('WWW-Authenticate', 'Bearer realm="salesforce-mcp"')
      .json(problem('a bearer token is wanted'))
  }
}

function problem(message: string) {
  return { jsonrpc: '2.0', error: { code: -32000, message }, id: null }
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
