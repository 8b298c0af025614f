import { SignJWT } from 'jose'
import { randomUUID, type KeyObject } from 'node:crypto'
import { ANSWER_TYPE, bodyDigest, keyId, SIGNED_WITH } from '../../contract/call-token.ts'
import type { Call } from './call-check.ts'

interface SignerSettings {
  /** Name of this salesforce-mcp. */
  issuer: string
  /** Ed25519, private. */
  key: KeyObject
  now: () => Date
}

/** Gives the signature of an answer, which is for one caller, one call, one status and these bytes. */
export type AnswerSigner = (call: Call, status: number, body: string) => Promise<string>

export function answerSigner({ issuer, key, now }: SignerSettings): AnswerSigner {
  const header = { alg: SIGNED_WITH, typ: ANSWER_TYPE, kid: keyId(key) }
  return ({ caller, jti }, status, body) =>
    new SignJWT({ call: jti, status, body: bodyDigest(body) })
      .setProtectedHeader(header)
      .setIssuer(issuer)
      .setAudience(caller)
      .setJti(randomUUID())
      .setIssuedAt(Math.floor(now().getTime() / 1000))
      .sign(key)
}
