// Bodies that are no JSON, or JSON of another shape: the words of the parser behind an org, with the place.
import { expect, it } from 'vitest'
import { openOrgForFile, rest } from '../../support/running-org.ts'

const { org, token } = await openOrgForFile()
const post = async (path: string, body: string) => {
  const { status, body: answer } = await rest(org.url, token, path, { method: 'POST', body })
  return { status, answer }
}

const VALUE = "expected a valid value (number, String, array, object, 'true', 'false' or 'null')"
it.each([
  ['<xml/>', `Unexpected character ('<' (code 60)): ${VALUE} at [line:1, column:2]`],
  [
    '--boundary',
    "Unexpected character ('-' (code 45)) in numeric value: expected digit (0-9) to follow minus sign, for valid numeric value at [line:1, column:3]",
  ],
  [
    '{Name:"x"}',
    "Unexpected character ('N' (code 78)): was expecting double-quote to start field name at [line:1, column:3]",
  ],
  [
    '{\n  "Name" "x"}',
    `Unexpected character ('"' (code 34)): was expecting a colon to separate field name and value at [line:2, column:11]`,
  ],
  [
    '{"Name": "x" "Site": "y"}',
    `Unexpected character ('"' (code 34)): was expecting comma to separate OBJECT entries at [line:1, column:15]`,
  ],
  [
    '{"Name": ["x" "y"]}',
    `Unexpected character ('"' (code 34)): was expecting comma to separate ARRAY entries at [line:1, column:16]`,
  ],
  ['', 'The HTTP entity body is required, but this request has no entity body.'],
  ['[]', 'Can not deserialize SObject out of START_ARRAY token at [line:1, column:1]'],
  ['"Name"', 'Can not deserialize SObject out of VALUE_STRING token at [line:1, column:1]'],
  ['{"Name": ["x"]}', 'Cannot deserialize instance of string from START_ARRAY value [line:1, column:2]'],
  [
    '{"ParentId": {"Name": "x"}}',
    'Cannot deserialize instance of reference from START_OBJECT value { or request may be missing a required field at [line:1, column:2]',
  ],
  [
    '{"Name": "x", "AnnualRevenue": "much"}',
    'Cannot deserialize instance of currency from VALUE_STRING value much or request may be missing a required field at [line:1, column:1]',
  ],
  [
    '{"Name": "x", "NumberOfEmployees": 1.5}',
    'Cannot deserialize instance of int from VALUE_NUMBER_FLOAT value 1.5 or request may be missing a required field at [line:1, column:1]',
  ],
])('the body %j is refused in the words of its parser', async (body, message) => {
  const refused = { status: 400, answer: [{ message, errorCode: 'JSON_PARSER_ERROR' }] }
  expect(await post('/sobjects/Account', body)).toEqual(refused)
})

it('a list under a name that is no field is an unknown field', async () => {
  const message = "No such column 'Nothing__c' on sobject of type Account"
  const refused = { status: 400, answer: [{ message, errorCode: 'INVALID_FIELD' }] }
  expect(await post('/sobjects/Account', '{"Nothing__c": []}')).toEqual(refused)
})

it.each([
  ['/composite', {}, 'compositeRequest'],
  ['/composite', { compositeRequest: [{ method: 'GET', referenceId: 'a' }] }, 'compositeRequest.0.url'],
  ['/composite/batch', {}, 'batchRequests'],
  ['/composite/graph', {}, 'graphs'],
  ['/composite/sobjects', {}, 'records'],
  ['/composite/tree/Account', { records: [{ attributes: { type: 'Account' } }] }, 'records.0.attributes.referenceId'],
])('%s names the part of %j that is missing', async (path, body, where) => {
  const message = `Required field '${where}' is missing or of another type at [line:1, column:1]`
  const refused = { status: 400, answer: [{ message, errorCode: 'JSON_PARSER_ERROR' }] }
  expect(await post(path, JSON.stringify(body))).toEqual(refused)
})

it('a reference id begins with a letter or a number and says so otherwise', async () => {
  const call = (referenceId: string) => ({ method: 'GET', url: '/services/data/v62.0/limits', referenceId })
  const message =
    "Provided referenceId ('Link-1') must start with a letter or a number, and it can contain only letters, numbers and underscores ('_')."
  const refused = await post('/composite', JSON.stringify({ compositeRequest: [call('Link-1')] }))
  expect(refused).toMatchObject({ status: 400, answer: [{ message }] })
  expect(await post('/composite', JSON.stringify({ compositeRequest: [call('1_Link')] }))).toMatchObject({
    answer: { compositeResponse: [{ httpStatusCode: 200, referenceId: '1_Link' }] },
  })
})

it('a mistake behind a text of many megabytes is told as any other', async () => {
  const body = `{"Name":"${'x'.repeat(10_000_000)}" "Site":"y"}`
  const message = `Unexpected character ('"' (code 34)): was expecting comma to separate OBJECT entries at [line:1, column:10000013]`
  const refused = { status: 400, answer: [{ message, errorCode: 'JSON_PARSER_ERROR' }] }
  expect(await post('/sobjects/Account', body)).toEqual(refused)
})

it('a mistake in a long body is named without its place, which would take long to find', async () => {
  const message = "Unexpected character ('x' (code 120)) somewhere in a body of 600002 characters"
  expect(await post('/sobjects/Account', `[${'1,'.repeat(300_000)}x`)).toEqual({
    status: 400,
    answer: [{ message, errorCode: 'JSON_PARSER_ERROR' }],
  })
})
