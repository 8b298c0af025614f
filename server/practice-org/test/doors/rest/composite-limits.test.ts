// Limits of the composite resources (docs/sources.md#composite) that the composite test under protocols does not cover.
import { describe, expect, it } from 'vitest'
import { openOrgForFile, rest } from '../../support/running-org.ts'

const { org, token } = await openOrgForFile()

const base = '/services/data/v62.0'
const send = (path: string, body: unknown, method = 'POST') =>
  rest(org.url, token, path, { method, body: JSON.stringify(body) })
const node = (referenceId: string, url: string, body?: unknown, httpHeaders = {}) => ({
  method: body === undefined ? 'GET' : 'POST',
  url: `${base}${url}`,
  referenceId,
  httpHeaders,
  ...(body === undefined ? {} : { body }),
})
const account = (referenceId: string, Name: string | null = 'Bounded') =>
  node(referenceId, '/sobjects/Account', { Name })
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n))
const codes = (body: unknown): unknown => (body as { errorCode: string }[])[0]?.errorCode
type Answers = { compositeResponse: { httpStatusCode: number; body: unknown; httpHeaders: Record<string, string> }[] }
const composite = async (compositeRequest: unknown[], more: object = {}): Promise<Answers['compositeResponse']> =>
  ((await send('/composite', { compositeRequest, ...more })).body as Answers).compositeResponse

describe('a composite', () => {
  it('refers into lists of answers and rolls nested collections back with everything else', async () => {
    const rows = (names: (string | null)[]) => ({
      allOrNone: true,
      records: names.map((Name) => ({ attributes: { type: 'Account' }, Name })),
    })
    const [made, read] = await composite([
      node('made', '/composite/sobjects', rows(['In A List', 'In A List'])),
      node('read', '/sobjects/Account/@{made[1].id}?fields=Name'),
    ])
    expect([made?.httpStatusCode, read?.body]).toMatchObject([200, { Name: 'In A List' }])
    const undone = await composite(
      [account('first', 'Undone'), node('rows', '/composite/sobjects', rows(['Undone', null]))],
      {
        allOrNone: true,
        collateSubrequests: true,
      },
    )
    expect(undone.map(({ body }) => codes(body))).toEqual(['PROCESSING_HALTED', undefined])
    const found = await rest(org.url, token, `/query?q=SELECT+Id+FROM+Account+WHERE+Name='Undone'`)
    expect(found.body).toMatchObject({ totalSize: 0 })
  })

  it('passes the headers of one call on to it alone', async () => {
    const answers = await composite([
      node('one', '/sobjects/Account', { Name: 'Seen' }, { 'Sforce-Mru': 'updateMru=true' }),
      account('two', 'Unseen'),
    ])
    expect(answers[0]?.httpHeaders['Location']).toMatch(/\/sobjects\/Account\/001\w{15}$/)
    const recent = (await rest(org.url, token, '/recent')).body as { Name: string }[]
    expect(recent.map(({ Name }) => Name)).toContain('Seen')
    expect(recent.map(({ Name }) => Name)).not.toContain('Unseen')
  })

  it('answers a conditional call with its own status', async () => {
    const [made] = await composite([account('made')])
    const { id } = made?.body as { id: string }
    const path = `/sobjects/Account/${id}`
    const since = { 'If-Modified-Since': new Date(Date.now() + 5000).toUTCString() }
    const [fresh] = await composite([node('fresh', path, undefined, since)])
    const stale = { ...node('stale', path, { Phone: '1' }, { 'If-Match': '"other--gzip"' }), method: 'PATCH' }
    expect([fresh?.httpStatusCode, (await composite([stale]))[0]?.httpStatusCode]).toEqual([304, 412])
  })

  it.each([
    ['a reference id twice', [account('a'), account('a')], 'DUPLICATE_VALUE'],
    ['a reference id with a hyphen', [account('a-b')], 'INVALID_INPUT'],
    ['no call', [], 'JSON_PARSER_ERROR'],
  ])('is refused with %s', async (_what, compositeRequest, errorCode) => {
    const { status, body } = await send('/composite', { compositeRequest })
    expect([status, codes(body)]).toEqual([400, errorCode])
  })
})

describe('graphs', () => {
  const chain = (length: number) =>
    times(length, (n) =>
      node(`r${n}`, '/sobjects/Account', { Name: 'Chain', ...(n > 0 ? { ParentId: `@{r${n - 1}.id}` } : {}) }),
    )
  const graph = (compositeRequest: unknown[], graphId = 'g') => ({ graphId, compositeRequest })

  it.each([
    ['76 graphs', times(76, (n) => graph([account('a')], `g${n}`))],
    ['501 nodes', [graph(times(501, (n) => account(`r${n}`)))]],
    ['a chain of 16', [graph(chain(16))]],
    ['16 kinds of nodes', [graph(times(16, (n) => node(`r${n}`, `/sobjects/Kind${n}__c`, {})))]],
  ])('are refused with %s', async (_what, graphs) => {
    const { status, body } = await send('/composite/graph', { graphs })
    expect([status, codes(body)]).toEqual([400, 'LIMIT_EXCEEDED'])
  })

  it('take a chain of 15', async () => {
    const { body } = await send('/composite/graph', { graphs: [graph(chain(15))] })
    expect(body).toMatchObject({ graphs: [{ isSuccessful: true }] })
  })

  it('are not tried once fifteen have failed', async () => {
    const graphs = [
      ...times(15, (n) => graph([account('a', null)], `bad${n}`)),
      graph([account('a', 'Never Tried')], 'good'),
    ]
    const { body } = await send('/composite/graph', { graphs })
    const last = (body as { graphs: { isSuccessful: boolean; graphResponse: Answers }[] }).graphs.at(-1)
    expect([last?.isSuccessful, codes(last?.graphResponse.compositeResponse[0]?.body)]).toEqual([
      false,
      'PROCESSING_HALTED',
    ])
  })
})

describe('trees and collections', () => {
  const leaf = (referenceId: string, type = 'Account') => ({ attributes: { type, referenceId }, Name: 'Tree' })

  it.each([
    ['201 records', { records: times(201, (n) => leaf(`r${n}`)) }],
    ['a reference id twice', { records: [leaf('a'), leaf('a')] }],
    ['a root of another type', { records: [leaf('a', 'Contact')] }],
  ])('a tree is refused with %s', async (_what, body) => {
    expect((await send('/composite/tree/Account', body)).status).toBe(400)
  })

  it('a collection is refused with 201 rows, or types in more than ten turns', async () => {
    const row = (type: string) => ({ attributes: { type }, Name: 'x', LastName: 'x' })
    const tooMany = await send('/composite/sobjects', { records: times(201, () => row('Account')) })
    const turns = await send('/composite/sobjects', { records: times(11, (n) => row(n % 2 ? 'Contact' : 'Account')) })
    expect([codes(tooMany.body), codes(turns.body)]).toEqual(['LIMIT_EXCEEDED', 'LIMIT_EXCEEDED'])
    const ids = times(201, (n) => `001${String(n).padStart(15, '0')}`).join(',')
    const gone = await rest(org.url, token, `/composite/sobjects?ids=${ids}`, { method: 'DELETE' })
    expect(codes(gone.body)).toBe('LIMIT_EXCEEDED')
  })

  it('a collection tells malformed ids, missing keys and missing types row by row', async () => {
    const { body } = await rest(org.url, token, '/composite/sobjects?ids=nonsense', { method: 'DELETE' })
    expect(body).toMatchObject([{ success: false, errors: [{ statusCode: 'MALFORMED_ID' }] }])
    const rows = await send(
      '/composite/sobjects',
      { records: [{ attributes: { type: 'Account' }, Phone: '1' }] },
      'PATCH',
    )
    expect(rows.body).toMatchObject([{ success: false, errors: [{ statusCode: 'MISSING_ARGUMENT' }] }])
    const untyped = await send('/composite/sobjects', { records: [{ Name: 'x' }] })
    expect(untyped.body).toMatchObject([{ success: false, errors: [{ statusCode: 'INVALID_INPUT' }] }])
  })
})
