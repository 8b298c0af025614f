import type { IncomingHttpHeaders } from 'node:http'
import type { Org, User } from '../../org.ts'
import { refusal } from '../http/errors.ts'
import type { Session, Sessions } from './sessions.ts'

export interface SignedIn {
  token: string
  session: Session
  user: User
}

/**
 * Who sent this request, by `Authorization: Bearer` (or `OAuth`, as streaming clients say it).
 * @throws OrgError INVALID_SESSION_ID or INVALID_AUTH_HEADER (401)
 */
export function signedIn(headers: IncomingHttpHeaders, sessions: Sessions, org: Org): SignedIn {
  const header = headers.authorization
  if (header === undefined) throw refusal.badSession()
  const [, token] = /^(?:Bearer|OAuth)\s+(\S+)\s*$/i.exec(header) ?? []
  if (!token) throw refusal.badAuthHeader()
  return signedInByToken(token, sessions, org)
}

/** @throws OrgError INVALID_SESSION_ID when the token is not good or its user is no longer active */
export function signedInByToken(token: string, sessions: Sessions, org: Org): SignedIn {
  const session = sessions.find(token)
  const user = session && org.user(session.userId)
  if (!session || !user?.isActive) throw refusal.badSession()
  return { token, session, user }
}
