// The people of a new practice org: users, roles, groups, and the permissions that make each of them able or unable.
import type { Catalog, ObjectDef } from './catalog.ts'
import { makeId } from './ids.ts'
import { permissionable, permissionName } from './rights.ts'
import type { Value } from '../org.ts'

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

const PROFILES: SetOfRights[] = [
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

const SETS: SetOfRights[] = [
  { name: 'Missions_Viewer', label: 'Missions: view', custom: ['View_Missions'] },
  { name: 'Missions_Launcher', label: 'Missions: launch', custom: ['Launch_Missions'] },
  { name: 'Missions_Approver', label: 'Missions: decide', custom: ['View_Missions', 'Decide_Missions'] },
  {
    name: 'Missions_Administrator',
    label: 'Missions: administer',
    custom: ['View_Missions', 'Launch_Missions', 'Administer_Missions'],
  },
  { name: 'Missions_Auditor', label: 'Missions: audit', custom: ['View_Missions', 'Audit_Missions'] },
  {
    name: 'Missions_Reader',
    label: 'Missions: brain reads',
    system: ['ViewSetup', 'ViewAllData'],
    objects: () => 'readAll',
  },
  {
    name: 'Missions_Writer',
    label: 'Missions: brain writes',
    system: ['ViewSetup', 'ConvertLeads', 'TransferAnyEntity', 'TransferAnyLead'],
    objects: () => 'editAll',
  },
]

const CUSTOM_PERMISSIONS = [
  'View_Missions',
  'Launch_Missions',
  'Decide_Missions',
  'Administer_Missions',
  'Audit_Missions',
]

interface Person {
  name: string
  login: string
  profile: string
  role: string
  sets: string[]
  groups: string[]
  title: string
  territory?: string
}
const seller = (name: string, login: string, territory: string): Person => ({
  name,
  login,
  profile: 'Sales User',
  role: 'Sales',
  sets: ['Missions_Viewer'],
  groups: ['SalesOps'],
  title: 'Account Executive',
  territory,
})

const PEOPLE: Person[] = [
  {
    name: 'Ada Admin',
    login: 'admin',
    profile: 'System Administrator',
    role: 'Operations',
    sets: ['Missions_Approver', 'Missions_Administrator'],
    groups: ['RevOps'],
    title: 'Salesforce Administrator',
  },
  {
    name: 'Sam Second',
    login: 'second',
    profile: 'Revenue Operations',
    role: 'Operations',
    sets: ['Missions_Approver'],
    groups: ['RevOps'],
    title: 'Revenue Operations Lead',
  },
  { ...seller('Riley Rep', 'rep', 'West') },
  {
    name: 'Morgan Manager',
    login: 'manager',
    profile: 'Sales Manager',
    role: 'Sales Leadership',
    sets: ['Missions_Viewer', 'Missions_Launcher'],
    groups: ['SalesOps'],
    title: 'Director of Sales',
  },
  {
    name: 'Avery Auditor',
    login: 'auditor',
    profile: 'Auditor',
    role: 'Operations',
    sets: ['Missions_Auditor'],
    groups: [],
    title: 'Internal Audit',
  },
  {
    name: 'Missions Reader',
    login: 'reader',
    profile: 'Minimum Access - API Only Integrations',
    role: '',
    sets: ['Missions_Reader'],
    groups: [],
    title: 'Integration user',
  },
  {
    name: 'Missions Writer',
    login: 'writer',
    profile: 'Minimum Access - API Only Integrations',
    role: '',
    sets: ['Missions_Writer'],
    groups: [],
    title: 'Integration user',
  },
  seller('Elena Marsh', 'elena.marsh', 'West'),
  seller('David Okafor', 'david.okafor', 'East'),
  seller('Priya Nair', 'priya.nair', 'East'),
  seller('Jonas Weber', 'jonas.weber', 'EMEA'),
  seller('Claire Dubois', 'claire.dubois', 'EMEA'),
  seller('Kenji Tanaka', 'kenji.tanaka', 'APAC'),
]

const ROLES = [
  ['Operations', ''],
  ['Sales Leadership', ''],
  ['Sales', 'Sales Leadership'],
] as const
const GROUPS = [
  ['RevOps', 'Revenue Operations', 'Regular'],
  ['SalesOps', 'Sales Operations', 'Regular'],
  ['Unassigned_Leads', 'Unassigned Leads', 'Queue'],
] as const

const id = (catalog: Catalog, object: string, n: number): string => makeId(catalog.get(object).keyPrefix ?? '000', n)
const at = (list: readonly { name: string }[], name: string): number => list.findIndex((each) => each.name === name) + 1

/** Rows to load into an empty org, parents first; every id is fixed. */
export function peopleRows(catalog: Catalog, orgId: string): [object: string, rows: Rows][] {
  const admin = id(catalog, 'User', 1)
  const permissions = permissionRows(catalog)
  return [
    [
      'Organization',
      [
        {
          Id: orgId,
          Name: 'Practice Org',
          OrganizationType: 'Developer Edition',
          InstanceName: 'PRAC1',
          IsSandbox: false,
          FiscalYearStartMonth: 1,
          LanguageLocaleKey: 'en_US',
          DefaultLocaleSidKey: 'en_US',
          TimeZoneSidKey: 'GMT',
        },
      ],
    ],
    [
      'UserRole',
      ROLES.map(([name, parent], i) => ({
        Id: id(catalog, 'UserRole', i + 1),
        Name: name,
        DeveloperName: name.replaceAll(' ', '_'),
        ParentRoleId: parent ? roleId(catalog, parent) : null,
      })),
    ],
    [
      'Profile',
      PROFILES.map((profile, i) => ({ Id: id(catalog, 'Profile', i + 1), Name: profile.name, UserType: 'Standard' })),
    ],
    ['User', PEOPLE.map((person, i) => userRow(catalog, person, i + 1))],
    [
      'Group',
      GROUPS.map(([name, label, type], i) => ({
        Id: id(catalog, 'Group', i + 1),
        Name: label,
        DeveloperName: name,
        Type: type,
      })),
    ],
    ['GroupMember', memberRows(catalog)],
    [
      'QueueSobject',
      ['Lead', 'Case'].map((object, i) => ({
        Id: id(catalog, 'QueueSobject', i + 1),
        QueueId: id(catalog, 'Group', 3),
        SobjectType: object,
        CreatedById: admin,
      })),
    ],
    [
      'CustomPermission',
      CUSTOM_PERMISSIONS.map((name, i) => ({
        Id: id(catalog, 'CustomPermission', i + 1),
        DeveloperName: name,
        MasterLabel: name.replaceAll('_', ' '),
      })),
    ],
    ...permissions,
    ['PermissionSetAssignment', assignmentRows(catalog)],
  ]
}

const roleId = (catalog: Catalog, name: string): string =>
  id(catalog, 'UserRole', ROLES.findIndex(([each]) => each === name) + 1)

function userRow(catalog: Catalog, person: Person, n: number): Record<string, Value> {
  const [first = '', last = ''] = person.name.split(' ')
  const manager =
    person.role === 'Sales' ? id(catalog, 'User', PEOPLE.findIndex((each) => each.login === 'manager') + 1) : null
  return {
    Id: id(catalog, 'User', n),
    Username: `${person.login}@practice.example`,
    Email: `${person.login}@practice.example`,
    FirstName: first,
    LastName: last,
    Name: person.name,
    Alias: person.login.slice(0, 8),
    CommunityNickname: person.login,
    Title: person.title,
    Department: person.territory ?? null,
    CompanyName: 'Practice Org',
    IsActive: true,
    UserType: 'Standard',
    ProfileId: id(catalog, 'Profile', at(PROFILES, person.profile)),
    UserRoleId: person.role ? roleId(catalog, person.role) : null,
    ManagerId: manager,
  }
}

function memberRows(catalog: Catalog): Rows {
  const members = PEOPLE.flatMap((person, i) =>
    person.groups.map((group) => ({ group, user: id(catalog, 'User', i + 1) })),
  )
  return members.map(({ group, user }, i) => ({
    Id: id(catalog, 'GroupMember', i + 1),
    GroupId: id(catalog, 'Group', GROUPS.findIndex(([name]) => name === group) + 1),
    UserOrGroupId: user,
  }))
}

function assignmentRows(catalog: Catalog): Rows {
  const pairs = PEOPLE.flatMap((person, i) => person.sets.map((set) => ({ set, user: id(catalog, 'User', i + 1) })))
  return pairs.map(({ set, user }, i) => ({
    Id: id(catalog, 'PermissionSetAssignment', i + 1),
    PermissionSetId: id(catalog, 'PermissionSet', PROFILES.length + at(SETS, set)),
    AssigneeId: user,
  }))
}

/** A profile's rights are held by a permission set that it owns, as in an org. */
function permissionRows(catalog: Catalog): [string, Rows][] {
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
