import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { connect, practice, REP, rest, startOrg, tokenOf, type Json } from '../../support/running-org.ts'
import { change, ended, file, ingest, open, text, upload, type Session } from './calls.ts'

let org: PracticeOrg
let admin: Session
beforeAll(async () => {
  org = await startOrg()
  admin = { url: org.url, token: await tokenOf(org.url) }
})
afterAll(() => org.close())

const accounts = { object: 'Account', operation: 'insert' }

async function count(where: string): Promise<number> {
  const { body } = await rest(
    org.url,
    admin.token,
    `/query?q=${encodeURIComponent(`SELECT Id FROM Account WHERE ${where}`)}`,
  )
  return (body as { totalSize: number }).totalSize
}

async function opened(order: Json = accounts): Promise<string> {
  return ((await open(admin, 'ingest', order)).body as { id: string }).id
}

describe('an ingest job of Bulk API 2.0', () => {
  it.each([
    ['COMMA', ','],
    ['TAB', '\t'],
    ['SEMICOLON', ';'],
    ['PIPE', '|'],
    ['CARET', '^'],
    ['BACKQUOTE', '`'],
  ])('reads and writes columns set apart by %s', async (columnDelimiter, sign) => {
    const row = [`Set ${columnDelimiter}`, '"+1', 'x"'].join(sign).replace(`"+1${sign}x"`, `"+1 ${sign} 2"`)
    const job = await ingest(admin, { ...accounts, columnDelimiter }, `Name${sign}Phone\n${row}\n`)
    expect(job).toMatchObject({ state: 'JobComplete', columnDelimiter, numberRecordsProcessed: 1 })
    const [header, first] = await file(admin, `/jobs/ingest/${job.id}/successfulResults`, sign)
    expect([header, first?.slice(1)]).toEqual([
      ['sf__Id', 'sf__Created', 'Name', 'Phone'],
      ['true', `Set ${columnDelimiter}`, `+1 ${sign} 2`],
    ])
  })

  it('writes results with the line ends of its upload, and refuses an upload with others', async () => {
    const crlf = await ingest(admin, { ...accounts, lineEnding: 'CRLF' }, 'Name\r\nLines\r\n')
    expect(await text(admin, `/jobs/ingest/${crlf.id}/successfulResults`)).toMatch(/^"sf__Id","sf__Created","Name"\r\n/)
    expect(await ingest(admin, accounts, 'Name\r\nLines\r\n')).toMatchObject({
      state: 'Failed',
      errorMessage: 'InvalidBatch : LineEnding is invalid on user data. Current LineEnding setting is LF',
    })
  })

  it('leaves a field as it is for an empty cell and empties it for #N/A', async () => {
    const made = await ingest(admin, accounts, 'Name,Phone,Website\nBlank,+1,example.com\n')
    const [, row] = await file(admin, `/jobs/ingest/${made.id}/successfulResults`)
    const id = row?.[0] ?? ''
    await ingest(admin, { object: 'Account', operation: 'update' }, `Id,Phone,Website\n${id},,#N/A\n`)
    expect((await rest(org.url, admin.token, `/sobjects/Account/${id}?fields=Phone,Website`)).body).toMatchObject({
      Phone: '+1',
      Website: null,
    })
  })

  it('finds parents by their external ids, and those of several types by type and id', async () => {
    const [one] = org.org.query(
      { userId: org.org.user(REP)?.id ?? '', api: 'rest', version: '62.0' },
      'SELECT Id FROM User LIMIT 1',
    ).records
    expect(one).toBeDefined()
    const job = await ingest(admin, accounts, `Name,Owner.Username\nParent 1,${REP}\nParent 2,nobody@example.com\n`)
    expect(job).toMatchObject({ state: 'JobComplete', numberRecordsProcessed: 2, numberRecordsFailed: 1 })
    const [, failed] = await file(admin, `/jobs/ingest/${job.id}/failedResults`)
    expect(failed?.[1]).toBe(
      'INVALID_FIELD:Foreign key external ID: nobody@example.com not found for field Username in entity User: --',
    )
    expect(await count(`Name = 'Parent 1' AND Owner.Username = '${REP}'`)).toBe(1)
    const leads = { object: 'Lead', operation: 'insert' }
    const typed = await ingest(admin, leads, `LastName,Company,User:Owner.Username\nPoly,P Ltd,${REP}\n`)
    expect(typed).toMatchObject({ state: 'JobComplete', numberRecordsFailed: 0 })
    expect(await ingest(admin, leads, `LastName,Company,Owner.Username\nPoly,P Ltd,${REP}\n`)).toMatchObject({
      state: 'Failed',
      errorMessage: 'InvalidBatch : Field name not found : Owner.Username',
    })
  })

  it.each([
    ['names a field that is none', 'Name,Nope__c\nx,y\n', 'InvalidBatch : Field name not found : Nope__c'],
    ['names a field twice', 'Name,name\nx,y\n', 'InvalidBatch : Duplicate field name in the header row : name'],
    ['has a row longer than its header', 'Name\nx,y\n', /^InvalidBatch : Failed to parse CSV. Found 2 fields/],
    ['has a quote that is not closed', 'Name\n"x\n', /^InvalidBatch : Failed to parse CSV. EOF reached/],
    ['begins with a byte order mark', '\uFEFFName\nx\n', 'InvalidBatch : Field name not found : \uFEFFName'],
    [
      'has a field of 131,073 characters',
      `Name\n${'x'.repeat(131_073)}\n`,
      /Exceeded max number of characters in a field/,
    ],
    [
      'finds a parent by a field that is no key',
      'Name,Parent.Phone\nx,1\n',
      /Field name provided, Phone does not match an External ID/,
    ],
  ])('fails when its upload %s', async (_what, csv, errorMessage) => {
    const job = await ingest(admin, accounts, csv)
    expect(job['state']).toBe('Failed')
    if (typeof errorMessage === 'string') expect(job['errorMessage']).toBe(errorMessage)
    else expect(job['errorMessage']).toMatch(errorMessage)
  })

  it('keeps what it wrote before it failed, and gives back the rest', async () => {
    const good = Array.from({ length: 200 }, (_, i) => `Kept ${i}\n`).join('')
    const job = await ingest(admin, accounts, `Name\n${good}Rest 1\nRest 2\n"broken\n`)
    expect(job).toMatchObject({ state: 'Failed', numberRecordsProcessed: 200 })
    expect(await count("Name LIKE 'Kept %'")).toBe(200)
    expect(await file(admin, `/jobs/ingest/${job.id}/unprocessedrecords`)).toEqual([['Name'], ['Rest 1'], ['Rest 2']])
  })

  it('refuses rows one by one: an id to insert, none to update, the same twice', async () => {
    const made = await ingest(admin, accounts, 'Name\nOnce\n')
    const [, row] = await file(admin, `/jobs/ingest/${made.id}/successfulResults`)
    const id = row?.[0] ?? ''
    const errorsOf = async (order: Json, csv: string): Promise<(string | undefined)[]> => {
      const job = await ingest(admin, { object: 'Account', ...order }, csv)
      return (await file(admin, `/jobs/ingest/${job.id}/failedResults`)).slice(1).map(([, error]) => error)
    }
    expect(await errorsOf({ operation: 'insert' }, `Id,Name\n${id},x\n`)).toEqual([
      'INVALID_FIELD_FOR_INSERT_UPDATE:cannot specify Id in an insert call:Id --',
    ])
    expect(await errorsOf({ operation: 'update' }, 'Name\nx\n')).toEqual([
      'MISSING_ARGUMENT:Id not specified in an update call:Id --',
    ])
    expect(await errorsOf({ operation: 'update' }, `Id,Name\n${id},x\n${id},y\n`)).toEqual([
      `DUPLICATE_VALUE:duplicate id in list: ${id}:Id --`,
    ])
    expect(await ingest(admin, { object: 'Account', operation: 'delete' }, `Id,Name\n${id},x\n`)).toMatchObject({
      errorMessage: `InvalidBatch : The 'delete' batch must contain only ids`,
    })
  })

  it('obeys the rights of its caller, row by row', async () => {
    const rep = { url: org.url, token: await tokenOf(org.url, REP) }
    const made = await ingest(admin, accounts, 'Name\nNot yours\n')
    const [, row] = await file(admin, `/jobs/ingest/${made.id}/successfulResults`)
    const job = await ingest(rep, { object: 'Account', operation: 'delete' }, `Id\n${row?.[0]}\n`)
    expect(job).toMatchObject({ state: 'JobComplete', numberRecordsFailed: 1 })
    expect(await count("Name = 'Not yours'")).toBe(1)
  })

  it('writes 200 rows a transaction, named in change events as bulk writes of its client', async () => {
    const before = (await practice(org.url, '/transactions')) as { next: number }
    const rows = Array.from({ length: 401 }, (_, i) => `Chunk ${i}\n`).join('')
    await ingest(admin, accounts, `Name\n${rows}`)
    const after = (await practice(org.url, `/transactions?after=${before.next}`)) as { items: Json[] }
    expect(after.items.map(({ api, operations }) => [api, (operations as unknown[]).length])).toEqual([
      ['bulkapi', 200],
      ['bulkapi', 200],
      ['bulkapi', 1],
    ])
    const [last] = org.org.eventsAfter('AccountChangeEvent', org.org.latestReplayId() - 1, 1)
    expect(last?.header.changeOrigin).toMatch(/^com\/salesforce\/api\/bulkapi\/62\.0/)
  })

  it('takes its data with its order in one multipart request', async () => {
    const order = JSON.stringify({ ...accounts, lineEnding: 'LF' })
    const parts = [
      `--B\r\nContent-Type: application/json\r\nContent-Disposition: form-data; name="job"\r\n\r\n${order}\r\n`,
      `--B\r\nContent-Type: text/csv\r\nContent-Disposition: form-data; name="content"; filename="content"\r\n\r\nName\nMulti 1\nMulti 2\r\n--B--\r\n`,
    ]
    const headers = { 'content-type': 'multipart/form-data; boundary="B"' }
    const answer = await rest(org.url, admin.token, '/jobs/ingest', { method: 'POST', body: parts.join(''), headers })
    expect(answer).toMatchObject({ status: 200, body: { state: 'UploadComplete' } })
    expect(await ended(admin, (answer.body as { id: string }).id)).toMatchObject({ numberRecordsProcessed: 2 })
    const cut = { method: 'POST', body: parts[0] ?? '', headers }
    expect(await rest(org.url, admin.token, '/jobs/ingest', cut)).toMatchObject({ status: 400 })
  })

  it('deletes for good with the right to, and is refused without it', async () => {
    const refused = await open(admin, 'ingest', { object: 'Account', operation: 'hardDelete' })
    expect(refused).toMatchObject({ status: 400, body: [{ errorCode: 'FEATURENOTENABLED' }] })
    const conn = await connect(org.url)
    const set = { Name: 'Hard_Delete', Label: 'Hard delete', PermissionsBulkApiHardDelete: true }
    const { id: PermissionSetId = '' } = await conn.sobject('PermissionSet').create(set)
    const AssigneeId = (await conn.identity()).user_id
    await conn.sobject('PermissionSetAssignment').create({ PermissionSetId, AssigneeId })
    const made = await ingest(admin, accounts, 'Name\nGone for good\n')
    const [, row] = await file(admin, `/jobs/ingest/${made.id}/successfulResults`)
    const gone = await ingest(admin, { object: 'Account', operation: 'hardDelete' }, `Id\n${row?.[0]}\n`)
    expect(gone).toMatchObject({ state: 'JobComplete', numberRecordsFailed: 0 })
    const soql = "SELECT IsDeleted FROM Account WHERE Name = 'Gone for good'"
    expect((await conn.query(soql, { scanAll: true })).records).toMatchObject([{ IsDeleted: true }])
    // jsforce's types speak of one result, whatever was asked.
    expect([await conn.soap.undelete([row?.[0] ?? ''])].flat()).toMatchObject([{ success: false }])
  })
})

describe('the states of an ingest job', () => {
  it('take one upload, in the state Open', async () => {
    const id = await opened()
    expect((await upload(admin, id, 'Name\nx\n', 'application/json')).status).toBe(415)
    expect((await upload(admin, id, Buffer.from([0x4e, 0xff, 0x0a]))).status).toBe(400)
    expect((await upload(admin, id, 'Name\nStates\n')).status).toBe(201)
    expect(await upload(admin, id, 'Name\nx\n')).toMatchObject({
      status: 400,
      body: [
        { errorCode: 'INVALIDJOB', message: expect.stringContaining('Found multiple contents for job') as string },
      ],
    })
    await change(admin, id, 'UploadComplete')
    await ended(admin, id)
    expect(await upload(admin, id, 'Name\nx\n')).toMatchObject({
      status: 400,
      body: [{ errorCode: 'INVALIDJOBSTATE' }],
    })
  })

  it.each([
    ['Aborted', 'UploadComplete', 'Closing already Aborted Job not allowed'],
    ['Aborted', 'Aborted', 'Aborting already Aborted Job not allowed'],
    ['UploadComplete', 'Aborted', 'Aborting already Completed Job not allowed'],
    ['UploadComplete', 'UploadComplete', 'Closing already Completed Job not allowed'],
  ])('go from %s to %s no more', async (first, then, message) => {
    const id = await opened()
    await change(admin, id, first)
    await ended(admin, id)
    expect(await change(admin, id, then)).toMatchObject({
      status: 400,
      body: [{ errorCode: 'INVALIDJOBSTATE', message }],
    })
  })

  it('end at once when it is aborted while it runs: what was written stays, the rest is given back', async () => {
    const id = await opened()
    await upload(admin, id, `Name\n${Array.from({ length: 5000 }, (_, i) => `Abort ${i}\n`).join('')}`)
    await change(admin, id, 'UploadComplete')
    await expect
      .poll(
        async () => ((await rest(org.url, admin.token, `/jobs/ingest/${id}`)).body as Json)['numberRecordsProcessed'],
        { interval: 1, timeout: 20_000 },
      )
      .toBeGreaterThan(0)
    expect(await change(admin, id, 'Aborted')).toMatchObject({ status: 200, body: { state: 'Aborted' } })
    const { numberRecordsProcessed: done } = await ended(admin, id)
    const left = await file(admin, `/jobs/ingest/${id}/unprocessedrecords`)
    expect(Number(done) + left.length - 1).toBe(5000)
    expect(await count("Name LIKE 'Abort %'")).toBe(Number(done))
  })

  it('let it be deleted once it is over, not before', async () => {
    const id = await opened()
    const remove = () => rest(org.url, admin.token, `/jobs/ingest/${id}`, { method: 'DELETE' })
    expect(await remove()).toMatchObject({ status: 400, body: [{ errorCode: 'INVALIDJOBSTATE' }] })
    await change(admin, id, 'Aborted')
    expect(await remove()).toMatchObject({ status: 204 })
    expect(await remove()).toMatchObject({ status: 404 })
  })

  it('let other callers be answered while 3,000 rows are written', async () => {
    const id = await opened()
    await upload(admin, id, `Name\n${Array.from({ length: 3000 }, (_, i) => `Many ${i}\n`).join('')}`)
    await change(admin, id, 'UploadComplete')
    const seen = new Set<number>()
    for (let state = 'UploadComplete'; state !== 'JobComplete';) {
      const info = (await rest(org.url, admin.token, `/jobs/ingest/${id}`)).body as Json
      state = String(info['state'])
      seen.add(Number(info['numberRecordsProcessed']))
    }
    // Each look comes between two chunks: it is answered long before the job is done.
    expect(seen.size).toBeGreaterThan(3)
  })
})
