// What describe says of single fields and child relationships, as captured from orgs.
import { expect, it } from 'vitest'
import { openOrgForFile, rest } from '../../support/running-org.ts'

const { org, token } = await openOrgForFile()

interface Described {
  fields: ({ name: string } & Record<string, unknown>)[]
  childRelationships: { childSObject: string; field: string }[]
  supportedScopes: object[]
}
const described = async (object: string) =>
  (await rest(org.url, token, `/sobjects/${object}/describe`)).body as Described
const field = async (object: string, name: string) =>
  (await described(object)).fields.find((each) => each.name === name)
const namesWith = async (object: string, has: object): Promise<string[]> => {
  const wanted = Object.entries(has)
  const { fields } = await described(object)
  return fields.filter((each) => wanted.every(([key, value]) => each[key] === value)).map(({ name }) => name)
}

it.each([
  ['Account', 'Name', 'Account Name'],
  ['Account', 'BillingPostalCode', 'Billing Zip/Postal Code'],
  ['Account', 'NumberOfEmployees', 'Employees'],
  ['Contact', 'Name', 'Full Name'],
  ['Contact', 'Phone', 'Business Phone'],
  ['Lead', 'State', 'State/Province'],
  ['Lead', 'IsConverted', 'Converted'],
  ['Opportunity', 'StageName', 'Stage'],
  ['Opportunity', 'Probability', 'Probability (%)'],
  ['Case', 'ParentId', 'Parent Case ID'],
  ['OpportunityContactRole', 'IsPrimary', 'Primary'],
])('%s.%s is labelled %s', async (object, name, label) => {
  expect(await field(object, name)).toMatchObject({ label })
})

it('a value that is too long is refused by the label of its field', async () => {
  const body = JSON.stringify({ Name: 'x'.repeat(256) })
  const { body: refused } = await rest(org.url, token, '/sobjects/Account', { method: 'POST', body })
  expect(refused).toMatchObject([
    { message: expect.stringMatching(/^Account Name: data value too large: x/) as string },
  ])
})

it('the parts of a description come by the letters of their names', async () => {
  const keys = Object.keys(await described('Account'))
  expect(keys).toEqual([...keys].sort())
})

it('searches are narrowed by lookups that have permissions of their own', async () => {
  const prefiltered = await namesWith('Account', { searchPrefilterable: true })
  expect(prefiltered).toContain('ParentId')
  for (const name of ['OwnerId', 'RecordTypeId', 'MasterRecordId', 'CreatedById']) {
    expect(prefiltered).not.toContain(name)
  }
  expect(await namesWith('Account', { permissionable: true })).not.toContain('RecordTypeId')
})

it('text of several lines is plain text, and groups rows where it is short', async () => {
  expect(await field('Account', 'Description')).toMatchObject({ extraTypeInfo: 'plaintextarea', groupable: false })
  expect(await field('Account', 'BillingStreet')).toMatchObject({ extraTypeInfo: 'plaintextarea', groupable: true })
  const soql = 'SELECT BillingStreet, COUNT(Id) FROM Account GROUP BY BillingStreet LIMIT 1'
  expect((await rest(org.url, token, `/query?q=${encodeURIComponent(soql)}`)).status).toBe(200)
})

it('the name of an account is one that may be a person’s', async () => {
  expect(await field('Account', 'Name')).toMatchObject({
    compoundFieldName: 'Name',
    extraTypeInfo: 'switchablepersonname',
  })
})

it('picklists that nobody edits are as short as their table', async () => {
  expect(await field('Account', 'CleanStatus')).toMatchObject({ length: 40, byteLength: 120 })
  expect(await field('Lead', 'GeocodeAccuracy')).toMatchObject({ length: 40, byteLength: 120 })
  expect(await field('Account', 'Industry')).toMatchObject({ length: 255, byteLength: 765 })
})

it('children are listed by object and field, the losers of a merge not among them', async () => {
  const { childRelationships } = await described('Account')
  const names = childRelationships.map(({ childSObject, field: name }) => `${childSObject} ${name}`)
  expect(names).toEqual([...names].sort())
  expect(names).toContain('Account ParentId')
  expect(names).not.toContain('Account MasterRecordId')
})

it('the scope of account teams bears its label', async () => {
  expect((await described('Account')).supportedScopes).toContainEqual({ label: "My team's accounts", name: 'team' })
})
