import { beforeEach, describe, expect, it } from 'vitest'
import { type House, openHouse, refusalOf } from '../support/engine-harness.ts'

let house: House
let master: string
let loser: string
beforeEach(() => {
  house = openHouse()
  const admin = house.as('admin')
  loser = house.org.create(admin, 'Account', { Name: 'Old', Fax: '999' })
  house.later(60_000)
  master = house.org.create(admin, 'Account', { Name: 'Survivor' })
})
const merge = (login = 'writer', loserIds = [loser], fields = {}) =>
  house.org.merge(house.as(login), { type: 'Account', masterId: master, fields, loserIds })

describe('a merge of accounts', () => {
  it('moves every kind of child, and tells which', () => {
    const admin = house.as('admin')
    const make = (object: string, fields: Record<string, string>) => house.org.create(admin, object, fields)
    const moved: [object: string, field: string, id: string][] = [
      ['Contact', 'AccountId', make('Contact', { LastName: 'c', AccountId: loser })],
      [
        'Opportunity',
        'AccountId',
        make('Opportunity', { Name: 'o', StageName: 'Prospecting', CloseDate: '2026-12-01', AccountId: loser }),
      ],
      ['Case', 'AccountId', make('Case', { Subject: 'x', AccountId: loser })],
      ['Task', 'WhatId', make('Task', { Subject: 't', WhatId: loser })],
      [
        'Event',
        'WhatId',
        make('Event', { Subject: 'e', WhatId: loser, StartDateTime: '2026-12-01T10:00:00Z', DurationInMinutes: '30' }),
      ],
      ['Contract', 'AccountId', make('Contract', { AccountId: loser })],
      ['Asset', 'AccountId', make('Asset', { Name: 'a', AccountId: loser })],
      ['Note', 'ParentId', make('Note', { Title: 'n', ParentId: loser })],
      ['Account', 'ParentId', make('Account', { Name: 'child', ParentId: loser })],
      ['Lead', 'Related_Account__c', make('Lead', { LastName: 'l', Company: 'x', Related_Account__c: loser })],
    ]
    const teamId = make('AccountTeamMember', { AccountId: loser, UserId: admin.userId })
    const result = merge('writer', [loser], { Fax: '111' })
    expect(result).toMatchObject({ id: master, success: true, mergedRecordIds: [loser], errors: [] })
    for (const [object, field, id] of moved) {
      expect(house.org.retrieve(admin, object, id)[field], object).toBe(master)
      expect(result.updatedRelatedIds).toContain(id)
    }
    expect(refusalOf(() => house.org.retrieve(admin, 'AccountTeamMember', teamId))?.errorCode).toBe('ENTITY_IS_DELETED')
    expect(house.rows(`SELECT Id FROM AccountContactRelation WHERE AccountId = '${master}'`)).toHaveLength(1)
  })

  it('gives the master the given values and the oldest creation date, and nothing of the loser', () => {
    merge('writer', [loser], { Phone: '1' })
    expect(house.org.retrieve(house.as('admin'), 'Account', master)).toMatchObject({
      Name: 'Survivor',
      Phone: '1',
      Fax: null,
      CreatedDate: '2026-11-18T12:00:00.000+0000',
    })
    const [gone] = house.org.query(
      house.as('admin'),
      `SELECT IsDeleted, MasterRecordId FROM Account WHERE Id = '${loser}'`,
      { all: true },
    ).records
    expect(gone).toMatchObject({ IsDeleted: true, MasterRecordId: master })
  })

  it('tells the world: a deletion, moved children, a changed survivor, in one transaction', () => {
    const contact = house.org.create(house.as('admin'), 'Contact', { LastName: 'c', AccountId: loser })
    const before = house.org.latestReplayId()
    merge()
    const events = house.org.eventsAfter('ChangeEvents', before, 10)
    expect(events.map(({ topic, header }) => [topic, header.changeType, header.recordIds[0]])).toEqual([
      ['AccountChangeEvent', 'DELETE', loser],
      ['ContactChangeEvent', 'UPDATE', contact],
      ['AccountChangeEvent', 'UPDATE', master],
    ])
    expect(new Set(events.map(({ header }) => header.transactionKey)).size).toBe(1)
    expect(events[1]?.fields).toMatchObject({ AccountId: master })
  })

  it('cannot be repeated', () => {
    merge()
    expect(merge()).toMatchObject({ success: false, errors: [{ statusCode: 'ENTITY_IS_DELETED' }] })
  })

  it('leaves the children with the survivor when the loser is undeleted', () => {
    const admin = house.as('admin')
    const contact = house.org.create(admin, 'Contact', { LastName: 'c', AccountId: loser })
    merge()
    house.org.undelete(admin, loser)
    expect(house.org.retrieve(admin, 'Account', loser)['MasterRecordId']).toBeNull()
    expect(house.org.retrieve(admin, 'Contact', contact)['AccountId']).toBe(master)
  })
})

describe('a merge an org would refuse', () => {
  const refused = (statusCode: string, result = merge()) => {
    expect(result).toMatchObject({ success: false, updatedRelatedIds: [], errors: [{ statusCode }] })
    expect(house.org.transactions().at(-1)).toMatchObject({
      committed: false,
      operations: [{ verb: 'merge', error: statusCode }],
    })
    return result.errors[0]?.message
  }

  it('three losers', () => {
    const admin = house.as('admin')
    const more = ['a', 'b'].map((Name) => house.org.create(admin, 'Account', { Name }))
    refused('MERGE_FAILED', merge('writer', [loser, ...more]))
  })

  it('different types', () => {
    refused('MERGE_FAILED', merge('writer', [house.org.create(house.as('admin'), 'Contact', { LastName: 'x' })]))
  })

  it('a type that cannot be merged, as a fault', () => {
    const request = { type: 'Opportunity', masterId: master, fields: {}, loserIds: [loser] }
    expect(refusalOf(() => house.org.merge(house.as('writer'), request))).toMatchObject({
      errorCode: 'INVALID_TYPE_FOR_OPERATION',
      status: 500,
    })
  })

  it('a caller who may not delete the loser', () => {
    refused('INSUFFICIENT_ACCESS_OR_READONLY', merge('reader'))
  })

  it('a master that is gone', () => {
    house.org.delete(house.as('admin'), 'Account', master)
    refused('ENTITY_IS_DELETED')
  })

  it('a hierarchy that would lead back to the master', () => {
    const admin = house.as('admin')
    const between = house.org.create(admin, 'Account', { Name: 'Between', ParentId: loser })
    house.org.update(admin, 'Account', master, { ParentId: between })
    refused('MERGE_FAILED')
    expect(house.org.retrieve(admin, 'Account', between)['ParentId']).toBe(loser)
  })

  it('a person with a company', () => {
    const [person = ''] = house.org.load('Account', [{ Name: 'Ann Person', IsPersonAccount: true }])
    refused('MERGE_FAILED', merge('writer', [person]))
  })

  it('a contact related to both accounts', () => {
    const admin = house.as('admin')
    const contact = house.org.create(admin, 'Contact', { LastName: 'Both', AccountId: master })
    house.org.create(admin, 'AccountContactRelation', { AccountId: loser, ContactId: contact })
    expect(refused('MERGE_FAILED')).toMatch(/^These accounts have the same related contact\./)
  })
})
