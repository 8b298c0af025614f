// OAuth requests that are wrong somewhere, and what an org may answer to them.
import fc from 'fast-check'

interface Shot {
  method: string
  path: string
  headers: Record<string, string>
  body: string
}

const odd = fc.oneof(
  fc.constantFrom('', '__proto__', 'constructor', '\u0000', '%', '🦊', '00D000000000001!x', 'a.b.c', 'e30.e30.e30'),
  fc.string({ maxLength: 20 }),
)
const grant = fc.oneof(
  fc.constantFrom('password', 'client_credentials', 'refresh_token', 'authorization_code', 'device', 'toString'),
  fc.constant('urn:ietf:params:oauth:grant-type:jwt-bearer'),
  odd,
)
const client = fc.oneof(fc.constantFrom('practice', 'PlatformCLI', 'lightning'), odd)
const secret = fc.oneof(fc.constant('practice'), odd)
const redirect = fc.oneof(
  fc.constantFrom('http://localhost:1/x', 'http://localhost', 'javascript:1', '//localhost', 'http://[', 'x://y'),
  odd,
)
const segment = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
/** A token in the shape of one, with claims that are not. */
const jwt = fc
  .record({ alg: fc.oneof(fc.constantFrom('RS256', 'none', 'HS256'), odd), claims: fc.jsonValue({ maxDepth: 2 }) })
  .map(({ alg, claims }) => `${segment({ alg })}.${segment(claims)}.AAAA`)
const field = fc.oneof(
  fc.tuple(fc.constantFrom('grant_type'), grant),
  fc.tuple(fc.constantFrom('client_id'), client),
  fc.tuple(fc.constantFrom('client_secret'), secret),
  fc.tuple(fc.constantFrom('redirect_uri'), redirect),
  fc.tuple(fc.constantFrom('assertion'), fc.oneof(jwt, odd)),
  fc.tuple(fc.constantFrom('response_type'), fc.constantFrom('code', 'token', 'token id_token', 'x')),
  fc.tuple(fc.constantFrom('scope'), fc.oneof(fc.constantFrom('api', 'api  id', 'full', 'x y'), odd)),
  fc.tuple(fc.constantFrom('prompt', 'immediate', 'code_challenge', 'code_challenge_method', 'state', 'nonce'), odd),
  fc.tuple(fc.constantFrom('code', 'refresh_token', 'token', 'username', 'password', 'code_verifier'), odd),
  fc.tuple(odd, odd),
)
/** Begins with what it takes to get beyond the first check, most of the time. */
const fields = fc
  .tuple(
    fc.option(fc.tuple(grant, client, secret), { freq: 3 }),
    fc.array(field, { maxLength: 6 }),
    fc.option(redirect, { freq: 2 }),
  )
  .map(([start, rest, uri]) => {
    const [grantType = '', clientId = '', clientSecret = ''] = start ?? []
    const known = start ? { grant_type: grantType, client_id: clientId, client_secret: clientSecret } : {}
    const pairs = [...Object.entries(known), ...(uri === null ? [] : [['redirect_uri', uri]]), ...rest]
    return new URLSearchParams(pairs as [string, string][]).toString()
  })
const path = fc.constantFrom(
  ...['/services/oauth2/token', '/services/oauth2/token', '/services/oauth2/revoke', '/services/oauth2/introspect'],
  ...['/services/oauth2/userinfo', '/services/oauth2/authorize', '/services/oauth2/authorize'],
  ...['/id/00D000000000001EAA/x', '/', '/setup/secur/RemoteAccessAuthorizationPage.apexp'],
)

export const oauthShots: fc.Arbitrary<Shot> = fc
  .tuple(path, fields, fc.constantFrom('POST', 'POST', 'GET', 'PUT', 'DELETE'), fc.nat(12))
  .map(([where, form, method, turn]) => {
    const inQuery = method === 'GET' || turn === 0
    return {
      method,
      path: `${where}${inQuery ? `?${where === '/' ? 'ec=302&' : ''}${form}` : ''}`,
      headers: {
        'content-type': turn === 1 ? 'application/json' : 'application/x-www-form-urlencoded',
        ...(turn === 2 ? { authorization: 'Basic %%%' } : {}),
        ...(turn === 3 ? { cookie: 'sid=x; sid=' } : {}),
        ...(turn === 4 ? { origin: 'https://evil.example' } : {}),
      },
      body: inQuery ? '' : turn === 5 ? '{"grant_type":"password"}' : form,
    }
  })

const ERRORS = [
  ...['invalid_request', 'invalid_grant', 'invalid_client', 'invalid_client_id', 'invalid_scope', 'access_denied'],
  ...['unsupported_grant_type', 'unsupported_response_type', 'unsupported_token_type', 'invalid_app_access'],
  ...[
    'inactive_user',
    'rate_limit_exceeded',
    'redirect_uri_missing',
    'redirect_uri_mismatch',
    'immediate_unsuccessful',
  ],
]
const WORDS = ['Missing_OAuth_Token', 'Bad_OAuth_Token', 'Wrong_Org', 'Bad_Id', 'Inactive']

/** Paths whose refusals are not those of the REST API. */
export function isOAuth(where: string): boolean {
  return /^\/services\/oauth2\/(?!$)|^\/id\/|^\/+(\?|$)|^\/setup\//.test(where)
}

/** What is wrong with the refusal of such a path: undefined when an org could have given it. */
export function oauthComplaint({ path: where, method }: Shot, text: string): string | undefined {
  if (/^\/services\/oauth2\/userinfo|^\/id\//.test(where)) {
    return WORDS.includes(text) || isList(text) ? undefined : `no word of an org: ${text}`
  }
  if (/^\/services\/oauth2\/authorize/.test(where)) return isLine(text) ? undefined : `no line of an org: ${text}`
  if (/^\/services\//.test(where)) return isTokenError(text) ? undefined : `no OAuth error: ${text}`
  return isLine(text) || isList(text) || /^<!doctype html>/.test(text) ? undefined : `no page: ${method} ${text}`
}

function isTokenError(text: string): boolean {
  const body = parsed(text) as { error?: unknown; error_description?: unknown } | undefined
  const keys = Object.keys(body ?? {}).join()
  return keys === 'error,error_description' && ERRORS.includes(String(body?.error)) && body?.error_description !== ''
}

function isLine(text: string): boolean {
  const told = new URLSearchParams(text)
  return ERRORS.includes(told.get('error') ?? '') && Boolean(told.get('error_description'))
}

/** What is no resource at all is refused as any other path is. */
function isList(text: string): boolean {
  const body = parsed(text)
  return Array.isArray(body) && typeof (body[0] as { errorCode?: unknown } | undefined)?.errorCode === 'string'
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
