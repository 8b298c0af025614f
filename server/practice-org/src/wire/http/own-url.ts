import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'

/** The request came over TLS. */
export function isSecure(req: IncomingMessage): boolean {
  return req.socket instanceof TLSSocket
}

/** Stand for login.salesforce.com and test.salesforce.com, which serve all orgs; browsers take them for this machine. */
export const LOGIN_HOSTS = ['login.localhost', 'test.localhost']

/** The request came to the login host, not to the org's own. */
export function isLoginHost(req: IncomingMessage): boolean {
  return LOGIN_HOSTS.includes(hostname(req.headers.host))
}

/** The host of a `Host` header, without the port. */
export function hostname(host: string | undefined): string {
  return (host ?? '').toLowerCase().replace(/:\d+$/, '')
}

/** Where the caller reached this org, e.g. `https://localhost:4400`: every address it is told begins so. */
export function ownUrl(req: IncomingMessage): string {
  const host = req.headers.host ?? 'localhost'
  const own = isLoginHost(req) ? host.replace(/^\w+\./, '') : host
  return `${isSecure(req) ? 'https' : 'http'}://${own}`
}
