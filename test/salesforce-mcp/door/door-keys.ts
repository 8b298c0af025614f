// Callers of salesforce-mcp's door, and what they sign.
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { CHALLENGE_HEADER, Scope, type Caller } from '../../../server/contract/call-token.ts'
import { signCall, signedFetch, type SignedFetch } from '../../../server/brain/adapters/salesforce/signed-fetch.ts'
import type { CallerEntry, CallerKey } from '../../../server/settings/callers.ts'
import { ORG_ID } from '../signing.ts'

const DAY_MS = 86_400_000

/** Signs answers, and its public half. */
export const answers = generateKeyPairSync('ed25519')

export interface Known {
  /** As the door lists it. */
  listed: CallerKey
  calling: { caller: Caller; orgId: string; scopes: readonly Scope[] }
  /** What its process calls with. */
  fetch: SignedFetch
}

export function newCaller(
  name: string,
  scopes: readonly Scope[] = Scope.options,
  changes: Partial<CallerKey> = {},
): Known {
  const pair = generateKeyPairSync('ed25519')
  const now = Date.now()
  const listed = { name, key: pair.publicKey, scopes, notBefore: now - DAY_MS, notAfter: now + 60 * DAY_MS, ...changes }
  const caller = { name, key: pair.privateKey, answerKeys: [answers.publicKey] }
  const calling = { caller, orgId: ORG_ID, scopes }
  return { listed, calling, fetch: signedFetch(calling) }
}

export const pemOf = (key: KeyObject): string =>
  key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }).toString()

/** As it stands in the file of callers. */
export const entryOf = ({ name, key, scopes, notBefore, notAfter }: CallerKey): CallerEntry => ({
  name,
  key: pemOf(key),
  scopes: [...scopes],
  notBefore: new Date(notBefore).toISOString(),
  notAfter: new Date(notAfter).toISOString(),
})

interface Asked {
  method: string
  /** From the root of the door. */
  path: string
  body?: Buffer | string | null
}

/** Signs single requests to a door, for tests that send them as they like. */
export interface Signer {
  challenge: { text: string; at: number }
  authorization(asked: Asked): Promise<string>
  headers(asked: Asked): Promise<{ authorization: string }>
}

export async function signerFor(doorUrl: string, { calling }: Known): Promise<Signer> {
  const challenge = await challengeOf(doorUrl)
  const authorization = async ({ method, path, body }: Asked) => {
    const url = new URL(doorUrl).origin + path
    const { token } = await signCall(calling, { method, url, body: body ?? '' }, challenge)
    return `Bearer ${token}`
  }
  return { challenge, authorization, headers: async (asked) => ({ authorization: await authorization(asked) }) }
}

export async function challengeOf(doorUrl: string): Promise<{ text: string; at: number }> {
  const text = (await fetch(doorUrl)).headers.get(CHALLENGE_HEADER) ?? ''
  return { text, at: performance.now() }
}
