import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../src/compose.ts'
import { practice, rest, startOrg, tokenOf, WRITER } from '../support/running-org.ts'

let org: PracticeOrg
let token: string
beforeEach(async () => {
  org = await startOrg()
  token = await tokenOf(org.url)
})
afterEach(() => org.close())

const orders = (rules: unknown) => practice(org.url, '/automation', rules)
const save = (fields: Record<string, string>, as = token, headers = {}) =>
  rest(org.url, as, '/sobjects/Account', { method: 'POST', body: JSON.stringify(fields), headers })
const refused = async (rules: unknown) => {
  const response = await fetch(`${org.url}/practice/automation`, { method: 'POST', body: JSON.stringify(rules) })
  const [error] = (await response.json()) as { message: string }[]
  return [response.status, error?.message]
}

it('refuses an order about sharing that an org could not be told', async () => {
  const when = [{ field: 'Planet', is: '=', value: 'Mars' }]
  const all = { with: { allInternalUsers: true }, access: 'Read' }
  const [status, message] = await refused({
    sharing: {
      defaults: { Account: 'ReadWriteTransfer', Planet__c: 'Read' },
      rules: [
        { object: 'Account', when, ...all },
        { object: 'Task', ownedBy: { role: 'Sales' }, ...all },
      ],
    },
  })
  expect(status).toBe(400)
  expect(String(message).split('\n')).toEqual([
    'sharing.defaults: Account is one of Private, Read, ReadWrite',
    'sharing.defaults: there is no object Planet__c with owners',
    'sharing.rules[0]: Account has no field Planet',
    'sharing.rules[1]: there are no shares of Task',
  ])
})

describe('an org told to push back', () => {
  it('refuses what a validation rule forbids, in its words and with its field', async () => {
    const when = [{ field: 'Rating', is: '=', value: 'Cold' }]
    await orders({ validations: [{ object: 'Account', when, message: 'Too cold.', field: 'Rating' }] })
    expect(await save({ Name: 'a', Rating: 'Cold' })).toMatchObject({
      status: 400,
      body: [{ errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Too cold.', fields: ['Rating'] }],
    })
    expect((await save({ Name: 'a', Rating: 'Hot' })).status).toBe(201)
  })

  it('shows the records a new one resembles under the key that an org misspells, unless the caller insists', async () => {
    const twin = { Name: 'Brightwater Logistics', Phone: '+1 415 555 0134' }
    await save({ ...twin, Name: 'Brightwater Logistics Inc' })
    await orders({ duplicateRules: [{ object: 'Account', name: 'Same_Company' }] })
    expect(await save(twin)).toMatchObject({
      status: 400,
      body: [
        {
          errorCode: 'DUPLICATES_DETECTED',
          duplicateResut: { allowSave: true, duplicateRule: 'Same_Company', matchResults: [{ size: 1 }] },
        },
      ],
    })
    expect((await save(twin, token, { 'Sforce-Duplicate-Rule-Header': 'allowSave=true' })).status).toBe(201)
  })

  it('holds a record in approval against everybody but an administrator', async () => {
    await orders({
      approvalLocks: [{ object: 'Account', when: [{ field: 'Rating', is: '=', value: 'Hot' }] }],
    })
    const { id } = (await save({ Name: 'In approval', Rating: 'Hot' })).body as { id: string }
    const change = (as: string) =>
      rest(org.url, as, `/sobjects/Account/${id}`, { method: 'PATCH', body: '{"Fax":"1"}' })
    expect(await change(await tokenOf(org.url, WRITER))).toMatchObject({
      status: 400,
      body: [{ errorCode: 'ENTITY_IS_LOCKED' }],
    })
    expect((await change(token)).status).toBe(204)
  })

  it('refuses a row in use for as many tries as asked', async () => {
    const { id } = (await save({ Name: 'Busy' })).body as { id: string }
    await orders({ rowLocks: [{ ids: [id], times: 1 }] })
    const change = () => rest(org.url, token, `/sobjects/Account/${id}`, { method: 'PATCH', body: '{"Fax":"1"}' })
    expect(await change()).toMatchObject({ status: 400, body: [{ errorCode: 'UNABLE_TO_LOCK_ROW' }] })
    expect((await change()).status).toBe(204)
  })

  it('has only the rules it was told last', async () => {
    const strict = [{ object: 'Account', when: [{ field: 'Fax', is: 'blank' }], message: 'No fax' }]
    await orders({ validations: strict })
    expect((await save({ Name: 'a' })).status).toBe(400)
    await orders({})
    expect((await save({ Name: 'a' })).status).toBe(201)
  })
})

describe('rules that could never act', () => {
  const when = [{ field: 'Name', is: 'changed' }]
  it.each([
    ['an unknown kind', { validation: [] }, /validation"/],
    ['an unknown condition', { validations: [{ object: 'Account', when: [{ field: 'Name', is: '~' }] }] }, /when\[0\]/],
    ['no list', { validations: {} }, /validations/],
    ['an unknown object', { validations: [{ object: 'Acount', when, message: 'x' }] }, /^validations\[0\].*Acount$/],
    [
      'an unknown field of a condition',
      { approvalLocks: [{ object: 'Account', when: [{ field: 'name', is: 'blank' }] }] },
      /^approvalLocks\[0\]: Account has no field name$/,
    ],
    [
      'an unknown field to set',
      { later: [{ object: 'Lead', on: 'create', afterMs: 1, set: { Nope__c: 1 } }] },
      /^later\[0\]: Lead has no field Nope__c$/,
    ],
    [
      'a duplicate rule without equation',
      { duplicateRules: [{ object: 'Case' }] },
      /^duplicateRules\[0\].*give match$/,
    ],
    ['a lock on no record', { rowLocks: [{ ids: ['x'] }] }, /^rowLocks\[0\]: x is no record id$/],
    [
      'an unknown child of a total',
      { rollUps: [{ parent: 'Account', field: 'NumberOfEmployees', child: 'Deal', lookup: 'AccountId' }] },
      /^rollUps\[0\]: there is no object Deal$/,
    ],
  ])('are refused with what is wrong: %s', async (_, rules, what) => {
    expect(await refused(rules)).toEqual([400, expect.stringMatching(what) as string])
  })

  it('change nothing', async () => {
    await orders({ validations: [{ object: 'Account', when, message: 'Kept' }] })
    await refused({ validations: [{ object: 'Nope', when, message: 'x' }] })
    expect((await save({ Name: 'a' })).body).toMatchObject([{ message: 'Kept' }])
  })
})

describe('a reset', () => {
  it('ends the rules', async () => {
    const when = [{ field: 'Name', is: 'changed' }]
    await orders({ validations: [{ object: 'Account', when, message: 'No' }] })
    await practice(org.url, '/reset', {})
    expect((await save({ Name: 'a' })).status).toBe(201)
  })

  it('forgets bulk jobs of both kinds, and one that runs writes nothing into the new org', async () => {
    const job = (await rest(org.url, token, '/jobs/ingest', {
      method: 'POST',
      body: JSON.stringify({ object: 'Account', operation: 'insert' }),
    })) as { body: { id: string } }
    const path = `/jobs/ingest/${job.body.id}`
    const rows = Array.from({ length: 5000 }, (_, n) => `Bulk ${n}`).join('\n')
    await fetch(`${org.url}/services/data/v62.0${path}/batches`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
      body: `Name\n${rows}\n`,
    })
    const older = await fetch(`${org.url}/services/async/62.0/job`, {
      method: 'POST',
      headers: { 'x-sfdc-session': token, 'content-type': 'application/xml' },
      body: '<jobInfo><operation>insert</operation><object>Account</object><contentType>CSV</contentType></jobInfo>',
    })
    const olderId = /<id>(\w+)</.exec(await older.text())?.[1] ?? ''
    await rest(org.url, token, path, { method: 'PATCH', body: '{"state":"UploadComplete"}' })
    await practice(org.url, '/reset', {})
    expect((await rest(org.url, token, path)).status).toBe(404)
    expect((await rest(org.url, token, '/jobs/ingest')).body).toMatchObject({ records: [] })
    const asked = await fetch(`${org.url}/services/async/62.0/job/${olderId}`, { headers: { 'x-sfdc-session': token } })
    expect(await asked.text()).toMatch(/InvalidJob/)
    expect((await rest(org.url, token, '/query?q=SELECT+Id+FROM+Account')).body).toMatchObject({ totalSize: 0 })
  })
})
