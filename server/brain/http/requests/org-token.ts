import { errors, importSPKI, jwtVerify, type CryptoKey, type JWTPayload } from 'jose'

const SKEW_SECONDS = 60

interface OrgTokens {
  orgId: string
  /** PEM, SPKI; at most two. */
  orgKeys: readonly string[]
}

/** The claims of a token that the org signed for this audience, at this time. Throws OrgTokenRefused with the reason. */
type VerifyOrgToken = (token: string, audience: string, now: Date) => Promise<JWTPayload>

export class OrgTokenRefused extends Error {}

/** Checks tokens against the org's pinned keys; nothing in a token can name another key. */
export function orgTokens({ orgId, orgKeys }: OrgTokens): VerifyOrgToken {
  const keys = Promise.all(orgKeys.map((pem) => importSPKI(pem, 'RS256')))
  keys.catch(() => undefined)
  return async (token, audience, now) => verified(token, await keys, { orgId, audience, now })
}

async function verified(
  token: string,
  keys: readonly CryptoKey[],
  { orgId, audience, now }: { orgId: string; audience: string; now: Date },
): Promise<JWTPayload> {
  for (const key of keys) {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['RS256'],
        issuer: orgId,
        audience,
        clockTolerance: SKEW_SECONDS,
        currentDate: now,
        requiredClaims: ['exp', 'iat', 'sub', 'jti'],
      })
      const iat = Number(payload.iat)
      if (iat > now.getTime() / 1000 + SKEW_SECONDS) throw new OrgTokenRefused('the token is dated in the future')
      return payload
    } catch (error) {
      if (error instanceof OrgTokenRefused) throw error
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw new OrgTokenRefused(reasonOf(error))
    }
  }
  throw new OrgTokenRefused('the token is not signed by the org')
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired'
  if (error instanceof errors.JOSEAlgNotAllowed) return 'the token is not signed with RS256'
  if (error instanceof errors.JWTClaimValidationFailed) return `the token has a wrong or missing claim: ${error.claim}`
  return 'the token is not a signed token'
}
