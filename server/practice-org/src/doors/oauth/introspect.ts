import type { Request } from 'express'
import type { OAuthDoor } from './oauth-door.ts'
import type { Session } from '../../wire/sessions/sessions.ts'
import { knownClient } from './token.ts'
import { required, type Form } from './form.ts'

/**
 * `POST /services/oauth2/introspect` (RFC 7662). A client hears of its own tokens, and of all when it is registered
 * for that; of any other token it hears only that it is not active.
 * Throws OAuthError when the client cannot prove who it is.
 */
export function introspect(form: Form, req: Request, door: OAuthDoor): Record<string, unknown> {
  const client = knownClient(form, { clients: door.clients() })
  const value = required(form, 'token')
  const access = door.sessions.look(value)
  const session = access ?? door.sessions.findRefresh(value)
  const user = session && door.org.user(session.userId)
  if (!session || !user?.isActive) return { active: false }
  if (session.clientId !== client.id && !client.introspectAll) return { active: false }
  const subject = `${door.instanceUrl(req)}/id/${door.org.orgId}/${user.id}`
  const kind = access ? 'access_token' : 'refresh_token'
  return { active: true, ...about(session), username: user.username, sub: subject, token_type: kind }
}

function about({ scope, clientId, expiresAt, issuedAt }: Session): Record<string, unknown> {
  const seconds = (ms: number): number => Math.floor(ms / 1000)
  return {
    scope,
    client_id: clientId,
    exp: seconds(expiresAt),
    iat: seconds(issuedAt),
    nbf: seconds(issuedAt),
  }
}
