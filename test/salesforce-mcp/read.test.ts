import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { activate } from './calling.ts'
import { openHouse, type House } from './house.ts'

let house: House
let grant: string

beforeAll(async () => {
  house = await openHouse()
  grant = await activate(house.client, [house.ids.admin, house.ids.second])
})
afterAll(() => house.close())

describe('reading the org over MCP', () => {
  it('tells which org and user it reads as', async () => {
    const info = await house.call('getUserInfo', {})
    expect(info).toMatchObject({ organizationId: house.org.orgId, username: 'reader@practice.example', calls: 1 })
  })

  it('describes a granted object', async () => {
    const schema = await house.call('getObjectSchema', { grant, object: 'Opportunity' })
    expect(schema.fields.map(({ name }) => name)).toEqual(expect.arrayContaining(['Id', 'Amount', 'StageName']))
    expect(schema.calls).toBe(0)
  })

  it('runs five queries in one call and keeps every digit of a number', async () => {
    const { results, calls } = await house.call('soqlQuery', {
      grant,
      queries: [
        `SELECT Id, Amount, Owner.Name FROM Opportunity WHERE Id = '${house.ids.opportunity}'`,
        `SELECT COUNT() FROM Account`,
        `SELECT Id, (SELECT Id, Email FROM Contacts), (SELECT Id FROM Cases) FROM Account WHERE Id = '${house.ids.loser}'`,
        `SELECT Id FROM Lead WHERE Company LIKE 'Ac%' AND CreatedDate = LAST_N_DAYS:3`,
        `SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact WHERE Email = 'roe@acme.example')`,
      ],
    })
    expect(calls).toBe(1)
    expect(results[0]?.records[0]).toEqual({
      object: 'Opportunity',
      id: house.ids.opportunity,
      values: { Id: house.ids.opportunity, Amount: '1000000.1', 'Owner.Name': expect.any(String) },
    })
    expect(results[1]).toEqual({ totalSize: 2, records: [] })
    expect(results[2]?.records[0]?.children).toMatchObject({ Contacts: { total: 1 }, Cases: { total: 0, records: [] } })
    expect(results[4]?.records.map(({ id }) => id)).toEqual([house.ids.loser])
  })

  it('finds candidates by name, website and phone in two calls, the best first', async () => {
    const like = { words: ['acme'], domains: ['acme.example'], phones: ['4155550123'] }
    const createdSince = new Date(Date.now() - 7_200_000).toISOString()
    const fields = ['Name', 'Website', 'Phone']
    const found = await house.call('findDuplicates', {
      grant,
      object: 'Account',
      like,
      fields,
      createdSince,
      atMost: 10,
    })
    expect(found.calls).toBe(2)
    expect(found.records.map(({ id }) => id)).toEqual([house.ids.survivor, house.ids.loser])
    const fewer = await house.call('findDuplicates', {
      grant,
      object: 'Account',
      like,
      fields,
      createdSince,
      atMost: 1,
    })
    expect(fewer.records).toHaveLength(1)
  })

  it('finds accounts by full text, within the fields granted', async () => {
    const found = await house.call('find', {
      grant,
      term: 'acme',
      objects: [{ name: 'Account', fields: ['Website'], limit: 5 }],
    })
    expect(found.records.map(({ id }) => id).sort()).toEqual([house.ids.survivor, house.ids.loser].sort())
    expect(found.calls).toBe(1)
  })

  it('reads records with their children in one call', async () => {
    const { records, calls } = await house.call('getRelatedRecords', {
      grant,
      object: 'Account',
      ids: [house.ids.survivor, house.ids.loser],
      fields: ['Name', 'OwnerId'],
      relationships: [
        { path: 'Contacts', fields: ['Email'], limit: 50 },
        { path: 'Opportunities', fields: ['Amount', 'StageName'], limit: 50 },
        { path: 'Tasks', fields: ['Subject'], limit: 50 },
      ],
    })
    expect(calls).toBe(1)
    const loser = records.find(({ id }) => id === house.ids.loser)
    expect(loser?.children).toMatchObject({
      Contacts: { total: 1, records: [{ values: { Email: 'roe@acme.example' } }] },
      Opportunities: { total: 1, records: [{ values: { Amount: '1000000.1' } }] },
      Tasks: { total: 1 },
    })
    expect(records.find(({ id }) => id === house.ids.survivor)?.children?.Contacts).toEqual({ total: 0, records: [] })
  })

  it('answers what a user may see as the org does, and hides what it does not know', async () => {
    const fields = ['Account.Name', 'Opportunity.Amount', 'Opportunity.Nothing__c', 'Nothing__c.Name']
    const recordIds = [house.ids.survivor, '001000000000000AAA']
    const admin = await house.call('checkVisibility', { grants: [grant], userId: house.ids.admin, recordIds, fields })
    const rep = await house.call('checkVisibility', { grants: [grant], userId: house.ids.rep, recordIds, fields })
    expect(admin.records).toEqual({ [house.ids.survivor]: true, '001000000000000AAA': false })
    expect(admin.fields).toEqual({
      'Account.Name': true,
      'Opportunity.Amount': true,
      'Opportunity.Nothing__c': false,
      'Nothing__c.Name': false,
    })
    expect(rep.records[house.ids.survivor]).toBe(false)
    expect(rep.fields['Opportunity.Amount']).toBe(false)
  })

  it('takes the permission of an address for that of its parts', async () => {
    const fields = [
      ...['BillingStreet', 'BillingState', 'BillingAddress', 'ShippingCity'].map((part) => `Account.${part}`),
      ...['Street', 'Country', 'FirstName', 'LastName', 'Name'].map((part) => `Lead.${part}`),
      ...['MailingPostalCode', 'FirstName', 'Name'].map((part) => `Contact.${part}`),
    ]
    for (const name of ['admin', 'rep'] as const) {
      const seen = await house.call('checkVisibility', {
        grants: [grant],
        userId: house.ids[name],
        recordIds: [],
        fields,
      })
      expect(seen.fields).toEqual(Object.fromEntries(fields.map((field) => [field, true])))
    }
    const admin = { userId: house.ids.admin, api: 'ui', version: '66.0' } as const
    const which = "Field = 'Account.BillingAddress' AND Parent.Profile.Name = 'Sales User'"
    const { records } = house.org.org.query(admin, `SELECT Id FROM FieldPermissions WHERE ${which}`)
    for (const { Id } of records) house.org.org.delete(admin, 'FieldPermissions', String(Id))
    const rep = await house.call('checkVisibility', { grants: [grant], userId: house.ids.rep, recordIds: [], fields })
    const hidden = fields.filter((field) => field.startsWith('Account.Billing'))
    expect(fields.filter((field) => rep.fields[field] !== true)).toEqual(hidden)
  })

  it('resolves a roster to the active users of a permission or a group', async () => {
    const deciders = await house.call('resolveRoster', { grant, from: 'permission:Decide_Missions' })
    const group = await house.call('resolveRoster', { grant, from: 'group:RevOps' })
    expect(deciders.users.map(({ id }) => id)).toEqual(expect.arrayContaining([house.ids.admin, house.ids.second]))
    expect(deciders.users.map(({ id }) => id)).not.toContain(house.ids.rep)
    expect(group.users.length).toBeGreaterThan(0)
    await expect(house.call('resolveRoster', { grant, from: 'anyone' })).rejects.toThrow('not-granted')
  })

  it('tells the history of granted fields', async () => {
    const { changes } = await house.call('getRecordHistory', { grant, object: 'Account', id: house.ids.survivor })
    expect(changes).toEqual([])
  })

  it('counts the calls of a run, and not those of another', async () => {
    await house.call('soqlQuery', { grant, queries: ['SELECT Id FROM Account'] }, 'run-a')
    await house.call('soqlQuery', { grant, queries: ['SELECT Id FROM Account'] }, 'run-a')
    await house.call('resolveRoster', { grant, from: 'group:RevOps' })
    expect(house.mcp.callsOf('run-a')).toBe(2)
    expect(house.mcp.callsOf('run-b')).toBe(0)
  })
})

describe('when the org cannot answer', () => {
  it.each([
    [{ mode: 'down', count: 1 }, 'unavailable'],
    [{ mode: 'limit', count: 1 }, 'limit'],
    [{ mode: 'cut-before', count: 1 }, 'unavailable'],
  ])('a read under the fault %j fails with %s and may be tried again', async (order, code) => {
    await house.fault(order)
    const failed = house.call('soqlQuery', { grant, queries: ['SELECT Id FROM Account'] })
    await expect(failed).rejects.toMatchObject({ error: { code, retryable: true } })
    await house.fault({ mode: 'clear' })
  })

  it('signs in again when the session has ended', async () => {
    await house.fault({ mode: 'expire-sessions', count: 1 })
    const answer = house.call('soqlQuery', { grant, queries: ['SELECT Id FROM Account'] })
    await expect(answer).resolves.toMatchObject({ results: [{ totalSize: 2 }] })
    await house.fault({ mode: 'clear' })
  })
})
