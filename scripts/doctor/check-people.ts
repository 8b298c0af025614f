import { ok, wrong, type Context, type Outcome } from './check.ts'
import type { OrgSession } from './org-session.ts'

const PERMISSIONS = ['View_Missions', 'Decide_Missions', 'Launch_Missions', 'Administer_Missions', 'Audit_Missions']
/** Custom permissions that at least one active user must hold: to see, decide and activate. */
const HELD = ['View_Missions', 'Decide_Missions', 'Administer_Missions']

const quoted = (text: string) => `'${text.replaceAll(/['\\]/g, '\\$&')}'`

/** Checks that the custom permissions exist, and that active users hold the necessary ones. */
export async function checkCustomPermissions({ reader }: Context): Promise<Outcome> {
  const names = PERMISSIONS.map(quoted).join(', ')
  const rows = await reader.query(`SELECT DeveloperName FROM CustomPermission WHERE DeveloperName IN (${names})`)
  const found = rows.map(({ DeveloperName }) => String(DeveloperName))
  const missing = PERMISSIONS.filter((name) => !found.includes(name))
  if (missing.length > 0) return wrong(`not in the org: ${missing.join(', ')}`)
  const counts = await Promise.all(HELD.map(async (name) => [name, await holders(reader, name)] as const))
  const unheld = counts.filter(([, count]) => count === 0).map(([name]) => name)
  if (unheld.length > 0) return wrong(`nobody has ${unheld.join(', ')}`)
  return ok(counts.map(([name, count]) => `${name}: ${count}`).join(', '))
}

/** Checks each gate: its group or permission has as many active people as it needs. */
export async function checkRosters({ reader, grants }: Context): Promise<Outcome> {
  const needs = new Map<string, number>()
  const lines = grants.flatMap(({ gate }) => gate)
  for (const { from, needs: count } of lines.flatMap((line) =>
    'asks' in line ? [...line.asks, ...(line.then ?? [])] : [],
  )) {
    needs.set(from, Math.max(count, needs.get(from) ?? 0))
  }
  const found = await Promise.all(
    [...needs].map(async ([from, count]) => ({ from, count, has: await sizeOf(reader, from) })),
  )
  const short = found.filter(({ count, has }) => has < count)
  if (short.length > 0) {
    return wrong(
      short.map(({ from, count, has }) => `${from} has ${has} active people, a gate needs ${count}`).join('; '),
    )
  }
  return ok(found.map(({ from, has }) => `${from}: ${has}`).join(', '))
}

/** A first activation, and any that lowers a gate or widens a grant, needs two administrators. */
export async function checkTwoAdministrators({ reader }: Context): Promise<Outcome> {
  const count = await holders(reader, 'Administer_Missions')
  if (count < 2) return wrong(`${count} active user has Administer_Missions: no new mission can be activated`)
  return ok(`${count} active users`)
}

async function sizeOf(reader: OrgSession, from: string): Promise<number> {
  const [kind, name = ''] = from.split(':')
  if (kind === 'permission') return holders(reader, name)
  const soql = `SELECT UserOrGroupId FROM GroupMember WHERE Group.DeveloperName = ${quoted(name)} AND Group.Type = 'Regular'`
  return activeAmong(
    reader,
    (await reader.query(soql)).map(({ UserOrGroupId }) => String(UserOrGroupId)),
  )
}

async function holders(reader: OrgSession, permission: string): Promise<number> {
  const named = `SELECT Id FROM CustomPermission WHERE DeveloperName = ${quoted(permission)}`
  const access = await reader.query(`SELECT ParentId FROM SetupEntityAccess WHERE SetupEntityId IN (${named})`)
  if (access.length === 0) return 0
  const sets = access.map(({ ParentId }) => quoted(String(ParentId))).join(', ')
  const rows = await reader.query(`SELECT AssigneeId FROM PermissionSetAssignment WHERE PermissionSetId IN (${sets})`)
  return activeAmong(
    reader,
    rows.map(({ AssigneeId }) => String(AssigneeId)),
  )
}

async function activeAmong(reader: OrgSession, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0
  const list = [...new Set(ids)].map(quoted).join(', ')
  return (await reader.query(`SELECT Id FROM User WHERE IsActive = true AND Id IN (${list})`)).length
}
