import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Value } from '../../src/org/values.ts'
import { codeOf, openHouse, refusalOf, type House } from '../support/engine-harness.ts'

let house: House
beforeEach(() => {
  house = openHouse()
})
afterEach(() => house.org.close())

const create = (object: string, fields: Record<string, Value>, login = 'admin', allowSaveOnDuplicate = false): string =>
  house.org.create(house.as(login), object, fields, { allowSaveOnDuplicate })
const update = (object: string, id: string, fields: Record<string, Value>, login = 'admin'): void =>
  house.org.update(house.as(login), object, id, fields)
const deal = { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2027-01-31' }

describe('a flow after the save', () => {
  it('changes the parent and makes a child in the same transaction, with rights of its own', () => {
    house.org.setAutomation({
      after: [
        {
          object: 'Opportunity',
          on: 'update',
          when: [{ field: 'IsWon', is: '=', value: true }],
          lookup: 'AccountId',
          set: { Type: 'Customer - Direct' },
        },
        {
          object: 'Opportunity',
          on: 'update',
          when: [{ field: 'IsWon', is: '=', value: true }],
          create: { object: 'Task', link: 'WhatId' },
          set: { Subject: 'Call' },
        },
      ],
    })
    const AccountId = create('Account', { Name: 'Acme' })
    const id = create('Opportunity', { ...deal, AccountId, OwnerId: house.as('rep').userId })
    update('Opportunity', id, { StageName: 'Closed Won' }, 'rep')

    expect(house.rows('SELECT Type FROM Account')).toMatchObject([{ Type: 'Customer - Direct' }])
    expect(house.rows('SELECT Subject, WhatId, OwnerId FROM Task')).toMatchObject([
      { Subject: 'Call', WhatId: id, OwnerId: house.as('rep').userId },
    ])
    const transaction = house.org.transactions().at(-1)!
    expect(transaction.operations).toMatchObject([{ verb: 'update', id }])
  })

  it('takes the save back with it when it is refused', () => {
    const AccountId = create('Account', { Name: 'Acme' })
    house.org.setAutomation({
      after: [{ object: 'Opportunity', on: 'create', lookup: 'AccountId', set: { Rating: 'Hot' } }],
      validations: [{ object: 'Account', when: [{ field: 'Rating', is: 'changed' }], message: 'Ratings are fixed' }],
    })
    expect(codeOf(() => create('Opportunity', { ...deal, AccountId }))).toBe('FIELD_CUSTOM_VALIDATION_EXCEPTION')
    expect(house.rows('SELECT Id FROM Opportunity')).toEqual([])
  })

  it('that sets itself off without end is stopped', () => {
    house.org.setAutomation({
      after: [
        { object: 'Account', on: 'update', set: { Site: 'a' }, when: [{ field: 'Site', is: '!=', value: 'a' }] },
        { object: 'Account', on: 'update', set: { Site: 'b' }, when: [{ field: 'Site', is: '!=', value: 'b' }] },
      ],
    })
    const id = create('Account', { Name: 'Acme' })
    expect(refusalOf(() => update('Account', id, { Phone: '1' }))).toMatchObject({
      errorCode: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
      message: expect.stringContaining('maximum trigger depth exceeded') as string,
    })
    expect(house.rows('SELECT Phone, Site FROM Account')).toMatchObject([{ Phone: null, Site: null }])
  })
})

it('a trigger that fails is named in the refusal', () => {
  house.org.setAutomation({
    triggers: [{ name: 'GuardAccounts', object: 'Account', on: 'update', message: 'System.NullPointerException' }],
  })
  const id = create('Account', { Name: 'Acme' })
  expect(refusalOf(() => update('Account', id, { Phone: '1' }))).toMatchObject({
    errorCode: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
    message: 'GuardAccounts: execution of BeforeUpdate\n\ncaused by: System.NullPointerException',
    fields: [],
  })
})

it('a trigger on deletion keeps a record from being deleted, and from being merged away', () => {
  const [master, id] = [create('Account', { Name: 'Acme' }), create('Account', { Name: 'Acme Inc' })]
  house.org.setAutomation({
    triggers: [{ name: 'KeepAccounts', object: 'Account', on: 'delete', message: 'Accounts are kept' }],
  })
  expect(refusalOf(() => house.org.delete(house.as('admin'), 'Account', id))).toMatchObject({
    errorCode: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
    message: 'KeepAccounts: execution of BeforeDelete\n\ncaused by: Accounts are kept',
  })
  const request = { type: 'Account', masterId: master, fields: {}, loserIds: [id] }
  expect(house.org.merge(house.as('admin'), request)).toMatchObject({
    success: false,
    errors: [{ statusCode: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY' }],
  })
  expect(house.rows('SELECT Id FROM Account')).toHaveLength(2)
})

it('a lookup filter lets a field point at some records only', () => {
  house.org.setAutomation({
    lookupFilters: [{ object: 'Contact', field: 'AccountId', when: [{ field: 'Rating', is: '=', value: 'Hot' }] }],
  })
  const [cold, hot] = [create('Account', { Name: 'Acme' }), create('Account', { Name: 'Acme', Rating: 'Hot' })]
  expect(refusalOf(() => create('Contact', { LastName: 'Doe', AccountId: cold }))).toEqual({
    errorCode: 'FIELD_FILTER_VALIDATION_EXCEPTION',
    message: 'Value does not exist or does not match filter criteria.',
    fields: ['AccountId'],
    status: 400,
  })
  expect(codeOf(() => create('Contact', { LastName: 'Doe', AccountId: hot }))).toBe('none')
})

describe('record types', () => {
  const typeOf = (name: string): string =>
    String(house.rows(`SELECT Id FROM RecordType WHERE DeveloperName = '${name}'`)[0]!['Id'])

  it('are there for some profiles, with a default of theirs', () => {
    house.org.setAutomation({
      recordTypes: [{ object: 'Account', profile: 'Sales User', available: ['Customer'], default: 'Customer' }],
    })
    const own = create('Account', { Name: 'Acme' }, 'rep')
    const [row] = house.rows(`SELECT RecordTypeId FROM Account WHERE Id = '${own}'`)
    expect(row).toMatchObject({ RecordTypeId: typeOf('Customer') })
    expect(refusalOf(() => update('Account', own, { RecordTypeId: typeOf('Partner') }, 'rep'))).toMatchObject({
      errorCode: 'INVALID_CROSS_REFERENCE_KEY',
      message: `Record Type ID: this ID value isn't valid for the user: ${typeOf('Partner')}`,
      fields: ['RecordTypeId'],
    })
    expect(codeOf(() => update('Account', own, { RecordTypeId: typeOf('Partner') }))).toBe('none')
    const infosOf = (login: string) =>
      house.org.describe(house.as(login), 'Account')['recordTypeInfos'] as Record<string, unknown>[]
    const usable = infosOf('rep').filter((info) => info['available'])
    expect(usable.map((info) => info['developerName'])).toEqual(['Customer', 'Master'])
    expect(usable.map((info) => info['defaultRecordTypeMapping'])).toEqual([true, false])
    expect(infosOf('admin').every((info) => info['available'])).toBe(true)
  })

  it('narrow a restricted picklist', () => {
    house.org.setAutomation({
      recordTypePicklists: [{ object: 'Account', recordType: 'Partner', field: 'Rating', values: ['Hot'] }],
    })
    const fields = { Name: 'Acme', RecordTypeId: typeOf('Partner') }
    expect(codeOf(() => create('Account', { ...fields, Rating: 'Hot' }))).toBe('none')
    expect(refusalOf(() => create('Account', { ...fields, Rating: 'Cold' }))).toMatchObject({
      errorCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      message: expect.stringMatching(/: bad value for restricted picklist field: Cold$/) as string,
      fields: ['Rating'],
    })
  })
})

it('totals may be the smallest and the largest of the children', () => {
  house.org.setAutomation({
    rollUps: [
      { parent: 'Account', field: 'AnnualRevenue', child: 'Opportunity', lookup: 'AccountId', max: 'Amount' },
      { parent: 'Account', field: 'NumberOfEmployees', child: 'Opportunity', lookup: 'AccountId', min: 'Amount' },
    ],
  })
  const AccountId = create('Account', { Name: 'Acme' })
  for (const Amount of [30, 10, 20]) create('Opportunity', { ...deal, AccountId, Amount })
  expect(house.rows('SELECT AnnualRevenue, NumberOfEmployees FROM Account')).toMatchObject([
    { AnnualRevenue: 30, NumberOfEmployees: 10 },
  ])
})

it('an org that is full takes no more records, and changes those it has', () => {
  const id = create('Account', { Name: 'Acme' })
  const kept = ['Account', 'Pricebook2', 'CampaignMemberStatus'].flatMap((each) => house.rows(`SELECT Id FROM ${each}`))
  house.org.setAutomation({ storageRows: kept.length })
  expect(refusalOf(() => create('Contact', { LastName: 'Doe' }))).toMatchObject({
    errorCode: 'STORAGE_LIMIT_EXCEEDED',
    message: 'storage limit exceeded',
    fields: [],
  })
  expect(codeOf(() => update('Account', id, { Phone: '1' }))).toBe('none')
})

describe('a duplicate rule that reports', () => {
  const look = { Name: 'Brightwater Logistics', Phone: '4155550134' }
  const members = () =>
    house.rows(
      'SELECT DuplicateRecordSet.RecordCount, DuplicateRecordSet.DuplicateRule.DeveloperName, RecordId FROM DuplicateRecordItem',
    )

  it('writes down what it lets pass, look-alikes in one set', () => {
    house.org.setAutomation({ duplicateRules: [{ object: 'Account', action: 'allow', report: true }] })
    const ids = [create('Account', look), create('Account', look), create('Account', look)]
    const rows = members()
    expect(new Set(rows.map((row) => row['RecordId']))).toEqual(new Set(ids))
    expect(rows).toHaveLength(3)
    expect(rows[0]).toMatchObject({
      DuplicateRecordSet: { RecordCount: 3, DuplicateRule: { DeveloperName: 'Standard_Account_Duplicate_Rule' } },
    })
  })

  it('and alerts writes nothing of what it refused, and all of what the caller insisted on', () => {
    house.org.setAutomation({ duplicateRules: [{ object: 'Account', report: true }] })
    create('Account', look)
    expect(codeOf(() => create('Account', look))).toBe('DUPLICATES_DETECTED')
    expect(members()).toEqual([])
    create('Account', look, 'admin', true)
    expect(members()).toHaveLength(2)
  })

  it('comes after the validation rules', () => {
    create('Account', look)
    house.org.setAutomation({
      duplicateRules: [{ object: 'Account' }],
      validations: [{ object: 'Account', when: [{ field: 'Rating', is: 'blank' }], message: 'Rate it' }],
    })
    expect(codeOf(() => create('Account', look))).toBe('FIELD_CUSTOM_VALIDATION_EXCEPTION')
    expect(codeOf(() => create('Account', { ...look, Rating: 'Hot' }))).toBe('DUPLICATES_DETECTED')
  })
})
