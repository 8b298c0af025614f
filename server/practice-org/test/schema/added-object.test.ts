import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { openOrg } from '../../src/engine/engine.ts'
import { codeOf, NOON } from '../support/engine-harness.ts'

const SITE = {
  name: 'Site__c',
  label: 'Site',
  labelPlural: 'Sites',
  keyPrefix: 'a0X',
  access: 'crud',
  searchable: true,
  changeEvents: true,
  undeletable: true,
  shareBy: ['owner', 'Account__c'],
  fields: [
    { name: 'Name', type: 'string', length: 80, nillable: false, nameField: true },
    { name: 'Beds__c', type: 'int', digits: 4 },
    {
      name: 'Account__c',
      type: 'reference',
      referenceTo: ['Account'],
      relationshipName: 'Account__r',
      childRelationshipName: 'Sites__r',
      onDelete: 'cascade',
    },
    { name: 'OwnerId', type: 'reference', referenceTo: ['User'], relationshipName: 'Owner', nillable: false },
  ],
}

const openWith = (object: object, file = ':memory:') => {
  writeFileSync(join(folder, 'site.json'), JSON.stringify(object))
  const objects = pathToFileURL(`${folder}/`)
  return openOrg({ file, orgId: '00DgK0000000001UAA', now: () => NOON, objects })
}
const folder = mkdtempSync(join(tmpdir(), 'objects-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('an object is there in full once a file describes it: describe, writes, queries, search, sharing, merge, events', () => {
  const org = openWith(SITE)
  const as = (login: string) => ({
    userId: org.user(`${login}@practice.example`)!.id,
    api: 'rest' as const,
    version: '66.0',
  })
  const admin = as('admin')
  expect(org.describeGlobal(admin).map((each) => each['name'])).toContain('Site__c')
  expect(org.describe(admin, 'Site__c')).toMatchObject({ custom: true, keyPrefix: 'a0X', createable: true })
  const loser = org.create(admin, 'Account', { Name: 'Old' })
  const master = org.create(admin, 'Account', { Name: 'New' })
  expect(codeOf(() => org.create(admin, 'Site__c', { Beds__c: 1, Name: null }))).toBe('REQUIRED_FIELD_MISSING')
  const id = org.create(admin, 'Site__c', { Name: 'Harbour house', Beds__c: 12, Account__c: loser })
  expect(id).toMatch(/^a0X/)
  const rows = (soql: string, login = 'admin') => org.query(as(login), soql).records
  expect(rows("SELECT Id FROM Site__c WHERE Account__r.Name = 'Old' AND Beds__c > 10")).toHaveLength(1)
  expect(rows('SELECT Id FROM Site__c', 'rep')).toEqual([])
  expect(org.search(admin, 'FIND {harbour} RETURNING Site__c(Name)')).toMatchObject([{ Name: 'Harbour house' }])
  expect(org.merge(admin, { type: 'Account', masterId: master, fields: {}, loserIds: [loser] })).toMatchObject({
    success: true,
    updatedRelatedIds: expect.arrayContaining([id]) as unknown,
  })
  expect(rows('SELECT (SELECT Name FROM Sites__r) FROM Account')).toMatchObject([{ Sites__r: { totalSize: 1 } }])
  org.delete(admin, 'Account', master)
  expect(codeOf(() => org.retrieve(admin, 'Site__c', id))).toBe('ENTITY_IS_DELETED')
  org.undelete(admin, master)
  expect(org.retrieve(admin, 'Site__c', id)['Account__c']).toBe(master)
  const types = org.eventsAfter('Site__ChangeEvent', 0, 10).map((event) => event.header.changeType)
  expect(types).toEqual(['CREATE', 'UPDATE', 'DELETE', 'UNDELETE'])
  org.close()
})

it('an org that was kept gets the fields its objects have got since, granted to nobody yet', () => {
  const file = join(folder, 'kept.sqlite')
  const before = openWith(SITE, file)
  const ada = before.user('admin@practice.example')!
  const admin = { userId: ada.id, api: 'rest' as const, version: '66.0' }
  const id = before.create(admin, 'Site__c', { Name: 'Kept' })
  before.close()
  const fields = [...SITE.fields, { name: 'Open__c', type: 'boolean', default: false, nillable: false }]
  const after = openWith({ ...SITE, fields }, file)
  expect(after.retrieve(admin, 'Site__c', id)).not.toHaveProperty('Open__c')
  const [set] = after.query(admin, "SELECT Id FROM PermissionSet WHERE Name = 'Bookkeeping'").records
  const right = { ParentId: String(set?.['Id']), SobjectType: 'Site__c', Field: 'Site__c.Open__c' }
  after.create(admin, 'FieldPermissions', { ...right, PermissionsRead: true, PermissionsEdit: true })
  expect(after.retrieve(admin, 'Site__c', id)).toMatchObject({ Name: 'Kept', Open__c: false })
  after.update(admin, 'Site__c', id, { Open__c: true })
  expect(after.query(admin, 'SELECT Id FROM Site__c WHERE Open__c = true').totalSize).toBe(1)
  after.close()
})
