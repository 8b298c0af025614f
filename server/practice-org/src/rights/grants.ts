// The rows that profiles and permission sets of a new practice org amount to.
import type { OrgContent } from '../content/content.ts'
import type { FieldRights, Level, ObjectRights, RightsSet } from '../content/rights-set.ts'
import type { Value } from '../org/values.ts'
import type { Catalog, FieldDef, ObjectDef } from '../schema/catalog.ts'
import { makeId } from '../schema/ids.ts'
import { permissionable, permissionName } from '../schema/permissionable.ts'

type Rows = Record<string, Value>[]
type Granted = Pick<OrgContent, 'profiles' | 'permissionSets' | 'customPermissions' | 'apexClasses'>

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

/**
 * A profile's rights are held by a permission set that it owns, as in an org: the first sets are those of the profiles, in
 * their order. Throws Error in the words of a deployment when a set grants what no org lets it grant.
 */
export function permissionRows(catalog: Catalog, content: Granted): [string, Rows][] {
  const { profiles } = content
  const rows = { PermissionSet: [], ObjectPermissions: [], FieldPermissions: [], SetupEntityAccess: [] } as Record<
    string,
    Rows
  >
  const add = (object: string, row: Record<string, Value>): void => {
    const list = rows[object]!
    list.push({ Id: id(catalog, object, list.length + 1), ...row })
  }
  for (const [i, set] of [...profiles, ...content.permissionSets].entries()) {
    const parent = id(catalog, 'PermissionSet', i + 1)
    add('PermissionSet', setRow(catalog, set, i < profiles.length ? i + 1 : null))
    for (const access of accesses(catalog, set, content)) add('SetupEntityAccess', { ParentId: parent, ...access })
    for (const rights of objectRights(catalog, set))
      add('ObjectPermissions', { ParentId: parent, ...objectRow(rights) })
    for (const rights of fieldRights(catalog, set)) add('FieldPermissions', { ParentId: parent, ...fieldRow(rights) })
  }
  return Object.entries(rows)
}

function setRow(catalog: Catalog, set: RightsSet, profile: number | null): Record<string, Value> {
  const columns = catalog.get('PermissionSet').byName
  const permissions = (set.userPermissions ?? []).map((name): [string, Value] => {
    const column = columns.get(`permissions${name.toLowerCase()}`)
    if (!column) throw new Error(`${set.name}: Unknown user permission: ${name}`)
    return [column.name, true]
  })
  return {
    Name: profile === null ? set.name : `X00e_profile_${profile}`,
    Label: set.label,
    Description: set.description ?? null,
    ProfileId: profile === null ? null : id(catalog, 'Profile', profile),
    IsOwnedByProfile: profile !== null,
    IsCustom: true,
    ...Object.fromEntries(permissions),
  }
}

function accesses(catalog: Catalog, set: RightsSet, { customPermissions, apexClasses }: Granted): Rows {
  const entity = (type: string, name: string, at: number): Record<string, Value> => {
    if (at < 0) throw new Error(`${set.name}: no ${type} named ${name} found`)
    return { SetupEntityId: id(catalog, type, at + 1), SetupEntityType: type }
  }
  return [
    ...(set.customPermissions ?? []).map((name) =>
      entity(
        'CustomPermission',
        name,
        customPermissions.findIndex((each) => each.name === name),
      ),
    ),
    ...(set.apexClasses ?? []).map((name) => entity('ApexClass', name, apexClasses.indexOf(name))),
  ]
}

function objectRights(catalog: Catalog, set: RightsSet): ObjectRights[] {
  for (const { object } of set.objects ?? []) {
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
