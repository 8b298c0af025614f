import type jsforce from 'jsforce'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../src/compose.ts'
import { parseCsv } from '../../src/doors/bulk/jobs/csv.ts'
import { connect, rest, startOrg, tokenOf } from '../support/running-org.ts'

let org: PracticeOrg
let conn: jsforce.Connection
beforeAll(async () => {
  org = await startOrg()
  conn = await connect(org.url)
  conn.bulk.pollInterval = 5
  conn.bulk2.pollInterval = 5
})
afterAll(() => org.close())

/** Gives the caller the right that no profile has by itself. */
async function allowHardDelete(): Promise<void> {
  const set = { Name: 'Hard_Delete', Label: 'Hard delete', PermissionsBulkApiHardDelete: true }
  const { id: PermissionSetId = '' } = await conn.sobject('PermissionSet').create(set)
  const AssigneeId = (await conn.identity()).user_id
  await conn.sobject('PermissionSetAssignment').create({ PermissionSetId, AssigneeId })
}

/** A query job that has ended. */
async function openedQuery(): Promise<{ id: string }> {
  const token = await tokenOf(org.url)
  const body = JSON.stringify({ operation: 'query', query: 'SELECT Id FROM Account LIMIT 1' })
  const { id } = (await rest(org.url, token, '/jobs/query', { method: 'POST', body })).body as { id: string }
  const state = async () => ((await rest(org.url, token, `/jobs/query/${id}`)).body as { state: string }).state
  await expect.poll(state, { interval: 5, timeout: 20_000 }).toBe('JobComplete')
  return { id }
}

const count = async (where: string) => (await conn.query(`SELECT Id FROM Account WHERE ${where}`)).totalSize
const accounts = (prefix: string, n: number) => Array.from({ length: n }, (_, i) => ({ Name: `${prefix} ${i}` }))

describe('jsforce with Bulk API 2.0', () => {
  it('loads, updates, upserts and deletes, and is told of every row', { timeout: 60_000 }, async () => {
    const rows = [...accounts('Bulk2', 450), { Name: '', Phone: '1' }].map((row) => ({ Phone: '', ...row }))
    const made = await conn.bulk2.loadAndWaitForResults({ object: 'Account', operation: 'insert', input: rows })
    expect([made.successfulResults.length, made.failedResults.length]).toEqual([450, 1])
    expect(made.failedResults[0]?.sf__Error).toMatch(/^REQUIRED_FIELD_MISSING:.*\[Name\].*:Name --$/)
    const ids = made.successfulResults.map(({ sf__Id }) => ({ Id: sf__Id }))
    const changed = ids.slice(0, 3).map((row, i) => ({ ...row, Phone: `+49 ${i}`, NumberOfEmployees: '5' }))
    const updated = await conn.bulk2.loadAndWaitForResults({ object: 'Account', operation: 'update', input: changed })
    expect(updated.successfulResults.map(({ sf__Created }) => sf__Created)).toEqual(['false', 'false', 'false'])
    expect(await count("Name LIKE 'Bulk2 %' AND NumberOfEmployees = 5")).toBe(3)
    const keys = [{ Key__c: 'bulk-a' }, { Key__c: 'bulk-b' }, { Key__c: 'bulk-a' }]
    const upserted = await conn.bulk2.loadAndWaitForResults({
      object: 'Shipment__c',
      operation: 'upsert',
      externalIdFieldName: 'Key__c',
      input: keys,
    })
    expect(upserted.successfulResults.map(({ sf__Created }) => sf__Created)).toEqual(['true', 'true'])
    expect(upserted.failedResults.map(({ sf__Error }) => sf__Error)).toEqual([
      'DUPLICATE_VALUE:Duplicate external id specified: bulk-a:Key__c --',
    ])
    await conn.bulk2.loadAndWaitForResults({ object: 'Account', operation: 'delete', input: ids })
    expect(await count("Name LIKE 'Bulk2 %'")).toBe(0)
  })

  it('queries, with parents, quotes and line breaks kept', async () => {
    const Name = 'Quote "Q", and\nline'
    await conn.sobject('Account').create({ Name })
    const stream = await conn.bulk2.query("SELECT Id, Name, Owner.Name FROM Account WHERE Name LIKE 'Quote%'")
    expect(await stream.toArray()).toEqual([{ Id: expect.any(String) as string, Name, 'Owner.Name': 'Ada Admin' }])
  })

  it('has nothing to do for an upload of nothing', async () => {
    const done = await conn.bulk2.loadAndWaitForResults({ object: 'Account', operation: 'delete', input: [] })
    expect(done).toEqual({
      successfulResults: [],
      failedResults: [],
      unprocessedRecords: [],
    })
  })

  it('is told why a job as a whole failed', async () => {
    const job = conn.bulk2.createJob({ object: 'Account', operation: 'insert' })
    await job.open()
    await job.uploadData([{ Nope__c: 'x' }])
    await job.close()
    await expect(job.poll(5, 5000)).rejects.toThrow(/InvalidBatch : Field name not found : Nope__c/)
  })

  it('aborts and deletes a job, after which there is none', async () => {
    const job = conn.bulk2.createJob({ object: 'Account', operation: 'insert' })
    await job.open()
    await job.abort()
    expect(job.getInfo().state).toBe('Aborted')
    await job.delete()
    await expect(job.check()).rejects.toMatchObject({ errorCode: 'NOT_FOUND' })
  })

  it('finds deleted records when it scans all, and deletes for good with the right to', async () => {
    const [{ id: Id = '' } = {}] = await conn.sobject('Account').create(accounts('Scanned', 1))
    await conn.bulk2.loadAndWaitForResults({ object: 'Account', operation: 'delete', input: [{ Id }] })
    const soql = "SELECT Id, IsDeleted FROM Account WHERE Name LIKE 'Scanned%'"
    expect(await (await conn.bulk2.query(soql)).toArray()).toEqual([])
    expect(await (await conn.bulk2.query(soql, { scanAll: true })).toArray()).toEqual([{ Id, IsDeleted: 'true' }])
    const hard = { object: 'Account', operation: 'hardDelete' as const, input: [{ Id }] }
    await expect(conn.bulk2.loadAndWaitForResults(hard)).rejects.toMatchObject({ errorCode: 'FEATURENOTENABLED' })
    await allowHardDelete()
    const [{ id: other = '' } = {}] = await conn.sobject('Account').create(accounts('Scanned', 1))
    const gone = await conn.bulk2.loadAndWaitForResults({ ...hard, input: [{ Id: other }] })
    expect(gone.successfulResults).toEqual([{ sf__Id: other, sf__Created: 'false', Id: other }])
    const left = await (await conn.bulk2.query(soql, { scanAll: true })).toArray()
    expect(left).toEqual([Id, other].map((each) => ({ Id: each, IsDeleted: 'true' })))
    expect([await conn.soap.undelete([other])].flat()).toMatchObject([{ success: false }])
  })

  it('takes up a query job by its id, and deletes it', async () => {
    const job = conn.bulk2.job('query', { id: (await openedQuery()).id })
    await job.check()
    await job.delete()
    await expect(job.check()).rejects.toMatchObject({ errorCode: 'NOT_FOUND' })
  })
})

describe('Bulk API 2.0', () => {
  it('hands out query results page by page', async () => {
    await conn.sobject('Account').create(accounts('Paged', 5))
    const token = await tokenOf(org.url)
    const body = JSON.stringify({ operation: 'query', query: "SELECT Name FROM Account WHERE Name LIKE 'Paged%'" })
    const { id } = (await rest(org.url, token, '/jobs/query', { method: 'POST', body })).body as { id: string }
    await expect
      .poll(async () => (await rest(org.url, token, `/jobs/query/${id}`)).body)
      .toMatchObject({
        state: 'JobComplete',
        numberRecordsProcessed: 5,
      })
    const names: string[] = []
    let locator = ''
    do {
      const response = await fetch(
        `${org.url}/services/data/v62.0/jobs/query/${id}/results?maxRecords=2${locator && `&locator=${locator}`}`,
        { headers: { authorization: `Bearer ${token}` } },
      )
      names.push(
        ...parseCsv(await response.text())
          .slice(1)
          .flat(),
      )
      locator = response.headers.get('sforce-locator') ?? 'null'
    } while (locator !== 'null')
    expect(names.sort()).toEqual(accounts('Paged', 5).map(({ Name }) => Name))
  })

  it.each([
    ['an unknown object', '/jobs/ingest', { object: 'Nope', operation: 'insert' }, 404, 'NOT_FOUND'],
    ['an unknown operation', '/jobs/ingest', { object: 'Account', operation: 'explode' }, 400, 'INVALIDJOB'],
    ['an upsert without a key', '/jobs/ingest', { object: 'Account', operation: 'upsert' }, 400, 'INVALIDJOB'],
    ['a query that is none', '/jobs/query', { operation: 'query', query: 'SELEKT' }, 400, 'MALFORMED_QUERY'],
    ['an aggregate', '/jobs/query', { operation: 'query', query: 'SELECT COUNT(Id) FROM Account' }, 400, 'API_ERROR'],
    ['no body', '/jobs/query', undefined, 400, 'INVALIDJOB'],
  ])('refuses %s', async (_what, path, order, status, errorCode) => {
    const answer = await rest(org.url, await tokenOf(org.url), path, { method: 'POST', body: JSON.stringify(order) })
    expect(answer).toMatchObject({ status, body: [{ errorCode }] })
  })

  it('shows a job to its creator alone', async () => {
    const job = conn.bulk2.createJob({ object: 'Account', operation: 'insert' })
    const { id } = await job.open()
    const other = await connect(org.url, 'second@practice.example')
    const path = `/services/data/v62.0/jobs/ingest/${id}`
    await expect(other.request(path)).rejects.toMatchObject({ errorCode: 'NOT_FOUND' })
  })
})

describe('jsforce with the older Bulk API', () => {
  it('loads, queries and deletes', async () => {
    const made = (await conn.bulk.load(
      'Account',
      'insert',
      [...accounts('Bulk1', 250), { Name: '' }].map((row) => ({ ...row, Phone: '1' })),
    )) as {
      id: string
      success: boolean
      errors: string[]
    }[]
    expect(made.filter(({ success }) => success).length).toBe(250)
    expect(made.at(-1)?.errors[0]).toMatch(/^REQUIRED_FIELD_MISSING:/)
    const found = await (await conn.bulk.query("SELECT Id, Name FROM Account WHERE Name LIKE 'Bulk1 %'")).toArray()
    expect(found.length).toBe(250)
    const gone = await conn.bulk.load('Account', 'delete', found.map(({ Id }) => ({ Id })) as never)
    expect((gone as { success: boolean }[]).every(({ success }) => success)).toBe(true)
    expect(await count("Name LIKE 'Bulk1 %'")).toBe(0)
  })

  it('updates, upserts, finds what is deleted, and deletes for good', async () => {
    type Result = { id: string; success: boolean; created: boolean; errors: string[] }[]
    const load = async (object: string, operation: string, rows: object[], options = {}): Promise<Result> =>
      (await conn.bulk.load(object, operation as 'update', options, rows as never)) as unknown as Result
    const [{ id: Id = '' } = {}] = await load('Account', 'insert', [{ Name: 'Older', Phone: '1' }])
    expect(await load('Account', 'update', [{ Id, Phone: null }])).toMatchObject([{ id: Id, success: true }])
    expect(await count("Name = 'Older' AND Phone = null")).toBe(1)
    const keys = [{ Key__c: 'older-a' }, { Key__c: 'older-b' }]
    const first = await load('Shipment__c', 'upsert', keys, { extIdField: 'Key__c' })
    const again = await load('Shipment__c', 'upsert', keys, { extIdField: 'Key__c', concurrencyMode: 'Serial' })
    expect([first, again].map((rows) => rows.map(({ created }) => created))).toEqual([
      [true, true],
      [false, false],
    ])
    await load('Account', 'delete', [{ Id }])
    const job = conn.bulk.createJob('Account', 'queryAll')
    const batch = job.createBatch().execute("SELECT Id FROM Account WHERE Name = 'Older'")
    batch.on('queue', () => batch.poll(5, 5000))
    const [found] = (await batch) as { id: string }[]
    expect(await batch.result(found?.id ?? '').toArray()).toEqual([{ Id }])
    expect(await job.list()).toMatchObject([{ id: batch.id, state: 'Completed', numberRecordsProcessed: '1' }])
    await job.close()
    const [{ id: other = '' } = {}] = await load('Account', 'insert', [{ Name: 'Older' }])
    expect(await load('Account', 'hardDelete', [{ Id: other }])).toMatchObject([{ success: true }])
  })

  it('aborts a job', async () => {
    const job = conn.bulk.createJob('Account', 'insert')
    await job.open()
    expect(await job.abort()).toMatchObject({ state: 'Aborted' })
  })

  it('is refused a batch of nothing', async () => {
    await expect(conn.bulk.load('Account', 'update', [])).rejects.toMatchObject({ name: 'ClientInputError' })
  })

  it('is told of an unknown object, an unknown job and a bad session', async () => {
    await expect(conn.bulk.createJob('Nope', 'insert').open()).rejects.toThrow(/InvalidEntity|does not exist/)
    await expect(conn.bulk.job('750000000000001').check()).rejects.toThrow(/Invalid job id/)
    const response = await fetch(`${org.url}/services/async/62.0/job/x`, { headers: { 'x-sfdc-session': 'x' } })
    expect([response.status, await response.text()]).toEqual([
      400,
      expect.stringContaining('<exceptionCode>InvalidSessionId</exceptionCode>') as string,
    ])
  })
})
