// Guarantee 10, least privilege: a query reads what the grant names, or is not sent.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callTool } from './calling.ts'
import { openScriptedHouse, type ScriptedHouse } from './scripted-house.ts'

let house: ScriptedHouse
let grant: string

beforeAll(async () => {
  house = await openScriptedHouse()
  grant = await house.open()
})
afterAll(() => house.close())

const run = (query: string) => callTool(house.client, 'soqlQuery', { grant, queries: [query] })

describe('a granted query', () => {
  const granted = [
    `SELECT Id, Name, Website FROM Account WHERE Phone = '1' ORDER BY CreatedDate DESC NULLS LAST LIMIT 5 OFFSET 5`,
    `SELECT Owner.Name FROM Account WHERE (Name LIKE 'a%' OR NOT Phone = 'x') AND Id IN ('1', '2')`,
    `SELECT Id, (SELECT Id, Email FROM Contacts WHERE LastName != NULL LIMIT 3) FROM Account`,
    `SELECT Account.Website FROM Contact`,
    `SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Opportunity WHERE Amount > 1.50)`,
    `SELECT COUNT() FROM Lead WHERE Company = 'O\\'Neil'`,
    `SELECT Id FROM Account WHERE CreatedDate = LAST_N_DAYS:3`,
    `SELECT Id FROM Account WHERE NOT (Name = 'a')`,
  ]
  it.each(granted)('is sent as it was checked: %s', async (query) => {
    house.org.queries.length = 0
    await run(query)
    expect(house.org.queries).toEqual([query])
  })
})

describe('a query outside the grant', () => {
  const outside: [query: string, code: string][] = [
    ['SELECT Secret__c FROM Account', 'not-granted'],
    ['SELECT secret__C FROM account', 'not-granted'],
    ['SELECT Id FROM Invoice__c', 'not-granted'],
    ["SELECT Id FROM Account WHERE Secret__c = 'x'", 'not-granted'],
    ["SELECT Id FROM Account WHERE Name = 'x' OR NOT (Secret__c LIKE 'a%')", 'not-granted'],
    ['SELECT Id FROM Account ORDER BY Secret__c', 'not-granted'],
    ['SELECT Id FROM Account ORDER BY Name, Secret__c', 'not-granted'],
    ['SELECT Owner.Email FROM Account', 'not-granted'],
    ['SELECT CreatedBy.Name FROM Account', 'not-granted'],
    ['SELECT Account.Secret__c FROM Contact', 'not-granted'],
    ['SELECT Account.Owner.Email FROM Contact', 'not-granted'],
    ['SELECT Nobody.Name FROM Account', 'not-granted'],
    ["SELECT Id FROM Contact WHERE Account.Secret__c = 'x'", 'not-granted'],
    ['SELECT Id, (SELECT Birthdate FROM Contacts) FROM Account', 'not-granted'],
    ['SELECT Id, (SELECT Id FROM Contacts WHERE Birthdate = TODAY) FROM Account', 'not-granted'],
    ['SELECT Id, (SELECT Id FROM Contacts ORDER BY Birthdate) FROM Account', 'not-granted'],
    ['SELECT Id, (SELECT Id FROM Assets) FROM Account', 'not-granted'],
    ['SELECT Id, (SELECT Id FROM Strangers) FROM Account', 'not-granted'],
    ['SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Asset)', 'not-granted'],
    ['SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact WHERE Birthdate = TODAY)', 'not-granted'],
    ["SELECT COUNT() FROM Account WHERE Secret__c = 'x'", 'not-granted'],
    ['SELECT COUNT() FROM Invoice__c', 'not-granted'],
    ['SELECT FIELDS(ALL) FROM Account LIMIT 1', 'not-granted'],
    ['SELECT toLabel(Name) FROM Account', 'not-granted'],
    ['SELECT COUNT(Id) FROM Account', 'not-granted'],
    ['SELECT Name FROM Account GROUP BY Name', 'not-granted'],
    ['SELECT Name n FROM Account', 'not-granted'],
    ['SELECT a.Name FROM Account a', 'not-granted'],
    ['SELECT Id FROM Account USING SCOPE everything', 'not-granted'],
    ['SELECT Id FROM Account WITH SYSTEM_MODE', 'not-granted'],
    ['SELECT Id FROM Account FOR UPDATE', 'not-granted'],
    ['SELECT Id FROM Account FOR VIEW', 'not-granted'],
    ['SELECT TYPEOF Owner WHEN User THEN Email ELSE Name END FROM Account', 'not-granted'],
    ['SELECT Id FROM Account WHERE CALENDAR_YEAR(CreatedDate) = 2025', 'not-granted'],
    ['SELECT Id FROM Account ALL ROWS', 'bad-request'],
    ['SELECT Id FROM Account; DELETE', 'bad-request'],
    ['SELECT Id FROM Account, Account.Contacts c', 'bad-request'],
    ['UPDATE Account SET Name = 1', 'bad-request'],
    ['', 'bad-request'],
  ]
  it.each(outside)('is not sent: %s', async (query, code) => {
    house.org.queries.length = 0
    await expect(run(query)).rejects.toMatchObject({ error: { code } })
    expect(house.org.queries).toEqual([])
  })

  it('takes the granted queries of its call down with it', async () => {
    const queries = ['SELECT Id FROM Account', 'SELECT Secret__c FROM Account']
    await expect(callTool(house.client, 'soqlQuery', { grant, queries })).rejects.toThrow('Secret__c')
    expect(house.org.queries).toEqual([])
  })

  it('is no different through the other reading tools', async () => {
    const fields = ['Secret__c']
    const ids = ['001000000000001AAA']
    const related = { grant, object: 'Account', ids, fields: ['Name'], relationships: [] }
    const like = { words: ['acme'], domains: [], phones: [] }
    const createdSince = '2026-01-01T00:00:00Z'
    const attempts = [
      callTool(house.client, 'getRelatedRecords', { ...related, fields }),
      callTool(house.client, 'getRelatedRecords', {
        ...related,
        relationships: [{ path: 'Contacts WHERE Id != null', fields: ['Birthdate'], limit: 1 }],
      }),
      callTool(house.client, 'find', { grant, term: 'acme', objects: [{ name: 'Account', fields, limit: 1 }] }),
      callTool(house.client, 'findDuplicates', { grant, object: 'Account', like, fields, createdSince, atMost: 5 }),
      callTool(house.client, 'getObjectSchema', { grant, object: 'Asset' }),
    ]
    for (const attempt of attempts) await expect(attempt).rejects.toMatchObject({ error: { code: 'not-granted' } })
    expect(house.org.queries).toEqual([])
  })
})
