// Profiles and permission sets of a new practice org, and the permission rows they amount to.
import type { Catalog, ObjectDef } from '../schema/catalog.ts'
import { makeId } from '../schema/ids.ts'
import { permissionable, permissionName } from './rights.ts'
import type { Value } from '../org/values.ts'

type Rows = Record<string, Value>[]
type Crud = 'none' | 'read' | 'edit' | 'full' | 'readAll' | 'editAll'

interface SetOfRights {
  name: string
  label: string
  system?: string[]
  custom?: string[]
  objects?: (object: ObjectDef) => Crud
  /** Field names (`Object.Field`) that stay hidden. */
  hidden?: string[]
}

const CRUD: Record<Crud, string[]> = {
  none: [],
  read: ['Read'],
  edit: ['Read', 'Create', 'Edit'],
  full: ['Read', 'Create', 'Edit', 'Delete'],
  readAll: ['Read', 'ViewAllRecords'],
  editAll: ['Read', 'Create', 'Edit', 'Delete', 'ViewAllRecords', 'ModifyAllRecords'],
}
const MONEY = ['Opportunity.Amount', 'Opportunity.ExpectedRevenue', 'Account.AnnualRevenue']
const isReceipt = (object: ObjectDef): boolean => object.name === 'Mission_Receipt__c'
const API = 'ApiEnabled'

export const PROFILES: SetOfRights[] = [
  {
    name: 'System Administrator',
    label: 'System Administrator',
    system: ['ViewSetup', 'ViewAllData', 'ModifyAllData', 'ConvertLeads', 'TransferAnyEntity', 'TransferAnyLead', API],
    objects: () => 'editAll',
  },
  {
    name: 'Revenue Operations',
    label: 'Revenue Operations',
    system: ['ConvertLeads', 'TransferAnyEntity', 'TransferAnyLead', API],
    objects: (object) => (isReceipt(object) ? 'readAll' : 'editAll'),
  },
  {
    name: 'Sales User',
    label: 'Sales User',
    system: ['ConvertLeads', API],
    objects: (object) => (isReceipt(object) ? 'none' : object.name === 'Account' ? 'edit' : 'full'),
    hidden: MONEY,
  },
  {
    name: 'Sales Manager',
    label: 'Sales Manager',
    system: ['ConvertLeads', API],
    objects: (object) => (isReceipt(object) ? 'none' : 'readAll'),
  },
  { name: 'Auditor', label: 'Auditor', system: [API], objects: () => 'readAll' },
  {
    name: 'Minimum Access - API Only Integrations',
    label: 'Minimum Access - API Only Integrations',
    system: [API, 'ApiUserOnly'],
  },
]

/** Names, labels and custom permissions as the permission sets of the deployed package have them. */
export const SETS: SetOfRights[] = [
  { name: 'Missions_Viewer', label: 'Missions: Viewer', custom: ['View_Missions'] },
  { name: 'Missions_Launcher', label: 'Missions: Launcher', custom: ['View_Missions', 'Launch_Missions'] },
  { name: 'Missions_Decider', label: 'Missions: Decider', custom: ['View_Missions', 'Decide_Missions'] },
  {
    name: 'Missions_Administrator',
    label: 'Missions: Administrator',
    custom: ['View_Missions', 'Launch_Missions', 'Administer_Missions'],
  },
  { name: 'Missions_Auditor', label: 'Missions: Auditor', custom: ['View_Missions', 'Audit_Missions'] },
  {
    name: 'Missions_Reader',
    label: 'Missions: Reader (integration)',
    system: ['ViewSetup', 'ViewAllData'],
    objects: () => 'readAll',
  },
  {
    name: 'Missions_Writer',
    label: 'Missions: Writer (integration)',
    system: ['ViewSetup', 'ConvertLeads', 'TransferAnyEntity', 'TransferAnyLead'],
    objects: () => 'editAll',
  },
]

export const CUSTOM_PERMISSIONS = [
  'View_Missions',
  'Launch_Missions',
  'Decide_Missions',
  'Administer_Missions',
  'Audit_Missions',
]

const id = (catalog: Catalog, object: string, n: number): string => makeId(catalog.get(object).keyPrefix ?? '000', n)

const known = new WeakMap<Catalog, [string, Rows][]>()

/** A profile's rights are held by a permission set that it owns, as in an org. The same rows for the same catalog. */
export function permissionRows(catalog: Catalog): [string, Rows][] {
  const rows = known.get(catalog) ?? makePermissionRows(catalog)
  known.set(catalog, rows)
  return rows
}

function makePermissionRows(catalog: Catalog): [string, Rows][] {
  const sets: Rows = []
  const objects: Rows = []
  const fields: Rows = []
  const access: Rows = []
  const all = [...PROFILES, ...SETS]
  all.forEach((set, i) => {
    const isProfile = i < PROFILES.length
    const parent = id(catalog, 'PermissionSet', i + 1)
    sets.push({
      Id: parent,
      Name: isProfile ? `X00e_profile_${i + 1}` : set.name,
      Label: set.label,
      ProfileId: isProfile ? id(catalog, 'Profile', i + 1) : null,
      IsOwnedByProfile: isProfile,
      IsCustom: true,
      ...Object.fromEntries((set.system ?? []).map((name) => [`Permissions${name}`, true])),
    })
    for (const name of set.custom ?? []) {
      access.push({
        Id: id(catalog, 'SetupEntityAccess', access.length + 1),
        ParentId: parent,
        SetupEntityId: id(catalog, 'CustomPermission', CUSTOM_PERMISSIONS.indexOf(name) + 1),
        SetupEntityType: 'CustomPermission',
      })
    }
    for (const object of catalog.objects.filter((each) => each.access === 'crud')) {
      grant(catalog, set, object, parent, objects, fields)
    }
  })
  return [
    ['PermissionSet', sets],
    ['ObjectPermissions', objects],
    ['FieldPermissions', fields],
    ['SetupEntityAccess', access],
  ]
}

function grant(
  catalog: Catalog,
  set: SetOfRights,
  object: ObjectDef,
  parent: string,
  objects: Rows,
  fields: Rows,
): void {
  const crud = set.objects?.(object) ?? 'none'
  if (crud === 'none') return
  objects.push({
    Id: id(catalog, 'ObjectPermissions', objects.length + 1),
    ParentId: parent,
    SobjectType: object.name,
    ...Object.fromEntries(CRUD[crud].map((name) => [`Permissions${name}`, true])),
  })
  const edits = CRUD[crud].includes('Edit')
  const names = new Set(object.fields.filter((field) => permissionable(object, field)).map(permissionName))
  for (const name of names) {
    const field = `${object.name}.${name}`
    if (set.hidden?.includes(field)) continue
    fields.push({
      Id: id(catalog, 'FieldPermissions', fields.length + 1),
      ParentId: parent,
      SobjectType: object.name,
      Field: field,
      PermissionsRead: true,
      PermissionsEdit: edits,
    })
  }
}
