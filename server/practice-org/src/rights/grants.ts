// The rows that profiles and permission sets of a new practice org amount to.
import type { OrgContent } from '../content/content.ts'
import type { FieldRights, Level, ObjectRights, RightsSet } from '../content/rights-set.ts'
import type { Value } from '../org/values.ts'
import type { Catalog, FieldDef, ObjectDef } from '../schema/catalog.ts'
import { makeId } from '../schema/ids.ts'
import { permissionable, permissionName } from '../schema/permissionable.ts'

type Rows = Record<string, Value>[]
type Granted = Pick<OrgContent, 'profiles' | 'permissionSets' | 'customPermissions' | 'apexClasses' | 'platformEvents'>

const NONE = { read: false, create: false, edit: false, delete: false, viewAll: false, modifyAll: false }
const READ = { ...NONE, read: true }
const EDIT = { ...READ, create: true, edit: true }
const FULL = { ...EDIT, delete: true }
const LEVELS: Record<Level, Omit<ObjectRights, 'object'>> = {
  none: NONE,
  read: READ,
  edit: EDIT,
  full: FULL,
  readAll: { ...READ, viewAll: true },
  editAll: { ...FULL, viewAll: true, modifyAll: true },
}

const id = (catalog: Catalog, object: string, n: number): string => makeId(catalog.get(object).keyPrefix ?? '000', n)

/** The rows of one set, without their ids and `ParentId`. */
export interface SetRows {
  set: Record<string, Value>
  children: Record<'ObjectPermissions' | 'FieldPermissions' | 'SetupEntityAccess', Rows>
}

/** The id of a custom permission or an Apex class by its name, a platform event's name; undefined when there is none. */
export type EntityId = (type: 'CustomPermission' | 'ApexClass' | 'PlatformEvent', name: string) => string | undefined

/** What one set amounts to. Throws Error in the words of a deployment when it grants what no org lets it grant. */
export function rowsOfSet(catalog: Catalog, set: RightsSet, entityId: EntityId): SetRows {
  return {
    set: setRow(catalog, set),
    children: {
      ObjectPermissions: objectRights(catalog, set, entityId).map(objectRow),
      FieldPermissions: fieldRights(catalog, set).map(fieldRow),
      SetupEntityAccess: accesses(set, entityId),
    },
  }
}

/**
 * A profile's rights are held by a permission set that it owns, as in an org: the first sets are those of the profiles, in
 * their order. Throws as `rowsOfSet`.
 */
export function permissionRows(catalog: Catalog, content: Granted): [string, Rows][] {
  const { profiles, permissionSets, customPermissions, apexClasses } = content
  const rows: Record<string, Rows> = {
    PermissionSet: [],
    ObjectPermissions: [],
    FieldPermissions: [],
    SetupEntityAccess: [],
  }
  const add = (object: string, row: Record<string, Value>): void => {
    const list = rows[object]!
    list.push({ Id: id(catalog, object, list.length + 1), ...row })
  }
  const events = eventNames(content.platformEvents)
  const entityId: EntityId = (type, name) => {
    if (type === 'PlatformEvent') return events.has(name) ? name : undefined
    const names = type === 'ApexClass' ? apexClasses : customPermissions.map((each) => each.name)
    return names.includes(name) ? id(catalog, type, names.indexOf(name) + 1) : undefined
  }
  for (const [i, each] of [...profiles, ...permissionSets].entries()) {
    const ParentId = id(catalog, 'PermissionSet', i + 1)
    const { set, children } = rowsOfSet(catalog, each, entityId)
    add('PermissionSet', i < profiles.length ? { ...set, ...ownedBy(catalog, i + 1) } : set)
    for (const [object, list] of Object.entries(children)) for (const row of list) add(object, { ParentId, ...row })
  }
  return Object.entries(rows)
}

/** Names of deployed platform events. */
export const eventNames = (definitions: readonly unknown[]): Set<string> =>
  new Set(definitions.map((definition) => (definition as { name: string }).name))

const ownedBy = (catalog: Catalog, profile: number): Record<string, Value> => ({
  Name: `X00e_profile_${profile}`,
  ProfileId: id(catalog, 'Profile', profile),
  IsOwnedByProfile: true,
})

function setRow(catalog: Catalog, set: RightsSet): Record<string, Value> {
  const columns = catalog.get('PermissionSet').byName
  const permissions = (set.userPermissions ?? []).map((name): [string, Value] => {
    const column = columns.get(`permissions${name.toLowerCase()}`)
    if (!column) throw new Error(`${set.name}: Unknown user permission: ${name}`)
    return [column.name, true]
  })
  return {
    Name: set.name,
    Label: set.label,
    Description: set.description ?? null,
    ProfileId: null,
    IsOwnedByProfile: false,
    IsCustom: true,
    ...Object.fromEntries(permissions),
  }
}

function accesses(set: RightsSet, entityId: EntityId): Rows {
  const entity = (type: 'CustomPermission' | 'ApexClass', name: string): Record<string, Value> => {
    const SetupEntityId = entityId(type, name)
    if (SetupEntityId === undefined) throw new Error(`${set.name}: no ${type} named ${name} found`)
    return { SetupEntityId, SetupEntityType: type }
  }
  return [
    ...(set.customPermissions ?? []).map((name) => entity('CustomPermission', name)),
    ...(set.apexClasses ?? []).map((name) => entity('ApexClass', name)),
  ]
}

function objectRights(catalog: Catalog, set: RightsSet, entityId: EntityId): ObjectRights[] {
  for (const { object, edit, delete: remove } of set.objects ?? []) {
    if (entityId('PlatformEvent', object) !== undefined) {
      if (edit || remove) throw new Error(`${set.name}: ${object} takes Read and Create alone`)
      continue
    }
    const found = catalog.find(object)
    if (!found || found.access !== 'crud') throw new Error(`${set.name}: no CustomObject named ${object} found`)
    if (found.rightsFrom) throw new Error(`${set.name}: ${object} takes no object permissions`)
  }
  const { levelOf } = set
  const byLevel = levelOf
    ? ofTheOrg(catalog)
        .filter((object) => !object.rightsFrom)
        .map(({ name }) => ({ object: name, ...LEVELS[levelOf(name)] }))
    : []
  return [...byLevel.filter(({ read }) => read), ...(set.objects ?? [])]
}

function fieldRights(catalog: Catalog, set: RightsSet): FieldRights[] {
  for (const { field } of set.fields ?? []) {
    const [objectName = '', name = ''] = field.split('.')
    const object = catalog.find(objectName)
    if (!object || !namesOf(object).has(name)) throw new Error(`${set.name}: ${refusalOf(object, field)}`)
  }
  const { levelOf, hidden = [] } = set
  const byLevel = levelOf
    ? ofTheOrg(catalog).flatMap((object) => {
        const { read, edit } = LEVELS[levelOf(object.name)]
        const fields = [...namesOf(object, ({ deployed }) => !deployed)].map((name) => `${object.name}.${name}`)
        return read ? fields.filter((field) => !hidden.includes(field)).map((field) => ({ field, read, edit })) : []
      })
    : []
  return [...byLevel, ...(set.fields ?? [])]
}

/** Objects that the org came with and that users need rights to. */
const ofTheOrg = (catalog: Catalog): ObjectDef[] =>
  catalog.objects.filter(({ access, deployed }) => access === 'crud' && !deployed)

/** Names of an object's fields in field permissions. */
const namesOf = (object: ObjectDef, test: (field: FieldDef) => boolean = () => true): Set<string> =>
  new Set(object.fields.filter((field) => permissionable(object, field) && test(field)).map(permissionName))

/** In an org's words [K]. */
function refusalOf(object: ObjectDef | undefined, field: string): string {
  const isThere = object?.byName.has((field.split('.')[1] ?? '').toLowerCase())
  return isThere ? `You cannot deploy to a required field: ${field}` : `no CustomField named ${field} found`
}

function objectRow({ object, ...rights }: ObjectRights): Record<string, Value> {
  return {
    SobjectType: object,
    PermissionsRead: rights.read,
    PermissionsCreate: rights.create,
    PermissionsEdit: rights.edit,
    PermissionsDelete: rights.delete,
    PermissionsViewAllRecords: rights.viewAll,
    PermissionsModifyAllRecords: rights.modifyAll,
  }
}

function fieldRow({ field, read, edit }: FieldRights): Record<string, Value> {
  return { SobjectType: field.split('.')[0]!, Field: field, PermissionsRead: read, PermissionsEdit: edit }
}
