import type { RequestHandler } from 'express'
import { refusal, sendError } from './errors.ts'
import { hostname, LOGIN_HOSTS, ownUrl } from './own-url.ts'

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])
const HOSTS = new Set(['localhost', '127.0.0.1', '[::1]', ...LOGIN_HOSTS])

/** Refuses other host names: a foreign name pointed at this machine must not become an origin of the org. */
export const ownHostOnly: RequestHandler = (req, res, next) => {
  if (HOSTS.has(hostname(req.headers.host))) return next()
  res.status(421).type('text/plain').end('Unknown host')
}

/**
 * Lets through only callers on this machine that did not come from a foreign web page.
 * The Origin check stops a page of another site from posting here.
 */
export const loopbackOnly: RequestHandler = (req, res, next) => {
  const origin = req.headers.origin
  const foreign = origin !== undefined && origin.toLowerCase() !== ownUrl(req).toLowerCase()
  if (LOOPBACK.has(req.socket.remoteAddress ?? '') && !foreign) return next()
  sendError(res, refusal.notFound().body)
}
