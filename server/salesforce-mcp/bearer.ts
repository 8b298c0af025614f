import { createHash, timingSafeEqual } from 'node:crypto'
import type { Request } from 'express'

/** True when the request's bearer token is one of the accepted; compared by digest, in constant time. */
export function brings(request: Request, accepted: readonly string[]): boolean {
  const given = /^Bearer ([\x21-\x7e]+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (given === undefined) return false
  const digests = accepted.map((token) => timingSafeEqual(digest(given), digest(token)))
  return digests.includes(true)
}

const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest()
