import type { RequestHandler } from 'express'
import { refusal, sendError } from './errors.ts'

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])
const HOSTS = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Lets through only callers on this machine that did not come from a foreign web page.
 * The Host check defeats DNS rebinding, the Origin check a page of another site that posts here.
 */
export const loopbackOnly: RequestHandler = (req, res, next) => {
  const host = (req.headers.host ?? '').toLowerCase().replace(/:\d+$/, '')
  const origin = req.headers.origin
  const foreign = origin !== undefined && !isOwnOrigin(origin, req.headers.host ?? '')
  if (LOOPBACK.has(req.socket.remoteAddress ?? '') && HOSTS.has(host) && !foreign) return next()
  sendError(res, refusal.notFound().body)
}

function isOwnOrigin(origin: string, host: string): boolean {
  return origin.toLowerCase() === `http://${host.toLowerCase()}`
}
