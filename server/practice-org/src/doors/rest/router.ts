// The REST API: parses HTTP into calls, runs them, and answers as an org does.

import { Router, type Request, type Response } from 'express'
import { OrgError, type Caller, type Org } from '../../org/org.ts'
import { bodyText, parseJson } from '../../wire/http/body.ts'
import { refusal, sendError, sendJson } from '../../wire/http/errors.ts'
import { callClient } from '../../wire/http/headers.ts'
import type { Usage } from '../../wire/http/usage.ts'
import { checkVersion } from '../../wire/http/version.ts'
import { signedIn } from '../../wire/sessions/bearer.ts'
import { PAGE_CLIENT_ID } from '../oauth/clients.ts'
import type { Sessions } from '../../wire/sessions/sessions.ts'
import type { Topics } from '../../topics/topics.ts'
import type { Notification } from './request/notification.ts'
import { Batch } from './batch.ts'
import { versionList } from './describe/describe.ts'
import { Descriptions } from './request/descriptions.ts'
import { dispatch } from './request/dispatch.ts'
import { isMultipart, readMultipart } from './request/multipart.ts'
import { inTurns, isPieces, type Pieces } from './request/pieces.ts'
import type { RestContext, RestRequest, RestResponse, StreamingUse } from './request/request.ts'
import { restRoutes } from './routes.ts'
import { parseTarget, type Target } from './request/target.ts'

export interface RestDoor {
  /** The org this request sees; a fault may hand out one that refuses to write. */
  orgFor: (req: Request) => Org
  sessions: Sessions
  topics: Topics
  now: () => number
  startedAt: number
  notified: Notification[]
  usage: Usage
  streaming: () => StreamingUse
  instanceUrl: (req: Request) => string
}

/** Expects bodies as bytes (`readBody`). */
export function restRouter(door: RestDoor): Router {
  const router = Router()
  const descriptions = new Descriptions(door.startedAt, door.now)
  router.get(['/services/data', '/services/data/'], (_req, res) => sendJson(res, versionList()))
  router.use('/services/data', async (req, res) => {
    try {
      const answered = answer(req, res, { ...door, descriptions })
      send(req, res, isPieces(answered) ? await inTurns(answered) : answered)
    } catch (error) {
      if (!(error instanceof OrgError)) throw error
      sendError(res, error.body)
    }
  })
  return router
}

function answer(
  req: Request,
  res: Response,
  door: RestDoor & { descriptions: Descriptions },
): RestResponse | Pieces<RestResponse> {
  const org = door.orgFor(req)
  const { user, session } = signedIn(req.headers, door.sessions, org)
  res.set('Sforce-Limit-Info', door.usage.limitInfo)
  const target = knownTarget(req)
  const client = callClient(req.headers['sforce-call-options']?.toString())
  const api = session.clientId === PAGE_CLIENT_ID ? 'ui' : 'rest'
  const caller: Caller = { userId: user.id, api, version: target.version, ...(client ? { client } : {}) }
  const request = requestOf(req, target)
  if (api === 'rest') door.usage.add({ client, username: user.username, api }, cost(request))
  res.set('Sforce-Limit-Info', door.usage.limitInfo)
  const context: RestContext = {
    org,
    caller,
    base: target.base,
    instanceUrl: door.instanceUrl(req),
    topics: door.topics,
    now: door.now,
    startedAt: door.startedAt,
    descriptions: door.descriptions,
    notified: door.notified,
    usage: door.usage,
    streaming: door.streaming,
    inTransaction: false,
  }
  return dispatch(restRoutes, request, context)
}

function knownTarget(req: Request): Target {
  const target = parseTarget(req.originalUrl.replace(/^([^?]*)/, (path) => path.replace(/\/{2,}/g, '/')))
  if (!target) throw refusal.notFound()
  checkVersion(target.version)
  return target
}

const BODY_METHODS = ['POST', 'PATCH', 'PUT']

function requestOf(req: Request, target: Target): RestRequest {
  const headers = Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name, value?.toString()]))
  return {
    method: req.method,
    segments: target.segments,
    query: target.query,
    ...(BODY_METHODS.includes(req.method) ? content(req) : { body: undefined }),
    headers,
  }
}

function content(req: Request): Pick<RestRequest, 'body' | 'files'> {
  const type = req.headers['content-type']
  if (!isMultipart(type)) return { body: jsonBody(req) }
  const { entity, files } = readMultipart(type, Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0))
  return { body: parseJson(entity), files }
}

function jsonBody(req: Request): unknown {
  const text = bodyText(req.body)
  const type = req.headers['content-type']
  if (text !== '' && type !== undefined && !/^application\/([\w.+-]+\+)?json\b/i.test(type)) throw refusal.mediaType()
  return parseJson(text)
}

/** A composite is one call; a batch counts each of its own. */
function cost(request: RestRequest): number {
  if (request.segments.join('/') !== 'composite/batch') return 1
  const batch = Batch.safeParse(request.body)
  return batch.success ? batch.data.batchRequests.length : 1
}

function send(req: Request, res: Response, response: RestResponse): void {
  res.status(response.status)
  // Not `res.set`, which would name a character set for texts it does not know.
  for (const [name, value] of Object.entries(response.headers ?? {})) res.setHeader(name, value)
  if (response.bytes !== undefined) res.end(req.method === 'HEAD' ? undefined : response.bytes)
  else if (response.body === undefined) res.end()
  else if (req.method === 'HEAD') res.set('Content-Type', 'application/json;charset=UTF-8').end()
  else sendJson(res, response.body)
}
