import type { RequestHandler } from 'express'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { refusal, sendError } from './errors.ts'
import { ownUrl } from './own-url.ts'

/** Origins of foreign pages that may call: `https://app.example`, or `https://*.example.com` for all hosts below it. */
const Origins = z.array(z.string())

/** What an administrator allows: handed in, and the list in `origins.json`, read anew each time. Throws Error when it is no list. */
export function readOrigins(file: string | null, given: string[] = []): string[] {
  try {
    return [...given, ...(file ? Origins.parse(JSON.parse(readFileSync(file, 'utf8'))) : [])]
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return given
    throw error
  }
}

/**
 * Lets pages of allowed origins call the API, and refuses all other pages with 403, as an org does. Calls without an
 * `Origin`, and of this org's own pages, are no matter of CORS.
 */
export function cors(allowed: () => string[]): RequestHandler {
  return (req, res, next) => {
    const { origin } = req.headers
    if (origin === undefined || origin.toLowerCase() === ownUrl(req).toLowerCase()) return next()
    if (!allowed().some((pattern) => matches(pattern, origin))) return sendError(res, refusal.origin(origin).body)
    res.set({
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Credentials': 'true',
      'Access-Control-Expose-Headers': 'ETag, Location, Sforce-Limit-Info, Sforce-Locator, Sforce-NumberOfRecords',
    })
    res.vary('Origin')
    if (req.method !== 'OPTIONS' || !req.headers['access-control-request-method']) return next()
    res.set({
      'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS',
      'Access-Control-Allow-Headers': req.headers['access-control-request-headers']?.toString() ?? '',
      'Access-Control-Max-Age': '600',
    })
    res.status(200).end()
  }
}

function matches(pattern: string, origin: string): boolean {
  if (!pattern.includes('//*.')) return pattern.toLowerCase() === origin.toLowerCase()
  const [scheme = '', rest = ''] = pattern.toLowerCase().split('*')
  const wanted = origin.toLowerCase()
  return wanted.startsWith(scheme) && wanted.endsWith(rest) && wanted.length > scheme.length + rest.length
}
