import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'

/** The request came over TLS. */
export function isSecure(req: IncomingMessage): boolean {
  return req.socket instanceof TLSSocket
}

/** Where the caller reached this org, e.g. `https://localhost:4400`: every address it is told begins so. */
export function ownUrl(req: IncomingMessage): string {
  return `${isSecure(req) ? 'https' : 'http'}://${req.headers.host ?? 'localhost'}`
}
