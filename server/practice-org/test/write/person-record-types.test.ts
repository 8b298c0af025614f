import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Value } from '../../src/org/values.ts'
import { codeOf, openHouse, refusalOf, type House } from '../support/engine-harness.ts'

let house: House
let types: Record<string, string>
beforeEach(() => {
  house = openHouse()
  const rows = house.rows("SELECT Id, DeveloperName FROM RecordType WHERE SobjectType = 'Account'")
  types = Object.fromEntries(rows.map((row) => [String(row['DeveloperName']), String(row['Id'])]))
})
afterEach(() => house.org.close())

const create = (fields: Record<string, Value>): string => house.org.create(house.as('admin'), 'Account', fields)
const change = (id: string, fields: Record<string, Value>): void =>
  house.org.update(house.as('admin'), 'Account', id, fields)
const account = (id: string, fields: string) => house.rows(`SELECT ${fields} FROM Account WHERE Id = '${id}'`)[0]
const person = () => types['PersonAccount'] ?? ''
const company = () => types['Customer'] ?? ''

describe('a record type of persons', () => {
  it('is told apart by IsPersonType, and stands in the describe with the others', () => {
    expect(house.rows('SELECT DeveloperName FROM RecordType WHERE IsPersonType = true')).toMatchObject([
      { DeveloperName: 'PersonAccount' },
    ])
    const { recordTypeInfos } = house.org.describe(house.as('admin'), 'Account')
    expect(recordTypeInfos).toMatchObject([
      { developerName: 'Customer' },
      { developerName: 'Partner' },
      { developerName: 'PersonAccount', name: 'Person Account', available: true, defaultRecordTypeMapping: false },
      { master: true, defaultRecordTypeMapping: true },
    ])
  })

  it('is that of an account made with a last name alone', () => {
    const fields = 'RecordType.DeveloperName, RecordType.IsPersonType, IsPersonAccount'
    expect(account(create({ LastName: 'Doe' }), fields)).toMatchObject({
      RecordType: { DeveloperName: 'PersonAccount', IsPersonType: true },
      IsPersonAccount: true,
    })
    expect(account(create({ Name: 'Acme' }), fields)).toMatchObject({ RecordType: null, IsPersonAccount: false })
  })

  it('makes the account a person, who has a last name and no name of its own', () => {
    const id = create({ RecordTypeId: person(), LastName: 'Doe' })
    expect(account(id, 'IsPersonAccount, Name')).toMatchObject({ IsPersonAccount: true, Name: 'Doe' })
    expect(refusalOf(() => create({ RecordTypeId: person(), Name: 'Acme' }))).toMatchObject({
      errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE',
      fields: ['Name'],
    })
    expect(refusalOf(() => create({ RecordTypeId: person() }))).toMatchObject({
      errorCode: 'REQUIRED_FIELD_MISSING',
      fields: ['LastName'],
    })
  })

  it('is needed for what only a person has', () => {
    const refused = refusalOf(() =>
      create({ RecordTypeId: company(), Name: 'Acme', LastName: 'Doe', FirstName: 'Ada' }),
    )
    expect(refused).toMatchObject({
      errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE',
      message: 'Account: bad field names on insert/update call: LastName, FirstName',
      fields: ['LastName', 'FirstName'],
    })
    expect(codeOf(() => create({ Name: 'Acme', Loyalty_Number__pc: '7' }))).toBe('INVALID_FIELD_FOR_INSERT_UPDATE')
    expect(codeOf(() => create({ Name: 'Acme', PersonDoNotCall: true }))).toBe('INVALID_FIELD_FOR_INSERT_UPDATE')
    expect(codeOf(() => create({ Name: 'Acme', PersonDoNotCall: false }))).toBe('none')
  })

  it('is the one that the profile names, where there are several', () => {
    const [id] = house.org.load('RecordType', [
      { Name: 'Patient', DeveloperName: 'Patient', SobjectType: 'Account', IsActive: true, IsPersonType: true },
    ])
    const rule = {
      object: 'Account',
      profile: 'System Administrator',
      available: ['Customer', 'PersonAccount', 'Patient'],
    }
    house.org.setAutomation({ recordTypes: [{ ...rule, default: 'Customer', personDefault: 'Patient' }] })
    expect(account(create({ LastName: 'Doe' }), 'RecordTypeId')).toMatchObject({ RecordTypeId: id })
    expect(account(create({ Name: 'Acme' }), 'RecordTypeId')).toMatchObject({ RecordTypeId: company() })
    house.org.setAutomation({ recordTypes: [{ ...rule, available: ['Customer', 'Patient'] }] })
    expect(account(create({ LastName: 'Roe' }), 'RecordTypeId')).toMatchObject({ RecordTypeId: id })
    house.org.setAutomation({ recordTypes: [{ ...rule, available: ['Customer'] }] })
    expect(codeOf(() => create({ LastName: 'Doe' }))).toBe('REQUIRED_FIELD_MISSING')
    expect(codeOf(() => create({ Name: 'Acme', LastName: 'Doe' }))).toBe('INVALID_FIELD_FOR_INSERT_UPDATE')
  })

  it('gives way to another of persons as any record type does', () => {
    const [patient] = house.org.load('RecordType', [
      { Name: 'Patient', DeveloperName: 'Patient', SobjectType: 'Account', IsActive: true, IsPersonType: true },
    ])
    const id = create({ LastName: 'Doe' })
    change(id, { RecordTypeId: patient ?? '', PersonEmail: 'doe@example.com' })
    expect(account(id, 'RecordTypeId, PersonEmail')).toMatchObject({
      RecordTypeId: patient,
      PersonEmail: 'doe@example.com',
    })
  })
})

describe('a change of record type between companies and persons', () => {
  const pair = (more: Record<string, Value> = {}): string => {
    const AccountId = create({ Name: 'Acme', Phone: '1', ...more })
    const contact = { AccountId, LastName: 'Doe', FirstName: 'Ada', Email: 'ada@example.com', DoNotCall: true }
    house.org.create(house.as('admin'), 'Contact', { ...contact, Loyalty_Number__c: '7' })
    return AccountId
  }

  it('marries a company to its only contact, and tells of the record type alone', () => {
    const id = pair()
    const from = house.org.latestReplayId()
    change(id, { RecordTypeId: person() })

    const fields =
      'Name, PersonEmail, PersonDoNotCall, Loyalty_Number__pc, PersonContact.Phone, PersonContact.IsPersonAccount'
    expect(account(id, fields)).toMatchObject({
      Name: 'Ada Doe',
      PersonEmail: 'ada@example.com',
      PersonDoNotCall: true,
      Loyalty_Number__pc: '7',
      PersonContact: { Phone: '1', IsPersonAccount: true },
    })
    const [event] = house.org.eventsAfter('AccountChangeEvent', from, 10)
    expect(event?.header.changedFields.toSorted()).toEqual(['LastModifiedDate', 'RecordTypeId'])
  })

  it('separates a person into a company of the same name and its contact', () => {
    const id = create({ LastName: 'Doe', PersonEmail: 'doe@example.com' })
    change(id, { RecordTypeId: company() })

    expect(account(id, 'Name, IsPersonAccount, LastName, PersonEmail, PersonContactId')).toMatchObject({
      Name: 'Doe',
      IsPersonAccount: false,
      LastName: null,
      PersonEmail: null,
      PersonContactId: null,
    })
    expect(house.rows('SELECT AccountId, IsPersonAccount, Email FROM Contact')).toMatchObject([
      { AccountId: id, IsPersonAccount: false, Email: 'doe@example.com' },
    ])
    change(id, { RecordTypeId: person() })
    expect(account(id, 'IsPersonAccount, PersonEmail')).toMatchObject({ PersonEmail: 'doe@example.com' })
  })

  it('takes no other field, and no company that has not exactly one contact to become one with', () => {
    expect(refusalOf(() => change(pair(), { RecordTypeId: person(), Phone: '2' }))).toMatchObject({
      errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE',
      message: 'Cannot specify any additional fields when marrying or separating a Person-Account',
      fields: [],
    })
    const lonely = create({ Name: 'Lonely' })
    const child = pair({ ParentId: lonely })
    for (const id of [lonely, child]) {
      expect(codeOf(() => change(id, { RecordTypeId: person() }))).toBe('FIELD_INTEGRITY_EXCEPTION')
      expect(account(id, 'IsPersonAccount')).toMatchObject({ IsPersonAccount: false })
    }
  })

  it('is not made by a merge', () => {
    const [masterId, loser] = [create({ Name: 'Acme' }), create({ Name: 'Acme' })]
    const fields = { RecordTypeId: person() }
    const request = { type: 'Account', masterId, loserIds: [loser], fields }
    expect(house.org.merge(house.as('admin'), request)).toMatchObject({
      success: false,
      errors: [{ statusCode: 'INVALID_FIELD_FOR_INSERT_UPDATE' }],
    })
  })
})
