// Whom and what a user stands for when records are shared: his groups, those below him, and his territories.
import type { Catalog } from '../schema/catalog.ts'
import type { Store } from './store.ts'
import type { Row } from './row.ts'

/**
 * Ids of every group and queue a user is in: directly, through a group in a group, through his role, or through
 * a territory [K].
 */
export function groupsOf(store: Store, catalog: Catalog, user: Row): string[] {
  const groups = catalog.get('Group')
  const members = catalog.get('GroupMember')
  const roles = superiors(store, catalog, user)
  const territories = territoriesOf(store, catalog, String(user['Id']))
  const above = new Set(closure(territories, (id) => parentOf(store, catalog, id)))
  const standing = [
    'Role',
    'RoleAndSubordinates',
    'RoleAndSubordinatesInternal',
    'Territory',
    'TerritoryAndSubordinates',
    'Organization',
  ]
    .flatMap((type) => store.rowsWhere(groups, 'Type', type))
    .filter(({ Type, RelatedId }) => {
      if (Type === 'Organization') return true
      if (Type === 'Territory') return territories.includes(String(RelatedId))
      if (Type === 'TerritoryAndSubordinates') return above.has(String(RelatedId))
      return Type === 'Role' ? RelatedId === user['UserRoleId'] : roles.has(String(RelatedId))
    })
  return closure([String(user['Id']), ...standing.map((group) => String(group['Id']))], (id) =>
    store.rowsWhere(members, 'UserOrGroupId', id).map((row) => String(row['GroupId'])),
  ).filter((id) => id !== user['Id'])
}

/** Of the groups of somebody, those whose records his superiors see too: all but public groups that say otherwise [K]. */
export function groupsForSuperiors(store: Store, catalog: Catalog, user: Row): string[] {
  const groups = catalog.get('Group')
  return groupsOf(store, catalog, user).filter((id) => {
    const group = store.row(groups, id)
    return group?.['Type'] !== 'Regular' || group['DoesIncludeBosses'] === 1
  })
}

/** Ids of the users in a group, through groups in it too. */
export function membersOf(store: Store, catalog: Catalog, group: Row): string[] {
  const users = catalog.get('User')
  const rows = store.select('SELECT "Id" FROM "User" ORDER BY _n', [])
  return rows.flatMap(([id]) => {
    const user = store.row(users, String(id))
    return user && groupsOf(store, catalog, user).includes(String(group['Id'])) ? [String(id)] : []
  })
}

/** Users in roles below this user's: he sees what they own, and what is shared with them. */
export function subordinatesOf(store: Store, catalog: Catalog, user: Row): Row[] {
  const own = user['UserRoleId']
  if (typeof own !== 'string') return []
  const below = closure([own], (role) =>
    store.rowsWhere(catalog.get('UserRole'), 'ParentRoleId', role).map((row) => String(row['Id'])),
  )
  return below
    .filter((role) => role !== own)
    .flatMap((role) => store.rowsWhere(catalog.get('User'), 'UserRoleId', role))
}

/** The user's role and those above it. */
function superiors(store: Store, catalog: Catalog, user: Row): Set<string> {
  const start = typeof user['UserRoleId'] === 'string' ? [user['UserRoleId']] : []
  const up = (id: string): string[] => {
    const parent = store.row(catalog.get('UserRole'), id)?.['ParentRoleId']
    return typeof parent === 'string' ? [parent] : []
  }
  return new Set(closure(start, up))
}

const parentOf = (store: Store, catalog: Catalog, territory: string): string[] => {
  const parent = store.row(catalog.get('Territory2'), territory)?.['ParentTerritory2Id']
  return typeof parent === 'string' ? [parent] : []
}

/** Ids of a user's territories in active models, with the territories below them. */
export function territoriesOf(store: Store, catalog: Catalog, userId: string): string[] {
  const territories = catalog.get('Territory2')
  const own = store
    .rowsWhere(catalog.get('UserTerritory2Association'), 'UserId', userId)
    .filter((row) => row['IsActive'] !== 0)
    .map((row) => String(row['Territory2Id']))
    .filter((id) => {
      const model = store.row(territories, id)?.['Territory2ModelId']
      return store.row(catalog.get('Territory2Model'), String(model))?.['State'] === 'Active'
    })
  return closure(own, (id) => store.rowsWhere(territories, 'ParentTerritory2Id', id).map((row) => String(row['Id'])))
}

/** All that can be reached from `start`, itself included, however it is knotted. */
function closure(start: string[], next: (id: string) => string[]): string[] {
  const seen = new Set(start)
  for (const id of seen) for (const each of next(id)) seen.add(each)
  return [...seen]
}
