import { deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { connect, REP, startOrg, tokenOf } from '../../support/running-org.ts'
import { older, said, type Session } from './calls.ts'
import { zipOf } from './zip-of.ts'

let org: PracticeOrg
let admin: Session
beforeAll(async () => {
  org = await startOrg()
  admin = { url: org.url, token: await tokenOf(org.url) }
})
afterAll(() => org.close())

const NAMESPACE = 'http://www.force.com/2009/06/asyncapi/dataload'
const jobXml = (members: Record<string, string>): string =>
  `<?xml version="1.0"?><jobInfo xmlns="${NAMESPACE}">${Object.entries(members)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('')}</jobInfo>`

const TYPES: Record<string, string> = {
  CSV: 'text/csv',
  XML: 'application/xml',
  JSON: 'application/json',
  ZIP_CSV: 'zip/csv',
}

async function opened(members: Record<string, string>, headers: Record<string, string> = {}): Promise<string> {
  const body = jobXml({ contentType: 'CSV', ...members })
  const { text } = await older(admin, '/job', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/xml', ...headers },
  })
  return said(text, 'id') || (JSON.parse(text) as { id: string }).id
}

const add = (job: string, type: string, body: string | Buffer) =>
  older(admin, `/job/${job}/batch`, { method: 'POST', body, headers: { 'content-type': TYPES[type] ?? type } })

const idIn = (text: string): string => said(text, 'id') || (JSON.parse(text) as { id: string }).id
const stateIn = (text: string): string => said(text, 'state') || /"state":"(\w+)"/.exec(text)?.[1] || ''

/** The batch once it has ended, as the API tells it. */
async function batchEnded(job: string, batch: string): Promise<string> {
  let text = ''
  const look = async () => stateIn((text = (await older(admin, `/job/${job}/batch/${batch}`)).text))
  await expect.poll(look, { interval: 5, timeout: 20_000 }).toMatch(/Completed|Failed|NotProcessed/)
  return text
}

/** Runs one batch in a job of its own and gives its state, and its result. */
async function run(members: Record<string, string>, body: string | Buffer) {
  const job = await opened(members)
  const batch = idIn((await add(job, members['contentType'] ?? 'CSV', body)).text)
  const info = await batchEnded(job, batch)
  return { job, batch, info, result: (await older(admin, `/job/${job}/batch/${batch}/result`)).text }
}

describe('a batch of the older Bulk API', () => {
  it('in XML is read and answered in XML, parents and empty values in it', async () => {
    const records = [
      `<sObject><Name>Xml 1</Name><Phone xsi:nil="true"/><Owner><sObject><Username>${REP}</Username></sObject></Owner></sObject>`,
      '<sObject><Name></Name><Phone>1</Phone></sObject>',
    ]
    const body = `<?xml version="1.0"?><sObjects xmlns="${NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${records.join('')}</sObjects>`
    const { info, result } = await run({ operation: 'insert', object: 'Account', contentType: 'XML' }, body)
    expect(stateIn(info)).toBe('Completed')
    expect(said(info, 'numberRecordsFailed')).toBe('1')
    expect(result).toMatch(/<result><id>001\w{15}<\/id><success>true<\/success><created>true<\/created><\/result>/)
    expect(result).toContain('<statusCode>REQUIRED_FIELD_MISSING</statusCode>')
    const conn = await connect(org.url)
    const found = await conn.query(`SELECT Id FROM Account WHERE Name = 'Xml 1' AND Owner.Username = '${REP}'`)
    expect(found.totalSize).toBe(1)
  })

  it('in JSON is read and answered in JSON', async () => {
    const body = JSON.stringify([
      { attributes: { type: 'Account' }, Name: 'Json 1', NumberOfEmployees: 5, Owner: { Username: REP } },
      { Phone: null },
    ])
    const { info, result } = await run({ operation: 'insert', object: 'Account', contentType: 'JSON' }, body)
    expect(JSON.parse(info)).toMatchObject({ state: 'Completed', numberRecordsProcessed: 2, stateMessage: null })
    expect(JSON.parse(result)).toEqual([
      { success: true, created: true, id: expect.stringMatching(/^001/) as string, errors: [] },
      {
        success: false,
        created: false,
        id: null,
        errors: [expect.objectContaining({ statusCode: 'REQUIRED_FIELD_MISSING', fields: ['Name'] })],
      },
    ])
  })

  it('in a ZIP brings the bytes of attachments, by the names of their files', async () => {
    const conn = await connect(org.url)
    const { id: ParentId = '' } = await conn.sobject('Account').create({ Name: 'Zipped' })
    const picture = Buffer.from([1, 2, 3, 255])
    const zip = zipOf(
      { 'request.txt': Buffer.from(`Name,ParentId,Body\npic,${ParentId},#dir/pic.bin\n`), 'dir/pic.bin': picture },
      deflateRawSync,
    )
    const { info, result } = await run({ operation: 'insert', object: 'Attachment', contentType: 'ZIP_CSV' }, zip)
    expect([stateIn(info), result]).toEqual(['Completed', expect.stringMatching(/"true","true",""\n$/) as string])
    const [kept] = (await conn.query(`SELECT Id, BodyLength FROM Attachment WHERE ParentId = '${ParentId}'`)).records
    expect(kept?.['BodyLength']).toBe(4)
  })

  it.each([
    ['bytes that are no archive', Buffer.from('no archive')],
    ['an archive without its request', zipOf({ 'x.txt': Buffer.from('x') }, deflateRawSync)],
    [
      'an archive whose data is broken',
      zipOf({ 'request.txt': Buffer.from('Name\nx\n') }, () => Buffer.from('broken')),
    ],
  ])('in a ZIP fails for %s', async (_what, body) => {
    const { info } = await run({ operation: 'insert', object: 'Account', contentType: 'ZIP_CSV' }, body)
    expect([stateIn(info), said(info, 'stateMessage')]).toEqual([
      'Failed',
      expect.stringMatching(/^InvalidBatch : Unable to/) as string,
    ])
  })

  it.each([
    ['CSV', 'Name\n', 'InvalidBatch : Records not found'],
    ['XML', '<sObjects/>', 'InvalidBatch : Records not found'],
    ['XML', '<sObjects>', /^InvalidBatch : Unable to parse Batch/],
    ['JSON', '[]', 'InvalidBatch : Records not found'],
    ['JSON', '{"Name":"x"}', /^InvalidBatch : Unable to parse Batch/],
    ['JSON', '[1]', /^InvalidBatch : A record must be an object/],
    ['CSV', `Name\n${'x\n'.repeat(10_001)}`, /Exceeded max number of records in a batch: 10000/],
  ])('in %s fails for %.20j', async (contentType, body, message) => {
    const { info } = await run({ operation: 'insert', object: 'Account', contentType }, body)
    expect(stateIn(info)).toBe('Failed')
    const told =
      said(info, 'stateMessage') ||
      String((info.startsWith('{') ? (JSON.parse(info) as Record<string, unknown>) : {})['stateMessage'])
    if (typeof message === 'string') expect(told).toBe(message)
    else expect(told).toMatch(message)
  })

  it('gives back its request', async () => {
    const { job, batch } = await run({ operation: 'insert', object: 'Account' }, 'Name\nAsked\n')
    expect((await older(admin, `/job/${job}/batch/${batch}/request`)).text).toBe('Name\nAsked\n')
  })

  it('is read in the character set its content type names', async () => {
    const job = await opened({ operation: 'insert', object: 'Account' })
    await batchEnded(
      job,
      idIn((await add(job, 'text/csv; charset=ISO-8859-1', Buffer.from('Name\nM\xfcller\n', 'latin1'))).text),
    )
    const conn = await connect(org.url)
    expect((await conn.query("SELECT Id FROM Account WHERE Name = 'Müller'")).totalSize).toBe(1)
    expect(await add(job, 'text/csv; charset=klingon', 'Name\nx\n')).toMatchObject({ status: 400 })
  })
})

describe('a query batch of the older Bulk API', () => {
  const query =
    "SELECT Id, Name, CreatedDate, Owner.Name, (SELECT LastName FROM Contacts) FROM Account WHERE Name = 'Asked for'"
  beforeAll(async () => {
    const conn = await connect(org.url)
    const { id } = await conn.sobject('Account').create({ Name: 'Asked for' })
    await conn.sobject('Contact').create({ LastName: 'Child', AccountId: id ?? '' })
  })

  async function resultOf(contentType: string): Promise<string> {
    const { job, batch, result } = await run({ operation: 'query', object: 'Account', contentType }, query)
    const id = said(result, 'result') || (JSON.parse(result) as string[])[0]
    return (await older(admin, `/job/${job}/batch/${batch}/result/${id}`)).text
  }

  it('answers in JSON with children, and dates as numbers', async () => {
    const [record] = JSON.parse(await resultOf('JSON')) as Record<string, unknown>[]
    expect(record).toMatchObject({
      attributes: { type: 'Account' },
      Name: 'Asked for',
      CreatedDate: expect.any(Number) as number,
      Owner: { Name: 'Ada Admin' },
      Contacts: [{ LastName: 'Child' }],
    })
  })

  it('answers in XML with the id twice, as that API does', async () => {
    const xml = await resultOf('XML')
    expect(xml).toMatch(
      /<records xsi:type="sObject"><type>Account<\/type><Id>(\w{18})<\/Id><Id>\1<\/Id><Name>Asked for<\/Name>/,
    )
    expect(xml).toContain('<LastName>Child</LastName>')
  })

  it('fails for children in CSV, and for a query that is none', async () => {
    const { info } = await run({ operation: 'query', object: 'Account' }, query)
    expect(said(info, 'stateMessage')).toBe(
      'FeatureNotEnabled : Aggregate Relationships not supported in Bulk Query with CSV content type',
    )
    expect(stateIn((await run({ operation: 'query', object: 'Account' }, 'SELEKT')).info)).toBe('Failed')
  })

  it('says that it found nothing', async () => {
    const { job, batch, result } = await run(
      { operation: 'query', object: 'Account' },
      "SELECT Id FROM Account WHERE Name = 'Nobody'",
    )
    const { text } = await older(admin, `/job/${job}/batch/${batch}/result/${said(result, 'result')}`)
    expect(text).toBe('Records not found for this query')
  })

  it('with PK chunking becomes batches that together find every row once', async () => {
    const conn = await connect(org.url)
    await conn
      .sobject('Lead')
      .create(Array.from({ length: 25 }, (_, i) => ({ LastName: `Chunked ${i}`, Company: i < 12 ? 'A' : 'B' })))
    const job = await opened({ operation: 'query', object: 'Lead' }, { 'sforce-enable-pkchunking': 'chunkSize=10' })
    const first = idIn((await add(job, 'CSV', "SELECT LastName FROM Lead WHERE Company = 'A' OR Company = 'B'")).text)
    expect(stateIn(await batchEnded(job, first))).toBe('NotProcessed')
    const list = (await older(admin, `/job/${job}/batch`)).text
    const chunks = [...list.matchAll(/<id>(751\w+)<\/id>/g)].map(([, id = '']) => id).filter((id) => id !== first)
    expect(chunks.length).toBeGreaterThan(2)
    const found: string[] = []
    for (const chunk of chunks) {
      await batchEnded(job, chunk)
      const result = said((await older(admin, `/job/${job}/batch/${chunk}/result`)).text, 'result')
      const { text } = await older(admin, `/job/${job}/batch/${chunk}/result/${result}`)
      found.push(...text.split('\n').filter((line) => line.startsWith('"Chunked')))
    }
    expect(new Set(found).size).toBe(25)
    expect(found.length).toBe(25)
  })

  it('of shares with PK chunking is cut by the ids of what they share', async () => {
    const conn = await connect(org.url)
    await conn.sobject('Lead').create(Array.from({ length: 15 }, (_, i) => ({ LastName: `Part ${i}`, Company: 'A' })))
    const leads = (await conn.query('SELECT Id FROM LeadShare')).totalSize
    const job = await opened(
      { operation: 'query', object: 'LeadShare' },
      { 'sforce-enable-pkchunking': 'chunkSize=10; parent=Lead' },
    )
    const first = idIn((await add(job, 'CSV', "SELECT LeadId FROM LeadShare WHERE RowCause = 'Owner'")).text)
    expect(stateIn(await batchEnded(job, first))).toBe('NotProcessed')
    const list = (await older(admin, `/job/${job}/batch`)).text
    const chunks = [...list.matchAll(/<id>(751\w+)<\/id>/g)].map(([, id = '']) => id).filter((id) => id !== first)
    expect(chunks.length).toBeGreaterThan(1)
    const found: string[] = []
    for (const chunk of chunks) {
      await batchEnded(job, chunk)
      const result = said((await older(admin, `/job/${job}/batch/${chunk}/result`)).text, 'result')
      const { text } = await older(admin, `/job/${job}/batch/${chunk}/result/${result}`)
      found.push(...text.split('\n').filter((line) => line.startsWith('"00Q')))
    }
    expect(found).toHaveLength(leads)
    expect(new Set(found).size).toBe(leads)
    const bare = await opened({ operation: 'query', object: 'LeadShare' }, { 'sforce-enable-pkchunking': 'true' })
    const info = await batchEnded(bare, idIn((await add(bare, 'CSV', 'SELECT Id FROM LeadShare')).text))
    expect(said(info, 'stateMessage')).toMatch(/^InvalidBatch : PK chunking of LeadShare needs the object/)
  })

  it('with PK chunking fails for more than conditions', async () => {
    const job = await opened({ operation: 'query', object: 'Account' }, { 'sforce-enable-pkchunking': 'true' })
    const info = await batchEnded(job, idIn((await add(job, 'CSV', 'SELECT Id FROM Account ORDER BY Name')).text))
    expect(said(info, 'stateMessage')).toMatch(/^InvalidBatch : PK chunking works only with queries/)
  })
})

describe('a job of the older Bulk API', () => {
  it('runs its batches one after the other when it is serial, in the order they came', async () => {
    const job = await opened({ operation: 'insert', object: 'Account', concurrencyMode: 'Serial' })
    const many = `Name\n${Array.from({ length: 600 }, (_, i) => `Serial ${i}\n`).join('')}`
    const batches = [
      idIn((await add(job, 'CSV', many)).text),
      idIn((await add(job, 'CSV', 'Name\nSerial last\n')).text),
    ]
    for (const batch of batches) await batchEnded(job, batch)
    const conn = await connect(org.url)
    const { records } = await conn.query("SELECT Name FROM Account WHERE Name LIKE 'Serial %' ORDER BY Id DESC LIMIT 1")
    expect(records[0]?.['Name']).toBe('Serial last')
    const { text } = await older(admin, `/job/${job}`)
    expect(
      ['concurrencyMode', 'numberBatchesCompleted', 'numberRecordsProcessed'].map((name) => said(text, name)),
    ).toEqual(['Serial', '2', '601'])
  })

  it('speaks JSON to whoever does', async () => {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({
      operation: 'insert',
      object: 'Account',
      contentType: 'JSON',
      assignmentRuleId: '01Q000000000001',
    })
    const opened = await older(admin, '/job', { method: 'POST', body, headers })
    expect(opened.status).toBe(201)
    const job = JSON.parse(opened.text) as { id: string }
    expect(job).toMatchObject({
      state: 'Open',
      apiVersion: 62,
      externalIdFieldName: null,
      assignmentRuleId: '01Q000000000001',
      numberBatchesTotal: 0,
    })
    const closed = await older(admin, `/job/${job.id}`, { method: 'POST', body: '{"state":"Closed"}', headers })
    expect(JSON.parse(closed.text)).toMatchObject({ state: 'Closed' })
    const refused = await older(admin, '/job', { method: 'POST', body: '{}', headers })
    expect([refused.status, JSON.parse(refused.text)]).toEqual([
      400,
      { exceptionCode: 'InvalidJob', exceptionMessage: 'Missing operation' },
    ])
  })

  it.each([
    [{ operation: 'explode', object: 'Account' }, 'InvalidJob'],
    [{ operation: 'insert' }, 'InvalidJob'],
    [{ operation: 'insert', object: 'Nope' }, 'InvalidEntity'],
    [{ operation: 'query', object: 'RecentlyViewed' }, 'InvalidEntity'],
    [{ operation: 'insert', object: 'Account', contentType: 'YAML' }, 'InvalidJob'],
    [{ operation: 'insert', object: 'Account', concurrencyMode: 'Sideways' }, 'InvalidJob'],
    [{ operation: 'insert', object: 'Account', assignmentRuleId: 'x' }, 'InvalidJob'],
    [{ operation: 'upsert', object: 'Account' }, 'InvalidJob'],
    [{ operation: 'upsert', object: 'Account', externalIdFieldName: 'Phone' }, 'InvalidJob'],
    [{ operation: 'hardDelete', object: 'Account' }, 'FeatureNotEnabled'],
  ])('is refused as %j', async (members, code) => {
    const body = jobXml(members as Record<string, string>)
    const { status, text } = await older(admin, '/job', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/xml' },
    })
    expect([status, said(text, 'exceptionCode')]).toEqual([400, code])
  })

  it.each(['chunkSize=0', 'chunkSize=250001', 'chunkSize=x', 'startRow=x'])(
    'is refused with PK chunking of %s',
    async (header) => {
      const headers = { 'content-type': 'application/xml', 'sforce-enable-pkchunking': header }
      const { text } = await older(admin, '/job', {
        method: 'POST',
        body: jobXml({ operation: 'query', object: 'Account' }),
        headers,
      })
      expect(said(text, 'exceptionCode')).toBe('ClientInputError')
    },
  )

  it('takes batches of its own content type and up to 10 MB, while it is open', async () => {
    const job = await opened({ operation: 'insert', object: 'Account' })
    expect(said((await add(job, 'JSON', '[]')).text, 'exceptionCode') || (await add(job, 'JSON', '[]')).text).toMatch(
      /InvalidBatch/,
    )
    const large = await add(job, 'CSV', 'x'.repeat(10_000_001))
    expect(said(large.text, 'exceptionMessage')).toContain('Exceeded max size limit of 10000000')
    const change = (state: string) =>
      older(admin, `/job/${job}`, {
        method: 'POST',
        body: jobXml({ state }),
        headers: { 'content-type': 'application/xml' },
      })
    expect(said((await change('Closed')).text, 'state')).toBe('Closed')
    expect(said((await add(job, 'CSV', 'Name\nx\n')).text, 'exceptionCode')).toBe('InvalidJobState')
    expect(said((await change('Aborted')).text, 'exceptionMessage')).toBe('Aborting already Completed Job not allowed')
    expect(said((await change('Sideways')).text, 'exceptionCode')).toBe('InvalidJobState')
  })

  it('runs none of its waiting batches when it is aborted', async () => {
    const job = await opened({ operation: 'insert', object: 'Account', concurrencyMode: 'Serial' })
    const many = `Name\n${Array.from({ length: 6000 }, (_, i) => `Aborted ${i}\n`).join('')}`
    await add(job, 'CSV', many)
    const last = idIn((await add(job, 'CSV', 'Name\nNever\n')).text)
    await older(admin, `/job/${job}`, {
      method: 'POST',
      body: jobXml({ state: 'Aborted' }),
      headers: { 'content-type': 'application/xml' },
    })
    expect(stateIn(await batchEnded(job, last))).toBe('NotProcessed')
    const conn = await connect(org.url)
    expect((await conn.query("SELECT Id FROM Account WHERE Name = 'Never'")).totalSize).toBe(0)
  })

  it('is shown to its creator alone', async () => {
    const job = await opened({ operation: 'insert', object: 'Account' })
    const rep = { url: org.url, token: await tokenOf(org.url, REP) }
    expect(said((await older(rep, `/job/${job}`)).text, 'exceptionCode')).toBe('InvalidUser')
  })
})
