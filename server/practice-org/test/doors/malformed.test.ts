import { get } from 'node:http'
import { describe, expect, it } from 'vitest'
import { openOrgForFile, rest } from '../support/running-org.ts'

const { org, token } = await openOrgForFile()

describe("the REST door refuses in an org's words", () => {
  const create = (body: string) => ({ method: 'POST', body })
  it.each<[string, string, RequestInit, number, string]>([
    ['JSON that is none', '/sobjects/Account', create('{"Name": x}'), 400, 'JSON_PARSER_ERROR'],
    ['JSON that ends early', '/sobjects/Account', create('{"Name": '), 400, 'JSON_PARSER_ERROR'],
    ['a list in place of an object', '/sobjects/Account', create('[1]'), 400, 'JSON_PARSER_ERROR'],
    ['an empty body', '/sobjects/Account', create(''), 400, 'JSON_PARSER_ERROR'],
    ['a list as a value', '/sobjects/Account', create('{"Name":["a"]}'), 400, 'JSON_PARSER_ERROR'],
    ['an object as a value', '/sobjects/Account', create('{"Name":{"a":1}}'), 400, 'JSON_PARSER_ERROR'],
    ['an object that is no reference', '/sobjects/Account', create('{"Parent":{}}'), 400, 'INVALID_FIELD'],
    ['a field that is not there', '/sobjects/Account', create('{"Name":"a","Nope__c":1}'), 400, 'INVALID_FIELD'],
    ['a prototype key', '/sobjects/Account', create('{"__proto__":"a","Name":"b"}'), 400, 'INVALID_FIELD'],
    ['a missing required field', '/sobjects/Account', create('{}'), 400, 'REQUIRED_FIELD_MISSING'],
    ['an unknown object', '/sobjects/Nothing__c', {}, 404, 'NOT_FOUND'],
    ['an unknown path', '/nowhere/at/all', {}, 404, 'NOT_FOUND'],
    ['an unknown id', '/sobjects/Account/001000000000000AAA', {}, 404, 'NOT_FOUND'],
    ['a wrong method', '/sobjects/Account', { method: 'PUT', body: '{}' }, 405, 'METHOD_NOT_ALLOWED'],
    ['a query without q', '/query', {}, 400, 'MALFORMED_QUERY'],
    ['a query that is none', '/query?q=SELEKT', {}, 400, 'MALFORMED_QUERY'],
    ['a column that is not there', '/query?q=SELECT+Nope__c+FROM+Account', {}, 400, 'INVALID_FIELD'],
    ['a locator that is none', '/query/01g000000000000AAA-2000', {}, 400, 'INVALID_QUERY_LOCATOR'],
    ['a search without a term', '/search', {}, 400, 'MALFORMED_SEARCH'],
    [
      'JSON nested beyond reason',
      '/composite',
      create('['.repeat(50_000) + ']'.repeat(50_000)),
      400,
      'JSON_PARSER_ERROR',
    ],
    ['a composite of nothing', '/composite', create('{}'), 400, 'JSON_PARSER_ERROR'],
    [
      'another media type',
      '/sobjects/Account',
      { method: 'POST', body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'a date that is none',
      '/sobjects/Account/001000000000000AAA',
      { method: 'PATCH', body: '{}', headers: { 'if-unmodified-since': 'yesterday' } },
      400,
      'INVALID_INPUT',
    ],
  ])('%s', async (_what, path, init, status, errorCode) => {
    const answer = await rest(org.url, token, path, init)
    const [error] = answer.body as { errorCode: string }[]
    expect({ status: answer.status, errorCode: error?.errorCode }).toEqual({ status, errorCode })
  })

  it.each<[string, Record<string, string>, string]>([
    ['no token', {}, 'INVALID_SESSION_ID'],
    ['an unknown token', { authorization: 'Bearer 00D000000000001!x' }, 'INVALID_SESSION_ID'],
    ['another scheme', { authorization: 'Basic abc' }, 'INVALID_AUTH_HEADER'],
  ])('%s with 401', async (_what, headers, errorCode) => {
    const response = await fetch(`${org.url}/services/data/v62.0/limits`, { headers })
    const [error] = (await response.json()) as { errorCode: string }[]
    expect({ status: response.status, errorCode: error?.errorCode }).toEqual({ status: 401, errorCode })
  })

  it.each(['/services/data/v68.0/limits', '/services/data/v99.0/limits', '/services/data/vx/limits', '/services/x'])(
    '%s with 404',
    async (path) => {
      const response = await fetch(`${org.url}${path}`, { headers: { authorization: `Bearer ${token}` } })
      expect(response.status).toBe(404)
    },
  )

  it('a body that is too large, without reading it all', async () => {
    const body = JSON.stringify({ Description: 'x'.repeat(13 * 1024 * 1024) })
    const answer = await rest(org.url, token, '/sobjects/Account', { method: 'POST', body })
    expect(answer.status).toBe(413)
  })
})

describe('the REST door', () => {
  it('lists its versions without a token', async () => {
    const versions = (await (await fetch(`${org.url}/services/data`)).json()) as { version: string; label: string }[]
    expect(versions[0]?.version).toBe('31.0')
    expect(versions.find(({ version }) => version === '66.0')?.label).toBe("Spring '26")
  })

  it('collapses double slashes, as the sf CLI sends them', async () => {
    const response = await fetch(`${org.url}//services/data/v51.0//limits`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(response.status).toBe(200)
    expect(response.headers.get('sforce-limit-info')).toMatch(/^api-usage=\d+\/100000$/)
    expect(response.headers.get('content-type')).toBe('application/json;charset=UTF-8')
  })

  it('sends no CORS headers: an org allows no foreign page by itself', async () => {
    const response = await fetch(`${org.url}/services/data`, { headers: { origin: 'https://evil.example' } })
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('answers 300 with the rows when an external id is not unique, and upserts when it is', async () => {
    const shipments = '/sobjects/Shipment__c/Key__c/abc'
    const patch = (body: object) => rest(org.url, token, shipments, { method: 'PATCH', body: JSON.stringify(body) })
    const first = await patch({})
    const second = await patch({})
    expect([first.status, second.status]).toEqual([201, 200])
    expect((await rest(org.url, token, shipments)).body).toMatchObject({ Key__c: 'abc' })
  })

  it('walks from a record to its parent and its children', async () => {
    const post = async (type: string, body: object) => {
      const made = await rest(org.url, token, `/sobjects/${type}`, { method: 'POST', body: JSON.stringify(body) })
      return (made.body as { id: string }).id
    }
    const account = await post('Account', { Name: 'Parent Ltd' })
    const contact = await post('Contact', { LastName: 'Child', AccountId: account })
    const parent = await rest(org.url, token, `/sobjects/Contact/${contact}/Account?fields=Name`)
    const children = await rest(org.url, token, `/sobjects/Account/${account}/Contacts?fields=LastName`)
    expect(parent.body).toMatchObject({ Name: 'Parent Ltd' })
    expect(children.body).toMatchObject({ totalSize: 1, records: [{ LastName: 'Child' }] })
  })

  it('describes the columns of a query, as sf data query asks', async () => {
    const soql = 'SELECT Id, Name, Owner.Name, (SELECT LastName FROM Contacts) FROM Account'
    const { body } = await rest(org.url, token, `/query?q=${encodeURIComponent(soql)}&columns=true`)
    const columns = (body as { columnMetadata: { columnName: string; joinColumns: unknown[] }[] }).columnMetadata
    expect(columns.map(({ columnName, joinColumns }) => [columnName, joinColumns.length])).toEqual([
      ['Id', 0],
      ['Name', 0],
      ['Owner', 1],
      ['Contacts', 1],
    ])
  })
})

describe('the org', () => {
  it('answers to no foreign host name, so that one pointed here cannot become its origin', async () => {
    const { status } = await new Promise<{ status: number }>((resolve) => {
      const request = get({
        port: org.port,
        host: '127.0.0.1',
        path: '/services/data',
        headers: { host: 'evil.example' },
      })
      request.on('response', (response) => resolve({ status: response.resume().statusCode ?? 0 }))
    })
    expect(status).toBe(421)
  })
})

describe('the SOAP door', () => {
  const soap = async (body: string, version = '62.0') => {
    const response = await fetch(`${org.url}/services/Soap/u/${version}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/xml', SOAPAction: '""' },
    })
    return { status: response.status, text: await response.text() }
  }
  const envelope = (body: string, session = token) =>
    `<x:Envelope xmlns:x="http://schemas.xmlsoap.org/soap/envelope/"><x:Header><SessionHeader xmlns="urn:partner.soap.sforce.com">` +
    `<sessionId>${session}</sessionId></SessionHeader></x:Header><x:Body>${body}</x:Body></x:Envelope>`

  it.each<[string, () => string, RegExp]>([
    ['no XML', () => 'hello', /not well formed|no SOAP envelope/],
    ['an empty body', () => '', /not well formed/],
    ['broken XML', () => '<a><b></a>', /not well formed/],
    ['half a million elements', () => `<a>${'<b/>'.repeat(500_000)}</a>`, /too many/],
    ['an element of thousands of attributes', () => `<a ${'b="c" '.repeat(20_000)}/>`, /too long/],
    ['an entity of another language', () => '<a>&nbsp;</a>', /not well formed/],
    ['a DTD', () => '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', /DTDs are not allowed/],
    ['an empty envelope', () => envelope(''), /exactly one call/],
    ['an unknown call', () => envelope('<launchRocket/>'), /No operation available/],
    ['a bad session', () => envelope('<getUserInfo/>', 'x'), /sf:INVALID_SESSION_ID/],
    ['a bad query', () => envelope('<query><queryString>SELEKT</queryString></query>'), /sf:MALFORMED_QUERY/],
  ])('answers %s with a fault and HTTP 500', async (_what, body, pattern) => {
    const { status, text } = await soap(body())
    expect(status).toBe(500)
    expect(text).toMatch(/<soapenv:Fault>.*<faultstring>/s)
    expect(text).toMatch(pattern)
  })

  it('no longer logs in from version 65 on, as an org does not', async () => {
    const login = envelope('<login><username>a</username><password>b</password></login>')
    expect((await soap(login, '65.0')).text).toMatch(/sf:UNSUPPORTED_API_VERSION/)
  })

  it('creates, upserts, deletes, restores and queries rows', async () => {
    const call = async (name: string, content: string, headers = '') => {
      const sent = envelope(`<${name}>${content}</${name}>`).replace('</x:Header>', `${headers}</x:Header>`)
      return (await soap(sent)).text
    }
    const key = '<externalIDFieldName>Key__c</externalIDFieldName>'
    const shipment = '<sObjects><type>Shipment__c</type><Key__c>soap-1</Key__c></sObjects>'
    expect(await call('upsert', key + shipment)).toMatch(/<created>true<.*<success>true</)
    expect(await call('upsert', key + shipment)).toMatch(/<created>false<.*<success>true</)
    const account = (name: string) => `<sObjects><type>Account</type>${name && `<Name>${name}</Name>`}</sObjects>`
    const together = '<AllOrNoneHeader><allOrNone>true</allOrNone></AllOrNoneHeader>'
    const none = await call('create', account('Soap None') + account(''), together)
    expect(none).toMatch(/ALL_OR_NONE_OPERATION_ROLLED_BACK.*REQUIRED_FIELD_MISSING/)
    const some = await call('create', account('Soap Some') + account(''))
    const id = /<id>(\w+)<\/id>/.exec(some)?.[1] ?? ''
    expect(await call('delete', `<ids>${id}</ids>`)).toMatch(/<success>true</)
    const deleted = await call(
      'queryAll',
      `<queryString>SELECT IsDeleted FROM Account WHERE Id = '${id}'</queryString>`,
    )
    expect(deleted).toMatch(/<sf:IsDeleted>true</)
    expect(await call('undelete', `<ids>${id}</ids>`)).toMatch(/<success>true</)
    expect(await call('undelete', '<ids>not an id</ids>')).toMatch(/<statusCode>MALFORMED_ID</)
    const soql = "SELECT Id, Name, Owner.Name, Phone FROM Account WHERE Name LIKE 'Soap %'"
    const found = await call('query', `<queryString>${soql}</queryString>`)
    expect(found).toMatch(
      /<sf:Name>Soap Some<.*<sf:Owner xsi:type="sf:sObject">.*<sf:Phone xsi:nil="true"\/>.*<size>1</,
    )
  })

  it('keeps text as it was sent', async () => {
    const name = '007 &amp; &lt;Söhne&gt; &#10;x'
    const sent = `<create><sObjects><type>Account</type><Name>${name}</Name></sObjects></create>`
    const { text } = await soap(envelope(sent))
    const id = /<id>(\w+)<\/id>/.exec(text)?.[1]
    const { body } = await rest(org.url, token, `/sobjects/Account/${id}?fields=Name`)
    expect(body).toMatchObject({ Name: expect.stringMatching(/^007 & <Söhne> \s*x$/) as string })
  })
})
