import type { RequestHandler } from 'express'

/** Collapses `//services/data` to `/services/data`: the sf CLI sends the former, and an org takes it. */
export const collapseSlashes: RequestHandler = (req, _res, next) => {
  const [path = '', ...rest] = req.url.split('?')
  req.url = [path.replace(/\/{2,}/g, '/'), ...rest].join('?')
  next()
}

/** Headers seen on every captured answer of an org's API. */
export const orgHeaders: RequestHandler = (_req, res, next) => {
  res.set({
    'X-Content-Type-Options': 'nosniff',
    'X-XSS-Protection': '1; mode=block',
    'X-Robots-Tag': 'none',
    'Cache-Control': 'no-cache,must-revalidate,max-age=0,no-store,private',
    Vary: 'Accept-Encoding',
  })
  next()
}

/** `client` of `Sforce-Call-Options: client=loader, defaultNamespace=x`. */
export function callClient(header: string | undefined): string | undefined {
  return parseOptions(header).get('client')
}

/** `a=b, c=d` headers of the API, keys in lower case. */
export function parseOptions(header: string | undefined): Map<string, string> {
  const pairs = (header ?? '').split(/[,;]/).map((part) => part.trim().split('='))
  return new Map(pairs.filter(([key]) => key).map(([key = '', value = '']) => [key.toLowerCase(), value.trim()]))
}
