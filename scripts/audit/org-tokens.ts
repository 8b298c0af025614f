import type { KeyObject } from 'node:crypto'
import { decodeJwt, jwtVerify } from 'jose'
import { DECISION_AUDIENCE, DecisionClaims, type DecisionVerb } from '../../server/contract/approval-token.ts'
import { rostersOf } from '../../server/contract/gate/people.ts'

/** What a row claims that the org signed. */
interface Claimed {
  orgId: string
  userId: string
  decisionId: string
  digest: string
  verb: DecisionVerb
  at: string
  /** Rosters the person is said to belong to. */
  on?: readonly string[]
}

/** A token is used within a minute of its signature, and clocks may differ by another. */
const MOST_SECONDS_APART = 300

/** Null when one of the org's keys signed a token for exactly this; else what is wrong. */
export async function wrongToken(token: string, claimed: Claimed, keys: readonly KeyObject[]): Promise<string | null> {
  const claims = await signedClaims(token, claimed.orgId, keys)
  if (!claims) return 'is not signed by the org'
  const wrong =
    (claims.sub !== claimed.userId && `user ${claims.sub}`) ||
    (claims.verb !== claimed.verb && `the verb ${claims.verb}`) ||
    (claims.decisionId !== claimed.decisionId && `decision ${claims.decisionId}`) ||
    (claims.digest !== claimed.digest && 'another digest')
  if (wrong) return `is signed for ${wrong}`
  const rosters = (claimed.on ?? []).map((from) => ({ from, needs: 1 }))
  if (rostersOf(claims, rosters).length < rosters.length) return 'is of a person outside the rosters it counts for'
  const apart = Math.abs(Date.parse(claimed.at) / 1000 - claims.iat)
  return apart <= MOST_SECONDS_APART ? null : `is signed at ${new Date(claims.iat * 1000).toISOString()}`
}

async function signedClaims(token: string, orgId: string, keys: readonly KeyObject[]): Promise<DecisionClaims | null> {
  for (const key of keys) {
    try {
      const currentDate = new Date((decodeJwt(token).iat ?? 0) * 1000)
      const options = { algorithms: ['RS256'], issuer: orgId, audience: DECISION_AUDIENCE, currentDate }
      const { payload } = await jwtVerify(token, key, options)
      return DecisionClaims.safeParse(payload).data ?? null
    } catch {
      continue
    }
  }
  return null
}
