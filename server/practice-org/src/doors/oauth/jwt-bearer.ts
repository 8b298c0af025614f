import { createPublicKey, type KeyObject } from 'node:crypto'
import { compactVerify, decodeJwt } from 'jose'
import { z } from 'zod'
import type { OAuthClient } from './clients.ts'
import { oauthRefusal } from '../../wire/sessions/oauth-error.ts'

const Assertion = z.object({
  iss: z.string(),
  sub: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.number(),
})

const LOGIN_HOSTS = ['https://login.salesforce.com', 'https://test.salesforce.com']
/** An org allows for clocks that differ; sfdx-core sends an `exp` only 0.3 s ahead. */
const SKEW_SECONDS = 180
/** Seconds since 1970 stay below this for centuries: a larger `exp` is in milliseconds. */
const MILLISECONDS_FROM = 1e11

/**
 * Checks a JWT bearer assertion and returns its client and username.
 * @param ownUrls URLs of this org that are accepted as `aud`, besides the login hosts
 * Throws OAuthError in the words an org uses.
 */
export async function verifyAssertion(
  assertion: string,
  context: { clients: Map<string, OAuthClient>; ownUrls: string[]; nowMs: number },
): Promise<{ client: OAuthClient; username: string }> {
  const claims = readClaims(assertion)
  const client = context.clients.get(claims.iss)
  if (!client) throw oauthRefusal.unknownClient()
  if (!client.publicKeyPem) throw oauthRefusal.notApproved()
  await verifySignature(assertion, createKey(client.publicKeyPem))
  const audiences = [claims.aud].flat().map(withoutSlash)
  const accepted = [...LOGIN_HOSTS, ...context.ownUrls].map(withoutSlash)
  if (!audiences.some((audience) => accepted.includes(audience))) throw oauthRefusal.audience()
  const expSeconds = claims.exp > MILLISECONDS_FROM ? claims.exp / 1000 : claims.exp
  if (expSeconds + SKEW_SECONDS < context.nowMs / 1000) throw oauthRefusal.expiredAssertion()
  if (!client.users.includes(claims.sub)) {
    throw client.approval === 'admin' ? oauthRefusal.notAdminApproved() : oauthRefusal.notApproved()
  }
  return { client, username: claims.sub }
}

function readClaims(assertion: string): z.infer<typeof Assertion> {
  try {
    return Assertion.parse(decodeJwt(assertion))
  } catch {
    throw oauthRefusal.assertion()
  }
}

async function verifySignature(assertion: string, key: KeyObject): Promise<void> {
  try {
    await compactVerify(assertion, key, { algorithms: ['RS256'] })
  } catch {
    throw oauthRefusal.assertion()
  }
}

function createKey(pem: string): KeyObject {
  try {
    return createPublicKey(pem)
  } catch {
    throw oauthRefusal.notApproved()
  }
}

function withoutSlash(url: string): string {
  return url.replace(/\/services\/oauth2\/token$/, '').replace(/\/+$/, '')
}
