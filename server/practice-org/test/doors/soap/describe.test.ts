import { ApiSchemas } from 'jsforce/lib/api/soap/schema.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect, REP } from '../../support/running-org.ts'
import { openWire, plain, type Node, type Wire } from './wire.ts'

let wire: Wire
beforeAll(async () => {
  wire = await openWire()
})
afterAll(() => wire.close())

const list = (value: unknown): Node[] => [value ?? []].flat() as Node[]
/** The members a type of the partner WSDL cannot be without, as jsforce has them from there. */
function required(type: keyof typeof ApiSchemas): string[] {
  const { props } = ApiSchemas[type] as { props: Record<string, unknown> }
  return Object.entries(props)
    .filter(([, kind]) => typeof kind === 'string' && !kind.startsWith('?'))
    .map(([name]) => name)
}
const known = (type: keyof typeof ApiSchemas): string[] => Object.keys((ApiSchemas[type] as { props: object }).props)

describe('describeSObject over SOAP', () => {
  it('has every member the WSDL asks for, of the object, its fields and its relationships', async () => {
    const { results } = await wire.call('describeSObject', '<sObjectType>Account</sObjectType>')
    const [account = {}] = results
    expect(Object.keys(account)).toEqual(expect.arrayContaining(required('DescribeSObjectResult')))
    expect(account).toMatchObject({ name: 'Account', keyPrefix: '001', mergeable: 'true', undeletable: 'true' })
    for (const field of list(account['fields'])) {
      expect(Object.keys(field), String(field['name'])).toEqual(expect.arrayContaining(required('Field')))
    }
    const children = list(account['childRelationships'])
    expect(children).toContainEqual(
      expect.objectContaining({ childSObject: 'Contact', field: 'AccountId', cascadeDelete: 'true' }),
    )
    for (const child of children)
      expect(Object.keys(child)).toEqual(expect.arrayContaining(required('ChildRelationship')))
    expect(list(account['recordTypeInfos']).map((info) => info['name'])).toContain('Master')
  })

  it('has no member that the WSDL does not know of', async () => {
    const { results } = await wire.call('describeSObject', '<sObjectType>Lead</sObjectType>')
    const [lead = {}] = results
    const later = ['associateEntityType', 'associateParentEntity', 'extendedBy']
    expect([...known('DescribeSObjectResult'), ...later]).toEqual(expect.arrayContaining(Object.keys(lead)))
    for (const field of list(lead['fields'])) expect(known('Field')).toEqual(expect.arrayContaining(Object.keys(field)))
    const status = list(lead['fields']).find(({ name }) => name === 'Status')
    for (const entry of list(status?.['picklistValues'])) {
      expect(known('PicklistEntry')).toEqual(expect.arrayContaining(Object.keys(entry)))
    }
  })

  it('hides what the caller may not read', async () => {
    const { results } = await wire.call('describeSObject', '<sObjectType>Account</sObjectType>', { as: REP })
    const names = list(results[0]?.['fields']).map(({ name }) => name)
    expect(names).toContain('Name')
    expect(names).not.toContain('AnnualRevenue')
  })

  it('refuses an object that is not there with a fault that has no place in a query', async () => {
    const { status, fault } = await wire.call('describeSObject', '<sObjectType>Nothing__c</sObjectType>')
    expect([status, fault['faultcode']]).toEqual([500, 'sf:INVALID_TYPE'])
    expect(fault['detail']).toMatchObject({
      InvalidSObjectFault: { exceptionCode: 'INVALID_TYPE', row: '-1', column: '-1' },
    })
  })
})

describe('the other describes over SOAP', () => {
  it('tell of several objects at once, up to a hundred', async () => {
    const types = ['Account', 'Lead'].map((type) => `<sObjectType>${type}</sObjectType>`)
    const { results } = await wire.call('describeSObjects', types.join(''))
    expect(results.map(({ name }) => name)).toEqual(['Account', 'Lead'])
    const { fault } = await wire.call('describeSObjects', '<sObjectType>Lead</sObjectType>'.repeat(101))
    expect(fault['faultcode']).toBe('sf:EXCEEDED_MAX_TYPES_LIMIT')
  })

  it('list the objects that REST lists', async () => {
    const { results } = await wire.call('describeGlobal')
    const { sobjects } = await (await connect(wire.org.url)).describeGlobal()
    const objects = list(results[0]?.['sobjects'])
    expect(objects.map(({ name }) => name)).toEqual(sobjects.map(({ name }) => name))
    for (const object of objects) {
      expect(Object.keys(object)).toEqual(expect.arrayContaining(required('DescribeGlobalSObjectResult')))
    }
  })

  it('lay out the fields of an object', async () => {
    const { results } = await wire.call('describeLayout', '<sObjectType>Account</sObjectType>')
    const [layout] = list(results[0]?.['layouts'])
    const [section] = list(layout?.['detailLayoutSections'])
    expect(Number(section?.['columns'])).toBe(2)
    expect(list(results[0]?.['recordTypeMappings'])[0]).toMatchObject({ available: 'true' })
    expect(JSON.stringify(section)).toContain('"name":"Industry"')
  })

  it('lay out those record types that are asked for', async () => {
    const call = (more: string) => wire.call('describeLayout', `<sObjectType>Account</sObjectType>${more}`)
    const all = (await call('')).results[0]
    expect(list(all?.['layouts']).length).toBe(2)
    const [person] = list(all?.['recordTypeMappings']).filter(({ developerName }) => developerName === 'PersonAccount')
    const one = (await call(`<recordTypeIds>${String(person?.['recordTypeId'])}</recordTypeIds>`)).results[0]
    expect(list(one?.['layouts']).map(({ id }) => id)).toEqual([person?.['layoutId']])
    expect(list(one?.['recordTypeMappings'])).toMatchObject([{ name: 'Person Account' }])
  })

  it('list tabs with icons, as jsforce reads them', async () => {
    const conn = await connect(wire.org.url)
    const [app] = [await conn.soap.describeTabs()].flat()
    expect(app).toMatchObject({ label: expect.any(String) as string, selected: true })
    const [tab] = app?.tabs ?? []
    expect([typeof tab?.url, typeof tab?.miniIconUrl, Array.isArray(tab?.icons)]).toEqual(['string', 'string', true])
  })
})

describe('getUserInfo over SOAP', () => {
  it('has every member of the WSDL, from the rows of the user and his org', async () => {
    const { results } = await wire.call('getUserInfo', '', { as: REP })
    const [info = {}] = results
    const members = Object.keys((ApiSchemas.GetUserInfoResult as { props: object }).props)
    expect(Object.keys(info).sort()).toEqual(members.sort())
    const conn = await connect(wire.org.url)
    const { records } = await conn.query(
      `SELECT Id, ProfileId, UserRoleId, TimeZoneSidKey FROM User WHERE Username = '${REP}'`,
    )
    const [user] = records
    expect(info).toMatchObject({
      userId: user?.Id,
      userName: REP,
      profileId: user?.['ProfileId'],
      roleId: user?.['UserRoleId'],
      userTimeZone: user?.['TimeZoneSidKey'],
      orgHasPersonAccounts: 'true',
      organizationMultiCurrency: 'false',
      organizationId: wire.org.orgId,
      currencySymbol: '$',
    })
    expect(plain(info['userDefaultCurrencyIsoCode'])).toBeNull()
  })
})
