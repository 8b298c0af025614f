import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { ADMIN, connect, practice, REP, rest, startOrg, tokenOf } from '../../support/running-org.ts'

let org: PracticeOrg
let token: string
beforeAll(async () => {
  org = await startOrg()
  token = await tokenOf(org.url)
})
afterAll(() => org.close())

const get = (path: string, headers: Record<string, string> = {}) => rest(org.url, token, path, { headers })
const send = (method: string, path: string, body: object, headers: Record<string, string> = {}) =>
  rest(org.url, token, path, { method, body: JSON.stringify(body), headers })
const account = async (Name: string) => ((await send('POST', '/sobjects/Account', { Name })).body as { id: string }).id

describe('a conditional read', () => {
  it.each(['/sobjects', '/sobjects/Account/describe'])('of %s is empty when nothing changed', async (path) => {
    const first = await get(path)
    const since = first.headers.get('last-modified') ?? ''
    expect(first.status).toBe(200)
    expect(await get(path, { 'if-modified-since': since })).toMatchObject({ status: 304, body: undefined })
    expect((await get(path, { 'if-modified-since': new Date(0).toUTCString() })).status).toBe(200)
    expect((await get(path, { 'if-modified-since': 'yesterday' })).status).toBe(400)
  })

  it('of a row is empty until the row changes', async () => {
    const path = `/sobjects/Account/${await account('Dated')}`
    const later = new Date(Date.now() + 5000).toUTCString()
    expect((await get(path, { 'if-modified-since': later })).status).toBe(304)
    expect((await get(path, { 'if-modified-since': new Date(0).toUTCString() })).status).toBe(200)
  })

  it('of an account goes by its ETag, and so does a write', async () => {
    const path = `/sobjects/Account/${await account('Tagged')}`
    const etag = (await get(path)).headers.get('etag') ?? ''
    expect(etag).toMatch(/^".+--gzip"$/)
    expect((await get(path, { 'if-none-match': etag })).status).toBe(304)
    expect((await send('PATCH', path, { Phone: '1' }, { 'if-match': etag })).status).toBe(204)
    expect((await send('PATCH', path, { Phone: '2' }, { 'if-match': etag })).status).toBe(412)
    expect((await get(path, { 'if-none-match': etag })).body).toMatchObject({ Phone: '1' })
  })
})

describe('a query plan', () => {
  const explain = async (soql: string, as = token) =>
    (await rest(org.url, as, `/query?explain=${encodeURIComponent(soql)}`)).body

  it('names the index a filter can use, counts what it leaves, and says what no index helps', async () => {
    const id = await account('Explained')
    const indexed = await explain(`SELECT Id FROM Account WHERE Id = '${id}' AND Phone = null`)
    expect(indexed).toMatchObject({
      plans: [
        {
          leadingOperationType: 'Index',
          fields: ['Id'],
          cardinality: 1,
          sobjectType: 'Account',
          notes: [{ fields: ['Phone'], tableEnumOrId: 'Account' }],
        },
        { leadingOperationType: 'TableScan' },
      ],
    })
    expect(await explain("SELECT Id FROM Account WHERE Phone = 'x'")).toMatchObject({
      plans: [{ leadingOperationType: 'TableScan', fields: [], cardinality: 0 }],
    })
    expect(await explain('SELEKT')).toMatchObject([{ errorCode: 'MALFORMED_QUERY' }])
  })

  it('weighs sharing for users who do not see everything', async () => {
    const { plans } = (await explain('SELECT Id FROM Account', await tokenOf(org.url, REP))) as { plans: object[] }
    expect(plans).toContainEqual(expect.objectContaining({ leadingOperationType: 'Sharing' }))
  })
})

describe('what jsforce asks for to draw a page', () => {
  it('is listed', async () => {
    const conn = await connect(org.url)
    const [tabs, theme, quickActions, recent] = [
      await conn.tabs(),
      await conn.theme(),
      await conn.quickActions(),
      await conn.recent(),
    ]
    expect((tabs as { sobjectName: string }[]).map(({ sobjectName }) => sobjectName)).toContain('Account')
    expect(theme.themeItems.length).toBeGreaterThan(0)
    expect([quickActions, recent]).toEqual([[], []])
    expect((await get('/appMenu/AppSwitcher')).body).toMatchObject({ appMenuItems: [{ label: 'Sales' }] })
    expect((await get('/search/scopeOrder')).body).toContainEqual(expect.objectContaining({ type: 'Account' }))
  })

  it('is listed over SOAP too', async () => {
    const conn = await connect(org.url)
    const [set] = [await conn.soap.describeTabs()].flat()
    expect(set).toMatchObject({ label: 'Sales', selected: true })
    expect(set?.tabs.map(({ sobjectName }) => sobjectName)).toContain('Account')
  })

  it('suggests records by the beginning of their name', async () => {
    await account('Suggested Ltd')
    const { body } = await get('/search/suggestions?q=Sugg&sobject=Account')
    expect(body).toMatchObject({ autoSuggestResults: [{ Name: 'Suggested Ltd' }], hasMoreResults: false })
    expect((await get('/search/suggestions?q=S&sobject=Account')).status).toBe(400)
  })
})

describe('a custom notification', () => {
  const path = '/actions/standard/customNotificationAction'
  const input = (more: object = {}) => ({
    customNotifTypeId: '0ML000000000001AAA',
    recipientIds: [org.org.user(ADMIN)?.id],
    title: 'Decide',
    body: 'A merge waits for you',
    ...more,
  })

  it('is described, sent and kept', async () => {
    const { inputs } = (await get(path)).body as { inputs: { name: string }[] }
    expect(inputs.map(({ name }) => name)).toContain('title')
    const { status, body } = await send('POST', path, { inputs: [input()] })
    expect({ status, body }).toMatchObject({ status: 200, body: [{ isSuccess: true, errors: null }] })
    expect(await practice(org.url, '/notifications')).toMatchObject({ items: [{ title: 'Decide' }] })
    const group = await get("/query?q=SELECT+Id+FROM+Group+WHERE+DeveloperName='RevOps'")
    const [{ Id }] = (group.body as { records: [{ Id: string }] }).records
    await send('POST', path, { inputs: [input({ recipientIds: [Id] })] })
    const { items } = (await practice(org.url, '/notifications')) as { items: { userIds: string[] }[] }
    expect(items[1]?.userIds).toContain(org.org.user(ADMIN)?.id)
    await practice(org.url, '/reset', {})
    token = await tokenOf(org.url)
    expect(await practice(org.url, '/notifications')).toEqual({ items: [] })
  })

  it.each([
    ['no title', { title: '' }],
    ['an unknown type', { customNotifTypeId: '0ML000000000999' }],
    ['a stranger as recipient', { recipientIds: ['005000000000999AAA'] }],
  ])('is refused with %s, each input by itself', async (_what, more) => {
    const { status, body } = await send('POST', path, { inputs: [input(), input(more)] })
    expect({ status, body }).toMatchObject({ status: 400, body: [{ isSuccess: true }, { isSuccess: false }] })
  })
})
