import { createHmac } from 'node:crypto'
import type { Org, User } from '../../org/org.ts'
import type { OAuthClient } from './clients.ts'
import type { IdTokens } from './id-token.ts'
import type { Sessions } from '../../wire/sessions/sessions.ts'

/** Whom a token is for, and what came with the decision. */
export interface Granted {
  user: User
  client: OAuthClient
  scopes: string[]
  /** The refresh token this came by; it stays good and is not told again. */
  refreshToken?: string
  /** A refresh token made just now. */
  newRefreshToken?: string
  /** A person signed in: scope `openid` brings an ID token. */
  isPerson?: boolean
  nonce?: string
}

export interface AnswerContext {
  org: Org
  sessions: Sessions
  idTokens: IdTokens
  /** Base URL clients are told to use. */
  instanceUrl: string
  nowMs: number
}

/** Opens the session and says what `POST /services/oauth2/token` answers; the user-agent flow says the same in a fragment. */
export async function tokenAnswer(granted: Granted, context: AnswerContext): Promise<Record<string, string>> {
  const { user, client, scopes, newRefreshToken, refreshToken = newRefreshToken } = granted
  const { org, sessions, instanceUrl } = context
  const opened = sessions.open({
    userId: user.id,
    clientId: client.id,
    scope: scopes.join(' '),
    ...(refreshToken ? { refreshToken } : {}),
  })
  const id = `${instanceUrl}/id/${org.orgId}/${user.id}`
  const issuedAt = String(opened.session.issuedAt)
  const idToken = granted.isPerson && scopes.includes('openid') ? await signed(opened.token, id, granted, context) : {}
  return {
    access_token: opened.token,
    ...(newRefreshToken ? { refresh_token: newRefreshToken } : {}),
    signature: createHmac('sha256', client.secret ?? client.id)
      .update(`${id}${issuedAt}`)
      .digest('base64'),
    scope: opened.session.scope,
    ...idToken,
    instance_url: instanceUrl,
    id,
    token_type: 'Bearer',
    issued_at: issuedAt,
  }
}

async function signed(accessToken: string, subject: string, granted: Granted, context: AnswerContext) {
  const { client, nonce } = granted
  const { instanceUrl: issuer, nowMs } = context
  const claims = { issuer, subject, audience: client.id, nowMs, accessToken, ...(nonce ? { nonce } : {}) }
  return { id_token: await context.idTokens.sign(claims) }
}
