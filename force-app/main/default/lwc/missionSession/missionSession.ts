// Who is at the screen: a read token signed by the org for the brain's API, and the org's signature under an answer.
import openInOrg from '@salesforce/apex/MissionSession.open'
import decideInOrg from '@salesforce/apex/MissionSession.decide'
import { markInvisibleIn } from 'c/visibleText'
import type { AnswerVerb } from '../../../../../server/contract/approval-token.ts'
import type { Right } from '../../../../../server/contract/operations/fields.ts'
import { BrainProblem, NoAnswer, OrgRefusal, loadErrorText, messageOf, problemFrom, refusalFrom } from './problem'

export { BrainProblem, NoAnswer, OrgRefusal, loadErrorText, messageOf }

/** An answer to a decision. */
type Verb = AnswerVerb
interface Session {
  token: string
  /** Without a slash at the end. */
  brainUrl: string
}

/** Renewed this long before the token ends, so that no request leaves with a token that ends on the way. */
const MARGIN_MS = 30_000
const LONGEST_MS = 300_000

let current: { session: Promise<Session>; renewAt: number } | null = null

async function sign(): Promise<{ session: Session; renewAt: number }> {
  const opened = await openInOrg().catch((error: unknown) => {
    throw refusalFrom(error)
  })
  // The device's clock may be wrong; a token never lives longer than five minutes whatever the clock says.
  const life = Math.min(new Date(opened.expiresAt).getTime() - Date.now(), LONGEST_MS)
  const renewAt = Date.now() + Math.max(life - MARGIN_MS, MARGIN_MS)
  return { session: { token: opened.token, brainUrl: opened.brainUrl.replace(/\/+$/, '') }, renewAt }
}

/** The read token and the brain's URL, cached for the page; `renew` asks the org for a new one. Rejects with OrgRefusal. */
export function open({ renew = false } = {}): Promise<Session> {
  if (current && !renew && Date.now() < current.renewAt) return current.session
  const signing = sign()
  const mine = { session: signing.then(({ session }) => session), renewAt: Date.now() + LONGEST_MS }
  current = mine
  signing.then(
    ({ renewAt }) => (mine.renewAt = renewAt),
    () => {
      if (current === mine) current = null
    },
  )
  return mine.session
}

/** Drops the cached token, e.g. when another person takes over the page. */
export function forget(): void {
  current = null
}

async function send(session: Session, path: string, init: RequestInit): Promise<Response> {
  const headers = { Accept: 'application/json', ...init.headers, Authorization: `Bearer ${session.token}` }
  try {
    return await fetch(session.brainUrl + path, { ...init, headers, credentials: 'omit' })
  } catch {
    throw new NoAnswer()
  }
}

/**
 * Asks the brain; `path` starts with `/api/v1/`. An ended token is renewed once. A 204 gives undefined. Texts of the answer
 * have their invisible characters marked, but for those that are hashed or signed.
 * Rejects with BrainProblem, OrgRefusal or NoAnswer.
 */
export async function request<T>(path: string, init: RequestInit = {}): Promise<T> {
  let response = await send(await open(), path, init)
  if (response.status === 401) response = await send(await open({ renew: true }), path, init)
  if (!response.ok) throw await problemFrom(response)
  return response.status === 204 ? (undefined as T) : markInvisibleIn((await response.json()) as T)
}

/** The same with a JSON body. */
export function post<T>(path: string, body: object): Promise<T> {
  return request<T>(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json' },
  })
}

/** The org's signature under one verb on one digest, good for a minute and one use. Rejects with OrgRefusal. */
export async function decide(
  decisionId: string,
  digest: string,
  verb: Verb,
  rights: readonly Right[],
): Promise<string> {
  try {
    // As text: an untyped list does not reach an Aura-enabled method.
    return (await decideInOrg({ decisionId, digest, verb, rights: JSON.stringify(rights) })).decision
  } catch (error) {
    throw refusalFrom(error)
  }
}
