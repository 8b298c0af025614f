// The brain's HTTP application: authentication, routes, and one form for every refusal.
import express, { type Express, type RequestHandler } from 'express'
import { rateLimit } from 'express-rate-limit'
import helmet from 'helmet'
import { ReceiptsOfOpened } from '../decisions/strays/receipts-of-opened.ts'
import { serveMcp } from '../mcp/door.ts'
import { createVisibility } from '../visibility/visibility.ts'
import { authenticator, type Authenticate, type SessionCaller } from './requests/caller.ts'
import type { BrainDeps, HttpConfig } from './requests/deps.ts'
import type { RouteContext } from './requests/route-context.ts'
import { exactHost, exactOrigin, jsonOnly, noStore } from './requests/request-guards.ts'
import { healthRoutes } from './health.ts'
import { httpMetrics } from './requests/metrics.ts'
import { openApi } from './openapi.ts'
import { openStreams } from './requests/open-streams.ts'
import { RefusalStreaks } from './requests/refusal-streaks.ts'
import { NotFound } from '../domain/errors.ts'
import { problemHandler, Refused, Unauthenticated } from './requests/problems.ts'
import type { Route } from './requests/route.ts'
import { routes } from './routes/index.ts'
import { eventFeed } from './stream/event-feed.ts'

const BODY_LIMIT = '64kb'
const MINUTE_MS = 60_000
const REQUESTS_PER_MINUTE = 600
const FAILED_SIGN_INS_PER_MINUTE = 120
const REFUSALS_IN_A_ROW = 20
/** Refusals of before close no user's way to stop. */
const NEVER_LOCKED = 'POST /api/v1/writes/stop'

/** Makes the application; the caller listens, and closes open connections at the end. */
export function brainApp(deps: BrainDeps): Express {
  const app = express()
  const doors = doorsOf(deps)
  app.disable('x-powered-by').set('query parser', 'simple').set('etag', false)
  app.use(helmet({ crossOriginResourcePolicy: false }), noStore)
  app.use(healthRoutes(deps))
  app.use(exactHost(deps.config.publicUrl), exactOrigin(deps.config.allowedOrigins))
  app.get('/openapi.json', (_request, response) => void response.json(openApi(routes)))
  const identify = identified(authenticator(deps.config, deps.clock), failedSignIns(deps.config))
  const limit = requestsOfOneUser(deps.config.requestsPerMinute ?? REQUESTS_PER_MINUTE)
  for (const route of routes) mount(app, doors, route, identify, limit)
  app.post('/mcp', identify, limit, jsonOnly, express.json({ limit: BODY_LIMIT }), async (request, response) => {
    await serveMcp(doors, callerOf(request), request, response)
  })
  app.use(() => {
    throw new NotFound('such address')
  })
  app.use(problemHandler(doors, (request) => callers.get(request)?.userId ?? null))
  return app
}

function doorsOf(deps: BrainDeps): RouteContext {
  const onError = (what: string) => (error: unknown) =>
    deps.log.warn({ error: error instanceof Error ? error.name : 'unknown' }, what)
  return {
    ...deps,
    visibility: createVisibility(deps),
    receipts: new ReceiptsOfOpened({ ...deps, onError: onError('the org cannot be asked for a receipt now') }),
    feed: eventFeed(deps.store, onError('the event table cannot be read now')),
    streams: openStreams(),
    counts: httpMetrics(deps.metrics),
    streaks: new RefusalStreaks(() => Date.parse(deps.clock.now()), deps.config.refusalsInARow ?? REFUSALS_IN_A_ROW),
  }
}

const callers = new WeakMap<object, SessionCaller>()

/** The order matters: the caller is authenticated before the body is read. */
function mount(app: Express, doors: RouteContext, route: Route, identify: RequestHandler, limit: RequestHandler): void {
  const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1')
  const parse = route.method === 'post' ? [jsonOnly, express.json({ limit: BODY_LIMIT })] : []
  const what = `${route.method.toUpperCase()} ${path}`
  const notLocked = unlessLocked(doors, what)
  app[route.method](path, measured(doors, route), identify, limit, notLocked, ...parse, async (request, response) => {
    const caller = callerOf(request)
    await route.serve(doors, caller, request, response)
    doors.streaks.answered(caller.userId, what)
  })
}

/** A user who was refused again and again waits before trying the same routes further. */
function unlessLocked({ streaks }: RouteContext, what: string): RequestHandler {
  return (request, _response, next) => {
    if (what === NEVER_LOCKED || !streaks.isLocked(callerOf(request).userId, what)) return next()
    throw new Refused(429, 'Refused too often', 'This was refused again and again. Wait five minutes, then go on.')
  }
}

/** Authenticates the caller; only failures here count against the failure limit, so that no client can lock out another. */
function identified(authenticate: Authenticate, onFailure: RequestHandler): RequestHandler {
  return async (request, response, next) => {
    try {
      callers.set(request, await authenticate(request))
    } catch (error) {
      await onFailure(request, response, (refusal?: unknown) => next(refusal ?? error))
      return
    }
    next()
  }
}

function callerOf(request: object): SessionCaller {
  const caller = callers.get(request)
  if (!caller) throw new Unauthenticated('a Bearer token is missing')
  return caller
}

function measured({ counts }: RouteContext, route: Route): RequestHandler {
  const name = `${route.method.toUpperCase()} ${route.path}`
  return (_request, response, next) => {
    const stop = counts.seconds.startTimer({ route: name })
    response.once('finish', () => stop())
    response.once('close', () => {
      counts.requests.inc({ route: name, status: response.statusCode })
    })
    next()
  }
}

function requestsOfOneUser(perMinute: number): RequestHandler {
  return rateLimit({
    windowMs: MINUTE_MS,
    limit: perMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: (request) => callerOf(request).userId,
    handler: (_request, _response, next) => next(new Refused(429, 'Too many requests', 'Wait a minute, then go on.')),
  })
}

/** Slows down guessing of tokens. */
function failedSignIns({ failedSignInsPerMinute = FAILED_SIGN_INS_PER_MINUTE }: HttpConfig): RequestHandler {
  return rateLimit({
    windowMs: MINUTE_MS,
    limit: failedSignInsPerMinute,
    standardHeaders: false,
    legacyHeaders: false,
    handler: (_request, _response, next) =>
      next(new Refused(429, 'Too many failed sign-ins', 'Wait a minute, then sign in again.')),
  })
}
