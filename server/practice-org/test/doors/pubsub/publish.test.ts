import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { alive, listener, received, type Heard, type Listener } from '../../support/events-client.ts'
import { connect, practice, READER, rest, startOrg, tokenOf } from '../../support/running-org.ts'

const TOPIC = '/event/Practice_Signal__e'

let org: PracticeOrg
const open: Listener[] = []
beforeAll(async () => {
  org = await startOrg({ keepAliveMs: 50 })
})
afterAll(async () => {
  await org.close()
  for (const { client } of open) client.close()
})

async function client(username?: string): Promise<Listener> {
  const made = await listener(org, username)
  open.push(made)
  return made
}

/** A payload as publishers fill it in: every field, the two system ones included, optional ones named by their type. */
const signal = (fields: Record<string, unknown> = {}) => ({
  CreatedDate: Date.now(),
  CreatedById: org.org.user('admin@practice.example')?.id,
  Subject__c: 'Look',
  Record_Id__c: null,
  Score__c: null,
  Urgent__c: null,
  Due__c: null,
  Detail__c: null,
  ...fields,
})

const subjects = (heard: Heard[]) => received(heard).map(({ payload }) => payload['Subject__c'])

describe('a platform event', () => {
  it('reaches its subscribers, decoded, when a client publishes it', async () => {
    const { client: pubsub, heard, hear } = await client()
    pubsub.subscribe(TOPIC, hear)
    await alive(heard)
    const due = Date.parse('2026-05-01T10:00:00Z')
    const result = await pubsub.publish(
      TOPIC,
      signal({ Subject__c: 'Hello', Score__c: { double: 0.5 }, Due__c: { long: due } }),
      'key-1',
    )
    await vi.waitUntil(() => received(heard).length > 0, { timeout: 10_000 })
    expect(result.correlationKey).toBe('key-1')
    expect(received(heard)[0]).toMatchObject({
      replayId: result.replayId,
      payload: { Subject__c: 'Hello', Score__c: 0.5, Due__c: due, Urgent__c: null },
    })
  })

  it('reaches them when it is created over REST, and is described there', async () => {
    const { client: pubsub, heard, hear } = await client()
    pubsub.subscribe(TOPIC, hear)
    await alive(heard)
    const conn = await connect(org.url)
    const made = await conn.sobject('Practice_Signal__e').create({ Subject__c: 'By REST', Urgent__c: true })
    await vi.waitUntil(() => received(heard).length > 0, { timeout: 10_000 })
    expect([made.success, made.id]).toEqual([true, expect.stringMatching(/^e00\w{15}$/)])
    expect(received(heard)[0]?.payload).toMatchObject({ Subject__c: 'By REST', Urgent__c: true })
    const described = await conn.sobject('Practice_Signal__e').describe()
    expect(described.fields.map(({ name }) => name)).toContain('Subject__c')
    const token = await tokenOf(org.url)
    const schema = await rest(org.url, token, '/sobjects/Practice_Signal__e/eventSchema?payloadFormat=COMPACT')
    expect(schema.body).toMatchObject({ name: 'Practice_Signal__e', type: 'record' })
  })

  it.each([
    ['an unknown field', { Nope__c: 'x', Subject__c: 'x' }, 'INVALID_FIELD'],
    ['no required field', {}, 'REQUIRED_FIELD_MISSING'],
    ['a text that is too long', { Subject__c: 'x'.repeat(256) }, 'STRING_TOO_LONG'],
    ['a number that is none', { Subject__c: 'x', Score__c: 'many' }, 'JSON_PARSER_ERROR'],
  ])('is refused with %s', async (_what, fields, errorCode) => {
    const conn = await connect(org.url)
    await expect(conn.sobject('Practice_Signal__e').create(fields)).rejects.toMatchObject({ errorCode })
  })

  it('is not published by a user who may not', async () => {
    const { client: pubsub } = await client(READER)
    await expect(pubsub.publish(TOPIC, signal())).rejects.toMatchObject({ cause: { code: 7 } })
    await expect(pubsub.publish('/data/LeadChangeEvent', {})).rejects.toThrow()
  })

  it('is not published when the transaction it belongs to fails', async () => {
    const token = await tokenOf(org.url)
    const before = org.org.latestReplayId()
    const create = (type: string, body: object, referenceId: string) => ({
      method: 'POST',
      url: `/services/data/v62.0/sobjects/${type}`,
      referenceId,
      body,
    })
    const compositeRequest = [create('Practice_Signal__e', { Subject__c: 'Undone' }, 'a'), create('Account', {}, 'b')]
    const body = JSON.stringify({ allOrNone: true, compositeRequest })
    await rest(org.url, token, '/composite', { method: 'POST', body })
    expect(org.org.eventsAfter('*', before, 10)).toEqual([])
  })

  it('does not appear among the change events', async () => {
    const before = org.org.latestReplayId()
    const conn = await connect(org.url)
    await conn.sobject('Practice_Signal__e').create({ Subject__c: 'Elsewhere' })
    expect(org.org.eventsAfter('ChangeEvents', before, 10)).toEqual([])
  })
})

describe('a custom channel', () => {
  it('hands on only the platform events that pass its filter', async () => {
    const { client: pubsub, heard, hear } = await client()
    pubsub.subscribe('/event/Urgent_Signals__chn', hear)
    await alive(heard)
    const send = (name: string, urgent: boolean, score: number) =>
      pubsub.publish(TOPIC, signal({ Subject__c: name, Urgent__c: { boolean: urgent }, Score__c: { double: score } }))
    await send('calm', false, 0.9)
    await send('weak', true, 0.4)
    await send('urgent', true, 0.9)
    await vi.waitUntil(() => received(heard).length > 0, { timeout: 10_000 })
    expect(subjects(heard)).toEqual(['urgent'])
  })

  it('joins change events of several objects, each decoded by its own schema', async () => {
    const { client: pubsub, heard, hear } = await client()
    pubsub.subscribe('/data/Sales__chn', hear)
    await alive(heard)
    const conn = await connect(org.url)
    const lead = (LastName: string, LeadSource: string) =>
      conn.sobject('Lead').create({ LastName, Company: 'C', LeadSource })
    await lead('Other', 'Other')
    await lead('Web', 'Web')
    const deal = { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2026-12-01' }
    await conn.sobject('Opportunity').create(deal)
    await vi.waitUntil(() => received(heard).length >= 2, { timeout: 10_000 })
    const entities = received(heard).map(({ payload }) => payload['ChangeEventHeader'] as { entityName: string })
    expect(entities.map(({ entityName }) => entityName)).toEqual(['Lead', 'Opportunity'])
  })
})

describe('a gap', () => {
  it.each([
    [{ object: 'Lead' }, 'GAP_UPDATE', ['00Q*']],
    [
      { object: 'Account', changeType: 'GAP_DELETE', recordIds: ['001000000000001AAA'] },
      'GAP_DELETE',
      ['001000000000001AAA'],
    ],
    [{ object: 'Lead', changeType: 'GAP_OVERFLOW' }, 'GAP_OVERFLOW', ['000000000000000AAA']],
  ])('%j is heard with its header alone', async (order, changeType, recordIds) => {
    const { client: pubsub, heard, hear } = await client()
    pubsub.subscribe('/data/ChangeEvents', hear)
    await alive(heard)
    await practice(org.url, '/gaps', order)
    await vi.waitUntil(() => received(heard).length > 0, { timeout: 10_000 })
    const { ChangeEventHeader: header, ...fields } = received(heard)[0]?.payload ?? {}
    expect(header).toMatchObject({ entityName: order.object, changeType, recordIds })
    expect(Object.values(fields).every((value) => value === null)).toBe(true)
  })
})
