import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../server/practice-org/compose.ts'
import { FIXTURES } from '../../../server/practice-org/fixtures/fixture.ts'
import { readSettings, SettingsError } from '../../../server/practice-org/settings.ts'
import { errorOf, post } from '../soap/wire.ts'
import { ADMIN, connect, startOrg } from './org.ts'

let org: PracticeOrg
beforeAll(async () => {
  const { objects, load } = FIXTURES.jsforce
  org = await startOrg({ objects, load })
})
afterAll(() => org.close())

it('the tables of jsforce’s own tests are there when asked for: a big one, numbered, read page by page', async () => {
  const connection = await connect(org.url, ADMIN)
  const first = await connection.query<{ Name: string }>('SELECT Name FROM BigTable__c ORDER BY Name')
  expect(first).toMatchObject({ totalSize: 25_000, done: false })
  expect(first.records[0]?.Name).toBe('BT-00001')
  expect(await connection.sobject('PushTopic').count({ Name: 'JSforceTestAccountUpdates' })).toBe(1)
})

it('records stand in place of the seed, so that what a test makes is all there is of its kind', async () => {
  const connection = await connect(org.url, ADMIN)
  const { records } = await connection.query<{ Name: string }>('SELECT Name FROM Account ORDER BY Name')
  expect(records.length).toBeGreaterThan(10)
  expect(records.filter(({ Name }) => !/^[A-Z]/.test(Name))).toEqual([])
  expect(records.map(({ Name }) => Name)).toEqual(records.map(({ Name }) => Name).toSorted())
  const { searchRecords } = await connection.search('FIND {Ac*} IN ALL FIELDS RETURNING Account(Id, Name)')
  expect(searchRecords).toMatchObject([{ Name: 'Acorn Bakery' }])
  expect(await connection.sobject('Opportunity').count({ AccountId: null })).toBe(0)
  expect(await connection.sobject('Task').count({ IsClosed: true })).toBeGreaterThan(10)
  const withChildren = await connection.query(
    'SELECT Id, (SELECT Id FROM Contacts LIMIT 2), (SELECT Id FROM Opportunities LIMIT 2) FROM Account LIMIT 1',
  )
  expect(withChildren.records).toMatchObject([{ Contacts: { totalSize: 2 }, Opportunities: { totalSize: 2 } }])
})

it('layouts of accounts are there at once', async () => {
  const { layouts } = await (await connect(org.url, ADMIN)).sobject('Account').layouts()
  expect(layouts).not.toHaveLength(0)
})

it('an upsert by an external id that two rows share answers with both', async () => {
  const connection = await connect(org.url, ADMIN)
  const table = connection.sobject('UpsertTable__c')
  const made = await table.create([
    { Name: 'One', ExtId__c: 'same' },
    { Name: 'Other', ExtId__c: 'same' },
  ])
  await expect(table.upsert({ Name: 'New', ExtId__c: 'same' }, 'ExtId__c')).rejects.toMatchObject({
    name: 'MULTIPLE_CHOICES',
  })
  const rows = `<sObjects><type>UpsertTable__c</type><ExtId__c>same</ExtId__c></sObjects>`
  const body =
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com"><e:Header>' +
    `<SessionHeader><sessionId>${connection.accessToken}</sessionId></SessionHeader></e:Header><e:Body><upsert>` +
    `<externalIDFieldName>ExtId__c</externalIDFieldName>${rows}</upsert></e:Body></e:Envelope>`
  const answer = await post(`${org.url}/services/Soap/u/62.0`, body)
  expect(errorOf(answer)).toMatchObject({
    statusCode: 'DUPLICATE_EXTERNAL_ID',
    message: `more than one record found for external id field: [${made.map(({ id }) => id).join(', ')}]`,
  })
})

it('a fixture nobody knows is refused at the start', () => {
  expect(readSettings({ PRACTICE_FIXTURES: 'jsforce' }).fixture).toBe('jsforce')
  expect(readSettings({}).fixture).toBeUndefined()
  expect(() => readSettings({ PRACTICE_FIXTURES: 'other' })).toThrow(SettingsError)
})
