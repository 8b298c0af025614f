import type { IncomingHttpHeaders } from 'node:http'
import type { Org, User } from '../../org/org.ts'
import { refusal } from '../http/errors.ts'
import { covers } from './scopes.ts'
import type { Session, Sessions } from './sessions.ts'

export interface SignedIn {
  token: string
  session: Session
  user: User
}

/**
 * Who sent this request, by `Authorization: Bearer` (or `OAuth`, as streaming clients say it), for the REST API.
 * Throws OrgError INVALID_SESSION_ID or INVALID_AUTH_HEADER (401).
 */
export function signedIn(headers: IncomingHttpHeaders, sessions: Sessions, org: Org): SignedIn {
  const header = headers.authorization
  if (header === undefined) throw refusal.badSession()
  const [, token] = /^(?:Bearer|OAuth)\s+(\S+)\s*$/i.exec(header) ?? []
  if (!token) throw refusal.badAuthHeader()
  return withApiScope(identified(token, sessions, org), 'REST API')
}

/** Throws OrgError INVALID_SESSION_ID when the token is not good, not for the API, or its user is no longer active. */
export function signedInByToken(token: string, sessions: Sessions, org: Org): SignedIn {
  return withApiScope(identified(token, sessions, org), 'API')
}

/** Whose token this is, whatever it may be used for. Throws OrgError INVALID_SESSION_ID. */
export function identified(token: string, sessions: Sessions, org: Org): SignedIn {
  const session = sessions.find(token)
  const user = session && org.user(session.userId)
  if (!session || !user?.isActive) throw refusal.badSession()
  return { token, session, user }
}

function withApiScope(who: SignedIn, door: 'REST API' | 'API'): SignedIn {
  if (!covers(who.session.scope, 'api')) {
    throw refusal.badSession(`This session is not valid for use with the ${door}`)
  }
  return who
}
