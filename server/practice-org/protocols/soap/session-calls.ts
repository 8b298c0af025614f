import type { Caller, Org, User } from '../../org.ts'
import { OAuthError } from '../oauth/oauth-error.ts'
import type { Sessions } from '../oauth/sessions.ts'
import { userByPassword } from '../oauth/token.ts'
import type { SoapCall } from './envelope.ts'
import { SoapFault } from './fault.ts'
import { text } from './xml.ts'

/** SOAP login exists only up to this API version. */
export const LAST_LOGIN_VERSION = 64

export interface LoginContext {
  org: Org
  sessions: Sessions
  instanceUrl: string
  password: string
  version: string
  sessionSeconds: number
}

const SOAP_CLIENT_ID = 'soap-login'

/** `login(username, password)`. @throws SoapFault INVALID_LOGIN, or UNSUPPORTED_API_VERSION from v65 on */
export function login(call: SoapCall, context: LoginContext): unknown[] {
  if (Number(context.version) > LAST_LOGIN_VERSION) {
    const text = 'UNSUPPORTED_API_VERSION: SOAP API login() is not available in this version'
    throw new SoapFault('sf:UNSUPPORTED_API_VERSION', text)
  }
  const user = checkedUser(call, context)
  const { token } = context.sessions.open({ userId: user.id, clientId: SOAP_CLIENT_ID })
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
      userInfo: userInfoElement(user, context.org, context.sessionSeconds),
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
export function getUserInfo(_call: SoapCall, org: Org, caller: Caller, sessionSeconds: number): unknown[] {
  const user = org.user(caller.userId)
  return user ? [userInfoElement(user, org, sessionSeconds)] : []
}

function userInfoElement(user: User, org: Org, sessionSecondsValid: number): Record<string, unknown> {
  return {
    accessibilityMode: false,
    chatterExternal: false,
    currencySymbol: '$',
    orgAttachmentFileSizeLimit: 5_242_880,
    orgDefaultCurrencyIsoCode: 'USD',
    orgDefaultCurrencyLocale: 'en_US',
    orgDisallowHtmlAttachments: false,
    orgHasPersonAccounts: false,
    organizationId: org.orgId,
    organizationMultiCurrency: false,
    organizationName: 'Practice',
    profileId: null,
    roleId: null,
    sessionSecondsValid,
    userDefaultCurrencyIsoCode: null,
    userEmail: user.email,
    userFullName: user.name,
    userId: user.id,
    userLanguage: 'en_US',
    userLocale: 'en_US',
    userName: user.username,
    userTimeZone: 'Etc/UTC',
    userType: 'Standard',
    userUiSkin: 'Theme3',
  }
}
