// Asks the running brain, as an administrator: over HTTP, with a session token of the org.
import { z } from 'zod'

/** The brain cannot be asked; the message is for the person at the command line. */
export class CannotAsk extends Error {}

export interface BrainClient {
  /** Throws CannotAsk with the brain's own words. */
  get(path: string): Promise<unknown>
  post(path: string, body: unknown): Promise<unknown>
}

type Env = Readonly<Record<string, string | undefined>>

const Problem = z.object({
  detail: z.string(),
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
})

/**
 * `MISSIONS_BRAIN` names the brain, `MISSIONS_TOKEN` holds a session token, as `MissionSession.open` of the org gives it. Without a
 * token, the administrator of a practice org on this machine signs in.
 */
export function brainClient(env: Env): BrainClient {
  const brain = env.MISSIONS_BRAIN || `http://localhost:${env.PORT || 4000}`
  let token = env.MISSIONS_TOKEN || null
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    token ??= await practiceToken(env)
    const response = await fetch(`${brain}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch(() => {
      throw new CannotAsk(`No brain answers at ${brain}: start it, or name it by MISSIONS_BRAIN`)
    })
    const answer: unknown = await response.json().catch(() => null)
    if (response.ok) return answer
    if (response.status === 401)
      throw new CannotAsk(
        'The brain does not take this session: put a new token of MissionSession.open into MISSIONS_TOKEN',
      )
    const { detail, issues = [] } = Problem.safeParse(answer).data ?? {
      detail: `The brain answered ${response.status}`,
    }
    throw new CannotAsk([detail, ...issues.map(({ path: place, message }) => `  ${place} ${message}`)].join('\n'))
  }
  return { get: (path) => ask('GET', path), post: (path, body) => ask('POST', path, body) }
}

/** A session of the practice org's administrator. */
async function practiceToken(env: Env): Promise<string> {
  const org = `http://localhost:${env.PRACTICE_ORG_PORT || 4400}`
  const wanted = 'set MISSIONS_TOKEN to a token that MissionSession.open gives an administrator in the org'
  const json = async (path: string, init: RequestInit) => {
    const response = await fetch(org + path, { method: 'POST', ...init }).catch(() => null)
    if (!response?.ok) throw new CannotAsk(`No practice org signs in at ${org}: start it by npm start, or ${wanted}`)
    return (await response.json()) as Record<string, string>
  }
  const form = {
    grant_type: 'password',
    client_id: 'practice-page',
    username: 'admin@practice.example',
    password: 'practice',
  }
  const { access_token: session } = await json('/services/oauth2/token', { body: new URLSearchParams(form) })
  const { token = '' } = await json('/practice/apex/MissionSession.open', {
    headers: { authorization: `Bearer ${session}`, 'content-type': 'application/json' },
    body: '{}',
  })
  return token
}
