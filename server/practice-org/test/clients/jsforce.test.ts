import jsforce from 'jsforce'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../src/compose.ts'
import { ADMIN, connect, practice, startOrg } from '../support/running-org.ts'

let org: PracticeOrg
let conn: jsforce.Connection

beforeAll(async () => {
  org = await startOrg()
  conn = await connect(org.url)
})
afterAll(() => org.close())

const created = async (type: string, fields: Record<string, unknown>): Promise<string> => {
  const result = await conn.sobject(type).create(fields)
  if (!result.success) throw new Error(JSON.stringify(result.errors))
  return result.id
}

describe('jsforce, unchanged', () => {
  it('logs in over SOAP with a password and over OAuth with a client', async () => {
    const soap = new jsforce.Connection({ loginUrl: org.url })
    const bySoap = await soap.login(ADMIN, 'practice')
    const oauth = new jsforce.Connection({
      oauth2: { loginUrl: org.url, clientId: 'practice', clientSecret: 'practice' },
    })
    const byOAuth = await oauth.login(ADMIN, 'practice')
    const id = org.org.user(ADMIN)?.id
    expect([bySoap.id, byOAuth.id, bySoap.organizationId]).toEqual([id, id, org.orgId])
    expect((await soap.identity()).username).toBe(ADMIN)
  })

  it('is told of a wrong password as a login fault', async () => {
    const soap = new jsforce.Connection({ loginUrl: org.url })
    await expect(soap.login(ADMIN, 'wrong')).rejects.toThrow(/INVALID_LOGIN/)
  })

  it('creates, reads, queries, updates and deletes a row', async () => {
    const id = await created('Account', { Name: "O'Neil & Söhne", NumberOfEmployees: 7 })
    const row = await conn.sobject('Account').retrieve(id)
    expect(row).toMatchObject({ Id: id, Name: "O'Neil & Söhne", NumberOfEmployees: 7 })
    const update = await conn.sobject('Account').update({ Id: id, Phone: '+49 30 1' })
    const found = await conn.query(`SELECT Id, Phone FROM Account WHERE Id = '${id}'`)
    expect([update.success, found.records[0]?.['Phone']]).toEqual([true, '+49 30 1'])
    expect((await conn.sobject('Account').destroy(id)).success).toBe(true)
    await expect(conn.sobject('Account').retrieve(id)).rejects.toMatchObject({ errorCode: 'ENTITY_IS_DELETED' })
  })

  it('reads the usage header of every answer', async () => {
    await conn.query('SELECT Id FROM Account LIMIT 1')
    expect(conn.limitInfo?.apiUsage?.limit).toBe(100_000)
  })

  it('writes many rows at once, and with allOrNone none when one fails', async () => {
    const rows = [{ Name: 'All One' }, { Name: null }, { Name: 'All Two' }] as { Name: string }[]
    const partly = await conn.sobject('Account').create(rows)
    expect(partly.map(({ success }) => success)).toEqual([true, false, true])
    const none = await conn
      .sobject('Account')
      .create([{ Name: 'None One' }, { Name: null }] as { Name: string }[], { allOrNone: true })
    expect(none.map((row) => (row.success ? '' : (row.errors[0]?.errorCode ?? row.errors[0])))).toHaveLength(2)
    const left = await conn.query("SELECT Id FROM Account WHERE Name = 'None One'")
    expect(left.totalSize).toBe(0)
  })

  it('describes the org and an object', async () => {
    const all = await conn.describeGlobal()
    const lead = await conn.describe('Lead')
    expect(all.sobjects.map(({ name }) => name)).toEqual(expect.arrayContaining(['Account', 'Lead']))
    expect(lead.fields.find(({ name }) => name === 'Company')?.type).toBe('string')
  })

  it('pages through a query', async () => {
    const names = Array.from({ length: 205 }, (_, index) => ({ Name: `Page ${index}` }))
    await conn.sobject('Account').create(names.slice(0, 200))
    await conn.sobject('Account').create(names.slice(200))
    const soql = "SELECT Name FROM Account WHERE Name LIKE 'Page %'"
    const first = await conn.query(soql, { headers: { 'Sforce-Query-Options': 'batchSize=200' } })
    expect([first.done, first.records.length, first.totalSize]).toEqual([false, 200, 205])
    const rest = await conn.queryMore(first.nextRecordsUrl ?? '')
    expect([rest.done, rest.records.length]).toEqual([true, 5])
  })

  it('upserts by external id, one row and many', async () => {
    const shipments = conn.sobject('Shipment__c')
    const one = await shipments.upsert({ Key__c: 'js-1' }, 'Key__c')
    const many = await shipments.upsert([{ Key__c: 'js-1' }, { Key__c: 'js-2' }], 'Key__c')
    expect([one.success, ...many.map(({ success }) => success)]).toEqual([true, true, true])
    expect((await conn.query("SELECT Id FROM Shipment__c WHERE Key__c LIKE 'js-%'")).totalSize).toBe(2)
  })

  it('searches, and reads limits, updated and deleted rows', async () => {
    const id = await created('Account', { Name: 'Zanzibar Lighthouses' })
    const { searchRecords } = await conn.search('FIND {Zanzibar} IN NAME FIELDS RETURNING Account(Id, Name)')
    const limits = (await conn.limits()) as { DailyApiRequests?: { Max: number } }
    const [start, end] = [new Date(Date.now() - 3_600_000), new Date(Date.now() + 60_000)]
    const updated = await conn.sobject('Account').updated(start, end)
    await conn.sobject('Account').destroy(id)
    const deleted = await conn.sobject('Account').deleted(start, end)
    expect(searchRecords.map((row) => row['Id'])).toEqual([id])
    expect(limits.DailyApiRequests?.Max).toBe(100_000)
    expect(updated.ids).toContain(id)
    expect(deleted.deletedRecords.map((row) => row.id)).toContain(id)
  })

  it('merges accounts over SOAP', async () => {
    const master = await created('Account', { Name: 'Kept Ltd' })
    const loser = await created('Account', { Name: 'Merged Ltd' })
    const contact = await created('Contact', { LastName: 'Moved', AccountId: loser })
    const result = await conn.soap.merge({
      masterRecord: { type: 'Account', Id: master, Phone: '123' } as never,
      recordToMergeIds: [loser],
    })
    expect(result).toMatchObject({ success: true, id: master, mergedRecordIds: [loser] })
    expect(await conn.sobject('Contact').retrieve(contact)).toMatchObject({ AccountId: master })
    expect(await conn.sobject('Account').retrieve(master)).toMatchObject({ Phone: '123' })
  })

  it('hears why a merge was refused', async () => {
    const master = await created('Account', { Name: 'Alone Ltd' })
    const request = { masterRecord: { type: 'Account', Id: master } as never, recordToMergeIds: ['001000000000000AAA'] }
    const result = await conn.soap.merge(request)
    expect(result.success).toBe(false)
    const other = { masterRecord: { type: 'Opportunity', Id: '006000000000000AAA' } as never, recordToMergeIds: [] }
    await expect(conn.soap.merge(other)).rejects.toThrow(/INVALID_TYPE_FOR_OPERATION/)
  })

  it('converts a lead over SOAP, whatever the order of its elements', async () => {
    const account = await created('Account', { Name: 'Target Ltd' })
    const lead = await created('Lead', { LastName: 'Convertible', Company: 'Target' })
    const result = await conn.soap.convertLead({
      convertedStatus: 'Closed - Converted',
      doNotCreateOpportunity: true,
      accountId: account,
      leadId: lead,
    } as never)
    expect(result).toMatchObject({ success: true, leadId: lead, accountId: account })
    expect(await conn.sobject('Lead').retrieve(lead)).toMatchObject({ IsConverted: true })
  })

  it('writes rows over SOAP with the types of their fields', async () => {
    const [first] = (await conn.soap.create([
      { type: 'Account', Name: 'Soap <&> Ltd', NumberOfEmployees: 12, AnnualRevenue: 15000 } as never,
    ])) as { id: string; success: boolean }[]
    const row = await conn.sobject('Account').retrieve(first?.id ?? '')
    expect(row).toMatchObject({ Name: 'Soap <&> Ltd', NumberOfEmployees: 12, AnnualRevenue: 15000 })
    await conn.soap.update([{ type: 'Account', Id: first?.id, NumberOfEmployees: null } as never])
    expect(await conn.sobject('Account').retrieve(first?.id ?? '')).toMatchObject({ NumberOfEmployees: null })
  })

  it('tells who it is and what time it is over SOAP', async () => {
    const info = await conn.soap.getUserInfo()
    const { timestamp } = await conn.soap.getServerTimestamp()
    expect([info.userName, info.organizationId]).toEqual([ADMIN, org.orgId])
    expect(Number.isNaN(Date.parse(timestamp))).toBe(false)
  })

  it('is counted by client and user', async () => {
    const before = (await practice(org.url, '/calls')) as { total: number }
    await conn.query('SELECT Id FROM Account LIMIT 1')
    await conn.soap.getUserInfo()
    const after = (await practice(org.url, '/calls')) as { total: number; calls: unknown[] }
    expect(after.total - before.total).toBe(2)
    expect(after.calls).toContainEqual(expect.objectContaining({ client: 'loader', username: ADMIN, api: 'soap' }))
  })
})
