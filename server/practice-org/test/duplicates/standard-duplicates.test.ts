import { describe, expect, it } from 'vitest'
import { openOrgForFile, practice, rest } from '../support/running-org.ts'

const { org, token } = await openOrgForFile()
const order = (duplicateRules: object[]) => practice(org.url, '/automation', { duplicateRules })
const create = (object: string, fields: object) =>
  rest(org.url, token, `/sobjects/${object}`, { method: 'POST', body: JSON.stringify(fields) })
const made = async (object: string, fields: object): Promise<string> =>
  ((await create(object, fields)).body as { id: string }).id

interface Refusal {
  errorCode: string
  duplicateResut: { matchResults: { matchEngine: string; rule: string; matchRecords: { record: { Id: string } }[] }[] }
}
const refused = async (object: string, fields: object): Promise<Refusal['duplicateResut']['matchResults'][0]> => {
  const [first] = (await create(object, fields)).body as Refusal[]
  expect(first?.errorCode).toBe('DUPLICATES_DETECTED')
  const match = first?.duplicateResut.matchResults[0]
  if (!match) throw new Error('nothing matched')
  return match
}

describe('the standard rule of people', () => {
  const known = {
    FirstName: 'Amelia',
    LastName: 'Hartwell',
    Title: 'VP of Sales',
    Phone: '+1 415 555 0199',
    Company: 'Lumen Works',
    Street: '12 Elm Street',
    City: 'Portland',
    PostalCode: '97201',
  }
  const name = { FirstName: 'Amelia', LastName: 'Hartwell' }
  const cases: [string, object][] = [
    ['title, roughly, and company', { ...name, Title: 'VP Sales', Company: 'Lumen Works Inc' }],
    ['telephone', { ...name, Phone: '(415) 555-0199', Company: 'Elsewhere' }],
    ['street and postal code', { ...name, Street: '12 Elm Street', PostalCode: '97201', Company: 'Elsewhere' }],
    ['street and title', { ...name, Street: '12 Elm Street', Title: 'VP of Sales', Company: 'Elsewhere' }],
    ['names the wrong way round', { FirstName: 'Hartwell', LastName: 'Amelia', Phone: '4155550199', Company: 'x' }],
  ]

  it.each(cases)('finds a lead by name and %s', async (_, fields) => {
    await order([])
    const id = await made('Lead', known)
    await order([{ object: 'Lead', action: 'block' }])
    const match = await refused('Lead', fields)
    expect(match.matchRecords.map(({ record }) => record.Id)).toContain(id)
    expect(match).toMatchObject({ matchEngine: 'FuzzyMatchEngine', rule: 'Standard_Lead_Match_Rule_v1_0' })
  })

  it('lets a lead pass that shares the name alone, or a last name that is not quite the same', async () => {
    await order([{ object: 'Lead', action: 'block' }])
    expect((await create('Lead', { ...name, Company: 'Elsewhere' })).status).toBe(201)
    const near = { FirstName: 'Amelia', LastName: 'Hartman', Phone: '4155550199', Company: 'Elsewhere' }
    expect((await create('Lead', near)).status).toBe(201)
  })

  it('takes the account of a contact for his company', async () => {
    await order([])
    const account = await made('Account', { Name: 'Fernway Ltd' })
    const other = await made('Account', { Name: 'Fernway' })
    const id = await made('Contact', { FirstName: 'Ines', LastName: 'Duarte', Title: 'Buyer', AccountId: account })
    await order([{ object: 'Contact', action: 'block' }])
    const match = await refused('Contact', { FirstName: 'Ines', LastName: 'Duarte', Title: 'Buyer', AccountId: other })
    expect(match.matchRecords.map(({ record }) => record.Id)).toEqual([id])
    expect(match.rule).toBe('Standard_Contact_Match_Rule_v1_1')
  })
})

it('a website counts by its domain, without what stands before it', async () => {
  await order([])
  const id = await made('Account', {
    Name: 'Fernway Gardening and Trees',
    Website: 'https://shop.fernway.co.uk/start',
    Phone: '020 7946 0000',
  })
  await order([{ object: 'Account', action: 'block' }])
  const match = await refused('Account', { Name: 'Fernway', Website: 'www.fernway.co.uk', Phone: '02079460000' })
  expect(match.matchRecords.map(({ record }) => record.Id)).toEqual([id])
})

it('a rule that compares exactly says so', async () => {
  await order([])
  await made('Account', { Name: 'Exactly', AccountNumber: '77' })
  await order([{ object: 'Account', action: 'block', match: [[{ field: 'AccountNumber', method: 'exact' }]] }])
  expect((await refused('Account', { Name: 'Other', AccountNumber: '77' })).matchEngine).toBe('ExactMatchEngine')
})
