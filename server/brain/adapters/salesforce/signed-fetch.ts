// Requests to salesforce-mcp's HTTP door: each is signed for itself, and an answer counts when salesforce-mcp signed it for that request.
import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose'
import { randomUUID } from 'node:crypto'
import {
  ANSWER_HEADER,
  ANSWER_TYPE,
  AnswerClaims,
  bodyDigest,
  CALL_SECONDS,
  CALL_TYPE,
  CHALLENGE_HEADER,
  CHALLENGE_MS,
  challengeTime,
  keyId,
  salesforceMcpName,
  SIGNED_WITH,
  type Caller,
  type Scope,
} from '../../../contract/call-token.ts'

/** A challenge is replaced so long before it ends, so that a request is not sent twice for it. */
const EARLY_MS = 60_000
/** salesforce-mcp's clock may be set meanwhile. */
const TOLERANCE_SECONDS = 60

interface Calling {
  caller: Caller
  orgId: string
  scopes: readonly Scope[]
}

/** A challenge as it came, and this process's running time then: no clock of this machine matters. */
interface Challenge {
  text: string
  at: number
}

interface Asked {
  method: string
  url: string
  body: string | Uint8Array
}

interface Signed {
  token: string
  jti: string
}

export type SignedFetch = (url: string | URL, init?: RequestInit) => Promise<Response>

/** An answer that salesforce-mcp did not sign for the request. */
export class AnswerNotSigned extends Error {
  constructor() {
    super('the answer does not bear salesforce-mcp’s signature for this request')
    this.name = 'AnswerNotSigned'
  }
}

/**
 * `fetch` for a caller of salesforce-mcp. Follows no redirect: it would carry records and change sets to a server that no setting
 * names. The promise rejects with AnswerNotSigned when a success is not signed for the request.
 */
export function signedFetch(calling: Calling): SignedFetch {
  let challenge: Challenge | null = null
  const fetched = async (url: string | URL, init: RequestInit): Promise<Response> => {
    const response = await fetch(url, { ...init, redirect: 'error' })
    const text = response.headers.get(CHALLENGE_HEADER)
    if (text !== null && challengeTime(text) !== null) challenge = { text, at: performance.now() }
    return response
  }
  const current = async (url: string | URL, signal: RequestInit['signal']): Promise<Challenge> => {
    if (challenge && performance.now() - challenge.at < CHALLENGE_MS - EARLY_MS) return challenge
    const refused = await fetched(url, { signal: signal ?? null })
    await refused.body?.cancel()
    if (!challenge) throw new TypeError('salesforce-mcp gives no challenge')
    return challenge
  }
  return async (url, init = {}) => {
    const { method = 'GET', body = '', signal } = init
    if (typeof body !== 'string') throw new TypeError('only text can be signed')
    const request = { method, url: new URL(url).href, body }
    const send = async () => {
      const used = await current(url, signal)
      const signed = await signCall(calling, request, used)
      const headers = new Headers(init.headers)
      headers.set('authorization', `Bearer ${signed.token}`)
      return { used, signed, response: await fetched(url, { ...init, headers }) }
    }
    let sent = await send()
    if (sent.response.status === 401) {
      // salesforce-mcp was started anew, and did nothing: the answer named a challenge of this start.
      await sent.response.body?.cancel()
      sent = await send()
    }
    const { used, signed, response } = sent
    if (!response.ok) return response
    const text = await response.text()
    await assertSigned(calling, { signed, response, text, now: timeBy(used) })
    return new Response(text === '' ? null : text, { status: response.status, headers: response.headers })
  }
}

/** Milliseconds of salesforce-mcp's clock. */
const timeBy = ({ text, at }: Challenge): number => (challengeTime(text) ?? 0) + performance.now() - at

/** A token for one request. */
export async function signCall(
  { caller, orgId, scopes }: Calling,
  { method, url, body }: Asked,
  challenge: Challenge,
): Promise<Signed> {
  const jti = randomUUID()
  const iat = Math.floor(timeBy(challenge) / 1000)
  const token = await new SignJWT({
    scope: scopes.join(' '),
    htm: method,
    htu: url,
    nonce: challenge.text,
    body: bodyDigest(body),
  })
    .setProtectedHeader({ alg: SIGNED_WITH, typ: CALL_TYPE, kid: keyId(caller.key) })
    .setIssuer(caller.name)
    .setAudience(salesforceMcpName(orgId))
    .setIssuedAt(iat)
    .setExpirationTime(iat + CALL_SECONDS)
    .setJti(jti)
    .sign(caller.key)
  return { token, jti }
}

interface Answered {
  signed: Signed
  response: Response
  text: string
  /** Milliseconds of salesforce-mcp's clock. */
  now: number
}

/** Throws AnswerNotSigned unless salesforce-mcp signed this answer, for this call, within its time. */
async function assertSigned({ caller, orgId }: Calling, { signed, response, text, now }: Answered): Promise<void> {
  const token = response.headers.get(ANSWER_HEADER) ?? ''
  const kid = kidOf(token)
  const key = caller.answerKeys.find((each) => keyId(each) === kid)
  if (!key) throw new AnswerNotSigned()
  const verified = await jwtVerify(token, key, {
    algorithms: [SIGNED_WITH],
    typ: ANSWER_TYPE,
    issuer: salesforceMcpName(orgId),
    audience: caller.name,
    currentDate: new Date(now),
    maxTokenAge: 1,
    clockTolerance: TOLERANCE_SECONDS,
  }).catch(() => null)
  const claims = AnswerClaims.safeParse(verified?.payload)
  if (!claims.success) throw new AnswerNotSigned()
  const { call, status, body } = claims.data
  if (call !== signed.jti || status !== response.status || body !== bodyDigest(text)) throw new AnswerNotSigned()
}

function kidOf(token: string): string | null {
  try {
    return decodeProtectedHeader(token).kid ?? null
  } catch {
    return null
  }
}
