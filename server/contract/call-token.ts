// How a process of the brain calls salesforce-mcp over HTTP: with a token that it signs for one request, answered under a signature for it.
import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'

/**
 * What a caller may do: `read` the org, `decide` (hand in what people signed: decisions, activations, withdrawals), `write` what
 * they approved, `switch` (stop writes, and hand in the signature that starts them).
 */
export const Scope = z.enum(['read', 'decide', 'write', 'switch'])
export type Scope = z.infer<typeof Scope>

/** What the two halves of the brain need: the one that serves people never writes, the one that runs jobs takes no decision. */
export const HTTP_SCOPES: readonly Scope[] = ['read', 'decide', 'switch']
export const JOBS_SCOPES: readonly Scope[] = ['read', 'write', 'switch']

/** A process that calls, as it knows itself. */
export interface Caller {
  /** As in salesforce-mcp's list of callers. */
  name: string
  /** Ed25519, private. */
  key: KeyObject
  /** Public keys of salesforce-mcp's answers: one, or the current and the next. */
  answerKeys: readonly KeyObject[]
}

export const CallerName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'is not a name of small letters, digits and hyphens')

/** The longest life of a token, in seconds of salesforce-mcp's clock. */
export const CALL_SECONDS = 60

/** Milliseconds that a challenge of salesforce-mcp may be answered. */
export const CHALLENGE_MS = 5 * 60_000

/** Every answer names in it the challenge for the next call; a request without a token gets 401 and one. */
export const CHALLENGE_HEADER = 'missions-challenge'
/** The signature of an answer. */
export const ANSWER_HEADER = 'missions-answer'

export const SIGNED_WITH = 'EdDSA'
export const CALL_TYPE = 'missions-call+jwt'
export const ANSWER_TYPE = 'missions-answer+jwt'

/** Name of the salesforce-mcp of an org: audience of calls, issuer of answers. */
export const salesforceMcpName = (orgId: string): string => `salesforce-mcp/${orgId}`

const Digest = z.string().regex(/^[\w-]{43}$/)
const Jti = z.string().min(16).max(64)

/** Claims of a call. `htm`, `htu` and `nonce` mean what they mean in RFC 9449 (DPoP). */
export const CallClaims = z.object({
  iss: CallerName,
  aud: z.string(),
  iat: z.number().int(),
  exp: z.number().int(),
  jti: Jti,
  /** Scopes, separated by spaces. */
  scope: z.string().min(1).max(80),
  htm: z.string(),
  htu: z.string(),
  nonce: z.string().max(80),
  /** `bodyDigest` of the body, of an empty one when there is none. */
  body: Digest,
})

export const AnswerClaims = z.object({
  iat: z.number().int(),
  jti: Jti,
  /** `jti` of the call that is answered. */
  call: Jti,
  status: z.number().int(),
  body: Digest,
})

/** SHA-256 of the bytes, in base64url. */
export const bodyDigest = (body: string | Uint8Array): string => createHash('sha256').update(body).digest('base64url')

const keyIds = new WeakMap<KeyObject, string>()

/** `kid` of a key: SHA-256 over its public half. */
export function keyId(key: KeyObject): string {
  const known = keyIds.get(key)
  if (known !== undefined) return known
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  const id = bodyDigest(publicKey.export({ type: 'spki', format: 'der' }))
  keyIds.set(key, id)
  return id
}

/** Milliseconds of salesforce-mcp's clock when it gave the challenge; null for another text. */
export function challengeTime(challenge: string): number | null {
  const time = /^(\d{13})\.[\w-]{43}$/.exec(challenge)?.[1]
  return time === undefined ? null : Number(time)
}
