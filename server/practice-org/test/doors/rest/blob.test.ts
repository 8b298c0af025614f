import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { REP, rest, startOrg, tokenOf } from '../../support/running-org.ts'

let org: PracticeOrg
let token: string
let accountId: string
beforeAll(async () => {
  org = await startOrg()
  token = await tokenOf(org.url)
  accountId = await created('Account', { Name: 'With Files' })
})
afterAll(() => org.close())

const post = (path: string, body: unknown, method = 'POST') =>
  rest(org.url, token, path, { method, body: JSON.stringify(body) })
const created = async (type: string, fields: object): Promise<string> =>
  ((await post(`/sobjects/${type}`, fields)).body as { id: string }).id
const query = async (soql: string): Promise<Record<string, unknown>[]> =>
  ((await rest(org.url, token, `/query?q=${encodeURIComponent(soql)}`)).body as { records: Record<string, unknown>[] })
    .records
const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64')
const bytesAt = async (path: string): Promise<{ status: number; type: string | null; bytes: Buffer }> => {
  const response = await fetch(`${org.url}/services/data/v62.0${path}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const bytes = Buffer.from(await response.arrayBuffer())
  return { status: response.status, type: response.headers.get('content-type'), bytes }
}

/** As a browser sends it, but for the JSON part, which has no file name. */
async function multipart(path: string, json: unknown, files: Record<string, Uint8Array<ArrayBuffer>>, method = 'POST') {
  const form = new FormData()
  form.append('entity', JSON.stringify(json))
  for (const [name, bytes] of Object.entries(files)) form.append(name, new Blob([bytes]), `${name}.bin`)
  const headers = { authorization: `Bearer ${token}` }
  const response = await fetch(`${org.url}/services/data/v62.0${path}`, { method, body: form, headers })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) }
}
const binary = Uint8Array.from([0, 255, 13, 10, 45, 45, 0, 128, 13, 10])

describe('an attachment', () => {
  it('takes its body as base64 text and gives it back as bytes of its content type', async () => {
    const fields = { ParentId: accountId, Name: 'note.txt', ContentType: 'text/plain', Body: base64('grüß dich') }
    const id = await created('Attachment', fields)
    const path = `/sobjects/Attachment/${id}/Body`
    expect(await bytesAt(path)).toEqual({ status: 200, type: 'text/plain', bytes: Buffer.from('grüß dich') })
    const url = `/services/data/v62.0${path}`
    expect((await rest(org.url, token, `/sobjects/Attachment/${id}`)).body).toMatchObject({ Body: url, BodyLength: 11 })
    expect(await query(`SELECT Id, Body FROM Attachment WHERE Id = '${id}'`)).toMatchObject([{ Body: url }])
  })

  it('takes its body as a part of the request, when created and when changed', async () => {
    const fields = { ParentId: accountId, Name: 'parts.bin' }
    const { status, body } = await multipart('/sobjects/Attachment', fields, { Body: binary })
    expect(status).toBe(201)
    const path = `/sobjects/Attachment/${(body as { id: string }).id}`
    expect((await bytesAt(`${path}/Body`)).bytes).toEqual(Buffer.from(binary))
    const change = { Description: 'shorter' }
    expect((await multipart(path, change, { Body: binary.slice(0, 3) }, 'PATCH')).status).toBe(204)
    const row = await rest(org.url, token, path)
    expect(row.body).toMatchObject({ BodyLength: 3, Description: 'shorter' })
  })

  it.each([
    ['no body', {}, ['REQUIRED_FIELD_MISSING', 'Required fields are missing: [Body]']],
    [
      'text that is not base64',
      { Body: '%%%' },
      ['JSON_PARSER_ERROR', "Illegal character '%' (code 0x25) in base64 content at [line:1, column:1]"],
    ],
    ['a field that is no blob', { Nothing: base64('x') }, ['INVALID_FIELD', expect.any(String) as string]],
  ])('is refused with %s', async (_what, more, [errorCode, message]) => {
    const { status, body } = await post('/sobjects/Attachment', { ParentId: accountId, Name: 'x', ...more })
    expect({ status, body }).toMatchObject({ status: 400, body: [{ errorCode, message }] })
  })

  it('is refused in a body of parts without its JSON', async () => {
    const body = new FormData()
    body.append('Body', new Blob([binary]), 'a.bin')
    const init = { method: 'POST', body, headers: { authorization: `Bearer ${token}` } }
    const response = await fetch(`${org.url}/services/data/v62.0/sobjects/Attachment`, init)
    expect([response.status, await response.json()]).toEqual([
      400,
      [{ errorCode: 'INVALID_MULTIPART_REQUEST', message: 'Multipart message must include a non-binary part' }],
    ])
  })

  it('cannot be filtered by its body, and has no other blob', async () => {
    const soql = encodeURIComponent("SELECT Id FROM Attachment WHERE Body = 'x'")
    expect((await rest(org.url, token, `/query?q=${soql}`)).body).toMatchObject([{ errorCode: 'INVALID_FIELD' }])
    expect((await rest(org.url, token, `/sobjects/Account/${accountId}/Body`)).status).toBe(404)
  })
})

describe('binary parts', () => {
  it('are taken by the calls of a batch that name them', async () => {
    const request = (part: string) => ({
      method: 'POST',
      url: 'v62.0/sobjects/Attachment',
      richInput: { ParentId: accountId, Name: part },
      binaryPartName: part,
      binaryPartNameAlias: 'Body',
    })
    const batchRequests = [request('one'), request('two'), request('three')]
    const { body } = await multipart('/composite/batch', { batchRequests }, { one: binary, two: binary.slice(1) })
    expect(body).toMatchObject({
      hasErrors: true,
      results: [{ statusCode: 201 }, { statusCode: 201 }, { statusCode: 400 }],
    })
    expect(await query("SELECT BodyLength FROM Attachment WHERE Name = 'two'")).toMatchObject([{ BodyLength: 9 }])
  })

  it('are taken by the rows of a collection that name them', async () => {
    const attributes = { type: 'ContentVersion', binaryPartName: 'file1', binaryPartNameAlias: 'VersionData' }
    const records = [{ attributes, PathOnClient: 'collected.bin' }]
    const { body } = await multipart('/composite/sobjects', { records }, { file1: binary })
    expect(body).toMatchObject([{ success: true }])
  })
})

describe('a file', () => {
  it('has a document, versions and links to where it was published', async () => {
    const first = await created('ContentVersion', {
      PathOnClient: 'contract.pdf',
      VersionData: base64('v1'),
      FirstPublishLocationId: accountId,
    })
    const [version] = await query(
      `SELECT ContentDocumentId, Title, FileType, Checksum, VersionNumber FROM ContentVersion WHERE Id = '${first}'`,
    )
    expect(version).toMatchObject({ Title: 'contract', FileType: 'PDF', VersionNumber: '1' })
    const document = String(version?.['ContentDocumentId'])
    const second = await created('ContentVersion', {
      ContentDocumentId: document,
      PathOnClient: 'contract2.docx',
      Title: 'Contract, signed',
      VersionData: base64('v2 is longer'),
    })
    expect(
      await query(
        `SELECT IsLatest, FileType FROM ContentVersion WHERE ContentDocumentId = '${document}' ORDER BY VersionNumber`,
      ),
    ).toMatchObject([{ IsLatest: false }, { IsLatest: true, FileType: 'WORD_X' }])
    expect(
      await query(`SELECT Title, ContentSize, LatestPublishedVersionId FROM ContentDocument WHERE Id = '${document}'`),
    ).toMatchObject([{ Title: 'Contract, signed', ContentSize: 12, LatestPublishedVersionId: second }])
    expect((await bytesAt(`/sobjects/ContentVersion/${first}/VersionData`)).bytes.toString()).toBe('v1')
    const links = `SELECT LinkedEntityId FROM ContentDocumentLink WHERE ContentDocumentId = '${document}'`
    expect((await query(links)).map((row) => row['LinkedEntityId'])).toContain(accountId)
    const again = await post('/sobjects/ContentDocumentLink', {
      ContentDocumentId: document,
      LinkedEntityId: accountId,
    })
    expect(again.body).toMatchObject([{ errorCode: 'DUPLICATE_VALUE' }])
  })

  it('is seen by whoever sees a record it is linked to, and by nobody else', async () => {
    const rep = await tokenOf(org.url, REP)
    const seen = async (id: string): Promise<number> =>
      (await rest(org.url, rep, `/sobjects/ContentVersion/${id}`)).status
    const file = { PathOnClient: 'secret.txt', VersionData: base64('s') }
    const own = await rest(org.url, rep, '/sobjects/Account', {
      method: 'POST',
      body: JSON.stringify({ Name: 'Of Rep' }),
    })
    const { id } = own.body as { id: string }
    expect(await seen(await created('ContentVersion', file))).toBe(404)
    expect(await seen(await created('ContentVersion', { ...file, FirstPublishLocationId: id }))).toBe(200)
  })

  it('goes with its versions when its document is deleted', async () => {
    const id = await created('ContentVersion', { PathOnClient: 'gone.txt', VersionData: base64('g') })
    const [row] = await query(`SELECT ContentDocumentId FROM ContentVersion WHERE Id = '${id}'`)
    const path = `/sobjects/ContentDocument/${String(row?.['ContentDocumentId'])}`
    expect((await rest(org.url, token, path, { method: 'DELETE' })).status).toBe(204)
    expect(await query(`SELECT Id FROM ContentVersion WHERE Id = '${id}'`)).toEqual([])
  })
})
