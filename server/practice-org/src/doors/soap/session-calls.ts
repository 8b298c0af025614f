import type { Caller, Org, User } from '../../org/org.ts'
import { OAuthError } from '../../wire/sessions/oauth-error.ts'
import type { Sessions } from '../../wire/sessions/sessions.ts'
import { userByPassword } from '../oauth/token.ts'
import type { SoapCall } from './envelope.ts'
import { refusal } from '../../wire/http/errors.ts'
import { SoapFault } from '../../wire/xml/fault.ts'
import { userInfoElement } from './user-info.ts'
import { text, texts } from '../../wire/xml/xml.ts'

/** SOAP login exists only up to this API version. */
export const LAST_LOGIN_VERSION = 64

const MAX_SESSIONS = 200

/** The session a call came with. */
export interface SessionContext {
  org: Org
  sessions: Sessions
  token: string
  sessionSeconds: number
  now(): number
}

export interface LoginContext {
  org: Org
  sessions: Sessions
  instanceUrl: string
  password: string
  version: string
  sessionSeconds: number
}

const SOAP_CLIENT_ID = 'soap-login'

/** `login(username, password)`. Throws SoapFault INVALID_LOGIN, or UNSUPPORTED_API_VERSION from v65 on. */
export function login(call: SoapCall, context: LoginContext): unknown[] {
  if (Number(context.version) > LAST_LOGIN_VERSION) {
    const text = 'UNSUPPORTED_API_VERSION: SOAP API login() is not available in this version'
    throw new SoapFault('sf:UNSUPPORTED_API_VERSION', text)
  }
  const user = checkedUser(call, context)
  const { token } = context.sessions.open({ userId: user.id, clientId: SOAP_CLIENT_ID })
  const caller: Caller = { userId: user.id, api: 'soap', version: context.version }
  const url = (door: string): string =>
    `${context.instanceUrl}/services/Soap/${door}/${context.version}/${context.org.orgId.slice(0, 15)}`
  return [
    {
      metadataServerUrl: url('m'),
      passwordExpired: false,
      sandbox: false,
      serverUrl: url('u'),
      sessionId: token,
      userId: user.id,
      userInfo: userInfoElement(caller, context),
    },
  ]
}

function checkedUser(call: SoapCall, context: LoginContext): User {
  try {
    const [username = '', password = ''] = [text(call.body, 'username'), text(call.body, 'password')]
    return userByPassword(context.org, username, password, context.password)
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    const message = 'INVALID_LOGIN: Invalid username, password, security token; or user locked out.'
    throw new SoapFault('sf:INVALID_LOGIN', message, 'LoginFault')
  }
}

/** `getUserInfo()`. */
export function getUserInfo(_call: SoapCall, _org: Org, caller: Caller, session: SessionContext): unknown[] {
  return [userInfoElement(caller, session)]
}

/** `getServerTimestamp()`. */
export function getServerTimestamp(_call: SoapCall, _org: Org, _caller: Caller, session: SessionContext): unknown[] {
  return [{ timestamp: new Date(session.now()).toISOString() }]
}

/** `logout()`: ends the session it came with. */
export function logout(_call: SoapCall, _org: Org, _caller: Caller, session: SessionContext): unknown[] {
  session.sessions.revoke(session.token)
  return []
}

/** `invalidateSessions(sessionIds)`: one result per session, its own among them or not. */
export function invalidateSessions(call: SoapCall, _org: Org, _caller: Caller, session: SessionContext): unknown[] {
  const ids = texts(call.body, 'sessionIds')
  if (ids.length > MAX_SESSIONS) throw refusal.badInput('too many session ids', 'EXCEEDED_ID_LIMIT')
  if (new Set(ids).size < ids.length) throw refusal.badInput('duplicate session id', 'DUPLICATE_VALUE')
  return ids.map((id) => {
    const success = session.sessions.revoke(id)
    const error = { fields: [], message: 'Session not found', statusCode: 'INVALID_SESSION_ID' }
    return { errors: success ? [] : [error], success }
  })
}
