// The caller: a read token that the org signed for one of its users, for this brain, at most five minutes ago.
import type { Request } from 'express'
import { SessionClaims } from '../../../contract/approval-token.ts'
import type { Caller } from '../../decisions/eligibility.ts'
import type { Clock } from '../../ports/clock.ts'
import { OrgTokenRefused, orgTokens } from './org-token.ts'
import { Unauthenticated } from './problems.ts'

const LIFETIME_SECONDS = 300

/** A user of the org, until its token ends. */
export interface SessionCaller extends Caller {
  /** Milliseconds since 1970 at which the token ends. */
  endsAt: number
}

interface SessionSettings {
  orgId: string
  publicUrl: string
  /** PEM, SPKI; at most two. */
  orgKeys: readonly string[]
}

export type Authenticate = (request: Pick<Request, 'headers'>) => Promise<SessionCaller>

/** Checks Bearer tokens against the org's pinned keys. Throws Unauthenticated. */
export function authenticator(settings: SessionSettings, clock: Clock): Authenticate {
  const verify = orgTokens(settings)
  return async ({ headers }) => {
    const token = /^Bearer ([A-Za-z0-9._-]{1,8192})$/.exec(headers.authorization ?? '')?.[1]
    if (!token)
      throw new Unauthenticated('a session token is wanted: Authorization: Bearer …, from MissionSession.open')
    const payload = await verify(token, settings.publicUrl, new Date(clock.now())).catch((error: unknown) => {
      throw error instanceof OrgTokenRefused ? new Unauthenticated(error.message) : error
    })
    const claims = SessionClaims.safeParse(payload)
    if (!claims.success) throw new Unauthenticated('this is not a session token')
    const { sub, exp, iat, permissions } = claims.data
    if (exp <= iat) throw new Unauthenticated('the session token ends before it begins')
    if (exp - iat > LIFETIME_SECONDS) throw new Unauthenticated('a session token is valid for five minutes at most')
    return { userId: sub, permissions, endsAt: exp * 1000 }
  }
}
