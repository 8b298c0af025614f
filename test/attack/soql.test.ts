// 3,000 mutated queries: each is refused, or sent with no name outside its texts that the grant does not give.
import { composeQuery, parseQuery } from '@jetstreamapp/soql-parser-js'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { callTool, ToolErrorAnswer } from '../salesforce-mcp/calling.ts'
import { openScriptedHouse, type ScriptedHouse } from '../salesforce-mcp/scripted-house.ts'
import { grant } from '../salesforce-mcp/signing.ts'
import { chanceOf, type Chance } from './malformed-requests.ts'
import { inParallel } from './sending.ts'
import { unlimited } from './unlimited-tools.ts'

const QUERIES = 3_000
const SEED = Number(process.env.ATTACK_SEED ?? randomBytes(4).readUInt32LE())

const GRANTED = [
  `SELECT Id, Name, Website FROM Account WHERE Phone = 'A' ORDER BY CreatedDate DESC NULLS LAST LIMIT 5 OFFSET 5`,
  `SELECT Owner.Name FROM Account WHERE (Name LIKE 'A%' OR NOT Phone = 'A') AND Id IN ('A', 'A')`,
  `SELECT Id, (SELECT Id, Email FROM Contacts WHERE LastName != NULL LIMIT 3) FROM Account`,
  `SELECT Account.Website FROM Contact WHERE LastName = 'A' AND Email LIKE '%A'`,
  `SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Opportunity WHERE Amount > 1.50) AND Name != 'A'`,
  `SELECT COUNT() FROM Lead WHERE Company = 'A' OR LastName = 'A'`,
]
const HOSTILE = [
  "' OR Secret__c != '",
  "' OR Name LIKE '%",
  "') OR (Secret__c = '",
  "\\' OR Secret__c = '",
  "\\\\' OR Secret__c = '",
  '\\',
  '\\\\',
  "'",
  "''",
  '"',
  '\u2018',
  '\u2019',
  '\u02bc',
  '\uff07',
  '\u2028',
  '\u2029',
  '\u00a0',
  '\u200b',
  '\u202e',
  '\0',
  '\n',
  '\r\n',
  '\\n',
  '\\u0027',
  '\\x27',
  '%27',
  '--',
  '/*',
  '*/',
  '//',
  ';',
  ' LIMIT 1',
  ' FOR UPDATE',
  ' ALL ROWS',
  ' WITH SYSTEM_MODE',
  ' USING SCOPE everything',
  '(SELECT Birthdate FROM Contacts)',
  ', Secret__c',
  ', secret__C',
  ', Owner.Email',
  ' UNION SELECT Id FROM Invoice__c',
  ' FROM Invoice__c',
  ':bound',
  '😀',
  '\ud83d',
  '@{op0.id}',
]
const WORDS = `select from where order by asc desc nulls first last limit offset like or and not in null count id name
  createddate lastmodifieddate systemmodstamp owner contacts account ownerid true false includes excludes`
const names = new Set(
  [...WORDS.split(/\s+/), ...Object.keys(grant.reads), ...Object.values(grant.reads).flat()].map((name) =>
    name.toLowerCase(),
  ),
)

let house: ScriptedHouse
let opened: string
beforeAll(async () => {
  house = await openScriptedHouse({ manifest: unlimited })
  opened = await house.open()
})
afterAll(() => house.close())

function mutated(chance: Chance): string {
  const query = chance.of(GRANTED)
  // Most of them into a text, where a name may be spelt: there they have to stay.
  const texts = [...query.matchAll(/A(?=%?')/g)].map(({ index }) => index)
  let text = query
  for (let n = 1 + chance.below(3); n > 0; n--) {
    const at = texts.length > 0 && chance.below(3) > 0 ? chance.of(texts) : chance.below(text.length + 1)
    text = text.slice(0, at) + chance.of(HOSTILE) + text.slice(at + chance.below(2))
  }
  return text
}

/** Names outside of texts in quotes, by a reader that knows nothing of the parser. */
function namesOf(soql: string): string[] {
  const bare = soql.replaceAll(/'(?:[^'\\]|\\.)*'/gs, ' ')
  if (/['"\\]/.test(bare)) return ['a text that does not end']
  return [...bare.matchAll(/[\p{L}_][\p{L}\p{N}_]*/gu)].map(([name]) => name.toLowerCase())
}

it('of any depth are answered by name', async () => {
  const many = (n: number, part: string, by: string) => Array.from({ length: n }, () => part).join(by)
  const deep = [
    `SELECT Id FROM Account WHERE ${many(1_000, "Name = 'A'", ' AND ')}`,
    `SELECT Id FROM Account WHERE ${many(1_000, "Name = 'A'", ' OR ')}`,
    `SELECT Id FROM Account WHERE ${'('.repeat(2_000)}Name = 'A'${')'.repeat(2_000)}`,
    `SELECT Id FROM Account WHERE ${'NOT '.repeat(2_000)}Name = 'A'`,
    `SELECT Id FROM Account WHERE ${many(50, 'Id IN (SELECT AccountId FROM Contact WHERE ', '')}Id = 'A'${')'.repeat(50)}`,
  ]
  for (const query of deep) {
    const outcome = await callTool(house.client, 'soqlQuery', { grant: opened, queries: [query] }).then(
      () => 'sent',
      (error: unknown) => (error as ToolErrorAnswer).error.code,
    )
    expect([query.slice(0, 60), outcome]).toEqual([
      query.slice(0, 60),
      expect.stringMatching(/^(sent|bad-request|not-granted)$/),
    ])
  }
})

it('are refused by name, or sent as they were checked', async () => {
  const chance = chanceOf(SEED)
  const queries = Array.from({ length: QUERIES }, () => mutated(chance))
  const faults: unknown[] = []
  let sentCount = 0
  await inParallel(queries, 1, async (query) => {
    house.org.queries.length = 0
    try {
      await callTool(house.client, 'soqlQuery', { grant: opened, queries: [query] })
    } catch (error) {
      const code = error instanceof ToolErrorAnswer ? error.error.code : String(error)
      if (!['not-granted', 'bad-request'].includes(code)) faults.push([query, code, String(error)])
      if (house.org.queries.length > 0) faults.push([query, 'was sent and refused', house.org.queries])
      return
    }
    sentCount += 1
    const [sent = '', ...more] = house.org.queries
    const strange = namesOf(sent).filter((name) => !names.has(name))
    if (strange.length > 0 || more.length > 0) faults.push([query, sent, strange])
    if (composeQuery(parseQuery(sent)) !== sent) faults.push([query, sent, 'reads otherwise'])
  })
  expect([SEED, faults.slice(0, 5)]).toEqual([SEED, []])
  // Enough of them got through to the org for the check of what is sent to mean something.
  expect(sentCount).toBeGreaterThan(QUERIES / 10)
}, 60_000)
