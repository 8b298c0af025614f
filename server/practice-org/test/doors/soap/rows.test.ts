import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect, READER } from '../../support/running-org.ts'
import { errorOf, openWire, plain, sObject, type Node, type Wire } from './wire.ts'

let wire: Wire
beforeAll(async () => {
  wire = await openWire()
})
afterAll(() => wire.close())

const account = (Name: string, more: Record<string, string> = {}) => wire.create('Account', { Name, ...more })
const records = async (soql: string, headers = '') => {
  const { results } = await wire.call('query', `<queryString>${soql}</queryString>`, { headers })
  return results[0] ?? {}
}
const rowsOf = (page: Node): Node[] => (page['records'] ?? []) as Node[]

describe('values in SOAP rows', () => {
  it('that are xsi:nil say nothing, empty ones blank the field, and so does fieldsToNull', async () => {
    const id = await account('a', { Phone: '1', Fax: '2', Site: '3' })
    const content = `<sObjects><type>Account</type><Id>${id}</Id><Phone xsi:nil="true"/><Fax></Fax><fieldsToNull>Site</fieldsToNull></sObjects>`
    expect((await wire.call('update', content)).results).toMatchObject([{ id, success: 'true' }])
    const [row] = rowsOf(await records(`SELECT Phone, Fax, Site FROM Account WHERE Id = '${id}'`))
    expect([row?.['Phone'], plain(row?.['Fax']), plain(row?.['Site'])]).toEqual(['1', null, null])
  })

  it('may come with any prefix, the id first or last or twice, field names in any case', async () => {
    const id = await account('a')
    const content =
      `<s:sObjects xmlns:s="urn:sobject.partner.soap.sforce.com"><s:type>account</s:type><s:phone>7</s:phone>` +
      `<s:Id>${id.slice(0, 15)}</s:Id><s:Id>${id}</s:Id></s:sObjects>`
    expect((await wire.call('update', content)).results).toMatchObject([{ id, success: 'true' }])
    expect(await wire.value('Account', id, 'Phone')).toBe('7')
  })

  it('have the types of XML: booleans as 0 and 1, days with an offset, numbers with an exponent', async () => {
    const id = await wire.create('Opportunity', {
      Name: 'd',
      StageName: 'Prospecting',
      CloseDate: '2026-12-01+02:00',
      Amount: '1.5E3',
      IsPrivate: '1',
    })
    const [row] = rowsOf(await records(`SELECT CloseDate, Amount, IsPrivate FROM Opportunity WHERE Id = '${id}'`))
    expect([row?.['CloseDate'], Number(row?.['Amount']), row?.['IsPrivate']]).toEqual(['2026-12-01', 1500, 'true'])
  })

  it('of a lookup may be the external id of the parent', async () => {
    const parent = await account('Known', { External_Id__c: 'E-1' })
    const contact = (field: string, value: string) => {
      const reference = `<Account><type>Account</type><${field}>${value}</${field}></Account>`
      return wire.call('create', `<sObjects><type>Contact</type><LastName>c</LastName>${reference}</sObjects>`)
    }
    const { results } = await contact('External_Id__c', 'E-1')
    expect(await wire.value('Contact', String(results[0]?.['id']), 'AccountId')).toBe(parent)
    expect(errorOf(await contact('External_Id__c', 'E-2'))).toMatchObject({
      statusCode: 'INVALID_FIELD',
      message: 'Foreign key external ID: e-2 not found for field External_Id__c in entity Account',
    })
    expect((await contact('Nope__c', 'x')).fault['faultcode']).toBe('sf:INVALID_FIELD')
  })

  it('are cut where they are too long only when the header allows it', async () => {
    const row = sObject('Account', { Name: 'x'.repeat(300) })
    expect(errorOf(await wire.call('create', row))['statusCode']).toBe('STRING_TOO_LONG')
    const headers =
      '<AllowFieldTruncationHeader><allowFieldTruncation>true</allowFieldTruncation></AllowFieldTruncationHeader>'
    const { results } = await wire.call('create', row, { headers })
    expect(String(await wire.value('Account', String(results[0]?.['id']), 'Name'))).toHaveLength(255)
  })
})

describe('rows that an org refuses over SOAP', () => {
  it.each<[string, string, string, string]>([
    [
      'create',
      'a row with an id',
      sObject('Account', { Id: '001000000000001', Name: 'a' }),
      'INVALID_FIELD_FOR_INSERT_UPDATE',
    ],
    ['create', 'a row without a required field', sObject('Account', {}), 'REQUIRED_FIELD_MISSING'],
    ['update', 'a row without id', sObject('Account', { Name: 'a' }), 'MISSING_ARGUMENT'],
    ['update', 'a malformed id', sObject('Account', { Id: 'x', Name: 'a' }), 'MALFORMED_ID'],
    ['update', 'the id of another type', sObject('Account', { Id: '003000000000001', Name: 'a' }), 'MALFORMED_ID'],
    [
      'update',
      'an unknown id',
      sObject('Account', { Id: '001000000000zzz', Name: 'a' }),
      'INVALID_CROSS_REFERENCE_KEY',
    ],
    [
      'create',
      'a number that is none',
      sObject('Account', { Name: 'a', NumberOfEmployees: 'many' }),
      'INVALID_TYPE_ON_FIELD_IN_RECORD',
    ],
    [
      'create',
      'a number that is none in XML',
      sObject('Account', { Name: 'a', NumberOfEmployees: '0x10' }),
      'INVALID_TYPE_ON_FIELD_IN_RECORD',
    ],
    [
      'create',
      'a truth that is none',
      sObject('Contact', { LastName: 'a', DoNotCall: 'maybe' }),
      'INVALID_TYPE_ON_FIELD_IN_RECORD',
    ],
    [
      'create',
      'a day that is none',
      sObject('Contact', { LastName: 'a', Birthdate: '2025-02-29' }),
      'INVALID_TYPE_ON_FIELD_IN_RECORD',
    ],
    [
      'create',
      'bytes that are none',
      sObject('ContentVersion', { Title: 'a', PathOnClient: 'a.txt', VersionData: '?!' }),
      'INVALID_TYPE_ON_FIELD_IN_RECORD',
    ],
  ])('%s: %s', async (call, _, content, statusCode) => {
    const answer = await wire.call(call, content)
    expect(answer.status).toBe(200)
    expect(errorOf(answer)['statusCode']).toBe(statusCode)
  })

  it.each<[string, string, string]>([
    ['an object that is not there', sObject('Nothing__c', { Name: 'a' }), 'sf:INVALID_TYPE'],
    ['no object at all', '<sObjects><Name>a</Name></sObjects>', 'sf:INVALID_TYPE'],
    ['a field that is not there', sObject('Account', { Name: 'a', Nope__c: 'x' }), 'sf:INVALID_FIELD'],
    [
      'a blank of a field that is not there',
      sObject('Account', { Name: 'a', fieldsToNull: 'Nope__c' }),
      'sf:INVALID_FIELD',
    ],
  ])('fail the whole call for %s, and nothing is written', async (_, content, faultcode) => {
    const before = rowsOf(await records('SELECT Id FROM Account')).length
    const { status, fault } = await wire.call('create', sObject('Account', { Name: 'good' }) + content)
    expect([status, fault['faultcode']]).toEqual([500, faultcode])
    expect(rowsOf(await records('SELECT Id FROM Account'))).toHaveLength(before)
  })
})

describe('upsert over SOAP', () => {
  it('creates and updates by id or by an external id, and says which', async () => {
    const byKey = (key: string) =>
      wire.call('upsert', `<externalIDFieldName>Key__c</externalIDFieldName>${sObject('Shipment__c', { Key__c: key })}`)
    expect((await byKey('k')).results).toMatchObject([{ created: 'true', success: 'true' }])
    expect((await byKey('k')).results).toMatchObject([{ created: 'false', success: 'true' }])
    const id = await account('a')
    const byId = `<externalIDFieldName>Id</externalIDFieldName>${sObject('Account', { Id: id, Name: 'b' })}${sObject('Account', { Name: 'c' })}`
    expect((await wire.call('upsert', byId)).results.map(({ created }) => created)).toEqual(['false', 'true'])
  })
})

describe('reading rows over SOAP', () => {
  it('retrieves in the order of the ids, with nil for what is deleted, unknown or hidden', async () => {
    const [one, gone, two] = [await account('1'), await account('2'), await account('3')]
    await wire.call('delete', `<ids>${gone}</ids>`)
    const ids = [two, gone, 'nonsense', one].map((id) => `<ids>${id}</ids>`).join('')
    const content = `<fieldList>Id, Name</fieldList><sObjectType>Account</sObjectType>${ids}`
    const { results } = await wire.call('retrieve', content)
    expect(results.map((row) => (plain(row) as Node | null)?.['Name'] ?? null)).toEqual(['3', null, null, '1'])
  })

  it.each<[string, string, string]>([
    [
      'a field that is not there',
      '<fieldList>Nope__c</fieldList><sObjectType>Account</sObjectType>',
      'sf:INVALID_FIELD',
    ],
    [
      'an object that is not there',
      '<fieldList>Id</fieldList><sObjectType>Nothing__c</sObjectType>',
      'sf:INVALID_TYPE',
    ],
    [
      'more than 2,000 ids',
      `<fieldList>Id</fieldList><sObjectType>Account</sObjectType>${'<ids>001000000000001AAA</ids>'.repeat(2001)}`,
      'sf:EXCEEDED_ID_LIMIT',
    ],
  ])('refuses to retrieve %s', async (_, content, faultcode) => {
    expect((await wire.call('retrieve', content)).fault['faultcode']).toBe(faultcode)
  })

  it('pages by the batch size of the header, and goes on from the locator', async () => {
    const conn = await connect(wire.org.url)
    const rows = Array.from({ length: 205 }, (_, i) => ({ LastName: `Paged ${i}` }))
    await conn.sobject('Contact').create(rows, { allowRecursive: true })
    const soql = "SELECT Id FROM Contact WHERE LastName LIKE 'Paged %'"
    const first = await records(soql, '<QueryOptions><batchSize>200</batchSize></QueryOptions>')
    expect([first['done'], first['size'], rowsOf(first).length]).toEqual(['false', '205', 200])
    const { results } = await wire.call('queryMore', `<queryLocator>${String(first['queryLocator'])}</queryLocator>`)
    expect([results[0]?.['done'], rowsOf(results[0] ?? {}).length]).toEqual(['true', 5])
    const { fault } = await wire.call('queryMore', '<queryLocator>nonsense</queryLocator>')
    expect(fault['detail']).toHaveProperty('InvalidQueryLocatorFault')
  })

  it('writes addresses, parents, children and aggregates in their own types', async () => {
    const parent = await account('Typed', { BillingCity: 'Oslo' })
    await wire.create('Contact', { LastName: 'c', AccountId: parent })
    const soql = `SELECT BillingAddress, Owner.Name, (SELECT LastName FROM Contacts) FROM Account WHERE Id = '${parent}'`
    const { xml } = await wire.call('query', `<queryString>${soql}</queryString>`)
    expect(xml).toMatch(/<sf:BillingAddress xsi:type="address">.*<city>Oslo<\/city>/)
    expect(xml).toMatch(/<sf:Owner xsi:type="sf:sObject"><sf:type>User</)
    expect(xml).toMatch(/<sf:Contacts xsi:type="QueryResult">.*<size>1</)
    const count = await wire.call('query', '<queryString>SELECT COUNT(Id) n FROM Account</queryString>')
    expect(count.xml).toMatch(/<sf:type>AggregateResult<.*<sf:n xsi:type="xsd:int">\d+</)
  })

  it('searches, and says where a search or a query goes wrong', async () => {
    await wire.create('Lead', { LastName: 'Findable', Company: 'c' })
    const find = (sosl: string) => wire.call('search', `<searchString>${sosl}</searchString>`)
    const { results } = await find('FIND {Findable} RETURNING Lead(Id, LastName)')
    expect(results[0]?.['searchRecords']).toMatchObject({ record: { type: 'Lead', LastName: 'Findable' } })
    expect((await find('FIND Findable')).fault['detail']).toHaveProperty('MalformedSearchFault')
    const wrong = await wire.call('query', '<queryString>SELECT Nope__c FROM Account</queryString>')
    expect(wrong.fault['detail']).toMatchObject({
      InvalidFieldFault: { exceptionCode: 'INVALID_FIELD', row: '1', column: '8' },
    })
    const malformed = await wire.call('query', '<queryString>SELECT Id, FROM Account</queryString>')
    expect(malformed.fault['detail']).toMatchObject({ MalformedQueryFault: { row: '1' } })
  })

  it('shows a reader what he may see', async () => {
    const { results } = await wire.call('query', '<queryString>SELECT Id FROM Account LIMIT 1</queryString>', {
      as: READER,
    })
    expect(rowsOf(results[0] ?? {})).toHaveLength(1)
  })
})
