// Decisions that people took in the org: who signed them, when, for what; nothing else can open the way to a write.
import { errors, jwtVerify } from 'jose'
import type { KeyObject } from 'node:crypto'
import { DECISION_AUDIENCE, DecisionClaims, type AcceptedDecision } from '../../contract/approval-token.ts'
import type { SealKey } from '../../settings/key-text.ts'
import { ToolFailure } from '../failure/failure.ts'
import { isSealed, seal } from './acceptance-mac.ts'

const SKEW_SECONDS = 60
const LIFETIME_SECONDS = 60
const USED_KEPT_MS = 5 * 60_000

interface DeskSettings {
  orgId: string
  /** The org's public keys, current and next. */
  orgKeys: readonly KeyObject[]
  sealKey: SealKey
  now: () => Date
}

/** Takes decision tokens within their minute, once, and recognises them later by its own seal. */
export class DecisionVerifier {
  readonly #settings: DeskSettings
  /** Token ids by the time they may be forgotten, which is after the token can no longer be taken. */
  readonly #used = new Map<string, number>()

  constructor(settings: DeskSettings) {
    this.#settings = settings
  }

  /** Throws ToolFailure `refused` with the reason. */
  async accept(token: string): Promise<{ accepted: AcceptedDecision; claims: DecisionClaims }> {
    const now = this.#settings.now()
    const claims = await this.#verified(token, now)
    this.#forget(now.getTime())
    if (this.#used.has(claims.jti)) throw refusal('this decision token was used before')
    this.#used.set(claims.jti, now.getTime() + USED_KEPT_MS)
    return { accepted: seal(this.#settings.sealKey, token, now.toISOString()), claims }
  }

  /** The claims of a decision this desk sealed. Throws ToolFailure `refused` for any other. */
  async recall(accepted: AcceptedDecision): Promise<DecisionClaims> {
    if (!isSealed(this.#settings.sealKey, accepted)) throw refusal('the decision does not bear the seal of this server')
    return this.#verified(accepted.token, new Date(accepted.takenAt))
  }

  async #verified(token: string, at: Date): Promise<DecisionClaims> {
    const parsed = DecisionClaims.safeParse(await this.#payload(token, at))
    if (!parsed.success) {
      const where = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')
      throw refusal(`the decision token has wrong or missing claims: ${where}`)
    }
    const { iat, exp } = parsed.data
    if (exp - iat > LIFETIME_SECONDS || exp <= iat) throw refusal('a decision token is valid for 60 seconds at most')
    if (iat * 1000 > at.getTime() + SKEW_SECONDS * 1000) throw refusal('the decision token was issued in the future')
    return parsed.data
  }

  async #payload(token: string, at: Date): Promise<unknown> {
    const { orgKeys, orgId } = this.#settings
    let reason: unknown
    for (const key of orgKeys) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['RS256'],
          issuer: orgId,
          audience: DECISION_AUDIENCE,
          requiredClaims: ['exp', 'iat', 'jti', 'sub'],
          clockTolerance: SKEW_SECONDS,
          currentDate: at,
        })
        return payload
      } catch (error) {
        reason = error
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) break
      }
    }
    throw refusal(reasonOf(reason))
  }

  #forget(now: number): void {
    for (const [jti, until] of this.#used) if (until <= now) this.#used.delete(jti)
  }
}

function refusal(reason: string): ToolFailure {
  return new ToolFailure('refused', reason)
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'the decision token has expired'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'the decision token is not signed by the org'
  if (error instanceof errors.JOSEAlgNotAllowed) return 'the decision token is not signed with RS256'
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'iss') return 'the decision token comes from another org'
    if (error.claim === 'aud') return 'the decision token is for another audience'
    return `the decision token has a wrong or missing claim: ${error.claim}`
  }
  return 'the decision token is not a signed token'
}
