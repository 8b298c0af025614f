// What refusals may not tell of records that the caller does not see.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openHouse, refusalOf, type House } from '../support/engine-harness.ts'

const BADGE = {
  name: 'Badge__c',
  label: 'Badge',
  labelPlural: 'Badges',
  keyPrefix: 'a0Z',
  access: 'crud',
  shareBy: ['owner'],
  fields: [
    { name: 'Name', type: 'string', length: 80, nameField: true },
    { name: 'Number__c', type: 'string', length: 20, unique: true },
    { name: 'Batch__c', type: 'string', length: 20, externalId: true, idLookup: true },
    { name: 'OwnerId', type: 'reference', referenceTo: ['User'], relationshipName: 'Owner', nillable: false },
  ],
}

let house: House
const folder = mkdtempSync(join(tmpdir(), 'hidden-'))
beforeAll(() => writeFileSync(join(folder, 'badge.json'), JSON.stringify(BADGE)))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeEach(() => {
  house = openHouse(':memory:', pathToFileURL(`${folder}/`))
})
afterEach(() => house.org.close())

const make = (login: string, object: string, fields: Record<string, string>): string =>
  house.org.create(house.as(login), object, fields)

it('a value that a hidden record has already is refused without a word about that record', () => {
  make('admin', 'Badge__c', { Number__c: '7' })
  const own = make('rep', 'Badge__c', { Number__c: '8' })
  const messageOf = (Number__c: string) => refusalOf(() => make('rep', 'Badge__c', { Number__c }))?.message

  expect(messageOf('7')).toBe('duplicate value found: <unknown> duplicates value on record with id: <unknown>')
  expect(messageOf('8')).toBe(
    `duplicate value found: Number__c duplicates value on record with id: ${own.slice(0, 15)}`,
  )
})

it('an external id of several records is answered with those the caller sees, in his version', () => {
  make('admin', 'Badge__c', { Batch__c: 'x' })
  const own = make('rep', 'Badge__c', { Batch__c: 'x' })
  const caller = { ...house.as('rep'), version: '61.0' }
  const refused = refusalOf(() => house.org.upsert(caller, 'Badge__c', 'Batch__c', 'x', {}))

  expect(refused).toMatchObject({
    status: 300,
    extra: { urls: [`/services/data/v61.0/sobjects/Badge__c/${own}`] },
  })
})

it('a deletion that other records forbid names only those the caller sees', () => {
  const contact = make('rep', 'Contact', { LastName: 'Doe' })
  const own = make('rep', 'Case', { ContactId: contact })
  make('admin', 'Case', { ContactId: contact })
  const { CaseNumber } = house.org.retrieve(house.as('rep'), 'Case', own, ['CaseNumber'])
  const refused = refusalOf(() => house.org.delete(house.as('rep'), 'Contact', contact))

  expect(refused).toMatchObject({ errorCode: 'DELETE_FAILED' })
  expect(refused?.message).toMatch(new RegExp(`cases\\.: ${String(CaseNumber)}$`))
})

describe('a duplicate rule', () => {
  const twin = { Name: 'Acme', BillingPostalCode: '12345' }
  const tryAs = (login: string) => refusalOf(() => make(login, 'Account', twin))

  it('compares with records that the caller sees', () => {
    make('admin', 'Account', twin)
    house.org.setAutomation({ duplicateRules: [{ object: 'Account', action: 'block' }] })

    expect(tryAs('admin')).toMatchObject({ errorCode: 'DUPLICATES_DETECTED' })
    expect(tryAs('rep')).toBeUndefined()
  })

  it('that goes past sharing refuses over a hidden record, and does not show it', () => {
    make('admin', 'Account', twin)
    house.org.setAutomation({ duplicateRules: [{ object: 'Account', action: 'block', sharing: 'bypass' }] })
    const refused = tryAs('rep')

    expect(refused).toMatchObject({ errorCode: 'DUPLICATES_DETECTED' })
    expect(JSON.stringify(refused?.extra)).not.toContain('"Id"')
    expect(refused?.extra).toMatchObject({ duplicateResut: { matchResults: [{ matchRecords: [], size: 0 }] } })
  })
})
