import { page } from 'practice:page'

/** One signed-in person of the practice org. */
export interface Session {
  username: string
  token: string
  userId: string
  name: string
  permissions: string[]
  /** `en-US`. */
  locale?: string
  timeZone?: string
}

const KEY = 'practice.session'
const PASSWORD = 'practice'
/** The client the org knows this page by: its writes count as made in the user interface. */
const CLIENT_ID = 'lightning'
let current: Session | undefined

/** Who is signed in on this page. Throws before `openSession` has resolved. */
export function session(): Session {
  if (!current) throw new Error('No one is signed in yet')
  return current
}

/** The session this tab kept from its last page; undefined on its first. */
export function keptSession(): Session | undefined {
  const kept = sessionStorage.getItem(KEY)
  return kept ? (JSON.parse(kept) as Session) : undefined
}

/** Takes up this tab's session, or signs the first of the page's people in. */
export async function openSession(): Promise<Session> {
  current = keptSession() ?? (await signIn(usernameOf(page.people[0]?.login ?? 'admin')))
  return current
}

/** Signs somebody else in for the next load of the page. */
export async function switchTo(login: string): Promise<void> {
  await signIn(usernameOf(login))
}

/** Replaces a token the org no longer knows. */
export async function renewSession(): Promise<Session> {
  current = await signIn(session().username)
  return current
}

function usernameOf(login: string): string {
  return `${login}@practice.example`
}

async function signIn(username: string): Promise<Session> {
  const form = { grant_type: 'password', client_id: CLIENT_ID, username, password: PASSWORD }
  const answer = await fetch('/services/oauth2/token', { method: 'POST', body: new URLSearchParams(form) })
  const body = (await answer.json()) as { access_token?: string; id?: string; error_description?: string }
  if (!answer.ok || !body.access_token)
    throw new Error(body.error_description ?? `Signing in failed (${answer.status})`)
  const token = body.access_token
  const userId = body.id?.split('/').at(-1) ?? ''
  const opened = { username, token, userId, ...(await aboutMe(token, username)) }
  sessionStorage.setItem(KEY, JSON.stringify(opened))
  return opened
}

interface AboutMe {
  name: string
  locale?: string
  zoneinfo?: string
  custom_permissions?: Record<string, string>
}

/** What the org says of the person; without an answer the username and no permissions. */
async function aboutMe(token: string, username: string): Promise<Omit<Session, 'username' | 'token' | 'userId'>> {
  const answer = await fetch('/services/oauth2/userinfo', { headers: { authorization: `Bearer ${token}` } })
  if (!answer.ok) return { name: username, permissions: [] }
  const about = (await answer.json()) as AboutMe
  const held = Object.entries(about.custom_permissions ?? {}).filter(([, value]) => value === 'true')
  return {
    name: about.name,
    permissions: held.map(([name]) => name),
    locale: about.locale?.replaceAll('_', '-'),
    timeZone: about.zoneinfo,
  }
}
