import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { listPage } from '../../../src/doors/bulk/list-page.ts'
import { ADMIN, rest, startOrg, tokenOf, type Json } from '../../support/running-org.ts'
import { change, ended, file, ingest, older, open, text, type Session } from './calls.ts'

let org: PracticeOrg
let admin: Session
beforeAll(async () => {
  org = await startOrg()
  admin = { url: org.url, token: await tokenOf(org.url) }
  const caller = { userId: org.org.user(ADMIN)?.id ?? '', api: 'rest', version: '62.0' } as const
  org.org.transaction(caller, () => {
    for (let i = 0; i < 450; i += 1) org.org.create(caller, 'Account', { Name: `Query ${i}`, Rating: 'Hot' })
  })
})
afterAll(() => org.close())

async function asked(query: string, order: Json = {}): Promise<Json & { id: string }> {
  const { id } = (await open(admin, 'query', { operation: 'query', query, ...order })).body as { id: string }
  return { ...(await ended(admin, id, 'query')), id }
}

describe('a query job of Bulk API 2.0', () => {
  it('writes its columns as they were selected, with its delimiter and line ends', async () => {
    const query = "SELECT Name, toLabel(Rating), Owner.Name FROM Account WHERE Name = 'Query 2'"
    const job = await asked(query, { columnDelimiter: 'PIPE', lineEnding: 'CRLF' })
    expect(job).toMatchObject({ state: 'JobComplete', jobType: 'V2Query', numberRecordsProcessed: 1, retries: 0 })
    expect(await text(admin, `/jobs/query/${job.id}/results`)).toBe(
      '"Name"|"Rating"|"Owner.Name"\r\n"Query 2"|"Hot"|"Ada Admin"\r\n',
    )
  })

  it('gives a header alone for nothing', async () => {
    const { id } = await asked("SELECT Id, Name FROM Account WHERE Name = 'Nobody'")
    expect(await text(admin, `/jobs/query/${id}/results`)).toBe('"Id","Name"\n')
  })

  it('says where its pages are, so that they can be read side by side', async () => {
    const { id } = await asked("SELECT Name FROM Account WHERE Name LIKE 'Query %'")
    const { body } = await rest(org.url, admin.token, `/jobs/query/${id}/resultPages`)
    const { resultPages, done } = body as { resultPages: { resultUrl: string }[]; done: boolean }
    expect([resultPages.length, done]).toEqual([1, true])
    const path = resultPages[0]?.resultUrl.replace('/services/data/v62.0', '') ?? ''
    expect((await file(admin, path)).length).toBe(451)
  })

  it('packs results of any length for those who ask', async () => {
    const Description = 'At length. '.repeat(2_500)
    org.org.load(
      'Account',
      Array.from({ length: 5 }, (_, n) => ({ Name: `Long ${n}`, Description })),
    )
    for (const like of ['Query 1', 'Query 1%', 'Long %']) {
      const { id } = await asked(`SELECT Name, Description FROM Account WHERE Name LIKE '${like}'`)
      const results = (encoding: string) =>
        fetch(`${org.url}/services/data/v62.0/jobs/query/${id}/results`, {
          headers: { authorization: `Bearer ${admin.token}`, 'accept-encoding': encoding },
        })
      const [packed, plain] = await Promise.all([results('gzip'), results('identity')])
      const encodings = [packed, plain].map(({ headers }) => headers.get('content-encoding'))
      expect([like, ...encodings]).toEqual([like, like === 'Query 1' ? null : 'gzip', null])
      expect(await packed.text()).toBe(await plain.text())
    }
  })

  it('hands its results out in the version it was made in alone', async () => {
    const { id } = await asked("SELECT Name FROM Account WHERE Name = 'Query 1'")
    const headers = { authorization: `Bearer ${admin.token}` }
    expect((await fetch(`${org.url}/services/data/v60.0/jobs/query/${id}/results`, { headers })).status).toBe(409)
  })

  it.each([
    [
      'an aggregate',
      'SELECT COUNT(Id) FROM Account',
      /^Aggregate Relationships not supported in Bulk V2 Query with CSV content type$/,
    ],
    ['groups', 'SELECT Rating FROM Account GROUP BY Rating', /^GROUP BY not supported in Bulk Query/],
    ['an offset', 'SELECT Id FROM Account OFFSET 1', /^OFFSET not supported in Bulk Query/],
    [
      'children',
      'SELECT Id, (SELECT Id FROM Contacts) FROM Account',
      /^Aggregate Relationships not supported in Bulk V2 Query with CSV content type$/,
    ],
    ['TYPEOF', 'SELECT TYPEOF Who WHEN Lead THEN Name END FROM Task', /^TYPEOF not supported in Bulk Query/],
    ['a compound field', 'SELECT BillingAddress FROM Account', /^Selecting compound data not supported in Bulk Query/],
    ['a blob', 'SELECT Body FROM Attachment', /^Blob field not supported in Bulk V2 Query with CSV content type$/],
  ])('refuses %s', async (_what, query, message) => {
    const answer = await open(admin, 'query', { operation: 'query', query })
    expect(answer).toMatchObject({
      status: 400,
      body: [{ errorCode: 'API_ERROR', message: expect.stringMatching(message) as string }],
    })
  })

  it('is refused for an object that bulk jobs do not read, and so is an ingest job', async () => {
    const refused = {
      status: 400,
      body: [{ errorCode: 'INVALIDENTITY', message: "Entity 'RecentlyViewed' is not supported by the Bulk API." }],
    }
    const query = 'SELECT Id FROM RecentlyViewed'
    expect(await open(admin, 'query', { operation: 'query', query })).toMatchObject(refused)
    expect(await open(admin, 'ingest', { object: 'RecentlyViewed', operation: 'update' })).toMatchObject(refused)
  })

  it('fails for a field that is none, and has no results then', async () => {
    const job = await asked('SELECT Nope FROM Account')
    expect(job).toMatchObject({ state: 'Failed', errorMessage: expect.stringContaining('INVALID_FIELD') as string })
    const answer = await rest(org.url, admin.token, `/jobs/query/${job.id}/results`)
    expect(answer).toMatchObject({ status: 400, body: [{ errorCode: 'INVALIDJOBSTATE' }] })
  })

  it('is refused a wrong locator, a wrong number of records and a change once it is over', async () => {
    const { id } = await asked('SELECT Id FROM Account LIMIT 1')
    const results = (more: string) => rest(org.url, admin.token, `/jobs/query/${id}/results${more}`)
    expect(await results('?locator=x')).toMatchObject({ status: 400, body: [{ errorCode: 'INVALID_QUERY_LOCATOR' }] })
    expect(await results('?maxRecords=0')).toMatchObject({ status: 400, body: [{ errorCode: 'INVALID_INPUT' }] })
    for (const state of ['Aborted', 'UploadComplete']) {
      const answer = await change(admin, id, state, 'query')
      expect(answer).toMatchObject({ status: 400, body: [{ errorCode: 'INVALIDJOBSTATE' }] })
    }
  })

  it('finds deleted records too when it asks for all', async () => {
    const [row] = (
      await file(admin, `/jobs/query/${(await asked("SELECT Id FROM Account WHERE Name = 'Query 3'")).id}/results`)
    ).slice(1)
    await ingest(admin, { object: 'Account', operation: 'delete' }, `Id\n${row?.[0]}\n`)
    const query = "SELECT Id, IsDeleted FROM Account WHERE Name = 'Query 3'"
    expect(await asked(query)).toMatchObject({ numberRecordsProcessed: 0 })
    const { id } = await asked(query, { operation: 'queryAll' })
    expect((await file(admin, `/jobs/query/${id}/results`)).slice(1)).toEqual([[row?.[0], 'true']])
  })
})

describe('the lists of bulk jobs', () => {
  const list = async (path: string) =>
    (await rest(org.url, admin.token, path)).body as { done: boolean; nextRecordsUrl: string | null; records: Json[] }

  it('hold the jobs of both APIs, and those of a kind when asked', async () => {
    const order =
      '<jobInfo><operation>query</operation><object>Account</object><contentType>CSV</contentType></jobInfo>'
    const headers = { 'content-type': 'application/xml', 'sforce-enable-pkchunking': 'true' }
    await older(admin, '/job', { method: 'POST', body: order, headers })
    const types = async (path: string) => new Set((await list(path)).records.map(({ jobType }) => jobType))
    expect(await types('/jobs/query')).toEqual(new Set(['V2Query', 'Classic']))
    expect(await types('/jobs/ingest')).toEqual(new Set(['V2Ingest', 'Classic']))
    expect(await types('/jobs/ingest?jobType=V2Ingest')).toEqual(new Set(['V2Ingest']))
    expect(await types('/jobs/query?isPkChunkingEnabled=true')).toEqual(new Set(['Classic']))
    expect((await list('/jobs/query?concurrencyMode=serial')).records).toEqual([])
  })

  it('come in pages of 1,000, each saying where the next is', () => {
    const jobs = Array.from({ length: 2001 }, (_, n) => ({ n: n + 1, id: `750${n}`, jobType: 'V2Ingest' }))
    const ids: unknown[] = []
    let url: string | null = '/services/data/v62.0/jobs/ingest?jobType=V2Ingest'
    let pages = 0
    for (; url !== null; pages += 1) {
      const page = listPage(new URL(url, 'http://localhost'), jobs) as {
        records: Json[]
        nextRecordsUrl: string | null
      }
      ids.push(...page.records.map(({ id }) => id))
      url = page.nextRecordsUrl
    }
    expect(pages).toBe(3)
    expect(ids).toEqual(jobs.map(({ id }) => id))
  })

  it('refuse a locator that is none', async () => {
    expect(await rest(org.url, admin.token, '/jobs/ingest?queryLocator=x')).toMatchObject({
      status: 400,
      body: [{ errorCode: 'INVALID_QUERY_LOCATOR' }],
    })
  })
})
