import type { Request, Response } from 'express'
import { OrgError } from '../../org/org.ts'
import { sendJson } from '../../wire/http/errors.ts'
import { identified, type SignedIn } from '../../wire/sessions/bearer.ts'
import { formOf } from './form.ts'
import { sendIdentity } from './identity-format.ts'
import { identity, userInfo } from './identity.ts'
import type { OAuthDoor } from './oauth-door.ts'
import { covers } from '../../wire/sessions/scopes.ts'

/** A refusal of these two: one word in plain text, not JSON. */
type Refusal = 'Missing_OAuth_Token' | 'Bad_OAuth_Token' | 'Wrong_Org' | 'Bad_Id' | 'Inactive'

const NOT_FOUND: readonly Refusal[] = ['Bad_Id', 'Inactive']

/** `/services/oauth2/userinfo`: the caller, in the words of OpenID. */
export function userInfoPage(req: Request, res: Response, door: OAuthDoor): void {
  const who = caller(req, door)
  if (typeof who === 'string') return refuse(res, who)
  const withPermissions = covers(who.session.scope, 'custom_permissions')
  sendJson(res, userInfo(door.instanceUrl(req), door.org, who.user, withPermissions))
}

/** `/id/<org>/<user>`: anyone of the org may be asked for. */
export function identityPage(req: Request, res: Response, door: OAuthDoor): void {
  const { orgId, userId } = req.params
  const who = caller(req, door)
  if (typeof who === 'string') return refuse(res, who)
  if (orgId !== door.org.orgId && orgId !== door.org.orgId.slice(0, 15)) return refuse(res, 'Wrong_Org')
  const asked = /^005\w{12}(\w{3})?$/.test(String(userId)) ? door.org.user(String(userId)) : undefined
  if (!asked) return refuse(res, 'Bad_Id')
  if (!asked.isActive) return refuse(res, 'Inactive')
  sendIdentity(req, res, identity(door.instanceUrl(req), door.org, asked))
}

/** By header, query (`oauth_token` is jsforce's) or form. */
function caller(req: Request, door: OAuthDoor): SignedIn | Refusal {
  const form = formOf(req)
  const [, header] = /^(?:Bearer|OAuth)\s+(\S+)/i.exec(req.headers.authorization ?? '') ?? []
  const token = header ?? form.get('oauth_token') ?? form.get('access_token')
  if (!token) return 'Missing_OAuth_Token'
  try {
    return identified(token, door.sessions, door.org)
  } catch (error) {
    if (error instanceof OrgError) return 'Bad_OAuth_Token'
    throw error
  }
}

function refuse(res: Response, word: Refusal): void {
  res.status(NOT_FOUND.includes(word) ? 404 : 403)
  res.type('text/plain').end(word)
}
