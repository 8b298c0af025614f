import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { rest, startOrg, tokenOf } from '../../support/running-org.ts'

let org: PracticeOrg
let token: string
beforeAll(async () => {
  org = await startOrg()
  token = await tokenOf(org.url)
  for (const Name of ['Quokka North', 'Quokka South', 'Quokka West', 'The Quokka Zoo'])
    await create('Account', { Name })
  await create('Contact', { LastName: 'Quokka', FirstName: 'Quentin' })
})
afterAll(() => org.close())

const create = (type: string, fields: object) =>
  rest(org.url, token, `/sobjects/${type}`, { method: 'POST', body: JSON.stringify(fields) })
const get = (path: string, headers: Record<string, string> = {}) => rest(org.url, token, path, { headers })
const search = (body: object) =>
  rest(org.url, token, '/parameterizedSearch', { method: 'POST', body: JSON.stringify(body) })
interface Found {
  searchRecords: { attributes: { type: string }; Name?: string }[]
}
const names = (body: unknown): (string | undefined)[] => (body as Found).searchRecords.map(({ Name }) => Name)

describe('a search by parameters', () => {
  it('takes fields, filter, order, limit and offset of each object', async () => {
    const account = { name: 'Account', fields: ['Id', 'Name'], where: "Name LIKE 'Quokka%'", orderBy: 'Name DESC' }
    const whole = await search({ q: 'Quokka', sobjects: [account], in: 'ALL', spellCorrection: true })
    expect(names(whole.body)).toEqual(['Quokka West', 'Quokka South', 'Quokka North'])
    const part = await search({ q: 'Quokka', sobjects: [{ ...account, limit: 1 }], offset: 1 })
    expect(names(part.body)).toEqual(['Quokka South'])
  })

  it('takes limits for all objects together and for each', async () => {
    const sobjects = [{ name: 'Account' }, { name: 'Contact' }]
    const types = async (more: object): Promise<string[]> =>
      ((await search({ q: 'Quokka', fields: ['Id'], sobjects, ...more })).body as Found).searchRecords.map(
        ({ attributes }) => attributes.type,
      )
    expect(await types({ defaultLimit: 1 })).toEqual(['Account', 'Contact'])
    // Shared out evenly among the objects, as an org does.
    expect(await types({ overallLimit: 2 })).toEqual(['Account', 'Contact'])
  })

  it('tells the labels of the fields when asked to, and takes its parameters from the address too', async () => {
    const query = 'q=Quokka&sobject=Account&Account.fields=Name&Account.limit=1&in=name&metadata=LABELS'
    expect((await get(`/parameterizedSearch?${query}`)).body).toMatchObject({
      searchRecords: [{ attributes: { type: 'Account' } }],
      metadata: {
        entityMetadata: [{ entityName: 'Account', fieldMetadata: [{ name: 'Name', label: 'Account Name' }] }],
      },
    })
  })

  it.each([
    [{}, 'MALFORMED_SEARCH'],
    [{ q: 'Quokka', fields: ['Name'] }, 'MISSING_ARGUMENT'],
    [{ q: 'Quokka', offset: 1 }, 'MALFORMED_SEARCH'],
    [{ q: 'Quokka', dataCategories: [] }, 'MALFORMED_SEARCH'],
    [{ q: 'Quokka', defaultLimit: 2001, sobjects: [{ name: 'Account' }] }, 'INVALID_INPUT'],
    [{ q: 'Quokka', sobjects: [{ name: 'Nothing__c' }] }, 'INVALID_TYPE'],
  ])('refuses %j with %s', async (body, errorCode) => {
    expect(await search(body)).toMatchObject({ status: 400, body: [{ errorCode }] })
  })
})

describe('suggestions', () => {
  it('are records with a word of their name that begins as typed, of every object named', async () => {
    const { body } = await get('/search/suggestions?q=Quok&sobject=Account,Contact&limit=10&fields=OwnerId')
    const { autoSuggestResults, hasMoreResults } = body as { autoSuggestResults: object[]; hasMoreResults: boolean }
    expect([autoSuggestResults.length, hasMoreResults]).toEqual([5, false])
    expect(autoSuggestResults).toContainEqual(expect.objectContaining({ Name: 'The Quokka Zoo' }))
    expect(autoSuggestResults[0]).toHaveProperty('OwnerId')
  })

  it('can be narrowed, and cut short', async () => {
    const where = encodeURIComponent("Name LIKE '%South'")
    const narrowed = await get(`/search/suggestions?q=quokka&sobject=Account&where=${where}`)
    expect(narrowed.body).toMatchObject({ autoSuggestResults: [{ Name: 'Quokka South' }], hasMoreResults: false })
    expect((await get('/search/suggestions?q=quokka&sobject=Account&limit=2')).body).toMatchObject({
      hasMoreResults: true,
    })
  })

  it('pass over objects that cannot be searched only when asked to', async () => {
    const path = '/search/suggestions?q=Quok&sobject=Account,RecordType'
    expect((await get(path)).body).toMatchObject([{ errorCode: 'INVALID_TYPE' }])
    expect((await get(`${path}&ignoreUnsupportedSObjects=true`)).status).toBe(200)
    expect((await get('/search/suggestions?q=Quok')).body).toMatchObject([{ errorCode: 'MISSING_ARGUMENT' }])
  })
})

describe('the order of what is searched', () => {
  it('begins with what this user looked at most', async () => {
    const order = async () => ((await get('/search/scopeOrder')).body as { type: string }[]).map(({ type }) => type)
    const last = (await order()).at(-1) ?? ''
    const lead = await create('Lead', { LastName: 'Seen', Company: 'Often' })
    await get(`/sobjects/Lead/${(lead.body as { id: string }).id}`, { 'sforce-mru': 'updateMru=true' })
    expect([last === 'Lead', (await order())[0]]).toEqual([false, 'Lead'])
  })
})

describe('a search in SOSL', () => {
  it.each(['COUNT()', 'MAX(Name)', 'Id, (SELECT Id FROM Contacts)', 'Industry GROUP BY Industry', 'Id WHERE', 'Id,'])(
    'cannot return %s, which is refused as a malformed search',
    async (list) => {
      const answer = await get(`/search?q=${encodeURIComponent(`FIND {Quokka} RETURNING Account(${list})`)}`)
      expect(answer).toMatchObject({ status: 400, body: [{ errorCode: 'MALFORMED_SEARCH' }] })
    },
  )
})

describe('a search in SOSL', () => {
  const find = (sosl: string) => get(`/search?q=${encodeURIComponent(sosl)}`)
  it.each([
    [
      'FIND {Quokka} RETURNING Account(Id, Nothing__c)',
      'INVALID_FIELD',
      37,
      "No such column 'Nothing__c' on entity 'Account'.",
    ],
    ['FIND {Quokka} RETURNING Account, Nothing__c', 'INVALID_TYPE', 34, "sObject type 'Nothing__c' is not supported."],
    [
      "FIND {Quokka} RETURNING Account(Id WHERE Name ~ 'x')",
      'MALFORMED_SEARCH',
      47,
      "no viable alternative at character '~'",
    ],
  ])('shows in its own text what is wrong with %s', async (sosl, errorCode, column, words) => {
    const { status, body } = await find(sosl)
    const [{ message, ...rest }] = body as [{ message: string; errorCode: string }]
    expect({ status, ...rest }).toEqual({ status: 400, errorCode })
    expect(message).toContain(`ERROR at Row:1:Column:${column}\n`)
    expect(message).toContain(words)
    expect(sosl).toContain(message.split('\n')[1])
  })
})
