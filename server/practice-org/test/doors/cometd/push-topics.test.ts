import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type jsforce from 'jsforce'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { connect, REP, startOrg } from '../../support/running-org.ts'
import { bayeux, type Message } from './bayeux.ts'

let org: PracticeOrg
let conn: jsforce.Connection
let ahead = 0
const now = (): number => Date.now() + ahead
const dataDir = mkdtempSync(join(tmpdir(), 'push-topics-'))
beforeAll(async () => {
  org = await startOrg({ cometHoldMs: 50, now })
  conn = await connect(org.url)
})
afterAll(async () => {
  await org.close()
  rmSync(dataDir, { recursive: true, force: true })
})

const topic = (Name: string, Query: string, more: object = {}) =>
  conn.sobject('PushTopic').create({ Name, Query, ApiVersion: 62, ...more })
const told = (messages: Message[]) =>
  messages.map(({ data }) => (data as { event: { type: string }; sobject: Record<string, unknown> }) ?? {})

/** The kinds of notification that are kept for a topic. */
async function kinds(name: string): Promise<string[]> {
  const client = await bayeux(org)
  expect(await client.subscribe(`/topic/${name}`, -2)).toBeUndefined()
  return told(await client.data()).map(({ event }) => event.type)
}

describe('a PushTopic', () => {
  it('is alive from its creation, on objects without change events too', async () => {
    await topic('Campaigns', 'SELECT Id, Name FROM Campaign')
    const { id } = await conn.sobject('Campaign').create({ Name: 'Spring' })
    const client = await bayeux(org)
    await client.subscribe('/topic/Campaigns', -2)
    expect(told(await client.data())).toEqual([
      {
        event: { type: 'created', createdDate: expect.any(String) as string, replayId: expect.any(Number) as number },
        sobject: { Id: id, Name: 'Spring' },
      },
    ])
  })

  it('tells of each operation it is asked for, and of no other', async () => {
    const query = "SELECT Id, Name FROM Account WHERE Industry = 'Energy'"
    await topic('EveryOne', query)
    const off = { NotifyForOperationCreate: false, NotifyForOperationDelete: false, NotifyForOperationUndelete: false }
    await topic('UpdatesOnly', query, off)
    const { id = '' } = await conn.sobject('Account').create({ Name: 'Sun', Industry: 'Energy' })
    await conn.sobject('Account').update({ Id: id, Name: 'Sun Ltd' })
    await conn.sobject('Account').delete(id)
    await conn.soap.undelete([id])
    const { id: other = '' } = await conn.sobject('Account').create({ Name: 'Bank', Industry: 'Banking' })
    await conn.sobject('Account').delete(other)
    expect(await kinds('EveryOne')).toEqual(['created', 'updated', 'deleted', 'undeleted'])
    expect(await kinds('UpdatesOnly')).toEqual(['updated'])
  })

  it.each([
    ['All', ['Name', 'Industry', 'Phone']],
    ['Referenced', ['Name', 'Industry']],
    ['Select', ['Name']],
    ['Where', ['Industry']],
  ])('that notifies for %s tells of changes to %j', async (NotifyForFields, expected) => {
    const Name = `For${NotifyForFields}`
    await topic(Name, "SELECT Id, Name FROM Account WHERE Industry != 'Banking'", { NotifyForFields })
    const { id = '' } = await conn.sobject('Account').create({ Name: 'A', Industry: 'Energy', Phone: '1' })
    const heard: string[] = []
    for (const [field, value] of Object.entries({ Name: 'B', Industry: 'Media', Phone: '2' })) {
      const before = (await kinds(Name)).length
      await conn.sobject('Account').update({ Id: id, [field]: value } as never)
      if ((await kinds(Name)).length > before) heard.push(field)
    }
    expect(heard).toEqual(expected)
  })

  it('is silent once it is switched off', async () => {
    const { id = '' } = await topic('Switched', 'SELECT Id FROM Opportunity')
    await conn.sobject('PushTopic').update({ Id: id, IsActive: false } as never)
    await conn.sobject('Opportunity').create({ Name: 'D', StageName: 'Prospecting', CloseDate: '2027-01-01' })
    await conn.sobject('PushTopic').update({ Id: id, IsActive: true } as never)
    expect(await kinds('Switched')).toEqual([])
  })

  it('tells each subscriber of the records he may read, in the fields he may', async () => {
    await topic('Mine', 'SELECT Id, Company FROM Lead')
    const client = await bayeux(org, REP)
    await client.subscribe('/topic/Mine')
    const repId = org.org.user(REP)?.id ?? ''
    await conn.sobject('Lead').create({ LastName: 'Not his', Company: 'A' })
    await conn.sobject('Lead').create({ LastName: 'His', Company: 'B', OwnerId: repId })
    const visible = org.org.query({ userId: repId, api: 'rest', version: '62.0' }, 'SELECT Company FROM Lead').records
    const heard = told(await client.data()).map(({ sobject }) => sobject['Company'])
    expect(heard).toEqual(['A', 'B'].filter((name) => visible.some((row) => row['Company'] === name)))
  })

  it('tells of a deletion to those who saw the record, and of nothing to others', async () => {
    await topic('Gone', 'SELECT Id, Subject FROM Case')
    const client = await bayeux(org, REP)
    await client.subscribe('/topic/Gone')
    const OwnerId = org.org.user(REP)?.id ?? ''
    const [hidden, own] = await conn.sobject('Case').create([{ Subject: 'A' }, { Subject: 'B', OwnerId }])
    await conn.sobject('Case').delete([String(hidden?.id), String(own?.id)])

    const heard = told(await client.data()).map(({ event, sobject }) => [event.type, sobject['Id']])
    expect(heard).toEqual([
      ['created', own?.id],
      ['deleted', own?.id],
    ])
  })

  it.each([
    ['SELECT Name FROM Account', /Id field/],
    ['SELECT Id, Name FROM Account LIMIT 10', /'LIMIT' is not allowed/],
    ['SELECT Id, Name FROM Account ORDER BY Name', /'ORDER BY' clause is not allowed/],
    ['SELECT Id FROM Account OFFSET 5', /'OFFSET' is not allowed/],
    ['SELECT Id, COUNT(Name) FROM Account', /Aggregate queries are not supported/],
    ['SELECT Id, AccountId FROM Contact GROUP BY AccountId', /Aggregate queries are not supported/],
    ['SELECT Id, Account.Name FROM Contact', /relationships are not supported/],
    ["SELECT Id FROM Contact WHERE Account.Name = 'A'", /relationships are not supported/],
    ['SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact)', /semi\/anti join sub-selects/],
    ["SELECT Id FROM Account WHERE NOT Name = 'A'", /'NOT' is not supported/],
    ['SELECT Id, Nothing FROM Account', /Nothing/],
    ['SELECT Id FROM User', /not supported/],
    ['nonsense', /unexpected token/],
  ])('is not made of %s', async (query, message) => {
    const made = topic('Refused', query).then(() => ({ errorCode: 'made' }))
    const error: unknown = await made.catch((reason: unknown) => reason)
    expect(error).toMatchObject({ errorCode: 'INVALID_FIELD', message: expect.stringMatching(message) as string })
  })

  it('keeps what it told for a day, and refuses to go on from before that', async () => {
    await topic('Daily', 'SELECT Id FROM Contact')
    for (const LastName of ['Old', 'Older']) await conn.sobject('Contact').create({ LastName })
    const client = await bayeux(org)
    await client.subscribe('/topic/Daily', -2)
    const [first] = told(await client.data()) as unknown as { event: { replayId: number } }[]
    const replayId = first?.event.replayId ?? 0
    expect(await client.subscribe('/topic/Daily', replayId)).toBeUndefined()
    ahead += 25 * 3_600_000
    conn = await connect(org.url)
    await conn.sobject('Contact').create({ LastName: 'New' })
    expect(await kinds('Daily')).toEqual(['created'])
    const later = await bayeux(org)
    expect(await later.subscribe('/topic/Daily', replayId)).toMatch(/^400::The replayId/)
    expect(await later.subscribe('/data/ContactChangeEvent', replayId)).toBeUndefined()
  })

  it('lives through a restart of the org, with what it has told', async () => {
    const before = await startOrg({ dataDir, cometHoldMs: 50 })
    conn = await connect(before.url)
    await topic('Kept', 'SELECT Id FROM Lead')
    await conn.sobject('Lead').create({ LastName: 'L', Company: 'One' })
    await before.close()
    const after = await startOrg({ dataDir, cometHoldMs: 50 })
    conn = await connect(after.url)
    await conn.sobject('Lead').create({ LastName: 'L', Company: 'Two' })
    const client = await bayeux(after)
    await client.subscribe('/topic/Kept', -2)
    expect(told(await client.data())).toHaveLength(2)
    await after.close()
  })
})
