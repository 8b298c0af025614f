import { z } from 'zod'
import type { Options } from './options.ts'
import { PracticeProblem } from './problem.ts'

const Missions = z.object({
  items: z.array(
    z.object({
      name: z.string(),
      version: z.number(),
      active: z.boolean(),
      grantHash: z.string(),
      withdrawn: z.object({}).nullable(),
    }),
  ),
})

/** The practice org's administrators of missions, in the order in which they sign. */
const ADMINISTRATORS = ['admin@practice.example', 'second@practice.example']

/** Of the shipped missions, the one that the stories of the practice are about: two that wait for the same event would both ask. */
const BY_DEFAULT = 'duplicate-account-reconciliation'

/** The missions to activate; null for all there are. */
export function toActivate({ activate, missionsDir }: Pick<Options, 'activate' | 'missionsDir'>): string[] | null {
  const wanted = activate ?? (missionsDir === undefined ? BY_DEFAULT : 'all')
  return wanted === 'all' ? null : wanted.split(',')
}

/**
 * Activates the missions of these names, null for all, that are not active yet, as the practice org's administrators would by hand: the org signs each
 * grant's hash in their sessions, in the second one's only where two have to sign. Nothing here could do it without those sessions.
 */
export async function activateMissions(orgUrl: string, brainUrl: string, names: string[] | null): Promise<string[]> {
  const activated = new Set<string>()
  for (const username of ADMINISTRATORS) {
    const session = await signIn(orgUrl, username)
    const { token } = z.object({ token: z.string() }).parse(await apex(orgUrl, session, 'MissionSession.open', {}))
    const authorization = { authorization: `Bearer ${token}` }
    const { items } = Missions.parse(await json(fetch(`${brainUrl}/api/v1/missions`, { headers: authorization })))
    // One that was withdrawn stays so over a restart.
    const wanted = items.filter(({ name, active, withdrawn }) => {
      return !active && withdrawn === null && (names === null || names.includes(name))
    })
    for (const { name, version, grantHash } of wanted) {
      const request = { decisionId: `mission:${name}@${version}`, digest: grantHash, verb: 'activate', rights: '[]' }
      const { decision } = z
        .object({ decision: z.string() })
        .parse(await apex(orgUrl, session, 'MissionSession.decide', request))
      const body = JSON.stringify({ version, decision })
      const headers = { ...authorization, 'content-type': 'application/json' }
      await json(fetch(`${brainUrl}/api/v1/missions/${name}/activate`, { method: 'POST', headers, body }))
      activated.add(name)
    }
  }
  return [...activated]
}

async function signIn(orgUrl: string, username: string): Promise<string> {
  const form = { grant_type: 'password', client_id: 'practice-page', username, password: 'practice' }
  const answer = await json(
    fetch(`${orgUrl}/services/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) }),
  )
  return z.object({ access_token: z.string() }).parse(answer).access_token
}

function apex(orgUrl: string, session: string, method: string, body: unknown): Promise<unknown> {
  const headers = { authorization: `Bearer ${session}`, 'content-type': 'application/json' }
  return json(fetch(`${orgUrl}/practice/apex/${method}`, { method: 'POST', headers, body: JSON.stringify(body) }))
}

async function json(answer: Promise<Response>): Promise<unknown> {
  const response = await answer
  if (!response.ok)
    throw new PracticeProblem(
      `The shipped missions could not be activated: ${response.status} ${await response.text()}`,
    )
  return response.json()
}
