import { importPKCS8, SignJWT } from 'jose'
import { z } from 'zod'
import type { Clock } from '../../ports/clock.ts'

/** The org user that listens: OAuth 2.0 JWT bearer flow, RS256. */
export interface Listener {
  loginUrl: string
  /** Audience of the assertion; the origin of `loginUrl` unless the org wants another. */
  audience: string
  clientId: string
  username: string
  privateKeyPem: string
}

interface Session {
  accessToken: string
  instanceUrl: string
}

const Granted = z.object({ access_token: z.string().min(1), instance_url: z.url() })
const DEADLINE_MS = 15_000

/** Signs in for the event stream (docs/salesforce-facts.md#signing-in). Throws when the org is unreachable or refuses. */
export async function signIn(listener: Listener, clock: Clock): Promise<Session> {
  const now = Math.floor(Date.parse(clock.now()) / 1000)
  const assertion = await new SignJWT({})
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(listener.clientId)
    .setSubject(listener.username)
    .setAudience(listener.audience)
    .setIssuedAt(now)
    .setExpirationTime(now + 170)
    .sign(await importPKCS8(listener.privateKeyPem, 'RS256'))
  const response = await fetch(new URL('/services/oauth2/token', listener.loginUrl), {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }),
    redirect: 'error',
    signal: AbortSignal.timeout(DEADLINE_MS),
  })
  if (!response.ok) throw new Error(`the org refused the sign-in for events with status ${response.status}`)
  const granted = Granted.parse(await response.json())
  return { accessToken: granted.access_token, instanceUrl: granted.instance_url }
}
