// Queries by their other doors: column descriptions, plans, the Tooling API, locators and query jobs.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { REP, rest, startOrg, tokenOf } from '../../support/running-org.ts'

let org: PracticeOrg
let admin: string
let rep: string

beforeAll(async () => {
  org = await startOrg()
  admin = await tokenOf(org.url)
  rep = await tokenOf(org.url, REP)
})
afterAll(() => org.close())

const ask = (token: string, path: string, soql: string) => rest(org.url, token, `${path}${encodeURIComponent(soql)}`)

const REFUSED: [soql: string, code: string][] = [
  ['SELECT Nope FROM Account', 'INVALID_FIELD'],
  ['SELECT Id, (SELECT Nope FROM Contacts) FROM Account', 'INVALID_FIELD'],
  ['SELECT Amount FROM Opportunity', 'INVALID_FIELD'],
  ['SELECT COUNT(Id) FROM Opportunity WHERE Amount > 1', 'INVALID_FIELD'],
  ['SELECT Id FROM Nope', 'INVALID_TYPE'],
  ['SELECT Id FROM constructor', 'INVALID_TYPE'],
  ['SELECT FROM', 'MALFORMED_QUERY'],
  ['SELECT Id, FROM Account', 'MALFORMED_QUERY'],
]

test.each(REFUSED)('the columns and the plans of "%s" are refused as the query is', async (soql, code) => {
  const { status, body } = await ask(rep, '/query?q=', soql)
  expect([status, body]).toMatchObject([400, [{ errorCode: code }]])
  expect((await ask(rep, '/query?columns=true&q=', soql)).body).toEqual(body)
  expect((await ask(rep, '/query?explain=', soql)).body).toEqual(body)
})

test('columns and plans are told of every query that runs', async () => {
  for (const soql of [
    "SELECT a.Id FROM Account a WHERE a.Name = 'x'",
    'SELECT COUNT() FROM Account',
    'SELECT Industry, COUNT(Id) n FROM Account GROUP BY Industry',
    'SELECT MAX(Name) FROM Account',
    'SELECT Id FROM Account USING SCOPE mine LIMIT 2 OFFSET 1',
  ]) {
    expect((await ask(admin, '/query?columns=true&q=', soql)).status, soql).toBe(200)
    expect((await ask(admin, '/query?explain=', soql)).status, soql).toBe(200)
  }
})

test('the Tooling API has no rows of an object whose name every JavaScript object knows', async () => {
  expect((await ask(admin, '/tooling/query?q=', 'SELECT Id FROM constructor')).body).toMatchObject({ totalSize: 0 })
  expect(await ask(admin, '/tooling/query?q=', 'SELECT Id FROM')).toMatchObject({
    status: 400,
    body: [{ errorCode: 'MALFORMED_QUERY', message: expect.stringContaining("unexpected token: '<EOF>'") as string }],
  })
})

test('a query job is refused in the words of a query', async () => {
  const body = JSON.stringify({ operation: 'query', query: 'SELEKT Id FROM Account' })
  const refused = [{ errorCode: 'MALFORMED_QUERY', message: 'unexpected token: SELEKT' }]
  expect((await rest(org.url, admin, '/jobs/query', { method: 'POST', body })).body).toEqual(refused)
})

test('a locator is an id of 15 or 18 characters and the number of rows before its page, and nothing else', async () => {
  const rows = Array.from({ length: 201 }, (_, i) => ({ attributes: { type: 'Account' }, Name: `Row ${i}` }))
  for (const records of [rows.slice(0, 200), rows.slice(200)]) {
    await rest(org.url, admin, '/composite/sobjects', { method: 'POST', body: JSON.stringify({ records }) })
  }
  const headers = { 'sforce-query-options': 'batchSize=200' }
  const first = await rest(org.url, admin, '/query?q=SELECT+Id+FROM+Account', { headers })
  const id = /01g\w{15}/.exec(String((first.body as { nextRecordsUrl: string }).nextRecordsUrl))?.[0] ?? ''
  const { body } = await rest(org.url, admin, `/query/${id}-200`)
  expect((await rest(org.url, admin, `/query/${id.slice(0, 15)}-200`)).body).toEqual(body)
  for (const wrong of [id, `${id}-`, `${id}--5`, `${id}-1e2`, `${id}-0x10`, `${id}-999999`, `${id}-5-5`, `x${id}-5`]) {
    const answer = await rest(org.url, admin, `/query/${wrong}`)
    expect(answer, wrong).toMatchObject({ status: 400, body: [{ errorCode: 'INVALID_QUERY_LOCATOR' }] })
  }
})
