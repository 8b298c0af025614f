// A row that somebody else holds, or an allowance or a session that has ended, at every door that writes.
import { afterEach, describe, expect, it } from 'vitest'
import { connect, openOrgForFile, practice, rest, tokenOf } from '../support/running-org.ts'

const { org, token } = await openOrgForFile()
afterEach(() => practice(org.url, '/faults', { mode: 'clear' }))

const order = (mode: string) => practice(org.url, '/faults', { mode, count: 1 })
const post = (path: string, body: object) =>
  rest(org.url, token, path, { method: 'POST', body: JSON.stringify(body) }).then(({ body }) => JSON.stringify(body))
const name = 'Held'
const record = { attributes: { type: 'Account' }, Name: name }
const row = { method: 'POST', url: '/services/data/v62.0/sobjects/Account', body: { Name: name } }

/** One write through each door, and all that the door says to it. */
const WRITES: Record<string, () => Promise<string>> = {
  'a row': () => post('/sobjects/Account', { Name: name }),
  'a composite': () => post('/composite', { allOrNone: false, compositeRequest: [{ ...row, referenceId: 'a' }] }),
  'a batch': () =>
    post('/composite/batch', {
      batchRequests: [{ method: 'POST', url: 'v62.0/sobjects/Account', richInput: { Name: name } }],
    }),
  'a graph': () =>
    post('/composite/graph', { graphs: [{ graphId: 'g', compositeRequest: [{ ...row, referenceId: 'a' }] }] }),
  'a collection': () => post('/composite/sobjects', { records: [record] }),
  'a tree': () =>
    post('/composite/tree/Account', {
      records: [{ attributes: { type: 'Account', referenceId: 'a' }, Name: name }],
    }),
}
const count = async () => {
  const { body } = await rest(org.url, token, `/query?q=SELECT+count()+FROM+Account+WHERE+Name='${name}'`)
  return (body as { totalSize: number }).totalSize
}

describe('a locked row', () => {
  it.each(Object.entries(WRITES))('refuses %s in the words of an org, and nothing is written', async (_, write) => {
    const before = await count()
    await order('lock')
    const told = await write()
    expect(told).toContain('UNABLE_TO_LOCK_ROW')
    expect(told).toContain('unable to obtain exclusive access')
    expect(await count()).toBe(before)
    await write()
    expect(await count()).toBe(before + 1)
  })

  it('refuses merge and convertLead over SOAP, which say so of the request they were in', async () => {
    const conn = await connect(org.url)
    const made = await conn.sobject('Account').create([{ Name: 'Master' }, { Name: 'Loser' }])
    const [masterId = '', loserId = ''] = made.map(({ id }) => id)
    const lead = await conn.sobject('Lead').create({ LastName: 'Held', Company: 'Held' })
    const merge = () =>
      conn.soap.merge({ masterRecord: { type: 'Account', Id: masterId } as never, recordToMergeIds: [loserId] })
    const convert = () =>
      conn.soap.convertLead({ leadId: lead.id ?? '', convertedStatus: 'Closed - Converted' } as never)
    const told: string[] = []
    for (const write of [merge, convert]) {
      await order('lock')
      told.push(JSON.stringify(await write().catch((error: Error) => ({ error: `${error.name} ${error.message}` }))))
      told.push(JSON.stringify(await write()))
    }
    expect(told.map((text) => text.includes('UNABLE_TO_LOCK_ROW'))).toEqual([true, false, true, false])
  })

  it('fails the rows of a bulk job whose upload was complete while it was held, in both APIs', async () => {
    const conn = await connect(org.url)
    const ingest = conn.bulk2.createJob({ object: 'Account', operation: 'insert' })
    await ingest.open()
    await ingest.uploadData([{ Name: name }])
    await order('lock')
    await ingest.close()
    await ingest.poll(20, 10_000)
    const { failedResults } = await ingest.getAllResults()
    const older = conn.bulk.createJob('Account', 'insert')
    await older.open()
    const batch = older.createBatch()
    await order('lock')
    const results = await new Promise<unknown>((resolve, reject) => {
      batch.on('queue', () => batch.poll(20, 10_000))
      batch.on('response', resolve)
      batch.on('error', reject)
      batch.execute([{ Name: name }])
    })
    expect(JSON.stringify(failedResults)).toContain('UNABLE_TO_LOCK_ROW')
    expect(JSON.stringify(results)).toContain('UNABLE_TO_LOCK_ROW')
  })
})

/** One call at each door, with its own way to carry a session. */
const CALLS: Record<string, (session: string) => Promise<Response>> = {
  'the REST API': (session) => get('/services/data/v62.0/limits', { authorization: `Bearer ${session}` }),
  'Bulk API 2.0': (session) => get('/services/data/v62.0/jobs/ingest', { authorization: `Bearer ${session}` }),
  'the Bulk API': (session) => get('/services/async/62.0/job/750000000000001AAA', { 'x-sfdc-session': session }),
  SOAP: (session) =>
    fetch(`${org.url}/services/Soap/u/62.0`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml', soapaction: '""' },
      body:
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com"><e:Header>' +
        `<SessionHeader><sessionId>${session}</sessionId></SessionHeader></e:Header><e:Body><getServerTimestamp/>` +
        '</e:Body></e:Envelope>',
    }),
}
const get = (path: string, headers: Record<string, string>) => fetch(`${org.url}${path}`, { headers })

describe.each(Object.entries(CALLS))('%s', (name, call) => {
  it('says that the allowance is used up', async () => {
    await order('limit')
    const inWords = name === 'the Bulk API' ? '<exceptionCode>ExceededQuota<' : 'REQUEST_LIMIT_EXCEEDED'
    expect(await (await call(token)).text()).toContain(inWords)
  })

  it('says that the session of its call has ended, and only that', async () => {
    const [mine, other] = [await tokenOf(org.url), await tokenOf(org.url)]
    await practice(org.url, '/faults', { mode: 'expire-sessions', match: { path: '/services/' }, count: 1 })
    expect(await (await call(mine)).text()).toMatch(/INVALID_SESSION_ID|InvalidSessionId/)
    expect(await (await call(other)).text()).not.toMatch(/INVALID_SESSION_ID|InvalidSessionId/)
  })
})
