// What the OAuth endpoints work with.
import { type Request } from 'express'
import type { Org } from '../../org/org.ts'
import type { Authorizations } from './authorizations.ts'
import type { OAuthClient } from './clients.ts'
import type { IdTokens } from './id-token.ts'
import type { LoginRate } from './login-rate.ts'
import type { Sessions } from '../../wire/sessions/sessions.ts'

export interface OAuthDoor {
  org: Org
  sessions: Sessions
  authorizations: Authorizations
  idTokens: IdTokens
  loginRate: LoginRate
  clients: () => Map<string, OAuthClient>
  instanceUrl: (req: Request) => string
  now: () => number
  password: string
}
