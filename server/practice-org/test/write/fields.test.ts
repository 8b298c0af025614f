import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openOrg } from '../../src/engine/engine.ts'
import type { Org } from '../../src/org/org.ts'
import type { Value } from '../../src/org/values.ts'
import { codeOf, NOON, openHouse, refusalOf } from '../support/engine-harness.ts'

const STAY = {
  name: 'Stay__c',
  label: 'Stay',
  labelPlural: 'Stays',
  keyPrefix: 'a0Y',
  access: 'crud',
  shareBy: ['everyone'],
  fields: [
    { name: 'Name', type: 'string', length: 80, nameField: true },
    { name: 'Country__c', type: 'picklist', picklist: ['France', 'Japan'], restricted: true },
    {
      name: 'City__c',
      type: 'picklist',
      restricted: true,
      controlledBy: 'Country__c',
      picklist: [{ value: 'Lyon', validFor: ['France'] }, { value: 'Kobe', validFor: ['Japan'] }, 'Elsewhere'],
    },
    { name: 'Nights__c', type: 'int', digits: 4 },
    { name: 'Rate__c', type: 'double', precision: 10, scale: 2 },
    { name: 'Price__c', type: 'double', precision: 12, scale: 2, formula: 'Nights__c * Rate__c' },
    {
      name: 'Kind__c',
      type: 'string',
      formula: 'IF(ISBLANK(Price__c), "unpriced", IF(Price__c >= 1000 && NOT(ISBLANK(City__c)), "long", "short"))',
    },
    { name: 'Title__c', type: 'string', formula: 'UPPER(Name) & " / " & BLANKVALUE(TEXT(City__c), "?")' },
  ],
}

let org: Org
const folder = mkdtempSync(join(tmpdir(), 'fields-'))
beforeAll(() => {
  writeFileSync(join(folder, 'stay.json'), JSON.stringify(STAY))
  const objects = pathToFileURL(`${folder}/`)
  org = openOrg({ file: ':memory:', orgId: '00DgK0000000001UAA', now: () => NOON, objects })
})
afterAll(() => {
  org.close()
  rmSync(folder, { recursive: true, force: true })
})
const admin = () => ({ userId: org.user('admin@practice.example')!.id, api: 'rest' as const, version: '66.0' })
const stay = (fields: Record<string, Value>): string => org.create(admin(), 'Stay__c', { Name: 'Doe', ...fields })
const rowOf = (id: string) =>
  org.query(admin(), `SELECT Price__c, Kind__c, Title__c FROM Stay__c WHERE Id = '${id}'`).records[0]

describe('a dependent picklist', () => {
  it('takes a value only under the value of its controlling field that allows it', () => {
    expect(codeOf(() => stay({ Country__c: 'France', City__c: 'Lyon' }))).toBe('none')
    expect(codeOf(() => stay({ City__c: 'Elsewhere' }))).toBe('none')
    expect(codeOf(() => stay({ City__c: 'Kobe' }))).toBe('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST')
    expect(refusalOf(() => stay({ Country__c: 'France', City__c: 'Kobe' }))).toEqual({
      errorCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      message: 'City: bad value for restricted picklist field: Kobe',
      fields: ['City__c'],
      status: 400,
    })
  })

  it('is checked again when the controlling field changes', () => {
    const id = stay({ Country__c: 'France', City__c: 'Lyon' })
    expect(codeOf(() => org.update(admin(), 'Stay__c', id, { Country__c: 'Japan' }))).toBe(
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    )
  })
})

describe('a formula field', () => {
  it('follows the fields it is made of, can be asked for in a filter, and is never written', () => {
    const id = stay({ Nights__c: 3, Rate__c: 99.5 })
    expect(rowOf(id)).toMatchObject({ Price__c: 298.5, Kind__c: 'short', Title__c: 'DOE / ?' })
    org.update(admin(), 'Stay__c', id, { Nights__c: 20, City__c: 'Elsewhere' })
    expect(rowOf(id)).toMatchObject({ Price__c: 1990, Kind__c: 'long', Title__c: 'DOE / Elsewhere' })
    expect(org.query(admin(), 'SELECT Id FROM Stay__c WHERE Price__c > 1000').records).toMatchObject([{ Id: id }])
    expect(codeOf(() => org.update(admin(), 'Stay__c', id, { Price__c: 1 }))).toBe('INVALID_FIELD_FOR_INSERT_UPDATE')
  })

  it('is blank when a part of its sum is, and says what it is in the describe', () => {
    expect(rowOf(stay({ Nights__c: 3 }))).toMatchObject({ Price__c: null, Kind__c: 'unpriced' })
    const fields = org.describe(admin(), 'Stay__c')['fields'] as Record<string, unknown>[]
    expect(fields.find((field) => field['name'] === 'Price__c')).toMatchObject({
      calculated: true,
      calculatedFormula: 'Nights__c * Rate__c',
      createable: false,
      updateable: false,
    })
  })
})

it('a field that shows one of another record is hidden from whoever may not read that one', () => {
  const house = openHouse()
  const asAdmin = house.as('admin')
  const ContactId = house.org.create(asAdmin, 'Contact', { LastName: 'Doe', Email: 'doe@example.com' })
  house.org.create(asAdmin, 'Case', { ContactId, OwnerId: house.as('rep').userId })
  expect(house.rows('SELECT ContactEmail FROM Case', 'rep')).toMatchObject([{ ContactEmail: 'doe@example.com' }])

  const sets = `SELECT Id FROM PermissionSet WHERE Profile.Name = 'Sales User'`
  const [permission] = house.rows(
    `SELECT Id FROM FieldPermissions WHERE Field = 'Contact.Email' AND ParentId IN (${sets})`,
  )
  house.org.delete(asAdmin, 'FieldPermissions', String(permission!['Id']))
  expect(codeOf(() => house.rows('SELECT ContactEmail FROM Case', 'rep'))).toBe('INVALID_FIELD')
  house.org.close()
})
