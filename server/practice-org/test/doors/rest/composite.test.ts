import { describe, expect, it } from 'vitest'
import { openOrgForFile, practice, rest } from '../../support/running-org.ts'

const { org, token } = await openOrgForFile()

interface Answer {
  compositeResponse: { httpStatusCode: number; referenceId: string; body: unknown }[]
}
const base = '/services/data/v62.0'
const post = (path: string, body: unknown) => rest(org.url, token, path, { method: 'POST', body: JSON.stringify(body) })
const composite = async (compositeRequest: unknown[], allOrNone = true): Promise<Answer['compositeResponse']> => {
  const { body } = await post('/composite', { allOrNone, compositeRequest })
  return (body as Answer).compositeResponse
}
const createAccount = (referenceId: string, Name: string | null) => ({
  method: 'POST',
  url: `${base}/sobjects/Account`,
  referenceId,
  body: { Name },
})
const count = async (soql: string): Promise<number> => {
  const { body } = await rest(org.url, token, `/query?q=${encodeURIComponent(soql)}`)
  return (body as { totalSize: number }).totalSize
}

describe('composite', () => {
  it('lets later calls use what earlier ones answered, in one transaction and as one API call', async () => {
    const before = (await practice(org.url, '/calls')) as { total: number }
    const answers = await composite([
      createAccount('acc', 'Composite Ltd'),
      {
        method: 'POST',
        url: `${base}/sobjects/Contact`,
        referenceId: 'con',
        body: { LastName: 'Of Composite', AccountId: '@{acc.id}' },
      },
      { method: 'GET', url: `${base}/sobjects/Account/@{acc.id}?fields=Name`, referenceId: 'read' },
      { method: 'GET', url: `${base}/query?q=SELECT+Id+FROM+Contact+WHERE+AccountId='@{acc.id}'`, referenceId: 'q' },
      {
        method: 'PATCH',
        url: `${base}/sobjects/Contact/@{q.records[0].Id}`,
        referenceId: 'up',
        body: { Title: 'CEO' },
      },
    ])
    const after = (await practice(org.url, '/calls')) as { total: number }
    expect(answers.map(({ httpStatusCode }) => httpStatusCode)).toEqual([201, 201, 200, 200, 204])
    expect(answers[2]?.body).toMatchObject({ Name: 'Composite Ltd' })
    expect(after.total - before.total).toBe(1)
    const log = (await practice(org.url, '/transactions')) as { items: { operations: unknown[] }[] }
    expect(log.items.at(-1)?.operations).toHaveLength(3)
  })

  it('keeps nothing when one call of an all-or-none composite fails, and says which one did', async () => {
    const answers = await composite([
      createAccount('one', 'Undone Ltd'),
      createAccount('two', null),
      createAccount('three', 'Never Ltd'),
    ])
    expect(answers.map(({ body }) => (body as { errorCode: string }[])[0]?.errorCode)).toEqual([
      'PROCESSING_HALTED',
      'REQUIRED_FIELD_MISSING',
      'PROCESSING_HALTED',
    ])
    expect(await count("SELECT Id FROM Account WHERE Name IN ('Undone Ltd', 'Never Ltd')")).toBe(0)
  })

  it('keeps the calls that worked when all-or-none was not asked for', async () => {
    const answers = await composite([createAccount('one', 'Stays Ltd'), createAccount('two', null)], false)
    expect(answers.map(({ httpStatusCode }) => httpStatusCode)).toEqual([201, 400])
    expect(await count("SELECT Id FROM Account WHERE Name = 'Stays Ltd'")).toBe(1)
  })

  it('refuses a stale base through the If-Unmodified-Since of one call', async () => {
    const [created] = await composite([createAccount('acc', 'Stale Ltd')])
    const { id } = created?.body as { id: string }
    const [answer] = await composite([
      {
        method: 'PATCH',
        url: `${base}/sobjects/Account/${id}`,
        referenceId: 'up',
        body: { Phone: '1' },
        httpHeaders: { 'If-Unmodified-Since': 'Mon, 01 Jan 2001 00:00:00 GMT' },
      },
    ])
    expect(answer?.httpStatusCode).toBe(412)
  })

  it('refuses a reference to nothing', async () => {
    const [answer] = await composite([
      { method: 'GET', url: `${base}/sobjects/Account/@{nobody.id}`, referenceId: 'read' },
    ])
    expect(answer?.body).toEqual([
      {
        errorCode: 'PROCESSING_HALTED',
        message: 'Invalid reference specified. No value for nobody.id found in nobody',
      },
    ])
  })

  it('refuses more than 25 calls and more than 5 queries', async () => {
    const many = Array.from({ length: 26 }, (_, index) => createAccount(`r${index}`, 'x'))
    const queries = Array.from({ length: 6 }, (_, index) => ({
      method: 'GET',
      url: `${base}/query?q=SELECT+Id+FROM+Account`,
      referenceId: `q${index}`,
    }))
    const answers = await Promise.all(
      [many, queries].map((compositeRequest) => post('/composite', { compositeRequest })),
    )
    expect(answers.map(({ status, body }) => [status, (body as { errorCode: string }[])[0]?.errorCode])).toEqual([
      [400, 'LIMIT_EXCEEDED'],
      [400, 'LIMIT_EXCEEDED'],
    ])
  })
})

describe('graph', () => {
  it('commits each graph on its own, all of it or nothing, and takes more than 25 calls', async () => {
    const many = Array.from({ length: 30 }, (_, index) => createAccount(`r${index}`, 'Graph Ltd'))
    const { body } = await post('/composite/graph', {
      graphs: [
        { graphId: 'good', compositeRequest: many },
        { graphId: 'bad', compositeRequest: [createAccount('a', 'No Graph Ltd'), createAccount('b', null)] },
      ],
    })
    const { graphs } = body as { graphs: { graphId: string; isSuccessful: boolean }[] }
    expect(graphs.map(({ graphId, isSuccessful }) => [graphId, isSuccessful])).toEqual([
      ['good', true],
      ['bad', false],
    ])
    expect(await count("SELECT Id FROM Account WHERE Name = 'Graph Ltd'")).toBe(30)
    expect(await count("SELECT Id FROM Account WHERE Name = 'No Graph Ltd'")).toBe(0)
  })
})

describe('batch and tree', () => {
  it('runs independent calls and stops at the first failure when asked to', async () => {
    const batchRequests = [
      { method: 'POST', url: 'v62.0/sobjects/Account', richInput: { Name: 'Batch Ltd' } },
      { method: 'GET', url: 'v62.0/sobjects/Nothing__c' },
      { method: 'GET', url: 'v62.0/limits' },
    ]
    const { body } = await post('/composite/batch', { batchRequests, haltOnError: true })
    expect(body).toMatchObject({
      hasErrors: true,
      results: [{ statusCode: 201 }, { statusCode: 404 }, { statusCode: 412 }],
    })
  })

  it('creates parents with their children, or nothing at all', async () => {
    const tree = (lastName: string | null) => ({
      records: [
        {
          attributes: { type: 'Account', referenceId: 'a' },
          Name: 'Tree Ltd',
          Contacts: { records: [{ attributes: { type: 'Contact', referenceId: 'c' }, LastName: lastName }] },
        },
      ],
    })
    const good = await post('/composite/tree/Account', tree('Leaf'))
    const bad = await post('/composite/tree/Account', tree(null))
    expect([good.status, bad.status]).toEqual([201, 400])
    expect(bad.body).toMatchObject({ hasErrors: true, results: [{ referenceId: 'c' }] })
    expect(await count("SELECT Id FROM Contact WHERE Account.Name = 'Tree Ltd'")).toBe(1)
  })
})

describe('collections', () => {
  it('update, upsert, read and delete rows, each with its own result', async () => {
    const made = await post('/composite/sobjects', {
      records: [
        { attributes: { type: 'Account' }, Name: 'Row One' },
        { attributes: { type: 'Contact' }, LastName: 'Row Two' },
      ],
    })
    const ids = (made.body as { id: string }[]).map(({ id }) => id)
    const updated = await rest(org.url, token, '/composite/sobjects', {
      method: 'PATCH',
      body: JSON.stringify({
        allOrNone: true,
        records: [
          { attributes: { type: 'Account' }, id: ids[0], Phone: '7' },
          { attributes: { type: 'Contact' }, id: '003000000000000AAA', Title: 'x' },
        ],
      }),
    })
    expect((updated.body as { success: boolean; errors: { statusCode: string }[] }[])[0]).toMatchObject({
      success: false,
      errors: [{ statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK' }],
    })
    const read = await post('/composite/sobjects/Account', { ids: [ids[0], '001000000000000AAA'], fields: ['Phone'] })
    expect(read.body).toEqual([expect.objectContaining({ Phone: null }), null])
    const gone = await rest(org.url, token, `/composite/sobjects?ids=${ids.join(',')}`, { method: 'DELETE' })
    expect((gone.body as { success: boolean }[]).map(({ success }) => success)).toEqual([true, true])
  })
})
