// Every door but that of streaming speaks the versions 31.0 to 67.0; what it says to an older and to a newer one; what came with a version.
import { describe, expect, it } from 'vitest'
import { API_VERSIONS } from '../../src/org/api-versions.ts'
import { openOrgForFile, type Json } from '../support/running-org.ts'
import { post as postMessages, type Message } from './cometd/bayeux.ts'
import { post as postEnvelope } from './soap/wire.ts'

const { org, token } = await openOrgForFile()
const SPOKEN = ['31.0', '37.0', '45.0', '67.0']
const RETIRED =
  'The API version that was specified (30.0) is below the minimum supported (31.0). ' +
  'Change the version number and run the request again.'
const INVALID = 'Invalid Api version specified on URL'

async function rest(version: string, path: string, init: RequestInit = {}): Promise<{ status: number; body: Json[] }> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const response = await fetch(`${org.url}/services/data/v${version}${path}`, { headers, ...init })
  return { status: response.status, body: [(await response.json()) as Json | Json[]].flat() }
}

const posted = (body: unknown, method = 'POST'): RequestInit => ({ method, body: JSON.stringify(body) })

function soap(door: string, version: string, call: string) {
  const header = `<e:Header><SessionHeader><sessionId>${token}</sessionId></SessionHeader></e:Header>`
  const open = '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/">'
  const envelope = `${open}${header}<e:Body>${call}</e:Body></e:Envelope>`
  return postEnvelope(`${org.url}/services/Soap/${door}/${version}`, envelope)
}

async function openBatchJob(
  version: string,
  contentType = 'CSV',
  json = false,
): Promise<{ status: number; text: string }> {
  const order = { operation: 'insert', object: 'Account', contentType }
  const members = Object.entries(order).map(([name, value]) => `<${name}>${value}</${name}>`)
  const response = await fetch(`${org.url}/services/async/${version}/job`, {
    method: 'POST',
    headers: { 'X-SFDC-Session': token, 'content-type': json ? 'application/json' : 'application/xml' },
    body: json
      ? JSON.stringify(order)
      : `<jobInfo xmlns="http://www.force.com/2009/06/asyncapi/dataload">${members.join('')}</jobInfo>`,
  })
  return { status: response.status, text: await response.text() }
}

async function handshake(version: string): Promise<Message[]> {
  const message = { channel: '/meta/handshake', version: '1.0' }
  return (await postMessages(org, [message], token, `/cometd/${version}`)).body
}

const INGEST = { operation: 'insert', object: 'Account' }
const QUERY = { operation: 'query', query: 'SELECT Id FROM Account' }

describe.each(SPOKEN)('version %s', (version) => {
  it('reads and writes records over REST, and says itself in their addresses', async () => {
    const created = await rest(version, '/sobjects/Account', posted({ Name: `Made at ${version}` }))
    expect(created.status).toBe(201)
    const soql = encodeURIComponent(`SELECT Id FROM Account WHERE Name = 'Made at ${version}'`)
    const { body } = await rest(version, `/query?q=${soql}`)
    const url = `/services/data/v${version}/sobjects/Account/${String(created.body[0]?.['id'])}`
    expect(body[0]?.['records']).toMatchObject([{ attributes: { url } }])
  })

  it('is spoken at the Tooling API', async () => {
    const soql = encodeURIComponent('SELECT Id FROM ManagedEventSubscription')
    expect(await rest(version, `/tooling/query?q=${soql}`)).toMatchObject({ status: 200, body: [{ done: true }] })
  })

  it('is spoken at the doors of SOAP: partner, enterprise and metadata', async () => {
    const partner = await soap('u', version, '<getUserInfo xmlns="urn:partner.soap.sforce.com"/>')
    expect(partner.results).toMatchObject([{ userName: 'admin@practice.example' }])
    const enterprise = await soap('c', version, '<getUserInfo xmlns="urn:partner.soap.sforce.com"/>')
    expect(enterprise.fault['faultstring']).toMatch(/^No operation available for request/)
    const metadata = await soap('m', version, '<checkStatus xmlns="http://soap.sforce.com/2006/04/metadata"/>')
    expect(metadata.fault['faultcode']).toBe('sf:API_DISABLED_FOR_ORG')
  })

  it('opens a job of the older Bulk API, which says the version', async () => {
    const { status, text } = await openBatchJob(version)
    expect(status).toBe(201)
    expect(text).toContain(`<apiVersion>${version}</apiVersion>`)
  })
})

describe('the Streaming API', () => {
  it.each(['37.0', '45.0', '67.0'])('shakes hands at %s', async (version) => {
    expect(await handshake(version)).toMatchObject([{ successful: true, ext: { replay: true } }])
  })

  it.each(['30.0', '31.0', '36.0', '68.0'])(
    'is retired up to 36.0 and knows no later one than the org: %s',
    async (version) => {
      const error =
        "400::Unsupported API version. Only API versions '37.0' and later are supported. URI format: '/cometd/67.0'"
      expect(await handshake(version)).toMatchObject([{ successful: false, error }])
    },
  )
})

describe('a version that no door speaks', () => {
  it.each([
    ['30.0', 410, 'GONE', RETIRED],
    ['68.0', 404, 'NOT_FOUND', 'The requested resource does not exist'],
  ])('%s is refused over REST, Tooling and Bulk API 2.0 with %d %s', async (version, status, errorCode, message) => {
    for (const path of ['/limits', '/sobjects/Account/describe', '/tooling/query?q=x', '/jobs/ingest', '/jobs/query']) {
      expect(await rest(version, path)).toEqual({ status, body: [{ message, errorCode }] })
    }
  })

  it.each([
    ['30.0', RETIRED],
    ['68.0', INVALID],
  ])('%s is refused at the three doors of SOAP', async (version, text) => {
    for (const door of ['u', 'c', 'm']) {
      const { status, fault } = await soap(door, version, '<getUserInfo/>')
      expect({ status, code: fault['faultcode'], text: fault['faultstring'] }).toEqual({
        status: 500,
        code: 'sf:UNSUPPORTED_API_VERSION',
        text: `UNSUPPORTED_API_VERSION: ${text}`,
      })
    }
  })

  it.each([
    ['30.0', RETIRED],
    ['68.0', 'Api version 68.0 is not supported'],
  ])('%s is an InvalidVersion of the older Bulk API', async (version, message) => {
    const { status, text } = await openBatchJob(version)
    expect(status).toBe(400)
    expect(text).toContain('<exceptionCode>InvalidVersion</exceptionCode>')
    expect(text).toContain(`<exceptionMessage>${message}</exceptionMessage>`)
  })

  it('is refused as the version of a part of a composite or a batch', async () => {
    const url = '/services/data/v30.0/limits'
    const composite = await rest(
      '62.0',
      '/composite',
      posted({ compositeRequest: [{ method: 'GET', url, referenceId: 'a' }] }),
    )
    expect(composite.body[0]?.['compositeResponse']).toMatchObject([
      { httpStatusCode: 410, body: [{ errorCode: 'GONE' }] },
    ])
    const batch = await rest(
      '62.0',
      '/composite/batch',
      posted({ batchRequests: [{ method: 'GET', url: 'v30.0/limits' }] }),
    )
    expect(batch.body[0]?.['results']).toMatchObject([{ statusCode: 410, result: [{ message: RETIRED }] }])
  })
})

describe('a resource of REST', () => {
  const record = { attributes: { type: 'Account' }, Name: 'Sent in one call' }
  const node = { attributes: { type: 'Account', referenceId: 'a' }, Name: 'Sent in a tree' }
  const graph = { graphId: 'g', compositeRequest: [] }

  it.each([
    ['POST /composite/batch', 34, posted({ batchRequests: [{ method: 'GET', url: 'v34.0/limits' }] })],
    ['POST /composite/tree/Account', 34, posted({ records: [node] })],
    [
      'POST /composite',
      38,
      posted({ compositeRequest: [{ method: 'GET', url: '/services/data/v38.0/limits', referenceId: 'a' }] }),
    ],
    ['POST /jobs/ingest', 41, posted(INGEST)],
    ['POST /composite/sobjects', 42, posted({ records: [record] })],
    ['GET /composite/sobjects/Account?ids=001000000000001AAA&fields=Id', 42, {}],
    [
      'PATCH /composite/sobjects/Account/Id',
      46,
      posted({ records: [{ ...record, id: '001000000000001AAA' }] }, 'PATCH'),
    ],
    ['POST /jobs/query', 47, posted(QUERY)],
    ['POST /composite/graph', 50, posted({ graphs: [graph] })],
  ])('%s came with version %d', async (call, first, init) => {
    const path = call.split(' ')[1] ?? ''
    const before = await rest(`${first - 1}.0`, path, init)
    expect(before).toMatchObject({ status: 404, body: [{ errorCode: 'NOT_FOUND' }] })
    expect((await rest(`${first}.0`, path, init)).status).not.toBe(404)
  })

  it('that came later is not among those that a version lists', async () => {
    const of = async (version: string) => Object.keys((await rest(version, '')).body[0] ?? {})
    expect(await of('33.0')).not.toEqual(expect.arrayContaining(['composite']))
    expect(await of('40.0')).not.toEqual(expect.arrayContaining(['jobs']))
    expect(await of('41.0')).toEqual(expect.arrayContaining(['composite', 'jobs']))
  })
})

it('JSON came to the older Bulk API with version 36.0', async () => {
  for (const [contentType, json] of [
    ['JSON', false],
    ['ZIP_JSON', false],
    ['CSV', true],
  ] as const) {
    expect((await openBatchJob('35.0', contentType, json)).text).toContain('JSON content type is not supported')
    expect((await openBatchJob('36.0', contentType, json)).status).toBe(201)
  }
})

it('the versions are 31.0 to 67.0', () => {
  expect([API_VERSIONS.length, API_VERSIONS[0], API_VERSIONS.at(-1)]).toEqual([37, '31.0', '67.0'])
})
