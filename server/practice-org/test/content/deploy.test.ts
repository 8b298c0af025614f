import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { OrgContent } from '../../src/content/content.ts'
import { EarlierOrgError } from '../../src/engine/deploy.ts'
import { type House, openHouse } from '../support/engine-harness.ts'
import { deployed, field, object } from './sources.ts'

const PERMISSIONS = `SELECT Id, Field, PermissionsEdit FROM FieldPermissions WHERE Parent.Name = 'Guard' ORDER BY Field`

function keptFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kept-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'org.sqlite')
}

function within<T>(file: string, content: OrgContent, work: (house: House) => T): T {
  const house = openHouse(file, undefined, { content })
  try {
    return work(house)
  } finally {
    house.org.close()
  }
}

it('a kept org takes up what its permission sets grant by now, and goes on with what it has', () => {
  const file = keptFile()
  const before = `${field('Account.Home__c', true)}${field('Berth__c.Depth__c')}${object('Berth__c')}`
  const account = within(file, deployed({ Guard: before }), ({ org, as }) =>
    org.create(as('rep'), 'Account', { Name: 'a' }),
  )
  const after = `${field('Account.Home__c')}${object('Berth__c')}
    <customPermissions><enabled>true</enabled><name>Moor</name></customPermissions>
    <userPermissions><enabled>true</enabled><name>TransferAnyLead</name></userPermissions>`
  within(file, deployed({ Guard: after }), ({ org, as, rows }) => {
    const rep = as('rep')
    expect(rows(PERMISSIONS)).toMatchObject([{ Field: 'Account.Home__c', PermissionsEdit: false }])
    expect(org.retrieve(rep, 'Account', account)).toMatchObject({ Name: 'a', Home__c: null })
    expect(org.user(rep.userId)?.customPermissions).toEqual(['Moor'])
    expect(org.systemPermission(rep.userId, 'TransferAnyLead')).toBe(true)
  })
  within(file, deployed({ Guard: before }), ({ org, as }) => {
    expect(org.systemPermission(as('rep').userId, 'TransferAnyLead')).toBe(false)
  })
})

it('a set that says the same keeps its rows', () => {
  const file = keptFile()
  const content = deployed({ Guard: field('Account.Home__c') })
  const before = within(file, content, ({ rows }) => rows(PERMISSIONS))
  expect(within(file, content, ({ rows }) => rows(PERMISSIONS))).toEqual(before)
})

it('a set that is new to a kept org is made and assigned', () => {
  const file = keptFile()
  within(file, deployed({}), ({ org, as }) => expect(org.user(as('rep').userId)?.apexClasses).toEqual([]))
  const set = '<classAccesses><apexClass>Harbour</apexClass><enabled>true</enabled></classAccesses>'
  within(file, deployed({ Late: set }), ({ org, as }) =>
    expect(org.user(as('rep').userId)?.apexClasses).toEqual(['Harbour']),
  )
})

it('an org whose profiles know nothing of activities was made earlier, and says so', () => {
  const file = keptFile()
  const content = deployed({})
  within(file, content, ({ org }) => org.tables.run('UPDATE "PermissionSet" SET "PermissionsActivitiesAccess" = 0', []))
  expect(() => openHouse(file, undefined, { content })).toThrow(EarlierOrgError)
})
