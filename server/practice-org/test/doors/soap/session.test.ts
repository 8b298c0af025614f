import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN, connect, REP, rest, tokenOf } from '../../support/running-org.ts'
import { errorOf, openWire, post, sObject, type Wire } from './wire.ts'

let wire: Wire
beforeAll(async () => {
  wire = await openWire()
})
afterAll(() => wire.close())

const login = (username: string, password: string, version = '62.0') =>
  wire.call('login', `<username>${username}</username><password>${password}</password>`, { version })

describe('sessions over SOAP', () => {
  it('begin with a login whose answer says where to go on', async () => {
    const { results } = await login(ADMIN, 'practice')
    const [result = {}] = results
    expect(result).toMatchObject({ passwordExpired: 'false', sandbox: 'false', userInfo: { userName: ADMIN } })
    expect(result['serverUrl']).toMatch(/\/services\/Soap\/u\/62\.0\/00D\w{12}$/)
    expect(result['metadataServerUrl']).toMatch(/\/services\/Soap\/m\/62\.0\/00D\w{12}$/)
    expect((await rest(wire.org.url, String(result['sessionId']), '/limits')).status).toBe(200)
  })

  it.each<[string, string]>([
    [ADMIN, 'wrong'],
    ['nobody@practice.example', 'practice'],
  ])('do not begin for %s with %s', async (username, password) => {
    const { status, fault } = await login(username, password)
    expect([status, fault['faultcode']]).toEqual([500, 'sf:INVALID_LOGIN'])
    expect(fault['detail']).toHaveProperty('LoginFault')
  })

  it('do not begin over SOAP from version 65 on', async () => {
    expect((await login(ADMIN, 'practice', '65.0')).fault['faultcode']).toBe('sf:UNSUPPORTED_API_VERSION')
  })

  it('end with logout, or where somebody invalidates them', async () => {
    const [mine, other] = [await tokenOf(wire.org.url), await tokenOf(wire.org.url, REP)]
    const { results } = await wire.call(
      'invalidateSessions',
      `<sessionIds>${other}</sessionIds><sessionIds>x</sessionIds>`,
    )
    expect(results.map(({ success }) => success)).toEqual(['true', 'false'])
    expect((await rest(wire.org.url, other, '/limits')).status).toBe(401)
    const conn = await connect(wire.org.url)
    conn.accessToken = mine
    await conn.soap.getUserInfo()
    const url = `${wire.org.url}/services/Soap/u/62.0`
    const envelope =
      '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header><SessionHeader>' +
      `<sessionId>${mine}</sessionId></SessionHeader></e:Header><e:Body><logout/></e:Body></e:Envelope>`
    expect((await post(url, envelope)).status).toBe(200)
    expect((await post(url, envelope)).fault['faultcode']).toBe('sf:INVALID_SESSION_ID')
  })

  it('are not invalidated twice in one call', async () => {
    const { fault } = await wire.call('invalidateSessions', '<sessionIds>x</sessionIds><sessionIds>x</sessionIds>')
    expect(fault['faultcode']).toBe('sf:DUPLICATE_VALUE')
  })
})

describe('features that are not set up', () => {
  it('send no mail and start no approval, and say so of each', async () => {
    const mail = await wire.call(
      'sendEmail',
      '<messages><targetObjectId>003000000000001AAA</targetObjectId></messages>',
    )
    expect(errorOf(mail)['statusCode']).toBe('NO_SINGLE_MAIL_PERMISSION')
    const id = await wire.create('Account', { Name: 'a' })
    const approval = await wire.call('process', `<actions><objectId>${id}</objectId></actions>`)
    expect(approval.results[0]).toMatchObject({ entityId: id, success: 'false' })
    expect(errorOf(approval)['statusCode']).toBe('NO_APPLICABLE_PROCESS')
  })

  it('change no password', async () => {
    const userId = String((await wire.call('getUserInfo')).results[0]?.['userId'])
    const set = (id: string) => wire.call('setPassword', `<userId>${id}</userId><password>x</password>`)
    expect((await set(userId)).fault['faultcode']).toBe('sf:FUNCTIONALITY_NOT_ENABLED')
    expect((await set('nonsense')).fault['detail']).toHaveProperty('InvalidIdFault')
  })
})

describe('the envelope', () => {
  it('tells the used part of the daily allowance', async () => {
    const { header } = await wire.call('getServerTimestamp')
    expect(header).toMatchObject({ LimitInfoHeader: { limitInfo: { limit: '100000', type: 'API REQUESTS' } } })
  })

  it.each<[string, string]>([
    ['another door', 'c'],
    ['another call', 'u'],
  ])('of a call that %s does not know gets the fault of an org', async (_, door) => {
    const { status, fault } = await wire.call(door === 'c' ? 'describeSObjects' : 'launchRocket', '', { door })
    const name = door === 'c' ? 'describeSObjects' : 'launchRocket'
    expect([status, fault['faultcode']]).toEqual([500, 'soapenv:Client'])
    expect(fault['faultstring']).toBe(
      `No operation available for request {urn:partner.soap.sforce.com}${name}, please check the WSDL for the service.`,
    )
  })

  it('of a version that is not there gets a fault', async () => {
    for (const version of ['30.0', '99.0', 'x']) {
      const { status, fault } = await wire.call('getUserInfo', '', { version })
      expect([status, fault['faultcode']]).toEqual([500, 'sf:UNSUPPORTED_API_VERSION'])
    }
  })

  it('may carry headers that change nothing here', async () => {
    const headers =
      '<EmailHeader><triggerUserEmail>true</triggerUserEmail></EmailHeader><LocaleOptions><language>de</language></LocaleOptions>' +
      '<PackageVersionHeader><packageVersions/></PackageVersionHeader>' +
      '<AssignmentRuleHeader><useDefaultRule>true</useDefaultRule></AssignmentRuleHeader>' +
      '<StreamingEnabledHeader><streamingEnabled>true</streamingEnabled></StreamingEnabledHeader>'
    const { results } = await wire.call('create', sObject('Lead', { LastName: 'l', Company: 'c' }), { headers })
    expect(results).toMatchObject([{ success: 'true' }])
  })

  it.each<[string, string]>([
    ['nonsense', 'sf:MALFORMED_ID'],
    ['01Q000000000001AAA', 'sf:INVALID_ASSIGNMENT_RULE'],
  ])('may not name the assignment rule %s', async (id, faultcode) => {
    const headers = `<AssignmentRuleHeader><assignmentRuleId>${id}</assignmentRuleId></AssignmentRuleHeader>`
    const { fault } = await wire.call('create', sObject('Lead', { LastName: 'l', Company: 'c' }), { headers })
    expect(fault['faultcode']).toBe(faultcode)
  })

  it('makes what is written count as viewed only when the header says so', async () => {
    const recent = async () => (await rest(wire.org.url, await wire.token(), '/recent')).body as { Id: string }[]
    const headers = '<MruHeader><updateMru>true</updateMru></MruHeader>'
    const quiet = await wire.create('Account', { Name: 'quiet' })
    const { results } = await wire.call('create', sObject('Account', { Name: 'seen' }), { headers })
    const ids = (await recent()).map(({ Id }) => Id)
    expect([ids.includes(quiet), ids.includes(String(results[0]?.['id']))]).toEqual([false, true])
  })

  it('names the client that the log tells of', async () => {
    const headers = '<CallOptions><client>Loader/1</client></CallOptions>'
    await wire.call('create', sObject('Account', { Name: 'told' }), { headers })
    expect(wire.org.org.transactions().at(-1)).toMatchObject({ client: 'Loader/1', api: 'soap' })
  })
})
