// The company of the practice and its people. Who holds which permission set is as docs/setup.md has an administrator do it.
import { PROFILES, type Company, type OrgContent, type Person } from 'salesforce-practice-org/content'

const seller = (name: string, login: string, territory: string): Person => ({
  name,
  login,
  title: 'Account Executive',
  profile: 'Sales User',
  role: 'Sales',
  manager: 'manager',
  permissionSets: ['Missions_Viewer'],
  groups: ['SalesOps'],
  territory,
})

/** The group that leads are shared with, so that the writer may change those of other owners. */
const WRITER = 'Missions_Writer_User'

const integration = (name: string, login: string, permissionSet: string, groups: string[] = []): Person => ({
  name,
  login,
  title: 'Integration user',
  profile: 'Minimum Access - API Only Integrations',
  role: null,
  permissionSets: [permissionSet],
  groups,
})

const PEOPLE: readonly Person[] = [
  {
    name: 'Ada Admin',
    login: 'admin',
    title: 'Salesforce Administrator',
    profile: 'System Administrator',
    role: 'Operations',
    // Stands for the users as whom the company's Flows run, too.
    permissionSets: ['Missions_Decider', 'Missions_Administrator', 'Missions_Requester'],
    groups: ['RevOps'],
  },
  {
    name: 'Sam Second',
    login: 'second',
    title: 'Revenue Operations Lead',
    profile: 'Revenue Operations',
    role: 'Operations',
    permissionSets: ['Missions_Decider', 'Missions_Administrator'],
    groups: ['RevOps'],
  },
  seller('Riley Rep', 'rep', 'West'),
  {
    name: 'Morgan Manager',
    login: 'manager',
    title: 'Director of Sales',
    profile: 'Sales Manager',
    role: 'Sales Leadership',
    permissionSets: ['Missions_Viewer', 'Missions_Launcher'],
    groups: ['SalesOps'],
  },
  {
    name: 'Avery Auditor',
    login: 'auditor',
    title: 'Internal Audit',
    profile: 'Auditor',
    role: 'Operations',
    permissionSets: ['Missions_Auditor'],
    groups: [],
  },
  integration('Missions Reader', 'reader', 'Missions_Reader'),
  integration('Missions Writer', 'writer', 'Missions_Writer', [WRITER]),
  seller('Elena Marsh', 'elena.marsh', 'West'),
  seller('David Okafor', 'david.okafor', 'East'),
  seller('Priya Nair', 'priya.nair', 'East'),
  seller('Jonas Weber', 'jonas.weber', 'EMEA'),
  seller('Claire Dubois', 'claire.dubois', 'EMEA'),
  seller('Kenji Tanaka', 'kenji.tanaka', 'APAC'),
]

/** Leads and accounts are private here: docs/setup.md has them shared with the writer. */
export const SHARING_RULES: OrgContent['sharingRules'] = [
  { object: 'Lead', ownedBy: { allInternalUsers: true }, with: { group: WRITER }, access: 'Edit' },
  { object: 'Account', ownedBy: { allInternalUsers: true }, with: { group: WRITER }, access: 'Edit' },
  { object: 'Lead', ownedBy: { queue: 'Unassigned_Leads' }, with: { group: WRITER }, access: 'Edit' },
]

export const COMPANY: Company = {
  roles: [
    { name: 'Operations', parent: null },
    { name: 'Sales Leadership', parent: null },
    { name: 'Sales', parent: 'Sales Leadership' },
  ],
  groups: [
    { name: 'RevOps', label: 'Revenue Operations' },
    { name: 'SalesOps', label: 'Sales Operations' },
    { name: WRITER, label: 'Missions Writer' },
    { name: 'Unassigned_Leads', label: 'Unassigned Leads', queueOf: ['Lead', 'Case'] },
  ],
  profiles: PROFILES,
  people: PEOPLE,
}
