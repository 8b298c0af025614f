import { beforeAll, describe, expect, it } from 'vitest'
import type { Value } from '../../src/org/values.ts'
import { codeOf, type House, openHouse, refusalOf } from '../support/engine-harness.ts'

let house: House
let accountId: string
let deletedId: string
beforeAll(() => {
  house = openHouse()
  const admin = house.as('admin')
  accountId = house.org.create(admin, 'Account', { Name: 'Known', External_Id__c: 'E-1' })
  deletedId = house.org.create(admin, 'Account', { Name: 'Gone' })
  house.org.delete(admin, 'Account', deletedId)
})

type Fields = Record<string, Value>
const REFUSED: [
  title: string,
  object: string,
  fields: () => Fields,
  code: string,
  message: string,
  fieldNames: string[] | undefined,
][] = [
  [
    'a missing required field',
    'Account',
    () => ({}),
    'REQUIRED_FIELD_MISSING',
    'Required fields are missing: [Name]',
    ['Name'],
  ],
  [
    'a blank required field',
    'Account',
    () => ({ Name: '   ' }),
    'REQUIRED_FIELD_MISSING',
    'Required fields are missing: [Name]',
    ['Name'],
  ],
  [
    'an unknown field',
    'Account',
    () => ({ Name: 'x', Nope__c: 1 }),
    'INVALID_FIELD',
    "No such column 'Nope__c' on sobject of type Account",
    undefined,
  ],
  [
    'a read-only field',
    'Account',
    () => ({ Name: 'x', CreatedDate: '2020-01-01' }),
    'INVALID_FIELD_FOR_INSERT_UPDATE',
    'Unable to create/update fields: CreatedDate.',
    ['CreatedDate'],
  ],
  [
    'text beyond its length',
    'Account',
    () => ({ Name: 'x', AccountNumber: 'y'.repeat(41) }),
    'STRING_TOO_LONG',
    `Account Number: data value too large: ${'y'.repeat(41)} (max length=40)`,
    ['AccountNumber'],
  ],
  [
    'a bad e-mail',
    'Contact',
    () => ({ LastName: 'x', Email: 'no at sign' }),
    'INVALID_EMAIL_ADDRESS',
    'Email: invalid email address: no at sign',
    ['Email'],
  ],
  [
    'a value outside a restricted picklist',
    'Account',
    () => ({ Name: 'x', CleanStatus: 'Amazing' }),
    'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    'Clean Status: bad value for restricted picklist field: Amazing',
    ['CleanStatus'],
  ],
  [
    'a lookup to the wrong object',
    'Contact',
    () => ({ LastName: 'x', AccountId: house.as('admin').userId }),
    'MALFORMED_ID',
    'Account ID: id value of incorrect type:',
    ['AccountId'],
  ],
  [
    'a lookup that is no id',
    'Contact',
    () => ({ LastName: 'x', AccountId: 'zzz' }),
    'MALFORMED_ID',
    'Account ID: id value of incorrect type: zzz',
    ['AccountId'],
  ],
  [
    'a lookup to nothing',
    'Contact',
    () => ({ LastName: 'x', AccountId: '001gK0000000zzz' }),
    'INVALID_CROSS_REFERENCE_KEY',
    'invalid cross reference id',
    [],
  ],
  [
    'a lookup to a deleted record',
    'Contact',
    () => ({ LastName: 'x', AccountId: deletedId }),
    'ENTITY_IS_DELETED',
    'entity is deleted',
    [],
  ],
  [
    'a second record with a unique value',
    'Account',
    () => ({ Name: 'x', External_Id__c: 'e-1' }),
    'DUPLICATE_VALUE',
    'duplicate value found: External_Id__c duplicates value on record with id: 001',
    [],
  ],
  [
    'a number that is none',
    'Account',
    () => ({ Name: 'x', AnnualRevenue: 'many' }),
    'JSON_PARSER_ERROR',
    'Cannot deserialize instance of currency from VALUE_STRING value many',
    undefined,
  ],
  [
    'a number too large',
    'Account',
    () => ({ Name: 'x', NumberOfEmployees: 123456789012 }),
    'NUMBER_OUTSIDE_VALID_RANGE',
    'value outside of valid range',
    ['NumberOfEmployees'],
  ],
  [
    'a day the calendar lacks',
    'Opportunity',
    () => ({ Name: 'x', StageName: 'Prospecting', CloseDate: '2026-02-30' }),
    'JSON_PARSER_ERROR',
    'Cannot deserialize instance of date',
    undefined,
  ],
  [
    'history, which nobody writes',
    'AccountHistory',
    () => ({}),
    'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
    'entity type cannot be inserted',
    [],
  ],
  [
    'an object that does not exist',
    'Bacon__c',
    () => ({}),
    'NOT_FOUND',
    'The requested resource does not exist',
    undefined,
  ],
]

describe('a create an org would refuse', () => {
  it.each(REFUSED)('%s', (_, object, fields, errorCode, message, names) => {
    const refusal = refusalOf(() => house.org.create(house.as('admin'), object, fields()))
    expect(refusal).toMatchObject({ errorCode, status: errorCode === 'NOT_FOUND' ? 404 : 400 })
    expect(refusal?.message).toContain(message)
    expect(refusal?.fields).toEqual(names)
  })
})

describe('a create', () => {
  it('stores values the way an org does and fills in what was not given', () => {
    const admin = house.as('admin')
    const id = house.org.create(admin, 'Account', {
      name: '  Trimmed ',
      AnnualRevenue: '1200.6',
      Fax: '',
      Rating: 'hot',
      Legal_Hold__c: 'true',
    })
    expect(id).toMatch(/^001\w{15}$/)
    expect(house.org.retrieve(admin, 'Account', id.slice(0, 15))).toMatchObject({
      attributes: { type: 'Account', url: `/services/data/v66.0/sobjects/Account/${id}` },
      Id: id,
      Name: 'Trimmed',
      AnnualRevenue: 1201,
      Fax: null,
      Rating: 'Hot',
      Legal_Hold__c: true,
      OwnerId: admin.userId,
      CreatedDate: '2026-11-18T12:00:00.000+0000',
    })
  })

  it('derives an opportunity from its stage', () => {
    const admin = house.as('admin')
    const id = house.org.create(admin, 'Opportunity', {
      Name: 'Deal',
      StageName: 'Value Proposition',
      CloseDate: '2026-12-01',
      Amount: 10.5,
    })
    expect(house.org.retrieve(admin, 'Opportunity', id)).toMatchObject({
      Probability: 50,
      IsClosed: false,
      ExpectedRevenue: 5.25,
    })
    house.org.update(admin, 'Opportunity', id, { StageName: 'Closed Won' })
    expect(house.org.retrieve(admin, 'Opportunity', id)).toMatchObject({
      Probability: 100,
      IsClosed: true,
      IsWon: true,
      ForecastCategoryName: 'Closed',
    })
  })

  it('numbers shipments and refuses a second one with the same key, in its exact case only', () => {
    const writer = house.as('writer')
    const id = house.org.create(writer, 'Shipment__c', { Key__c: 'abc/1' })
    expect(house.org.retrieve(writer, 'Shipment__c', id)['Name']).toMatch(/^SH-\d{6}$/)
    expect(codeOf(() => house.org.create(writer, 'Shipment__c', { Key__c: 'abc/1' }))).toBe('DUPLICATE_VALUE')
    expect(codeOf(() => house.org.create(writer, 'Shipment__c', { Key__c: 'ABC/1' }))).toBe('none')
  })
})

describe('an update', () => {
  it('refuses a record that changed since', () => {
    const admin = house.as('admin')
    const since = Date.UTC(2026, 10, 18, 11)
    expect(
      refusalOf(() => house.org.update(admin, 'Account', accountId, { Fax: '1' }, { ifUnmodifiedSince: since }))
        ?.status,
    ).toBe(412)
  })

  it('writes history of tracked fields, a lookup by name and by id', () => {
    const admin = house.as('admin')
    const id = house.org.create(admin, 'Account', { Name: 'Tracked' })
    house.org.update(admin, 'Account', id, { OwnerId: house.as('second').userId, Fax: '1', Phone: '2' })
    const history = house.rows(`SELECT Field, OldValue, NewValue FROM AccountHistory WHERE AccountId = '${id}'`)
    expect(history.map(({ Field, NewValue }) => [Field, NewValue])).toEqual([
      ['created', null],
      ['Phone', '2'],
      ['Owner', 'Sam Second'],
      ['Owner', house.as('second').userId],
    ])
  })

  it('refuses a hierarchy that leads back to itself', () => {
    const admin = house.as('admin')
    const child = house.org.create(admin, 'Account', { Name: 'Child', ParentId: accountId })
    expect(codeOf(() => house.org.update(admin, 'Account', accountId, { ParentId: child }))).toBe('CIRCULAR_DEPENDENCY')
  })

  it('drops the account team with a new owner unless told to keep it, and moves open deals only when told', () => {
    const admin = house.as('admin')
    const [owner, next] = [house.as('second').userId, house.as('manager').userId]
    const make = () => {
      const id = house.org.create(admin, 'Account', { Name: 'Teamed', OwnerId: owner })
      house.org.create(admin, 'AccountTeamMember', { AccountId: id, UserId: owner })
      house.org.create(admin, 'Opportunity', {
        Name: 'Open',
        AccountId: id,
        StageName: 'Prospecting',
        CloseDate: '2026-12-01',
        OwnerId: owner,
      })
      return id
    }
    const outcome = (id: string) => ({
      team: house.rows(`SELECT Id FROM AccountTeamMember WHERE AccountId = '${id}'`).length,
      dealOwner: house.rows(`SELECT OwnerId FROM Opportunity WHERE AccountId = '${id}'`)[0]?.['OwnerId'],
    })
    const [plain, kept] = [make(), make()]
    house.org.update(admin, 'Account', plain, { OwnerId: next })
    house.org.update(
      admin,
      'Account',
      kept,
      { OwnerId: next },
      { ownerChange: { KeepAccountTeam: true, TransferOpenOpportunities: true } },
    )
    expect(outcome(plain)).toEqual({ team: 0, dealOwner: owner })
    expect(outcome(kept)).toEqual({ team: 1, dealOwner: next })
  })
})

describe('an upsert', () => {
  it('creates once, then updates the same record', () => {
    const admin = house.as('admin')
    const first = house.org.upsert(admin, 'Account', 'External_Id__c', 'E-9', { Name: 'Nine' })
    const second = house.org.upsert(admin, 'Account', 'External_Id__c', 'E-9', { Fax: '9' })
    expect([first.created, second]).toEqual([true, { id: first.id, created: false }])
    expect(house.org.retrieve(admin, 'Account', first.id)).toMatchObject({
      Name: 'Nine',
      Fax: '9',
      External_Id__c: 'E-9',
    })
  })
})

describe('a delete', () => {
  it('takes children along, and undelete brings them back', () => {
    const admin = house.as('admin')
    const id = house.org.create(admin, 'Account', { Name: 'Whole' })
    const contactId = house.org.create(admin, 'Contact', { LastName: 'Part', AccountId: id })
    const child = house.org.create(admin, 'Account', { Name: 'Subsidiary', ParentId: id })
    house.org.delete(admin, 'Account', id)
    expect(codeOf(() => house.org.retrieve(admin, 'Contact', contactId))).toBe('ENTITY_IS_DELETED')
    expect(house.org.retrieve(admin, 'Account', child)['ParentId']).toBeNull()
    expect(
      house.org.query(admin, `SELECT Id FROM Account WHERE Id = '${id}' AND IsDeleted = TRUE`, { all: true }).totalSize,
    ).toBe(1)
    house.org.undelete(admin, id)
    expect(house.org.retrieve(admin, 'Contact', contactId)['AccountId']).toBe(id)
    expect(house.org.retrieve(admin, 'Account', child)['ParentId']).toBe(id)
    expect(house.rows(`SELECT Id FROM AccountContactRelation WHERE ContactId = '${contactId}'`)).toHaveLength(1)
  })

  it('is refused while a case stands', () => {
    const admin = house.as('admin')
    const id = house.org.create(admin, 'Account', { Name: 'Busy' })
    house.org.create(admin, 'Case', { Subject: 'Open', AccountId: id })
    const refusal = refusalOf(() => house.org.delete(admin, 'Account', id))
    expect(refusal?.errorCode).toBe('DELETE_FAILED')
    expect(refusal?.message).toMatch(/associated with the following cases\.: \d{8}/)
  })
})
