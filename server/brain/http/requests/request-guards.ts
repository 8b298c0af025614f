// Checks on every request before its handler: the host, the origin, and a JSON body if there is a body.
import type { RequestHandler } from 'express'
import { originsOf } from './loopback.ts'
import { Refused } from './problems.ts'

const ALLOWED_HEADERS = 'Authorization, Content-Type, Idempotency-Key, Last-Event-ID'

/** Answers may hold data for one person only: caches must not store them. */
export const noStore: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store')
  next()
}

/**
 * The Host header must be that of the public URL: a page that rebinds its name to this address gets nothing. A loopback
 * address answers to each of its names, as no page can make one of them its own.
 */
export function exactHost(publicUrl: string): RequestHandler {
  const hosts = originsOf(publicUrl).map((origin) => new URL(origin).host)
  return (request, _response, next) => {
    if (!hosts.includes(request.headers.host ?? ''))
      throw new Refused(421, 'Wrong host', 'this server does not answer for that host')
    next()
  }
}

/** Browsers may come from the listed origins only; requests without an origin are not a browser's cross-site ones. */
export function exactOrigin(listed: readonly string[]): RequestHandler {
  const allowed = listed.flatMap(originsOf)
  return (request, response, next) => {
    response.vary('Origin')
    const { origin } = request.headers
    if (origin === undefined) return next()
    if (!allowed.includes(origin)) throw new Refused(403, 'Unknown origin', 'this origin is not on the list')
    response.setHeader('Access-Control-Allow-Origin', origin)
    response.setHeader('Access-Control-Expose-Headers', 'Retry-After')
    if (request.method !== 'OPTIONS') return next()
    response.setHeader('Access-Control-Allow-Methods', 'GET, POST')
    response.setHeader('Access-Control-Allow-Headers', ALLOWED_HEADERS)
    response.setHeader('Access-Control-Max-Age', '600')
    response.sendStatus(204)
  }
}

/** A body that is not JSON is refused, not ignored: any page can send a form without a preflight request. */
export const jsonOnly: RequestHandler = (request, _response, next) => {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  if (hasBody && !request.is('application/json')) throw new Refused(415, 'Wrong type', 'send JSON')
  next()
}
