// The rows of a company and its people: users, roles, groups, profiles, and who has which permission set.
import type { OrgContent, Person } from '../content/content.ts'
import type { Value } from '../org/values.ts'
import { permissionRows } from '../rights/grants.ts'
import type { Catalog } from '../schema/catalog.ts'
import { makeId } from '../schema/ids.ts'

type Rows = Record<string, Value>[]

interface Company {
  catalog: Catalog
  content: OrgContent
}

const id = ({ catalog }: Company, object: string, n: number): string =>
  makeId(catalog.get(object).keyPrefix ?? '000', n)

/** The id of the entry called `name`. Throws Error when the content names one that it does not have. */
function idOf(company: Company, object: string, list: readonly { name: string }[], name: string): string {
  const at = list.findIndex((each) => each.name === name)
  if (at < 0) throw new Error(`the content has no ${object} called ${name}`)
  return id(company, object, at + 1)
}

/** Rows to load into an empty org, parents first; every id is fixed. */
export function peopleRows(catalog: Catalog, orgId: string, content: OrgContent): [object: string, rows: Rows][] {
  const company = { catalog, content }
  return [
    ['Organization', [organizationRow(orgId)]],
    ['UserRole', roleRows(company)],
    [
      'Profile',
      content.profiles.map((profile, i) => ({
        Id: id(company, 'Profile', i + 1),
        Name: profile.name,
        UserType: 'Standard',
        UserLicenseId: id(company, 'UserLicense', 1),
      })),
    ],
    ['User', content.people.map((person, i) => userRow(company, person, i + 1))],
    ...groupRows(company),
    [
      'CustomPermission',
      content.customPermissions.map(({ name, label, description }, i) => ({
        Id: id(company, 'CustomPermission', i + 1),
        DeveloperName: name,
        MasterLabel: label,
        Description: description,
      })),
    ],
    ['ApexClass', content.apexClasses.map((Name, i) => ({ Id: id(company, 'ApexClass', i + 1), Name }))],
    ...permissionRows(catalog, content),
    ['PermissionSetAssignment', assignmentRows(company)],
  ]
}

const organizationRow = (orgId: string): Record<string, Value> => ({
  Id: orgId,
  Name: 'Practice Org',
  OrganizationType: 'Enterprise Edition',
  InstanceName: 'PRAC1',
  IsSandbox: false,
  FiscalYearStartMonth: 1,
  LanguageLocaleKey: 'en_US',
  DefaultLocaleSidKey: 'en_US',
  TimeZoneSidKey: 'GMT',
})

function roleRows(company: Company): Rows {
  const { roles } = company.content
  return roles.map(({ name, parent }, i) => ({
    Id: id(company, 'UserRole', i + 1),
    Name: name,
    DeveloperName: name.replaceAll(' ', '_'),
    ParentRoleId: parent === null ? null : idOf(company, 'UserRole', roles, parent),
  }))
}

function userRow(company: Company, person: Person, n: number): Record<string, Value> {
  const { people, profiles, roles } = company.content
  const [first = '', last = ''] = person.name.split(' ')
  const manager = people.findIndex(({ login }) => login === person.manager)
  return {
    Id: id(company, 'User', n),
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
    ProfileId: idOf(company, 'Profile', profiles, person.profile),
    UserRoleId: person.role === null ? null : idOf(company, 'UserRole', roles, person.role),
    ManagerId: manager < 0 ? null : id(company, 'User', manager + 1),
  }
}

function groupRows(company: Company): [object: string, rows: Rows][] {
  const { groups, people } = company.content
  const admin = id(company, 'User', 1)
  const groupId = (name: string): string => idOf(company, 'Group', groups, name)
  const members = people.flatMap((person, i) =>
    person.groups.map((group) => ({ GroupId: groupId(group), UserOrGroupId: id(company, 'User', i + 1) })),
  )
  const queues = groups.flatMap(({ name, queueOf = [] }) =>
    queueOf.map((object) => ({ QueueId: groupId(name), SobjectType: object, CreatedById: admin })),
  )
  return [
    [
      'Group',
      groups.map(({ name, label, queueOf }) => ({
        Id: groupId(name),
        Name: label,
        DeveloperName: name,
        Type: queueOf ? 'Queue' : 'Regular',
        OwnerId: admin,
      })),
    ],
    ['GroupMember', members.map((row, i) => ({ Id: id(company, 'GroupMember', i + 1), ...row }))],
    ['QueueSobject', queues.map((row, i) => ({ Id: id(company, 'QueueSobject', i + 1), ...row }))],
  ]
}

/** Besides the sets a person was given, each person is assigned the one that the profile owns, as in an org. */
function assignmentRows(company: Company): Rows {
  const { people, permissionSets, profiles } = company.content
  const sets = [...profiles, ...permissionSets]
  const given = people.flatMap((person, i) =>
    person.permissionSets.map((name) => ({ set: idOf(company, 'PermissionSet', sets, name), i })),
  )
  const owned = people.map((person, i) => ({ set: idOf(company, 'PermissionSet', sets, person.profile), i }))
  return [...given, ...owned].map(({ set, i }, n) => ({
    Id: id(company, 'PermissionSetAssignment', n + 1),
    PermissionSetId: set,
    AssigneeId: id(company, 'User', i + 1),
  }))
}
