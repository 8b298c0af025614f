import { createHmac } from 'node:crypto'
import type { Org, User } from '../../org.ts'
import type { OAuthClient } from './clients.ts'
import { verifyAssertion } from './jwt-bearer.ts'
import { oauthRefusal } from './oauth-error.ts'
import type { Sessions } from './sessions.ts'

export interface TokenContext {
  org: Org
  sessions: Sessions
  clients: Map<string, OAuthClient>
  /** Base URL clients are told to use. */
  instanceUrl: string
  ownUrls: string[]
  nowMs: number
  password: string
}

type Form = Map<string, string>

interface Granted {
  user: User
  client: OAuthClient
  refresh?: string
}

const GRANTS: Record<string, (form: Form, context: TokenContext) => Promise<Granted> | Granted> = {
  password: byPassword,
  'urn:ietf:params:oauth:grant-type:jwt-bearer': byAssertion,
  client_credentials: byClientCredentials,
  refresh_token: byRefreshToken,
}

/**
 * Answers `POST /services/oauth2/token`.
 * @param form the fields, with client_id and client_secret of a Basic header merged in
 * @throws OAuthError
 */
export async function grantToken(form: Form, context: TokenContext): Promise<Record<string, string>> {
  const grant = GRANTS[form.get('grant_type') ?? '']
  if (!grant) throw oauthRefusal.grantType()
  const { user, client, refresh } = await grant(form, context)
  const { token, session } = context.sessions.open({ userId: user.id, clientId: client.id })
  const id = `${context.instanceUrl}/id/${context.org.orgId}/${user.id}`
  const issuedAt = String(session.issuedAt)
  return {
    access_token: token,
    ...(refresh ? { refresh_token: refresh } : {}),
    signature: createHmac('sha256', client.id).update(`${id}${issuedAt}`).digest('base64'),
    scope: session.scope,
    instance_url: context.instanceUrl,
    id,
    token_type: 'Bearer',
    issued_at: issuedAt,
  }
}

/** A user by password; anything after the password is taken as the security token an integration appends. */
export function userByPassword(org: Org, username: string, password: string, expected: string): User {
  const user = org.user(username)
  if (!user || user.username !== username || !password.startsWith(expected)) throw oauthRefusal.badPassword()
  if (!user.isActive) throw oauthRefusal.inactiveUser()
  return user
}

function byPassword(form: Form, context: TokenContext): Granted {
  const client = knownClient(form, context)
  const user = userByPassword(context.org, required(form, 'username'), required(form, 'password'), context.password)
  return { user, client, refresh: context.sessions.openRefresh({ userId: user.id, clientId: client.id }) }
}

async function byAssertion(form: Form, context: TokenContext): Promise<Granted> {
  const { client, username } = await verifyAssertion(required(form, 'assertion'), context)
  return { user: activeUser(context.org, username), client }
}

function byClientCredentials(form: Form, context: TokenContext): Granted {
  const client = knownClient(form, context)
  if (!client.secret) throw oauthRefusal.badSecret()
  if (!client.runAs) throw oauthRefusal.noRunAs()
  return { user: activeUser(context.org, client.runAs), client }
}

function byRefreshToken(form: Form, context: TokenContext): Granted {
  const client = knownClient(form, context)
  const session = context.sessions.findRefresh(required(form, 'refresh_token'))
  if (!session || session.clientId !== client.id) throw oauthRefusal.badRefresh()
  return { user: activeUser(context.org, session.userId), client }
}

function knownClient(form: Form, context: TokenContext): OAuthClient {
  const client = context.clients.get(required(form, 'client_id'))
  if (!client) throw oauthRefusal.unknownClient()
  if (client.secret !== undefined && client.secret !== form.get('client_secret')) throw oauthRefusal.badSecret()
  return client
}

function activeUser(org: Org, idOrUsername: string): User {
  const user = org.user(idOrUsername)
  if (!user) throw oauthRefusal.notApproved()
  if (!user.isActive) throw oauthRefusal.inactiveUser()
  return user
}

function required(form: Form, name: string): string {
  const value = form.get(name)
  if (!value) throw oauthRefusal.missing(name)
  return value
}
