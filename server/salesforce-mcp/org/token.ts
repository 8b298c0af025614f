import { SignJWT } from 'jose'
import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { failureOf, ToolFailure } from '../failure/failure.ts'

/** How one of the two org users signs in: OAuth 2.0 JWT bearer flow, RS256. */
export interface OrgUser {
  clientId: string
  username: string
  key: KeyObject
}

export interface Session {
  accessToken: string
  instanceUrl: string
  orgId: string
  userId: string
}

interface TokenRequest {
  loginUrl: string
  /** Audience of the assertion: `https://login.salesforce.com`, `https://test.salesforce.com` or the My Domain address. */
  audience: string
  user: OrgUser
  now: Date
  deadlineMs: number
}

const Granted = z.object({ access_token: z.string().min(1), instance_url: z.url(), id: z.string() })
const Denied = z.object({ error: z.string(), error_description: z.string().optional() })

/** Signs in. Throws ToolFailure: `unavailable` when the org does not answer, `refused` with its reason. */
export async function signIn(request: TokenRequest): Promise<Session> {
  const response = await post(request, await assertionOf(request))
  const text = await response.text()
  if (!response.ok) throw denial(response.status, text)
  const granted = Granted.safeParse(jsonOf(text))
  if (!granted.success) throw new ToolFailure('unavailable', 'the org answered the sign-in with something unreadable')
  const { access_token: accessToken, instance_url: instanceUrl, id } = granted.data
  const [orgId, userId] = id.split('/').slice(-2)
  if (!orgId || !userId) throw new ToolFailure('refused', 'the sign-in names no org and user')
  return { accessToken, instanceUrl, orgId, userId }
}

function assertionOf({ user, audience, now }: TokenRequest): Promise<string> {
  const seconds = Math.floor(now.getTime() / 1000)
  return new SignJWT({})
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(user.clientId)
    .setSubject(user.username)
    .setAudience(audience)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + 170)
    .sign(user.key)
}

async function post(request: TokenRequest, assertion: string): Promise<Response> {
  try {
    return await fetch(new URL('/services/oauth2/token', request.loginUrl), {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }),
      redirect: 'error',
      signal: AbortSignal.timeout(request.deadlineMs),
    })
  } catch (cause) {
    throw new ToolFailure('unavailable', 'the org cannot be reached for signing in', { cause })
  }
}

function denial(status: number, text: string): ToolFailure {
  const denied = Denied.safeParse(jsonOf(text))
  if (!denied.success) return failureOf(`HTTP_${status}`, `the org answered the sign-in with status ${status}`, status)
  const { error, error_description: why } = denied.data
  if (error === 'rate_limit_exceeded') return new ToolFailure('limit', why ?? error, { orgCode: error })
  return failureOf(error, `the org refuses the sign-in: ${why ?? error}`, status)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
