// The company of a practice org that is given no other content.
import { readdirSync, readFileSync } from 'node:fs'
import type { OrgContent, Person } from './content.ts'
import { PROFILES } from './profiles.ts'
import type { Story } from './story.ts'
import stories from './sample/stories.json' with { type: 'json' }

const OBJECTS = new URL('sample/objects/', import.meta.url)

const seller = (name: string, login: string, territory: string): Person => ({
  name,
  login,
  title: 'Account Executive',
  profile: 'Sales User',
  role: 'Sales',
  manager: 'manager',
  permissionSets: [],
  groups: ['SalesOps'],
  territory,
})

const integration = (name: string, login: string, permissionSet: string): Person => ({
  name,
  login,
  title: 'Integration user',
  profile: 'Minimum Access - API Only Integrations',
  role: null,
  permissionSets: [permissionSet],
  groups: [],
})

const PEOPLE: Person[] = [
  {
    name: 'Ada Admin',
    login: 'admin',
    title: 'Salesforce Administrator',
    profile: 'System Administrator',
    role: 'Operations',
    permissionSets: ['Bookkeeping'],
    groups: ['RevOps'],
  },
  {
    name: 'Sam Second',
    login: 'second',
    title: 'Revenue Operations Lead',
    profile: 'Revenue Operations',
    role: 'Operations',
    permissionSets: [],
    groups: ['RevOps'],
  },
  seller('Riley Rep', 'rep', 'West'),
  {
    name: 'Morgan Manager',
    login: 'manager',
    title: 'Director of Sales',
    profile: 'Sales Manager',
    role: 'Sales Leadership',
    permissionSets: [],
    groups: ['SalesOps'],
  },
  {
    name: 'Avery Auditor',
    login: 'auditor',
    title: 'Internal Audit',
    profile: 'Auditor',
    role: 'Operations',
    permissionSets: ['Auditing'],
    groups: [],
  },
  integration('Sample Reader', 'reader', 'Read_All'),
  integration('Sample Writer', 'writer', 'Edit_All'),
  seller('Elena Marsh', 'elena.marsh', 'West'),
  seller('David Okafor', 'david.okafor', 'East'),
  seller('Priya Nair', 'priya.nair', 'East'),
  seller('Jonas Weber', 'jonas.weber', 'EMEA'),
  seller('Claire Dubois', 'claire.dubois', 'EMEA'),
  seller('Kenji Tanaka', 'kenji.tanaka', 'APAC'),
]

const SHIPMENT = { object: 'Shipment__c', delete: false, modifyAll: false }
const SHIPMENT_WEIGHT = 'Shipment__c.Weight__c'

/** One value for the process, so that orgs of the sample company share one catalog. */
export const SAMPLE: OrgContent = {
  objects: readdirSync(OBJECTS)
    .sort()
    .map((file) => JSON.parse(readFileSync(new URL(file, OBJECTS), 'utf8')) as unknown),
  customPermissions: [
    { name: 'Close_Books', label: 'Close Books', description: null },
    { name: 'Read_Audit', label: 'Read Audit', description: null },
  ],
  permissionSets: [
    { name: 'Auditing', label: 'Auditing', customPermissions: ['Read_Audit'] },
    { name: 'Bookkeeping', label: 'Bookkeeping', customPermissions: ['Close_Books', 'Read_Audit'] },
    {
      name: 'Edit_All',
      label: 'Edit All',
      userPermissions: [
        ...[
          'ConvertLeads',
          'EditEvent',
          'EditTask',
          'TransferAnyEntity',
          'TransferAnyLead',
          'ViewAllData',
          'ViewSetup',
        ],
      ],
      levelOf: () => 'editAll',
      objects: [{ ...SHIPMENT, read: true, create: true, edit: true, delete: true, viewAll: true, modifyAll: true }],
      fields: [{ field: SHIPMENT_WEIGHT, read: true, edit: true }],
    },
    {
      name: 'Read_All',
      label: 'Read All',
      userPermissions: ['ViewAllData', 'ViewSetup'],
      levelOf: () => 'readAll',
      objects: [{ ...SHIPMENT, read: true, create: false, edit: false, viewAll: true }],
      fields: [{ field: SHIPMENT_WEIGHT, read: true, edit: false }],
    },
  ],
  platformEvents: [],
  apexClasses: [],
  apex: new Map(),
  roles: [
    { name: 'Operations', parent: null },
    { name: 'Sales Leadership', parent: null },
    { name: 'Sales', parent: 'Sales Leadership' },
  ],
  groups: [
    { name: 'RevOps', label: 'Revenue Operations' },
    { name: 'SalesOps', label: 'Sales Operations' },
    { name: 'Unassigned_Leads', label: 'Unassigned Leads', queueOf: ['Lead', 'Case'] },
  ],
  profiles: PROFILES,
  people: PEOPLE,
  notificationTypes: [{ name: 'Practice_Notice', label: 'Practice notice' }],
  sharingRules: [],
  stories: stories as unknown as Story[],
  territoryField: 'Region__c',
  logKey: { object: 'Shipment__c', field: 'Key__c' },
  page: {
    components: null,
    labels: null,
    trustedUrls: [],
    people: [
      { login: 'admin', label: 'Admin', hint: 'Administers' },
      { login: 'second', label: 'Operations', hint: 'Edits all records' },
      { login: 'rep', label: 'Sales rep', hint: 'Sees own records, not amounts' },
      { login: 'manager', label: 'Manager', hint: 'Reads all records' },
      { login: 'auditor', label: 'Auditor', hint: 'Audits' },
    ],
    app: null,
    utility: null,
    record: { centre: null, side: null, label: '' },
  },
}
