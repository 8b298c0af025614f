// An upsert's result says `created` by what its key names before the write: for refused and rolled-back rows too.
import { describe, expect, it } from 'vitest'
import { FIXTURES } from '../../src/fixtures/fixture.ts'
import { openOrgForFile, rest, type Json } from '../support/running-org.ts'
import { post } from '../doors/soap/wire.ts'

const { org, token } = await openOrgForFile({ objects: FIXTURES.jsforce.objects })
const TYPE = 'UpsertTable__c'
const ROLLED_BACK = 'ALL_OR_NONE_OPERATION_ROLLED_BACK'

interface Row {
  ExtId__c?: string
  Name?: string
  OwnerId?: string
  Nothing__c?: string
}

async function addRow(key: string): Promise<string> {
  const { body } = await rest(org.url, token, `/sobjects/${TYPE}`, {
    method: 'POST',
    body: JSON.stringify({ Name: key, ExtId__c: key }),
  })
  return String((body as Json)['id'])
}

/** Upserts over REST: each row's `created` and the code of its error, which is empty for a row that was saved. */
async function overRest(rows: Row[], allOrNone: boolean): Promise<[unknown, string][]> {
  const records = rows.map((row) => ({ attributes: { type: TYPE }, ...row }))
  const { body } = await rest(org.url, token, `/composite/sobjects/${TYPE}/ExtId__c`, {
    method: 'PATCH',
    body: JSON.stringify({ allOrNone, records }),
  })
  const results = body as { created?: boolean; errors: { statusCode: string }[] }[]
  return results.map(({ created, errors }) => [created, errors[0]?.statusCode ?? ''])
}

/** The same over SOAP. */
async function overSoap(rows: Row[], allOrNone: boolean): Promise<[unknown, string][]> {
  const sObjects = rows.map((row) => {
    const fields = Object.entries(row).map(([name, value]) => `<${name}>${value}</${name}>`)
    return `<sObjects><type>${TYPE}</type>${fields.join('')}</sObjects>`
  })
  const session = `<SessionHeader><sessionId>${token}</sessionId></SessionHeader>`
  const header = `${session}<AllOrNoneHeader><allOrNone>${allOrNone}</allOrNone></AllOrNoneHeader>`
  const call = `<upsert><externalIDFieldName>ExtId__c</externalIDFieldName>${sObjects.join('')}</upsert>`
  const { results } = await post(
    `${org.url}/services/Soap/u/62.0`,
    `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header>${header}</e:Header><e:Body>${call}</e:Body></e:Envelope>`,
  )
  return results.map((result) => {
    const [error] = (result['errors'] ?? []) as Json[]
    return [
      result['created'] === undefined ? undefined : result['created'] === 'true',
      String(error?.['statusCode'] ?? ''),
    ]
  })
}

describe.each([
  ['REST', overRest],
  ['SOAP', overSoap],
])('an upsert over %s', (door, upsert) => {
  const key = (name: string): string => `${door}-${name}`

  it('says of a refused row what its key asked for', async () => {
    await addRow(key('old'))
    const rows = [
      { ExtId__c: key('new'), Name: 'New', OwnerId: 'INVALID_OWNER' },
      { ExtId__c: key('old'), Name: 'Old', OwnerId: 'INVALID_OWNER' },
      { ExtId__c: key('fine'), Name: 'Fine' },
    ]
    expect(await upsert(rows, false)).toEqual([
      [true, 'MALFORMED_ID'],
      [false, 'MALFORMED_ID'],
      [true, ''],
    ])
  })

  it('says it of rolled-back rows too, and nothing stays', async () => {
    const id = await addRow(key('kept'))
    const rows = [
      { ExtId__c: key('a'), Name: 'A' },
      { ExtId__c: key('kept'), Name: 'Changed' },
      { ExtId__c: key('b'), Name: 'B', OwnerId: 'INVALID_OWNER' },
      { ExtId__c: key('c'), Name: 'C' },
    ]
    expect(await upsert(rows, true)).toEqual([
      [true, ROLLED_BACK],
      [false, ROLLED_BACK],
      [true, 'MALFORMED_ID'],
      [true, ROLLED_BACK],
    ])
    const { body } = await rest(org.url, token, `/sobjects/${TYPE}/${id}`)
    expect(body).toMatchObject({ Name: key('kept') })
    const soql = encodeURIComponent(
      `SELECT Id FROM ${TYPE} WHERE ExtId__c IN ('${key('a')}', '${key('b')}', '${key('c')}')`,
    )
    expect((await rest(org.url, token, `/query?q=${soql}`)).body).toMatchObject({ totalSize: 0 })
  })

  it('creates nothing by a key that is missing or names several records', async () => {
    await addRow(key('twice'))
    await addRow(key('twice'))
    const rows = [{ Name: 'No key' }, { ExtId__c: key('twice'), Name: 'Which?' }]
    expect(await upsert(rows, false)).toEqual([
      [false, 'MISSING_ARGUMENT'],
      [false, 'DUPLICATE_EXTERNAL_ID'],
    ])
  })
})

it('an upsert by record id over SOAP says of a refused row whether it had an id', async () => {
  const id = await addRow('by-id')
  const header = `<SessionHeader><sessionId>${token}</sessionId></SessionHeader>`
  const row = (part: string): string =>
    `<sObjects><type>${TYPE}</type>${part}<OwnerId>INVALID_OWNER</OwnerId></sObjects>`
  const call = `<upsert><externalIDFieldName>Id</externalIDFieldName>${row(`<Id>${id}</Id>`)}${row('')}</upsert>`
  const { results } = await post(
    `${org.url}/services/Soap/u/62.0`,
    `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header>${header}</e:Header><e:Body>${call}</e:Body></e:Envelope>`,
  )
  expect(results).toMatchObject([
    { success: 'false', created: 'false' },
    { success: 'false', created: 'true' },
  ])
})

it('rows that are created, updated or deleted together say nothing of it', async () => {
  const bad = { attributes: { type: TYPE }, OwnerId: 'INVALID_OWNER' }
  const { body } = await rest(org.url, token, '/composite/sobjects', {
    method: 'POST',
    body: JSON.stringify({ records: [bad] }),
  })
  expect(body).toMatchObject([{ success: false }])
  expect(Object.keys((body as Json[])[0] ?? {})).not.toContain('created')
})
