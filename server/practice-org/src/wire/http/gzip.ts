import type { Request, RequestHandler, Response } from 'express'
import { pipeline, type Writable } from 'node:stream'
import { constants, createGzip, gzipSync } from 'node:zlib'

/** Below this a packed answer is hardly shorter. */
const MIN_BYTES = 1_024
const OPTIONS = { level: constants.Z_BEST_SPEED }

/** Packs answers that are sent in one piece, for callers that ask, as an org does. Streams go out as they are. */
export const gzipWhenAsked: RequestHandler = (req, res, next) => {
  if (asks(req)) pack(res)
  next()
}

const asks = (req: Request): boolean =>
  /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(req.headers['accept-encoding']?.toString() ?? '')

/** What a long answer is written to: packs it on its way where the caller asks, and ends with it. */
export function packed(res: Response): Writable {
  if (!asks(res.req)) return res
  res.setHeader('Content-Encoding', 'gzip')
  const gzip = createGzip(OPTIONS)
  // A caller that goes away is no error: the answer is destroyed, and with it this.
  pipeline(gzip, res, () => {})
  return gzip
}

function pack(res: Response): void {
  const end = res.end.bind(res) as (...args: unknown[]) => Response
  const packed = (chunk?: unknown, ...rest: unknown[]): Response => {
    const whole = typeof chunk === 'string' || Buffer.isBuffer(chunk) ? Buffer.from(chunk as string) : undefined
    if (res.headersSent || !whole || whole.length < MIN_BYTES || res.hasHeader('Content-Encoding')) {
      return end(chunk, ...rest)
    }
    const short = gzipSync(whole, OPTIONS)
    res.setHeader('Content-Encoding', 'gzip')
    res.setHeader('Content-Length', short.length)
    return end(short)
  }
  Object.assign(res, { end: packed })
}
