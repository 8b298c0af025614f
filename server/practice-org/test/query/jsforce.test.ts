import type { Connection } from 'jsforce'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PracticeOrg } from '../../src/compose.ts'
import { connect, startOrg } from '../support/running-org.ts'

let org: PracticeOrg
let connection: Connection
let now = Date.UTC(2026, 10, 18, 12)
const HOUR = 3_600_000
beforeAll(async () => {
  org = await startOrg({ now: () => now, sessionSeconds: 1_000_000 })
  connection = await connect(org.url)
})
afterAll(() => org.close())

it('jsforce reads nested children, activities and what TYPEOF shows', async () => {
  const account = await connection.sobject('Account').create({ Name: 'Acme', BillingLatitude: 1, BillingLongitude: 2 })
  const contact = await connection.sobject('Contact').create({ LastName: 'Ann', AccountId: String(account.id) })
  await connection.sobject('Case').create({ Subject: 'Broken', ContactId: String(contact.id) })
  const call = { Subject: 'Call', Status: 'Completed', WhatId: String(account.id), WhoId: String(contact.id) }
  await connection.sobject('Task').create(call)
  const { records } = await connection.query(
    'SELECT Name, BillingAddress, (SELECT LastName, (SELECT Subject FROM Cases) FROM Contacts), ' +
      '(SELECT Subject FROM ActivityHistories) FROM Account',
  )
  expect(records).toMatchObject([
    {
      Name: 'Acme',
      BillingAddress: { latitude: 1, longitude: 2 },
      Contacts: { records: [{ LastName: 'Ann', Cases: { totalSize: 1, records: [{ Subject: 'Broken' }] } }] },
      ActivityHistories: { totalSize: 1, done: true, records: [{ Subject: 'Call' }] },
    },
  ])
  const tasks = await connection.query('SELECT TYPEOF What WHEN Account THEN Name, Owner.Name ELSE Name END FROM Task')
  expect(tasks.records).toMatchObject([{ What: { Name: 'Acme', Owner: { Name: 'Ada Admin' } } }])
  const found = await connection.search('FIND {ac?e} RETURNING Account(Name)')
  expect(found.searchRecords).toMatchObject([{ Name: 'Acme' }])
})

it('a locator serves its owner for two days, page after page, and an aggregate has none', async () => {
  const accounts = Array.from({ length: 205 }, (_, i) => ({ Name: `Page ${i}` }))
  for (const rows of [accounts.slice(0, 200), accounts.slice(200)]) await connection.sobject('Account').create(rows)
  const headers = { 'Sforce-Query-Options': 'batchSize=200' }
  const soql = "SELECT Id FROM Account WHERE Name LIKE 'Page%' ORDER BY Name"
  const page = () => connection.query(soql, { headers })
  const first = await page()
  expect(first).toMatchObject({ totalSize: 205, done: false })
  expect(first.records).toHaveLength(200)
  const rest = await connection.queryMore(String(first.nextRecordsUrl))
  expect(rest).toMatchObject({ totalSize: 205, done: true })
  expect(rest.records).toHaveLength(5)
  const kept = String((await page()).nextRecordsUrl)
  now += 47 * HOUR
  expect((await connection.queryMore(kept)).records).toHaveLength(5)
  now += 2 * HOUR
  await expect(connection.queryMore(kept)).rejects.toMatchObject({ errorCode: 'INVALID_QUERY_LOCATOR' })
  const counted = await connection.query('SELECT COUNT(Id) n FROM Account', { headers })
  expect(counted).toMatchObject({ totalSize: 1, done: true, records: [{ n: 206 }] })
})
