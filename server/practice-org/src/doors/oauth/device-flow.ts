import type { Org } from '../../org/org.ts'
import { activeUser } from './active-user.ts'
import type { Authorizations } from './authorizations.ts'
import type { OAuthClient } from './clients.ts'
import { POLL_SECONDS } from './device-grants.ts'
import { required, type Form } from './form.ts'
import { oauthRefusal } from '../../wire/sessions/oauth-error.ts'
import { bringsRefresh, grantedScopes } from '../../wire/sessions/scopes.ts'
import type { Sessions } from '../../wire/sessions/sessions.ts'
import type { Granted } from './token-answer.ts'

export interface DeviceContext {
  org: Org
  sessions: Sessions
  authorizations: Authorizations
  clients: Map<string, OAuthClient>
}

/** Where a person enters the code that a device shows. */
export const CONNECT_PATH = '/setup/connect'

/** `POST /services/oauth2/token` with `response_type=device_code`: what a device shows, and asks with. Throws OAuthError. */
export function startDevice(form: Form, context: DeviceContext, instanceUrl: string): Record<string, unknown> {
  const client = deviceClient(form, context)
  const scopes = grantedScopes(client.scopes, form.get('scope'))
  const { deviceCode, userCode } = context.authorizations.devices.open(client.id, scopes)
  return {
    device_code: deviceCode,
    user_code: userCode,
    verification_uri: `${instanceUrl}${CONNECT_PATH}`,
    interval: POLL_SECONDS,
  }
}

/** The grant `device`: a device asks whether its person has decided. Throws OAuthError authorization_pending, slow_down …. */
export function byDevice(form: Form, context: DeviceContext): Granted {
  const client = deviceClient(form, context)
  const code = required(form, 'code')
  const { devices } = context.authorizations
  const { grant, isEarly } = devices.poll(code) ?? {}
  if (!grant || grant.clientId !== client.id) throw oauthRefusal.badDeviceCode()
  if (grant.decision === 'denied') throw oauthRefusal.denied()
  if (isEarly) throw oauthRefusal.slowDown()
  if (grant.decision === undefined || grant.userId === undefined) throw oauthRefusal.pending()
  const { userId, scopes } = grant
  const user = activeUser(context.org, userId)
  devices.end(code)
  const who = { userId, clientId: client.id, scope: scopes.join(' ') }
  const refresh = bringsRefresh(scopes) ? { newRefreshToken: context.sessions.openRefresh(who) } : {}
  return { user, client, scopes, ...refresh, isPerson: true }
}

/** A device keeps no secret: its client is taken at its word, if it is registered for this flow. */
function deviceClient(form: Form, { clients }: DeviceContext): OAuthClient {
  const client = clients.get(required(form, 'client_id'))
  if (!client) throw oauthRefusal.unknownClient()
  if (!client.deviceFlow) throw oauthRefusal.noDeviceFlow()
  return client
}
