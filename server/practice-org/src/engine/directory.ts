// The users of an org as its protocols see them.
import type { User } from '../org/org.ts'
import type { Core } from '../rules/core.ts'
import { normalizeId } from '../schema/ids.ts'
import type { Row } from '../store/row.ts'

export function listUsers(core: Core): User[] {
  const rows = core.store.select('SELECT "Id" FROM "User" ORDER BY _n', [])
  return rows.flatMap(([id]) => findUser(core, String(id)) ?? [])
}

/** The users of a store that were looked for since its last change: every request asks for its caller. */
const recent = new WeakMap<Core['store'], { changes: number; found: Map<string, User | undefined> }>()

/** By 15- or 18-character id, or by username in any case. */
export function findUser(core: Core, idOrUsername: string): User | undefined {
  const { store } = core
  let known = recent.get(store)
  if (known?.changes !== store.changes) recent.set(store, (known = { changes: store.changes, found: new Map() }))
  if (!known.found.has(idOrUsername)) known.found.set(idOrUsername, lookUp(core, idOrUsername))
  return known.found.get(idOrUsername)
}

function lookUp(core: Core, idOrUsername: string): User | undefined {
  const user = core.catalog.get('User')
  const id = normalizeId(idOrUsername)
  const row = (id ? core.store.row(user, id) : undefined) ?? core.store.rowsWhere(user, 'Username', idOrUsername)[0]
  return row && userOf(core, row)
}

function userOf(core: Core, row: Row): User {
  const id = String(row['Id'])
  const find = (object: string, field: string, value: string): Row[] =>
    core.store.rowsWhere(core.catalog.get(object), field, value)
  const sets = [
    ...find('PermissionSet', 'ProfileId', String(row['ProfileId'])).map((set) => String(set['Id'])),
    ...find('PermissionSetAssignment', 'AssigneeId', id)
      .filter((each) => each['IsActive'] !== 0)
      .map((each) => String(each['PermissionSetId'])),
  ]
  const accesses = sets.flatMap((set) => find('SetupEntityAccess', 'ParentId', set))
  const entities = (type: string): Row[] =>
    accesses
      .filter((access) => access['SetupEntityType'] === type)
      .flatMap((access) => find(type, 'Id', String(access['SetupEntityId'])))
  const groups = find('GroupMember', 'UserOrGroupId', id)
    .flatMap((member) => find('Group', 'Id', String(member['GroupId'])))
    .filter((group) => group['Type'] === 'Regular')
  const named = (rows: Row[], name = 'DeveloperName'): string[] =>
    [...new Set(rows.map((each) => String(each[name])))].sort()
  return {
    id,
    username: String(row['Username']),
    name: String(row['Name']),
    email: String(row['Email']),
    profileName: String(find('Profile', 'Id', String(row['ProfileId']))[0]?.['Name'] ?? ''),
    isActive: row['IsActive'] === 1,
    customPermissions: named(entities('CustomPermission')),
    apexClasses: named(entities('ApexClass'), 'Name'),
    groups: named(groups),
  }
}
