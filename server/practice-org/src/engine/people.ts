// The people of a new practice org: users, roles, groups, and who has which permission set.
import type { Catalog } from '../schema/catalog.ts'
import { CUSTOM_PERMISSIONS, permissionRows, PROFILES, SETS } from '../rights/grants.ts'
import { makeId } from '../schema/ids.ts'
import type { Value } from '../org/values.ts'

type Rows = Record<string, Value>[]
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
    sets: ['Missions_Decider', 'Missions_Administrator'],
    groups: ['RevOps'],
    title: 'Salesforce Administrator',
  },
  {
    name: 'Sam Second',
    login: 'second',
    profile: 'Revenue Operations',
    role: 'Operations',
    sets: ['Missions_Decider'],
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
          OrganizationType: 'Enterprise Edition',
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
      PROFILES.map((profile, i) => ({
        Id: id(catalog, 'Profile', i + 1),
        Name: profile.name,
        UserType: 'Standard',
        UserLicenseId: id(catalog, 'UserLicense', 1),
      })),
    ],
    ['User', PEOPLE.map((person, i) => userRow(catalog, person, i + 1))],
    [
      'Group',
      GROUPS.map(([name, label, type], i) => ({
        Id: id(catalog, 'Group', i + 1),
        Name: label,
        DeveloperName: name,
        Type: type,
        OwnerId: admin,
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

/** Besides the sets a person was given, everybody is assigned the one that his profile owns, as in an org. */
function assignmentRows(catalog: Catalog): Rows {
  const given = PEOPLE.flatMap((person, i) => person.sets.map((set) => ({ set: PROFILES.length + at(SETS, set), i })))
  const owned = PEOPLE.map((person, i) => ({ set: at(PROFILES, person.profile), i }))
  return [...given, ...owned].map(({ set, i }, n) => ({
    Id: id(catalog, 'PermissionSetAssignment', n + 1),
    PermissionSetId: id(catalog, 'PermissionSet', set),
    AssigneeId: id(catalog, 'User', i + 1),
  }))
}
