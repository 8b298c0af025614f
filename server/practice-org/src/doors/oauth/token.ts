import { createHash } from 'node:crypto'
import type { Org, User } from '../../org/org.ts'
import type { Authorizations } from './authorizations.ts'
import type { OAuthClient } from './clients.ts'
import { activeUser } from './active-user.ts'
import { byDevice } from './device-flow.ts'
import { required, type Form } from './form.ts'
import { verifyAssertion } from './jwt-bearer.ts'
import type { LoginRate } from './login-rate.ts'
import { oauthRefusal } from '../../wire/sessions/oauth-error.ts'
import { bringsRefresh, grantedScopes, withoutRefresh } from '../../wire/sessions/scopes.ts'
import type { Sessions } from '../../wire/sessions/sessions.ts'
import type { Granted } from './token-answer.ts'

export interface TokenContext {
  org: Org
  sessions: Sessions
  authorizations: Authorizations
  loginRate: LoginRate
  clients: Map<string, OAuthClient>
  /** URLs of this org that an assertion may name as its audience. */
  ownUrls: string[]
  /** The request came to the login host that all orgs share. */
  onLoginHost: boolean
  nowMs: number
  password: string
}

const GRANTS = new Map<string, (form: Form, context: TokenContext) => Promise<Granted> | Granted>([
  ['password', byPassword],
  ['urn:ietf:params:oauth:grant-type:jwt-bearer', byAssertion],
  ['client_credentials', byClientCredentials],
  ['refresh_token', byRefreshToken],
  ['authorization_code', byCode],
  ['device', byDevice],
])

/**
 * Decides on `POST /services/oauth2/token`.
 * @param form the fields, with client_id and client_secret of a Basic header merged in
 * Throws OAuthError.
 */
export async function grantToken(form: Form, context: TokenContext): Promise<Granted> {
  const grant = GRANTS.get(form.get('grant_type') ?? '')
  if (!grant) throw oauthRefusal.grantType()
  const granted = await grant(form, context)
  checkApproval(granted.client, granted.user)
  context.loginRate.add(granted.user.id)
  return granted
}

/** Throws OAuthError invalid_app_access when an administrator approves who may use the client. */
export function checkApproval(client: OAuthClient, user: User): void {
  if (client.approval === 'admin' && !client.users.includes(user.username)) throw oauthRefusal.notAdminApproved()
}

/** A user by password; anything after the password is taken as the security token an integration appends. */
export function userByPassword(org: Org, username: string, password: string, expected: string): User {
  const user = org.user(username)
  const isNamed = user?.username.toLowerCase() === username.toLowerCase()
  if (!user || !isNamed || !password.startsWith(expected)) throw oauthRefusal.badPassword()
  if (!user.isActive) throw oauthRefusal.inactiveUser()
  return user
}

/** Brings all scopes of the client, whatever is asked, and no refresh token: an org knows no more of this flow. */
function byPassword(form: Form, context: TokenContext): Granted {
  const client = knownClient(form, context)
  const user = userByPassword(context.org, required(form, 'username'), required(form, 'password'), context.password)
  return { user, client, scopes: withoutRefresh(client.scopes) }
}

async function byAssertion(form: Form, context: TokenContext): Promise<Granted> {
  const { client, username } = await verifyAssertion(required(form, 'assertion'), context)
  const scopes = withoutRefresh(grantedScopes(client.scopes, form.get('scope')))
  return { user: activeUser(context.org, username), client, scopes }
}

function byClientCredentials(form: Form, context: TokenContext): Granted {
  if (context.onLoginHost) throw oauthRefusal.loginDomain()
  const client = knownClient(form, context)
  if (!client.secret) throw oauthRefusal.badSecret()
  if (!client.runAs) throw oauthRefusal.noRunAs()
  // Since Winter '26 everything, or a token to come again with, is no scope for a client of its own.
  const allowed = withoutRefresh(client.scopes).filter((scope) => scope !== 'full')
  if (allowed.length === 0) throw oauthRefusal.noScopes()
  const user = activeUser(context.org, client.runAs)
  return { user, client, scopes: grantedScopes(allowed, form.get('scope')) }
}

function byRefreshToken(form: Form, context: TokenContext): Granted {
  const client = knownClient(form, context)
  const refreshToken = required(form, 'refresh_token')
  const session = context.sessions.findRefresh(refreshToken)
  if (!session || session.clientId !== client.id) throw oauthRefusal.badRefresh()
  const scopes = grantedScopes(session.scope.split(' '), form.get('scope'))
  return { user: activeUser(context.org, session.userId), client, scopes, refreshToken, isPerson: true }
}

function byCode(form: Form, context: TokenContext): Granted {
  const client = knownClient(form, context)
  const redirectUri = form.get('redirect_uri')
  if (!redirectUri) throw oauthRefusal.noRedirectUri()
  const found = context.authorizations.takeCode(required(form, 'code'))
  if (found === undefined || found.clientId !== client.id) throw oauthRefusal.badCode()
  if (!found.isGood) throw oauthRefusal.expiredCode()
  if (found.redirectUri !== redirectUri) throw oauthRefusal.badRedirectUri()
  checkVerifier(found.challenge, form.get('code_verifier'))
  const { userId, scopes, nonce } = found
  const user = activeUser(context.org, userId)
  const scope = scopes.join(' ')
  const refresh = bringsRefresh(scopes)
    ? { newRefreshToken: context.sessions.openRefresh({ userId, clientId: client.id, scope }) }
    : {}
  return { user, client, scopes, ...refresh, isPerson: true, ...(nonce ? { nonce } : {}) }
}

/** RFC 7636 with S256, the only method an org knows; a verifier without a challenge is refused too. */
function checkVerifier(challenge: string | undefined, verifier: string | undefined): void {
  if (challenge === undefined && verifier === undefined) return
  const proof = createHash('sha256')
    .update(verifier ?? '')
    .digest('base64url')
  if (!verifier || proof !== challenge) throw oauthRefusal.badVerifier()
}

/** The client by its id, and by its secret if it has one. Throws OAuthError. */
export function knownClient(form: Form, context: Pick<TokenContext, 'clients'>): OAuthClient {
  const client = context.clients.get(required(form, 'client_id'))
  if (!client) throw oauthRefusal.unknownClient()
  if (client.secret !== undefined && client.secret !== form.get('client_secret')) throw oauthRefusal.badSecret()
  return client
}
