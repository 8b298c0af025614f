import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { ADMIN, rest, startOrg, tokenOf } from '../../support/running-org.ts'

let org: PracticeOrg
let token: string
let account: string
let contact: string
beforeAll(async () => {
  org = await startOrg()
  token = await tokenOf(org.url)
  account = await create('Account', { Name: 'Parent' })
  contact = await create('Contact', { LastName: 'Child', AccountId: account })
})
afterAll(() => org.close())

const send = (method: string, path: string, body?: object) =>
  rest(org.url, token, path, { method, ...(body ? { body: JSON.stringify(body) } : {}) })
const create = async (type: string, fields: object): Promise<string> =>
  ((await send('POST', `/sobjects/${type}`, fields)).body as { id: string }).id

describe('a record reached through a relationship', () => {
  it('is read, with the fields asked for, over as many lookups as are named', async () => {
    const path = `/sobjects/Contact/${contact}/Account`
    expect((await send('GET', `${path}?fields=Name`)).body).toEqual({
      attributes: { type: 'Account', url: `/services/data/v62.0/sobjects/Account/${account}` },
      Name: 'Parent',
      Id: account,
    })
    expect((await send('GET', `${path}/Owner?fields=Username`)).body).toMatchObject({ Username: ADMIN })
    expect((await send('GET', `${path}?fields=Nothing`)).body).toMatchObject([{ errorCode: 'INVALID_FIELD' }])
  })

  it('has no fields that are text of a query', async () => {
    for (const field of ['Id FROM User --', '(SELECT Id FROM Cases)', 'COUNT()', 'FIELDS(ALL)']) {
      const answer = await send('GET', `/sobjects/Account/${account}/Contacts?fields=${encodeURIComponent(field)}`)
      const message = `No such column '${field}' on sobject of type Contact`
      expect([answer.status, answer.body]).toEqual([400, [{ errorCode: 'INVALID_FIELD', message }]])
    }
  })

  it('is changed and deleted as at its own address', async () => {
    const gone = await create('Account', { Name: 'Gone Soon' })
    const child = await create('Contact', { LastName: 'Of Gone', AccountId: gone })
    expect((await send('PATCH', `/sobjects/Contact/${child}/Account`, { Phone: '12' })).status).toBe(204)
    expect((await send('GET', `/sobjects/Account/${gone}?fields=Phone`)).body).toMatchObject({ Phone: '12' })
    expect((await send('DELETE', `/sobjects/Contact/${child}/Account`)).status).toBe(204)
    expect((await send('GET', `/sobjects/Account/${gone}`)).body).toMatchObject([{ errorCode: 'ENTITY_IS_DELETED' }])
  })

  it.each([
    ['a blank lookup', () => `/sobjects/Account/${account}/Parent`],
    ['no relationship', () => `/sobjects/Account/${account}/Nothing`],
    ['no record', () => '/sobjects/Contact/003000000000000AAA/Account'],
  ])('is not found where there is %s', async (_what, path) => {
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const { status, body } = await send(method, path(), method === 'PATCH' ? { Phone: '1' } : undefined)
      expect([method, status, body]).toMatchObject([method, 404, [{ errorCode: 'NOT_FOUND' }]])
    }
  })
})

describe('the children of a record', () => {
  it('are listed as a query answers, in pages', async () => {
    expect((await send('GET', `/sobjects/Account/${account}/Contacts?fields=LastName`)).body).toMatchObject({
      totalSize: 1,
      done: true,
      records: [{ LastName: 'Child' }],
    })
    const many = await create('Account', { Name: 'Of Many' })
    org.org.load(
      'Contact',
      Array.from({ length: 2001 }, (_, n) => ({ LastName: `Child ${n}`, AccountId: many })),
    )
    const first = (await send('GET', `/sobjects/Account/${many}/Contacts?fields=Id`)).body as { nextRecordsUrl: string }
    expect(first).toMatchObject({ totalSize: 2001, done: false })
    const next = await send('GET', first.nextRecordsUrl.replace('/services/data/v62.0', ''))
    expect(next.body).toMatchObject({ totalSize: 2001, done: true })
  })

  it('are none where there are none, and cannot be written through their list', async () => {
    const { body } = await send('GET', `/sobjects/Account/${account}/ChildAccounts`)
    expect(body).toEqual({ totalSize: 0, done: true, records: [] })
    expect((await send('PATCH', `/sobjects/Account/${account}/Contacts`, { Phone: '1' })).status).toBe(404)
  })
})
