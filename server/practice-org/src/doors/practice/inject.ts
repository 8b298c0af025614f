import type { Request, RequestHandler, Response } from 'express'
import { setTimeout as delay } from 'node:timers/promises'
import type { OrgError } from '../../org/org.ts'
import { type Org } from '../../org/org.ts'
import { refusal, sendError } from '../../wire/http/errors.ts'
import { BatchAnswer } from '../bulk/batches/batch-answers.ts'
import { batchErrorOf } from '../bulk/batches/batch-error.ts'
import type { Sessions } from '../../wire/sessions/sessions.ts'
import { sendSoapFault } from '../soap/router.ts'
import { callClient } from '../../wire/http/headers.ts'
import type { CallFacts, FaultMode, Faults } from '../../faults/fault.ts'
import { lockedOrg } from '../../faults/locked-org.ts'

const SOAP = '/services/Soap/'
const OLDER_BULK = '/services/async/'

const COMET = '/cometd/'

/** Streaming requests for which the day's events are used up: their door says so in its own words. */
const spent = new WeakSet<Request>()
export const isSpent = (req: Request): boolean => spent.has(req)

/** Requests whose writes the org refuses as locked. */
const locked = new WeakSet<Request>()

/** The org that this request may work on. */
export function orgFor(org: Org): (req: Request) => Org {
  const refusing = lockedOrg(org)
  return (req) => (locked.has(req) ? refusing : org)
}

/** Lets the armed faults happen to API calls. Runs after the body is read, so that faults can match on it. */
export function injectFaults(faults: Faults, sessions: Sessions): RequestHandler {
  return async (req, res, next) => {
    if (faults.none) return next()
    const hits = faults.hit(factsOf(req), (mode) => mode !== 'lock' || req.method !== 'GET')
    const modes = new Set<FaultMode>(hits.map((hit) => hit.mode))
    const wait = hits.filter((hit) => hit.mode === 'slow').reduce((sum, hit) => sum + hit.ms, 0)
    if (wait > 0) await delay(wait, undefined, { ref: false })
    if (res.destroyed) return
    if (modes.has('cut-before')) return void req.socket.destroy()
    if (modes.has('down')) return refuse(req, res, refusal.unavailable())
    if (modes.has('limit') && req.originalUrl.includes(COMET)) spent.add(req)
    else if (modes.has('limit')) return refuse(req, res, refusal.limit())
    if (modes.has('expire-sessions')) expireSession(req, sessions)
    if (modes.has('lock')) locked.add(req)
    if (modes.has('cut-after')) cutWhenAnswered(req, res)
    if (modes.has('withhold')) answerLater(res, Math.max(...hits.map((hit) => (hit.mode === 'withhold' ? hit.ms : 0))))
    next()
  }
}

function factsOf(req: Request): CallFacts {
  const path = req.originalUrl.split('?')[0]?.replace(/\/{2,}/g, '/') ?? ''
  const body = Buffer.isBuffer(req.body) ? req.body.toString('utf8') : ''
  const soap = path.startsWith(SOAP)
  const client = soap ? soapClient(body) : callClient(req.headers['sforce-call-options']?.toString())
  return { path, method: req.method, soapAction: soap ? soapAction(body) : undefined, client, body }
}

const soapClient = (body: string) => /<(?:[\w.-]+:)?client>([^<]*)</.exec(body.slice(0, 32_768))?.[1]

/** Local name of the first element in the SOAP body, looked for only where an envelope can have it. */
function soapAction(body: string): string | undefined {
  const start = body.slice(0, 32_768)
  return /<(?:[\w.-]+:)?Body[^>]*>\s*<(?:[\w.-]+:)?([\w.-]+)/.exec(start)?.[1]
}

function refuse(req: Request, res: Response, error: OrgError): void {
  const inOlderWords = req.originalUrl.includes(OLDER_BULK) && error.body.status < 500 && batchErrorOf(error)
  if (inOlderWords) new BatchAnswer(res, isJson(req)).error(inOlderWords)
  else if (req.originalUrl.includes(SOAP)) sendSoapFault(res, error)
  else sendError(res, error.body)
}

const isJson = (req: Request): boolean => /^application\/json\b/i.test(req.headers['content-type'] ?? '')

/** The session of this very call, wherever the door carries it. */
function expireSession(req: Request, sessions: Sessions): void {
  const [, bearer] = /^(?:Bearer|OAuth)\s+(\S+)/i.exec(req.headers.authorization ?? '') ?? []
  const body = Buffer.isBuffer(req.body) ? req.body.toString('utf8') : ''
  const [, soap] = /<(?:[\w.-]+:)?sessionId>\s*([^<\s]+)/.exec(body) ?? []
  const bulk = req.headers['x-sfdc-session']?.toString()
  for (const token of [bearer, soap, bulk]) if (token) sessions.expire(token)
}

/** The doors answer with `res.end`: by then the work is done, and the caller must not hear of it. */
function cutWhenAnswered(req: Request, res: Response): void {
  const cut = (): Response => {
    req.socket.destroy()
    return res
  }
  Object.assign(res, { end: cut, write: () => Boolean(cut()) })
}

/** The work is done; the caller hears of it only after `ms`, unless it has given up. */
function answerLater(res: Response, ms: number): void {
  const end = res.end.bind(res) as (...args: unknown[]) => Response
  const later = (...args: unknown[]): Response => {
    void delay(ms, undefined, { ref: false }).then(() => (res.destroyed ? undefined : end(...args)))
    return res
  }
  Object.assign(res, { end: later })
}
