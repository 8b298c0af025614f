// Records named by a key over REST: external ids of their own or of a parent, and ids that are none.
import { expect, test } from 'vitest'
import { openOrgForFile, rest } from '../../support/running-org.ts'

const { org, token } = await openOrgForFile()

const send = async (method: string, path: string, fields?: unknown) => {
  const { status, body } = await rest(org.url, token, path, {
    method,
    ...(fields === undefined ? {} : { body: JSON.stringify(fields) }),
  })
  return { status, body }
}
const noKey = (field: string) => ({
  status: 404,
  body: [
    { errorCode: 'NOT_FOUND', message: `Provided external ID field does not exist or is not accessible: ${field}` },
  ],
})

test('a parent is named by a key of his, not by any field', async () => {
  await send('POST', '/sobjects/Account', { Name: 'Twice' })
  expect(await send('POST', '/sobjects/Account', { Name: 'Child', Parent: { Name: 'Twice' } })).toEqual(noKey('Name'))
  const owner = { Username: 'rep@practice.example' }
  expect((await send('POST', '/sobjects/Account', { Name: 'Child', Owner: owner })).status).toBe(201)
})

test.each(['Nope__c', 'Name'])('the path of a row by %s, which is no key, says so', async (field) => {
  const path = `/sobjects/Account/${field}/x`
  for (const method of ['GET', 'DELETE']) expect(await send(method, path), method).toEqual(noKey(field))
  expect(await send('PATCH', path, { Phone: '1' })).toEqual(noKey(field))
})

test('a path by an id that is none finds nothing, and shows no query', async () => {
  const nothing = { status: 404, body: [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }] }
  expect(await send('GET', '/sobjects/Account/Id/zz')).toEqual(nothing)
  expect(await send('DELETE', '/sobjects/Account/Id/zz')).toEqual(nothing)
})

test.each(['zz', '001-00000000000'])(
  'the path of a row by %s, which is no id, is read as the name of a key',
  async (id) => {
    const path = `/sobjects/Account/${id}`
    for (const method of ['GET', 'DELETE']) expect(await send(method, path), method).toEqual(noKey(id))
    expect(await send('PATCH', path, { Name: 'x' })).toEqual(noKey(id))
    expect((await send('GET', `/sobjects/Nothing__c/${id}`)).body).toMatchObject([
      { message: 'The requested resource does not exist' },
    ])
  },
)

test('an update by an id of another object is refused for the id', async () => {
  const message = 'Account ID: id value of incorrect type: 003000000000001'
  const refused = { errorCode: 'MALFORMED_ID', message, fields: ['Id'] }
  expect(await send('PATCH', '/sobjects/Account/003000000000001', { Name: 'x' })).toEqual({
    status: 400,
    body: [refused],
  })
})

test.each(['zz', '003000000000001', '001-00000000000'])(
  'a row of a collection by %s is refused for the id',
  async (id) => {
    const message = `Account ID: id value of incorrect type: ${id}`
    const record = { attributes: { type: 'Account' }, id, Name: 'x' }
    expect((await send('PATCH', '/composite/sobjects', { records: [record] })).body).toEqual([
      { success: false, errors: [{ statusCode: 'MALFORMED_ID', message, fields: ['Id'] }] },
    ])
  },
)
