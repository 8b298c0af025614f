// What every call meets at the REST door: the place of a mistake in its body, its allowance, its version, its preconditions.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { rest, startOrg, tokenOf } from '../../support/running-org.ts'

let org: PracticeOrg
let token: string

beforeAll(async () => {
  org = await startOrg({ apiLimit: 1_000 })
  token = await tokenOf(org.url)
})
afterAll(() => org.close())

const post = (path: string, body: string) => rest(org.url, token, path, { method: 'POST', body })

test.each([
  ['{"Name":NaN}', "Unexpected character ('N' (code 78))", 'line:1, column:10'],
  ['{"Name":"x",\n "Phone": tree}', "Unrecognized token 'tree'", 'line:2, column:15'],
  ['{x', "Unexpected character ('x' (code 120))", 'line:1, column:3'],
  ['{"Name":"x"} y', "Unexpected character ('y' (code 121))", 'line:1, column:15'],
  ['{"Name":', 'Unexpected end-of-input', 'line:1, column:9'],
  ['{"Name":"x', 'Unexpected end-of-input', 'line:1, column:11'],
])('the mistake in %s is named with its place', async (body, words, place) => {
  const answer = await post('/sobjects/Account', body)
  expect(answer).toMatchObject({ status: 400, body: [{ errorCode: 'JSON_PARSER_ERROR' }] })
  const [{ message }] = answer.body as [{ message: string }]
  expect([message.slice(0, words.length), message.slice(-place.length - 1)]).toEqual([words, `${place}]`])
})

test('sub-requests of a version that this org has not are refused as calls of it are', async () => {
  for (const [version, status] of [
    ['20.0', 410],
    ['99.0', 404],
  ] as const) {
    const url = `/services/data/v${version}/sobjects`
    const inComposite = await post(
      '/composite',
      JSON.stringify({ compositeRequest: [{ method: 'GET', url, referenceId: 'a' }] }),
    )
    expect(inComposite.body).toMatchObject({ compositeResponse: [{ httpStatusCode: status }] })
    const inBatch = await post('/composite/batch', JSON.stringify({ batchRequests: [{ method: 'GET', url }] }))
    expect(inBatch.body).toMatchObject({ results: [{ statusCode: status }] })
  }
})

test('a failed precondition has no body, at the door and in a composite', async () => {
  const { body } = await post('/sobjects/Account', '{"Name":"Held"}')
  const { id } = body as { id: string }
  const stale = { 'If-Unmodified-Since': new Date(0).toUTCString() }
  const init = { method: 'PATCH', body: '{"Phone":"1"}' }
  const direct = await rest(org.url, token, `/sobjects/Account/${id}`, { ...init, headers: stale })
  expect([direct.status, direct.body]).toEqual([412, undefined])
  const url = `/services/data/v62.0/sobjects/Account/${id}`
  const sub = { method: 'PATCH', url, referenceId: 'a', body: { Phone: '1' }, httpHeaders: stale }
  const composite = await post('/composite', JSON.stringify({ compositeRequest: [sub] }))
  expect(composite.body).toMatchObject({ compositeResponse: [{ httpStatusCode: 412, body: null }] })
})

test('refusals of a version or for want of calls say how many calls were made', async () => {
  const headers = { authorization: `Bearer ${token}` }
  for (const version of ['20.0', '99.0']) {
    const answer = await fetch(`${org.url}/services/data/v${version}/sobjects`, { headers })
    expect(answer.headers.get('sforce-limit-info'), version).toMatch(/^api-usage=\d+\/1000$/)
  }
  const poor = await startOrg({ apiLimit: 0 })
  const answer = await rest(poor.url, await tokenOf(poor.url), '/sobjects')
  expect([answer.status, answer.headers.get('sforce-limit-info')]).toEqual([403, 'api-usage=0/0'])
  await poor.close()
})

test('an answer is laid out for people who ask for that', async () => {
  const headers = { 'X-PrettyPrint': '1' }
  const soql = "SELECT Id, Parent.Name, (SELECT Id FROM Contacts) FROM Account WHERE Name = 'Nobody of this name'"
  const url = `${org.url}/services/data/v62.0/query?q=${encodeURIComponent(soql)}`
  const answer = await fetch(url, { headers: { ...headers, Authorization: `Bearer ${token}` } })
  expect(await answer.text()).toBe('{\n  "totalSize" : 0,\n  "done" : true,\n  "records" : [ ]\n}')
  const refused = await fetch(`${org.url}/services/data/v62.0/query`, { headers })
  expect(await refused.text()).toBe(
    '[ {\n  "message" : "Session expired or invalid",\n  "errorCode" : "INVALID_SESSION_ID"\n} ]',
  )
})

test('a method that a client cannot send is posted under its name', async () => {
  const { body } = await post('/sobjects/Account', '{"Name":"Posted"}')
  const path = `/sobjects/Account/${(body as { id: string }).id}`
  const as = (method: string, text = '') => post(`${path}?_HttpMethod=${method}`, text)
  expect((await as('PATCH', '{"Name":"Patched"}')).status).toBe(204)
  expect((await as('GET')).body).toMatchObject({ Name: 'Patched' })
  expect((await as('delete')).status).toBe(204)
  expect((await as('GET')).body).toMatchObject([{ errorCode: 'ENTITY_IS_DELETED' }])
})

test('the versions of an org are those from Summer 14 to Summer 26, and each answers', async () => {
  const list = (await (await fetch(`${org.url}/services/data`)).json()) as { label: string; version: string }[]
  expect(list.map(({ version }) => version)).toEqual(Array.from({ length: 37 }, (_, i) => `${31 + i}.0`))
  expect(list[0]).toEqual({ label: "Summer '14", url: '/services/data/v31.0', version: '31.0' })
  expect(list.map(({ label }) => label).slice(1, 4)).toEqual(["Winter '15", "Spring '15", "Summer '15"])
  expect(list.at(-1)).toEqual({ label: "Summer '26", url: '/services/data/v67.0', version: '67.0' })
  const headers = { authorization: `Bearer ${token}` }
  for (const { version } of list) {
    expect((await fetch(`${org.url}/services/data/v${version}/sobjects`, { headers })).status).toBe(200)
  }
})
