/** One signed-in person of the practice org. */
export interface Session {
  username: string
  token: string
  userId: string
  name: string
  permissions: string[]
}

/** The people the user switcher offers; all have the same password. */
export const PEOPLE = [
  { key: 'admin', label: 'Admin', hint: 'Decides and administers' },
  { key: 'second', label: 'Second approver', hint: 'Decides' },
  { key: 'rep', label: 'Sales rep', hint: 'Sees own records, not amounts' },
  { key: 'manager', label: 'Manager', hint: 'Views and launches' },
  { key: 'auditor', label: 'Auditor', hint: 'Audits' },
] as const

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

/** Takes up this tab's session, or signs the administrator in. */
export async function openSession(): Promise<Session> {
  const kept = sessionStorage.getItem(KEY)
  current = kept ? (JSON.parse(kept) as Session) : await signIn(usernameOf('admin'))
  return current
}

/** Signs somebody else in for the next load of the page. */
export async function switchTo(key: string): Promise<void> {
  await signIn(usernameOf(key))
}

/** Replaces a token the org no longer knows. */
export async function renewSession(): Promise<Session> {
  current = await signIn(session().username)
  return current
}

function usernameOf(key: string): string {
  return `${key}@practice.example`
}

async function signIn(username: string): Promise<Session> {
  const form = { grant_type: 'password', client_id: CLIENT_ID, username, password: PASSWORD }
  const answer = await fetch('/services/oauth2/token', { method: 'POST', body: new URLSearchParams(form) })
  const body = (await answer.json()) as { access_token?: string; id?: string; error_description?: string }
  if (!answer.ok || !body.access_token)
    throw new Error(body.error_description ?? `Signing in failed (${answer.status})`)
  const token = body.access_token
  const userId = body.id?.split('/').at(-1) ?? ''
  const [name, permissions] = await Promise.all([nameOf(token, username), customPermissionsOf(token, userId)])
  const opened = { username, token, userId, name, permissions }
  sessionStorage.setItem(KEY, JSON.stringify(opened))
  return opened
}

async function nameOf(token: string, username: string): Promise<string> {
  const answer = await fetch('/services/oauth2/userinfo', { headers: { authorization: `Bearer ${token}` } })
  return answer.ok ? ((await answer.json()) as { name: string }).name : username
}

/** Developer names of the custom permissions that permission sets give this user; none when the org does not tell. */
async function customPermissionsOf(token: string, userId: string): Promise<string[]> {
  const sets = `SELECT PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = '${userId}'`
  const access = `SELECT SetupEntityId FROM SetupEntityAccess WHERE SetupEntityType = 'CustomPermission' AND ParentId IN (${sets})`
  const [granted, all] = await Promise.all([
    rows(token, access),
    rows(token, 'SELECT Id, DeveloperName FROM CustomPermission'),
  ])
  const ids = new Set(granted.map((row) => row.SetupEntityId))
  return all.filter((row) => ids.has(row.Id)).map((row) => String(row.DeveloperName))
}

async function rows(token: string, soql: string): Promise<Record<string, unknown>[]> {
  const path = `/services/data/v66.0/query?q=${encodeURIComponent(soql)}`
  const answer = await fetch(path, { headers: { authorization: `Bearer ${token}` } })
  return answer.ok ? ((await answer.json()) as { records: Record<string, unknown>[] }).records : []
}
