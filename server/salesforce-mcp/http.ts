import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import express, { type Express, type Request as Asked, type RequestHandler, type Response as Answer } from 'express'
import type { KeyObject } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { bodyDigest, salesforceMcpName, type Scope } from '../contract/call-token.ts'
import { StoppableThere } from '../contract/switch.ts'
import type { CallerKey } from '../settings/callers.ts'
import type { SalesforceMcp } from './compose.ts'
import { answerSigner } from './door/answer-signer.ts'
import { CallCheck, CallRefused } from './door/call-check.ts'
import { Challenges } from './door/challenges.ts'
import { ToolFailure } from './failure/failure.ts'
import type { DoorMetrics } from './refusal-counts.ts'
import { ForeignBody, jsonOnly, refuse, refuseErrors, refuseToken } from './refuse-request.ts'
import { callOf, isBodyOf, knownOf, sendJson, sendText, type CallRefusal } from './send-answer.ts'

const KEEP_ALIVE_MS = 65_000

interface HttpDoorSettings {
  port: number
  /** 127.0.0.1 when left out. */
  host?: string
  /** Keys of those who may call. */
  callers: readonly CallerKey[]
  /** Ed25519, private: signs answers. */
  answerKey: KeyObject
  /** PEM; null: plain HTTP. */
  tls?: { cert: string; key: string } | null
  /** Receives errors that are not the request's. */
  onError?: (error: Error) => void
  /** Receives each request whose token is refused, for the log. */
  onRefused?: (refusal: CallRefusal) => void
  /** Exact `Host` header values; the door's own address when left out. */
  allowedHosts?: readonly string[]
  /** Exact `Origin` header values; a browser has no business here, so none when left out. */
  allowedOrigins?: readonly string[]
  /** Shown at `GET /metrics`; nothing is there without. */
  metrics?: DoorMetrics
  now?: () => Date
}

export interface HttpDoor {
  url: string
  /** Accepts these keys and no others, from the next request on. */
  acceptCallers(callers: readonly CallerKey[]): void
  close(): Promise<void>
}

/**
 * Streamable HTTP at `POST /mcp`: stateless, JSON answers. `POST /writes/stop` and `/writes/start` are the switch and `GET /writes`
 * shows its position; a start also wants a decision that the org signed. Each request brings a token that its caller signed for it,
 * each answer a signature for that token (`contract/call-token.ts`). `GET /metrics` is for monitoring, which has no key: it gets numbers.
 */
export async function openHttpDoor(mcp: SalesforceMcp, settings: HttpDoorSettings): Promise<HttpDoor> {
  const app = express()
  // The brain keeps its connections; one that was closed here just when it is used again would look like an outage.
  const options = { keepAliveTimeout: KEEP_ALIVE_MS }
  const { tls = null, callers, answerKey, now = () => new Date(), onRefused = () => {} } = settings
  const server = tls ? createTlsServer({ ...options, ...tls }, app) : createServer(options, app)
  const hosts = new Set(settings.allowedHosts ?? [])
  const audience = salesforceMcpName(mcp.orgId)
  const challenges = new Challenges(now)
  const check = new CallCheck({ audience, callers, challenges, now })
  const sign = answerSigner({ issuer: audience, key: answerKey, now })
  app.disable('x-powered-by')
  app.use((_request, response, next) => {
    Object.assign(knownOf(response), { sign, nextChallenge: () => challenges.next(), onRefused })
    next()
  })
  app.use(exactHeaders(hosts, new Set(settings.allowedOrigins ?? [])))
  if (settings.metrics) serveMetrics(app, settings.metrics)
  app.use(signedCalls(check, tls ? 'https' : 'http'))
  app.post('/mcp', jsonOnly, ...jsonBody('8mb'), toolsInScope(mcp), session(mcp))
  serveSwitch(app, mcp)
  app.use('/mcp', (_request, response) => refuse(response.set('Allow', 'POST'), 405, 'only POST'))
  app.use((_request, response) => refuse(response, 404, 'there is nothing here'))
  app.use(refuseErrors(settings.onError ?? (() => {})))
  const port = await listening(server, settings.port, settings.host ?? '127.0.0.1')
  if (!settings.allowedHosts) for (const name of ['127.0.0.1', 'localhost']) hosts.add(`${name}:${port}`)
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}/mcp`,
    acceptCallers: (next) => check.accept(next),
    close: () => closed(server),
  }
}

function serveMetrics(app: Express, metrics: DoorMetrics): void {
  app.get('/metrics', async (_request, response) => void response.type(metrics.contentType).send(await metrics.text()))
}

/** Keeps a page in a user's browser from calling a server on the same machine. */
function exactHeaders(hosts: ReadonlySet<string>, origins: ReadonlySet<string>): RequestHandler {
  return ({ headers: { host, origin } }, response, next) => {
    if (host === undefined || !hosts.has(host)) return refuse(response, 403, 'unknown Host')
    if (origin !== undefined && !origins.has(origin)) return refuse(response, 403, 'unknown Origin')
    next()
  }
}

/** Lets in requests whose token is right, before their body is read. */
function signedCalls(check: CallCheck, scheme: 'http' | 'https'): RequestHandler {
  return async (request, response, next) => {
    const { authorization, host } = request.headers
    const url = `${scheme}://${host}${request.originalUrl}`
    try {
      knownOf(response).call = await check.check({ authorization, method: request.method, url })
    } catch (error) {
      if (!(error instanceof CallRefused)) throw error
      // A caller asks for a challenge without a token.
      if (authorization !== undefined) knownOf(response).onRefused({ caller: error.caller, rule: error.message })
      return error.status === 401 ? refuseToken(response, error.message) : refuse(response, error.status, error.message)
    }
    next()
  }
}

/** Reads JSON, if it is the body that the token is for. */
function jsonBody(limit: string): RequestHandler[] {
  const read = express.json({
    limit,
    inflate: false,
    verify: (_request, response, bytes) => {
      const digest = bodyDigest(bytes)
      knownOf(response as Answer).read = digest
      if (!isBodyOf(callOf(response as Answer), digest)) throw new ForeignBody('the token is for another body')
    },
  })
  return [read, sameBody]
}

/** Of a body that was not read, because there is none or because of its type, nothing is used: then the token has to be for none. */
const sameBody: RequestHandler = (_request, response, next) =>
  next(
    isBodyOf(callOf(response), knownOf(response).read) ? undefined : new ForeignBody('the token is for another body'),
  )

const wants = (scope: Scope): RequestHandler => {
  return (_request, response, next) => (callOf(response).scopes.has(scope) ? next() : refuseScope(response, scope))
}

function refuseScope(response: Answer, scope: Scope): Promise<void> {
  const rule = `the scope "${scope}" is wanted`
  knownOf(response).onRefused({ caller: callOf(response).caller, rule })
  return refuse(response, 403, rule)
}

const ToolCall = z.object({ method: z.literal('tools/call'), params: z.object({ name: z.string() }) })

/** Refuses calls of tools that the caller is not shown. */
function toolsInScope(mcp: SalesforceMcp): RequestHandler {
  return (request, response, next) => {
    const messages: unknown[] = Array.isArray(request.body) ? request.body : [request.body]
    for (const message of messages) {
      const called = ToolCall.safeParse(message)
      const scope = called.success ? mcp.scopeOf(called.data.params.name) : null
      if (scope && !callOf(response).scopes.has(scope)) return refuseScope(response, scope)
    }
    next()
  }
}

/** Headers that the protocol reads. */
const PROTOCOL_HEADERS = ['accept', 'content-type', 'mcp-protocol-version', 'mcp-session-id']

function session(mcp: SalesforceMcp): RequestHandler {
  return async (request, response) => {
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true })
    response.on('close', () => void transport.close())
    // The SDK's own class and its interface disagree under exactOptionalPropertyTypes only in names.
    await mcp.connect(transport as Transport, callOf(response).scopes)
    const given = await transport.handleRequest(requestOf(request), { parsedBody: request.body as unknown })
    given.headers.forEach((value, name) => response.set(name, value))
    await sendText(response, given.status, await given.text())
  }
}

function requestOf({ method, headers, originalUrl }: Asked): Request {
  const kept = PROTOCOL_HEADERS.flatMap((name): [string, string][] => {
    const value = headers[name]
    return typeof value === 'string' ? [[name, value]] : []
  })
  return new Request(`http://${headers.host}${originalUrl}`, { method, headers: kept })
}

const Stop = z.strictObject({ what: StoppableThere.default('writes') })
const Start = z.strictObject({ decision: z.string().min(1).max(8192) })

function serveSwitch(app: Express, mcp: SalesforceMcp): void {
  const answer = (response: Answer) =>
    sendJson(response, 200, {
      writes: mcp.writesStopped ? 'stopped' : 'on',
      reads: mcp.readsStopped ? 'stopped' : 'on',
      missions: mcp.missionsStopped,
    })
  const body = [wants('switch'), ...jsonBody('16kb')]
  app.get('/writes', wants('switch'), sameBody, (_request, response) => answer(response))
  app.post('/writes/stop', ...body, (request, response) => {
    const parsed = Stop.safeParse(request.body ?? {})
    if (!parsed.success) return refuse(response, 400, 'what is stopped is `writes`, `all` or `writes:<mission>`')
    mcp.stop(parsed.data.what)
    return answer(response)
  })
  app.post('/writes/start', ...body, async (request, response) => {
    const parsed = Start.safeParse(request.body ?? {})
    if (!parsed.success) return refuse(response, 403, 'a start wants a decision that the org signed')
    try {
      await mcp.start(parsed.data.decision)
    } catch (error) {
      if (!(error instanceof ToolFailure)) throw error
      return refuse(response, 403, error.message)
    }
    return answer(response)
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
