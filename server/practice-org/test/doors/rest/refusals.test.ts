// Every refusal (docs/sources.md#errors) that the REST API can produce: status, code, words and fields.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { ADMIN, practice, REP, rest, startOrg, tokenOf } from '../../support/running-org.ts'
import { ids, post, query, REFUSALS, text, type Call } from './refused-calls.ts'

let org: PracticeOrg
const tokens = { admin: '', rep: '' }

const caller = () => ({ userId: org.org.user(ADMIN)?.id ?? '', api: 'rest' as const, version: '62.0' })
const create = (object: string, fields: Record<string, string | number | boolean | null>): string =>
  org.org.create(caller(), object, fields)

beforeAll(async () => {
  org = await startOrg()
  tokens.admin = await tokenOf(org.url)
  tokens.rep = await tokenOf(org.url, REP)
  ids.account = create('Account', { Name: 'Refused' })
  ids.deleted = create('Account', { Name: 'Deleted' })
  org.org.delete(caller(), 'Account', ids.deleted)
  ids.withCase = create('Account', { Name: 'With Case' })
  create('Case', { AccountId: ids.withCase, Subject: 'Open' })
  ids.lead = create('Lead', { LastName: 'Lead', Company: 'Company' })
  ids.rep = org.org.user(REP)?.id ?? ''
  ids.converted = create('Lead', { LastName: 'Done', Company: 'Converted', OwnerId: ids.rep })
  org.org.convertLead(caller(), { leadId: ids.converted, convertedStatus: 'Closed - Converted' })
  ids.twin = create('Contact', { LastName: 'One', Email: 'twin@example.com' })
  create('Contact', { LastName: 'Two', Email: 'twin@example.com' })
  ids.shipment = create('Shipment__c', { Key__c: 'taken' })
  const own = { Name: 'Person', DeveloperName: 'Person', SobjectType: 'Contact', IsActive: true }
  ids.recordType = create('RecordType', own)
  await practice(org.url, '/automation', {
    validations: [
      {
        object: 'Account',
        when: [{ field: 'Name', is: '=', value: 'Forbidden' }],
        message: 'Not this name',
        field: 'Name',
      },
    ],
    dependentPicklists: [{ object: 'Account', field: 'Rating', controlledBy: 'Type', allowed: { Prospect: ['Hot'] } }],
    rowLocks: [{ ids: [ids.lead], times: 1 }],
    duplicateRules: [{ object: 'Campaign', match: [[{ field: 'Name', method: 'exact' }]] }],
  })
  create('Campaign', { Name: 'Twice' })
})
afterAll(() => org.close())

async function call({ as = 'admin', method = 'GET', path, body, headers = {} }: Call) {
  const init = {
    method,
    headers,
    ...(body ? { body: typeof body() === 'string' ? String(body()) : JSON.stringify(body()) } : {}),
  }
  return rest(org.url, tokens[as], path(), init)
}
describe('a refusal', () => {
  it.each(REFUSALS)('of %s has the code, words and fields of an org', async (_what, request, expected) => {
    const [status, errorCode, message, fields] = expected
    const answer = await call(request)
    expect({ status: answer.status, body: answer.body }).toEqual({
      status,
      body: [{ errorCode, message, ...(fields ? { fields } : {}) }],
    })
  })

  it('of a look-alike carries what it resembles, under the misspelt name', async () => {
    const { status, body } = await call(post('Campaign', () => ({ Name: 'Twice' })))
    expect({ status, body }).toMatchObject({
      status: 400,
      body: [
        {
          errorCode: 'DUPLICATES_DETECTED',
          message: 'Use one of these records?',
          duplicateResut: { allowSave: true, matchResults: [{ matchRecords: [{ record: { Id: text } }] }] },
        },
      ],
    })
    const insisting = { 'Sforce-Duplicate-Rule-Header': 'allowSave=true' }
    expect((await call({ ...post('Campaign', () => ({ Name: 'Twice' })), headers: insisting })).status).toBe(201)
  })

  it('of a key that several rows have is a list of their addresses', async () => {
    const { status, body } = await call({ path: () => '/sobjects/Contact/Email/twin@example.com' })
    expect(status).toBe(300)
    expect(body).toContain(`/services/data/v62.0/sobjects/Contact/${ids.twin}`)
    const records = [{ attributes: { type: 'Contact' }, Email: 'twin@example.com', Title: 'x' }]
    const rows = await call({
      method: 'PATCH',
      path: () => '/composite/sobjects/Contact/Email',
      body: () => ({ records }),
    })
    expect(rows.body).toMatchObject([
      { success: false, errors: [{ statusCode: 'DUPLICATE_EXTERNAL_ID', fields: ['Email'] }] },
    ])
  })

  it('of a caller without a session says how to get one', async () => {
    const { status, body, headers } = await rest(org.url, 'nonsense', '/limits')
    expect({ status, body }).toEqual({
      status: 401,
      body: [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }],
    })
    expect(headers.get('www-authenticate')).toBe('Token')
  })

  it.each([
    ['limit', 403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'],
    ['down', 503, 'SERVER_UNAVAILABLE', 'Cannot connect to server'],
  ])('of an org that is at its end (%s) is for every call', async (mode, status, errorCode, message) => {
    await practice(org.url, '/faults', { mode, count: 1 })
    const answer = await call({ path: () => '/sobjects' })
    await practice(org.url, '/faults', { mode: 'clear' })
    expect({ status: answer.status, body: answer.body }).toEqual({ status, body: [{ errorCode, message }] })
  })

  it('of a query that reads too much says that it took too long', async () => {
    await practice(org.url, '/automation', { queryTimeoutRows: 1 })
    const { body } = await call(query(() => "SELECT Id FROM Account WHERE Fax = 'x'"))
    await practice(org.url, '/automation', {})
    expect(body).toEqual([{ errorCode: 'QUERY_TIMEOUT', message: 'Your query request was running for too long.' }])
  })
})
