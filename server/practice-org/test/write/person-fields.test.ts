import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Value } from '../../src/org/values.ts'
import { codeOf, openHouse, type House } from '../support/engine-harness.ts'

let house: House
beforeEach(() => {
  house = openHouse()
})
afterEach(() => house.org.close())

const person = (more: Record<string, Value> = {}): string =>
  house.org.create(house.as('admin'), 'Account', { LastName: 'Doe', ...more })
const contactOf = (id: string): string =>
  String(house.rows(`SELECT PersonContactId FROM Account WHERE Id = '${id}'`)[0]?.['PersonContactId'])
const fieldOf = (name: string) =>
  (house.org.describe(house.as('admin'), 'Account')['fields'] as { name: string }[]).find((each) => each.name === name)

describe('a custom field of contacts', () => {
  it('is a field of accounts too, named __pc', () => {
    expect(fieldOf('Loyalty_Number__pc')).toMatchObject({
      label: 'Loyalty Number',
      custom: true,
      createable: true,
      updateable: true,
      nillable: true,
      length: 20,
      permissionable: false,
      compoundFieldName: null,
    })
    expect(fieldOf('Preferred_Language__pc')).toMatchObject({ type: 'picklist', label: 'Preferred Language' })
    const row = house.rows(`SELECT FIELDS(CUSTOM) FROM Account WHERE Id = '${person()}' LIMIT 1`)[0]
    expect(row).toHaveProperty('Loyalty_Number__pc', null)
    expect(fieldOf('Loyalty_Number__c')).toBeUndefined()
  })

  it('is written and found on either side, and every change is told and kept in the history', () => {
    const { org } = house
    const id = person({ Loyalty_Number__pc: '7', Preferred_Language__pc: 'German' })
    const shown = () => house.rows('SELECT Loyalty_Number__pc, PersonContact.Loyalty_Number__c FROM Account')[0]
    expect(shown()).toMatchObject({ Loyalty_Number__pc: '7', PersonContact: { Loyalty_Number__c: '7' } })

    const from = org.latestReplayId()
    org.update(house.as('admin'), 'Contact', contactOf(id), { Loyalty_Number__c: '8', Preferred_Language__c: 'French' })
    expect(shown()).toMatchObject({ Loyalty_Number__pc: '8', PersonContact: { Loyalty_Number__c: '8' } })
    expect(house.rows("SELECT Id FROM Account WHERE Loyalty_Number__pc = '8'")).toMatchObject([{ Id: id }])
    const [told] = org.eventsAfter('AccountChangeEvent', from, 10)
    expect(told?.fields).toMatchObject({ Loyalty_Number__pc: '8', Preferred_Language__pc: 'French' })
    expect(house.rows("SELECT Field, OldValue, NewValue FROM AccountHistory WHERE Field != 'created'")).toMatchObject([
      { Field: 'Preferred_Language__pc', OldValue: 'German', NewValue: 'French' },
    ])
  })

  it('survives a merge with the master, and a deletion that is taken back', () => {
    const { org } = house
    const [masterId, loser] = [person({ Loyalty_Number__pc: '1' }), person({ Loyalty_Number__pc: '2' })]
    org.merge(house.as('admin'), { type: 'Account', masterId, loserIds: [loser], fields: { Loyalty_Number__pc: '2' } })
    org.delete(house.as('admin'), 'Account', masterId)
    org.undelete(house.as('admin'), masterId)
    expect(house.rows('SELECT Loyalty_Number__pc, PersonContact.Loyalty_Number__c FROM Account')).toMatchObject([
      { Loyalty_Number__pc: '2', PersonContact: { Loyalty_Number__c: '2' } },
    ])
  })
})

describe('what an account shows of a person', () => {
  it('is told when he is made, and never of a company', () => {
    const { org } = house
    const told = (fields: Record<string, Value>) => {
      const from = org.latestReplayId()
      org.create(house.as('admin'), 'Account', fields)
      return org.eventsAfter('AccountChangeEvent', from, 1)[0]?.fields
    }
    expect(told({ LastName: 'Doe' })).toMatchObject({ PersonHasOptedOutOfFax: false, PersonDoNotCall: false })
    expect(told({ Name: 'Acme' })).not.toHaveProperty('PersonDoNotCall')
  })

  it('has both addresses, check boxes and the rest of a contact', () => {
    const id = person({ PersonOtherCity: 'Lyon', PersonMailingCity: 'Bern', PersonHasOptedOutOfEmail: true })
    expect(house.org.retrieve(house.as('admin'), 'Account', id)).toMatchObject({
      PersonOtherAddress: { city: 'Lyon' },
      PersonMailingAddress: { city: 'Bern' },
      PersonHasOptedOutOfEmail: true,
      PersonDoNotCall: false,
    })
    expect(house.org.retrieve(house.as('admin'), 'Contact', contactOf(id))).toMatchObject({
      OtherAddress: { city: 'Lyon' },
      MailingCity: 'Bern',
      HasOptedOutOfEmail: true,
    })
    expect(fieldOf('LastName')).toMatchObject({ compoundFieldName: 'Name', nillable: true })
    expect(fieldOf('Name')).toMatchObject({ extraTypeInfo: 'switchablepersonname', nameField: true })
    expect(fieldOf('PersonMailingCity')).toMatchObject({ compoundFieldName: 'PersonMailingAddress' })
    expect(fieldOf('PersonIndividualId')).toMatchObject({
      referenceTo: ['Individual'],
      relationshipName: 'PersonIndividual',
    })
  })

  it('is hidden from whom the field of the contact is hidden, and read-only where that is', () => {
    const { org } = house
    const rights = (field: string) => `Field = 'Contact.${field}' AND Parent.Profile.Name = 'Sales User'`
    const grant = (field: string) =>
      String(house.rows(`SELECT Id FROM FieldPermissions WHERE ${rights(field)}`)[0]?.['Id'])
    org.delete(house.as('admin'), 'FieldPermissions', grant('Loyalty_Number__c'))
    org.delete(house.as('admin'), 'FieldPermissions', grant('Email'))
    org.update(house.as('admin'), 'FieldPermissions', grant('MobilePhone'), { PermissionsEdit: false })

    const seen = (org.describe(house.as('rep'), 'Account')['fields'] as { name: string }[]).map(({ name }) => name)
    expect(seen).not.toContain('Loyalty_Number__pc')
    expect(seen).not.toContain('PersonEmail')
    expect(seen).toContain('PersonMobilePhone')
    const rep = house.as('rep')
    expect(codeOf(() => org.create(rep, 'Account', { LastName: 'Doe', Loyalty_Number__pc: '7' }))).toBe(
      'INVALID_FIELD_FOR_INSERT_UPDATE',
    )
    expect(codeOf(() => org.create(rep, 'Account', { LastName: 'Doe', PersonMobilePhone: '7' }))).toBe(
      'INVALID_FIELD_FOR_INSERT_UPDATE',
    )
    expect(codeOf(() => house.rows('SELECT PersonEmail FROM Account', 'rep'))).toBe('INVALID_FIELD')
    expect(house.rows("SELECT Id FROM FieldPermissions WHERE Field LIKE 'Account.Person%'")).toEqual([])
  })
})
