import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { calculateJwkThumbprint, exportJWK, SignJWT, type JWK } from 'jose'
import { readText, writeSecret } from '../../org/secret-file.ts'

const FILE = 'id-token-key.pem'
/** An org's ID tokens are good for two minutes. */
const LIFETIME_SECONDS = 120

export interface IdClaims {
  issuer: string
  subject: string
  audience: string
  nonce?: string
  accessToken: string
  nowMs: number
}

/**
 * Signs OpenID tokens with a key of their own, so that none can pass for a token of the product. The key is made at
 * its first use, because few clients ask; with a `dataDir` it is kept there (0600).
 */
export class IdTokens {
  private readonly dataDir: string | null
  private made: Promise<KeyObject> | undefined

  constructor(dataDir: string | null) {
    this.dataDir = dataDir
  }

  async sign({ issuer, subject, audience, nonce, accessToken, nowMs }: IdClaims): Promise<string> {
    const key = await this.key()
    const now = Math.floor(nowMs / 1000)
    return new SignJWT({ at_hash: leftHalfHash(accessToken), ...(nonce ? { nonce } : {}) })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: await calculateJwkThumbprint(await publicJwk(key)) })
      .setIssuer(issuer)
      .setSubject(subject)
      .setAudience(audience)
      .setIssuedAt(now)
      .setExpirationTime(now + LIFETIME_SECONDS)
      .sign(key)
  }

  /** The JWK set of `/id/keys`. */
  async keys(): Promise<{ keys: JWK[] }> {
    const jwk = await publicJwk(await this.key())
    return { keys: [{ ...jwk, use: 'sig', alg: 'RS256', kid: await calculateJwkThumbprint(jwk) }] }
  }

  private key(): Promise<KeyObject> {
    this.made ??= keptKey(this.dataDir)
    return this.made
  }
}

async function keptKey(dataDir: string | null): Promise<KeyObject> {
  const kept = dataDir ? readText(dataDir, FILE) : undefined
  if (kept) return createPrivateKey(kept)
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  if (dataDir) writeSecret(dataDir, FILE, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  return privateKey
}

function publicJwk(key: KeyObject): Promise<JWK> {
  return exportJWK(createPublicKey(key))
}

/** `at_hash` of OpenID Connect: the left half of SHA-256 of the access token. */
function leftHalfHash(token: string): string {
  return createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url')
}
