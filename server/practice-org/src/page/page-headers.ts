import type { RequestHandler } from 'express'

/** Names this machine has for itself: the page answers to them and to the org's own, to nobody else's. */
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * The content security policy of the page. Scripts only from the org; styles also inline, as an org allows, because the
 * engine inserts component styles as elements; connections only to the org and to its Trusted URLs.
 */
export function contentSecurityPolicy(trustedUrls: readonly string[]): string {
  return [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    ["connect-src 'self'", ...trustedUrls].join(' '),
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/**
 * Puts the page's security headers on `/lightning` and refuses (421) requests made under another host name, so that a
 * foreign name pointed at this machine cannot become the page's origin.
 */
export function pageHeaders(context: { trustedUrls: readonly string[]; orgUrl: string }): RequestHandler {
  const policy = contentSecurityPolicy(context.trustedUrls)
  const hosts = new Set([...LOOPBACK, new URL(context.orgUrl).hostname])
  return (request, response, next) => {
    if (!request.path.startsWith('/lightning')) return next()
    if (!hosts.has(hostname(request.headers.host))) return void response.status(421).send('Unknown host')
    response.set({
      'Content-Security-Policy': policy,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'same-origin',
      'X-Frame-Options': 'DENY',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
    })
    next()
  }
}

function hostname(host = ''): string {
  return host.replace(/:\d+$/, '').toLowerCase()
}
