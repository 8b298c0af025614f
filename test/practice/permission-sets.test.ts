// The practice org's people hold what the permission sets of force-app grant: as its rows, and no field besides.
import { XMLParser } from 'fast-xml-parser'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { practiceContent } from '../../server/practice/content/content.ts'
import { openOrg } from '../../server/practice-org/src/engine/engine.ts'

const FOLDER = join(import.meta.dirname, '../../force-app/main/default/permissionsets')
const ENDING = '.permissionset-meta.xml'

type Entry = Record<string, string>
type Metadata = Record<string, Entry[]> & { label: string }

const LISTS = ['classAccesses', 'customPermissions', 'fieldPermissions', 'objectPermissions', 'userPermissions']
const parser = new XMLParser({ parseTagValue: false, isArray: (name) => LISTS.includes(name) })
const deployed = globSync(join(FOLDER, `*${ENDING}`))
  .sort()
  .map((path) => ({
    name: basename(path, ENDING),
    set: (parser.parse(readFileSync(path, 'utf8')) as { PermissionSet: Metadata }).PermissionSet,
  }))

const org = openOrg({
  file: ':memory:',
  orgId: '00DgK0000000001UAA',
  now: Date.now,
  content: practiceContent({ brainUrl: 'http://localhost:9' }),
})
const admin = { userId: org.user('admin@practice.example')!.id, api: 'rest', version: '66.0' } as const
const records = (soql: string): Record<string, unknown>[] => org.query(admin, soql).records

const named = (name: string): string => `Parent.Name = '${name}'`
const on = (row: Record<string, unknown>): string[] =>
  Object.entries(row).flatMap(([column, value]) => (value === true ? [column.replace('Permissions', '')] : []))

describe('a permission set of force-app in the practice org', () => {
  it('is there under its name, with its label', () => {
    const sets = records('SELECT Name, Label FROM PermissionSet WHERE IsOwnedByProfile = false ORDER BY Name')
    expect(deployed.length).toBe(8)
    expect(sets.map(({ Name, Label }) => [Name, Label])).toEqual(deployed.map(({ name, set }) => [name, set.label]))
  })

  it.each(deployed)('$name grants its field permissions and no other', ({ name, set }) => {
    const rows = records(`SELECT Field, PermissionsEdit FROM FieldPermissions WHERE ${named(name)} ORDER BY Field`)
    const wanted = (set['fieldPermissions'] ?? []).map(({ field, editable }) => [field, editable === 'true'])
    expect(rows.map(({ Field, PermissionsEdit }) => [Field, PermissionsEdit])).toEqual(wanted.sort())
  })

  it.each(deployed)('$name grants its object permissions and no other', ({ name, set }) => {
    const columns = ['Read', 'Create', 'Edit', 'Delete', 'ViewAllRecords', 'ModifyAllRecords']
    const select = columns.map((each) => `Permissions${each}`).join(', ')
    const rows = records(`SELECT SobjectType, ${select} FROM ObjectPermissions WHERE ${named(name)}`)
    const allowed = (entry: Entry, column: string): boolean =>
      (entry[`allow${column}`] ?? entry[column.replace(/^./, (first) => first.toLowerCase())]) === 'true'
    const wanted = (set['objectPermissions'] ?? []).map((entry) => [
      entry['object'],
      ...columns.filter((column) => allowed(entry, column)),
    ])
    expect(rows.map((row) => [row['SobjectType'], ...on(row)]).sort()).toEqual(wanted.sort())
  })

  it.each(deployed)('$name grants its user permissions, custom permissions and Apex classes', ({ name, set }) => {
    const [{ Id, ...row } = { Id: '' }] = records(
      `SELECT Id, ${userPermissionColumns().join(', ')} FROM PermissionSet WHERE Name = '${name}'`,
    )
    const accesses = records(`SELECT SetupEntityId FROM SetupEntityAccess WHERE ParentId = '${String(Id)}'`).map(
      ({ SetupEntityId }) => SetupEntityId,
    )
    const held = (object: string, field: string): unknown[] =>
      records(`SELECT Id, ${field} FROM ${object}`)
        .filter((each) => accesses.includes(each['Id']))
        .map((each) => each[field])
        .sort()
    const list = (kind: string, member: string): string[] => (set[kind] ?? []).map((each) => each[member]!).sort()
    expect(on(row).sort()).toEqual(list('userPermissions', 'name'))
    expect(held('CustomPermission', 'DeveloperName')).toEqual(list('customPermissions', 'name'))
    expect(held('ApexClass', 'Name')).toEqual(list('classAccesses', 'apexClass'))
  })
})

function userPermissionColumns(): string[] {
  const { fields } = org.describe(admin, 'PermissionSet') as { fields: { name: string }[] }
  return fields.map(({ name }) => name).filter((name) => name.startsWith('Permissions'))
}

describe('a field that the package deploys', () => {
  const fields = ['Account.Legal_Hold__c', 'Account.Region__c', 'Lead.Matched_Account__c', 'Mission_Receipt__c.Run__c']

  it.each(fields)('%s is granted by no profile, not even the administrator’s', (field) => {
    expect(
      records(`SELECT Id FROM FieldPermissions WHERE Field = '${field}' AND Parent.IsOwnedByProfile = true`),
    ).toEqual([])
  })
})
