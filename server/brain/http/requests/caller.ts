// The caller: a read token that the org signed for one of its users, for this brain, at most five minutes ago.
import type { Request } from 'express'
import { errors, importSPKI, jwtVerify, type CryptoKey, type JWTPayload } from 'jose'
import { SessionClaims } from '../../../contract/approval-token.ts'
import type { Caller } from '../../decisions/eligibility.ts'
import type { Clock } from '../../ports/clock.ts'
import { Unauthenticated } from './problems.ts'

const SKEW_SECONDS = 60
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

/** Checks Bearer tokens against the org's pinned keys; nothing in a token can name another key. Throws Unauthenticated. */
export function authenticator(settings: SessionSettings, clock: Clock): Authenticate {
  const keys = Promise.all(settings.orgKeys.map((pem) => importSPKI(pem, 'RS256')))
  keys.catch(() => undefined)
  return async ({ headers }) => {
    const token = /^Bearer ([A-Za-z0-9._-]{1,8192})$/.exec(headers.authorization ?? '')?.[1]
    if (!token)
      throw new Unauthenticated('a session token is wanted: Authorization: Bearer …, from MissionSession.open')
    const now = new Date(clock.now())
    const claims = SessionClaims.safeParse(await verified(token, await keys, settings, now))
    if (!claims.success) throw new Unauthenticated('this is not a session token')
    const { sub, exp, iat, permissions } = claims.data
    if (exp - iat > LIFETIME_SECONDS) throw new Unauthenticated('a session token is valid for five minutes at most')
    if (iat > now.getTime() / 1000 + SKEW_SECONDS) throw new Unauthenticated('the token is dated in the future')
    return { userId: sub, permissions, endsAt: exp * 1000 }
  }
}

async function verified(
  token: string,
  keys: readonly CryptoKey[],
  { orgId, publicUrl }: SessionSettings,
  now: Date,
): Promise<JWTPayload> {
  for (const key of keys) {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['RS256'],
        issuer: orgId,
        audience: publicUrl,
        clockTolerance: SKEW_SECONDS,
        currentDate: now,
        requiredClaims: ['exp', 'iat', 'sub', 'jti'],
      })
      return payload
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw new Unauthenticated(reasonOf(error))
    }
  }
  throw new Unauthenticated('the token is not signed by the org')
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired'
  if (error instanceof errors.JOSEAlgNotAllowed) return 'the token is not signed with RS256'
  if (error instanceof errors.JWTClaimValidationFailed) return `the token has a wrong or missing claim: ${error.claim}`
  return 'the token is not a signed token'
}
