// OAuth 2.0 as an org speaks it: token, revoke, introspect, userinfo and the identity URL.

import { Router, type Request, type Response } from 'express'
import type { Org } from '../../org.ts'
import { sendJson } from '../http/errors.ts'
import { signedInByToken } from './bearer.ts'
import type { OAuthClient } from './clients.ts'
import { identity, userInfo } from './identity.ts'
import { OAuthError, oauthRefusal } from './oauth-error.ts'
import type { Sessions } from './sessions.ts'
import { grantToken } from './token.ts'

export interface OAuthDoor {
  org: Org
  sessions: Sessions
  clients: () => Map<string, OAuthClient>
  instanceUrl: (req: Request) => string
  now: () => number
  password: string
}

/** Expects bodies as bytes (`readBody`). */
export function oauthRouter(door: OAuthDoor): Router {
  const router = Router()
  router.post(
    '/services/oauth2/token',
    answer(async (req) => token(req, door)),
  )
  router.all(
    '/services/oauth2/revoke',
    answer(async (req) => revoke(req, door)),
  )
  router.post(
    '/services/oauth2/introspect',
    answer(async (req) => introspect(req, door)),
  )
  router.all('/services/oauth2/userinfo', (req, res) => person(req, res, door, userInfo))
  router.get('/id/:orgId/:userId', (req, res) => person(req, res, door, identity))
  return router
}

function answer(work: (req: Request) => Promise<unknown>) {
  return async (req: Request, res: Response): Promise<void> => {
    try {
      const body = await work(req)
      if (body === undefined) res.status(200).end()
      else sendJson(res, body)
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error
      res.status(error.status)
      sendJson(res, { error: error.error, error_description: error.message })
    }
  }
}

async function token(req: Request, door: OAuthDoor): Promise<unknown> {
  const url = door.instanceUrl(req)
  return grantToken(formOf(req), {
    org: door.org,
    sessions: door.sessions,
    clients: door.clients(),
    instanceUrl: url,
    ownUrls: [url, url.replace(/^http:/, 'https:')],
    nowMs: door.now(),
    password: door.password,
  })
}

async function revoke(req: Request, door: OAuthDoor): Promise<undefined> {
  const value = formOf(req).get('token')
  if (!value || !door.sessions.revoke(value)) throw oauthRefusal.badToken()
}

async function introspect(req: Request, door: OAuthDoor): Promise<unknown> {
  const form = formOf(req)
  if (!door.clients().has(form.get('client_id') ?? '')) throw oauthRefusal.unknownClient()
  const value = form.get('token')
  if (!value) throw oauthRefusal.missing('token')
  const session = door.sessions.find(value) ?? door.sessions.findRefresh(value)
  const user = session && door.org.user(session.userId)
  if (!session || !user) return { active: false }
  const seconds = (ms: number): number => Math.floor(ms / 1000)
  return {
    active: true,
    scope: session.scope,
    client_id: session.clientId,
    username: user.username,
    sub: `${door.instanceUrl(req)}/id/${door.org.orgId}/${user.id}`,
    token_type: 'access_token',
    exp: seconds(session.expiresAt),
    iat: seconds(session.issuedAt),
    nbf: seconds(session.issuedAt),
  }
}

/** userinfo and the identity URL refuse in plain text, not JSON. */
function person(req: Request, res: Response, door: OAuthDoor, render: typeof userInfo): void {
  const query = req.query['oauth_token'] ?? req.query['access_token'] ?? formOf(req).get('access_token')
  const [, header] = /^(?:Bearer|OAuth)\s+(\S+)/i.exec(req.headers.authorization ?? '') ?? []
  const given = header ?? (typeof query === 'string' ? query : undefined)
  const refuse = (text: string): void => void res.status(403).type('text/plain').end(text)
  if (!given) return refuse('Missing_OAuth_Token')
  const { orgId, userId } = req.params
  if (orgId !== undefined && orgId !== door.org.orgId) return refuse('Wrong_Org')
  try {
    const { user } = signedInByToken(given, door.sessions, door.org)
    const asked = userId === undefined ? user : door.org.user(String(userId))
    if (!asked) return refuse('Bad_Id')
    sendJson(res, render(door.instanceUrl(req), door.org, asked))
  } catch {
    refuse('Bad_OAuth_Token')
  }
}

/** Form fields (the query string counts too, as in an org), with a Basic header's client merged in. */
function formOf(req: Request): Map<string, string> {
  const text = Buffer.isBuffer(req.body) ? req.body.toString('utf8') : ''
  const query = req.url.split('?')[1] ?? ''
  const form = new Map([...new URLSearchParams(query), ...new URLSearchParams(text)])
  const [, basic] = /^Basic\s+(\S+)/i.exec(req.headers.authorization ?? '') ?? []
  if (basic) {
    const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':', 2).map(decodeSafely)
    form.set('client_id', id).set('client_secret', secret)
  }
  return form
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
