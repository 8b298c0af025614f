import PubSubApiClient from 'salesforce-pubsub-api-client'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { connect, practice, READER, startOrg, tokenOf } from '../../support/running-org.ts'

interface Heard {
  type: string
  data: unknown
}
interface Received {
  replayId: number
  payload: Record<string, unknown> & {
    ChangeEventHeader: { changeType: string; recordIds: string[]; changedFields: string[]; nulledFields: string[] }
  }
}

let org: PracticeOrg
const open: { client: PubSubApiClient; heard: Heard[] }[] = []

beforeAll(async () => {
  org = await startOrg({ keepAliveMs: 50 })
})
const isOver = ({ type }: Heard): boolean => type === 'error' || type === 'end'
// The client's close() drops its error listeners and leaves its streams open: each has to hear its end first.
afterAll(async () => {
  await org.close()
  await vi.waitUntil(() => open.every(({ heard }) => heard.some(isOver)), { timeout: 5000 })
  for (const { client } of open) client.close()
})

const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** The client as its users set it up, and everything it calls back with. */
async function subscriber(at = org): Promise<{ client: PubSubApiClient; heard: Heard[]; hear: never }> {
  const client = new PubSubApiClient(
    {
      authType: 'user-supplied',
      accessToken: await tokenOf(at.url, READER),
      instanceUrl: at.url.replace('http:', 'https:'),
      organizationId: at.orgId,
      pubSubEndpoint: `localhost:${at.eventsPort}`,
      rejectUnauthorizedSsl: false,
    } as never,
    silent as never,
  )
  await client.connect()
  const heard: Heard[] = []
  open.push({ client, heard })
  const hear = (_info: unknown, type: string, data: unknown): void => void heard.push({ type, data })
  return { client, heard, hear: hear as never }
}

const received = (heard: Heard[]): Received[] =>
  heard.filter(({ type }) => type === 'event').map(({ data }) => data as Received)
const alive = (heard: Heard[]) =>
  vi.waitUntil(() => heard.some(({ type }) => type === 'grpcKeepAlive'), { timeout: 5000 })
const createLead = async (fields: Record<string, string>): Promise<string> => {
  const conn = await connect(org.url)
  return (await conn.sobject('Lead').create(fields)).id ?? ''
}

describe('the Pub/Sub client, unchanged', () => {
  it('hears of a new lead, decoded', async () => {
    const { client, heard, hear } = await subscriber()
    client.subscribe('/data/LeadChangeEvent', hear)
    await alive(heard)
    const id = await createLead({
      FirstName: 'Ada',
      LastName: 'Long',
      Company: 'Event Ltd',
      City: 'Bonn',
      Street: 'Am Wall 1',
    })
    await vi.waitUntil(() => received(heard).length > 0, { timeout: 10_000 })
    const [event] = received(heard)
    expect(event?.payload.ChangeEventHeader).toMatchObject({
      changeType: 'CREATE',
      entityName: 'Lead',
      recordIds: [id],
    })
    expect(event?.payload).toMatchObject({ Company: 'Event Ltd', Name: { LastName: 'Long', FirstName: 'Ada' } })
    expect(typeof event?.payload['CreatedDate']).toBe('number')
  })

  it('hears which fields an update changed and which it emptied', async () => {
    const conn = await connect(org.url)
    const id = await createLead({ LastName: 'Long', Company: 'Bitmap Ltd', Phone: '1', City: 'Bonn' })
    const { client, heard, hear } = await subscriber()
    client.subscribe('/data/LeadChangeEvent', hear)
    await alive(heard)
    await conn.sobject('Lead').update({ Id: id, Phone: null, Title: 'CEO', City: 'Köln' } as never)
    await vi.waitUntil(() => received(heard).length > 0, { timeout: 10_000 })
    const header = received(heard)[0]?.payload.ChangeEventHeader
    expect(header?.changedFields).toEqual(
      expect.arrayContaining(['Title', 'Phone', 'Address.City', 'LastModifiedDate']),
    )
    expect(header?.nulledFields).toEqual(['Phone'])
  })

  it('neither loses nor repeats an event when it resumes from a replay id', async () => {
    const first = await subscriber()
    first.client.subscribe('/data/LeadChangeEvent', first.hear)
    await alive(first.heard)
    const ids = [await createLead({ LastName: 'R0', Company: 'Replay' })]
    await vi.waitUntil(() => received(first.heard).length > 0, { timeout: 10_000 })
    const replayId = received(first.heard)[0]?.replayId ?? 0
    await practice(org.url, '/faults', { mode: 'down' })
    await vi.waitUntil(() => first.heard.some(({ type }) => type === 'error'), { timeout: 10_000 })
    await practice(org.url, '/faults', { mode: 'clear' })
    for (let n = 1; n <= 7; n += 1) ids.push(await createLead({ LastName: `R${n}`, Company: 'Replay' }))
    const second = await subscriber()
    second.client.subscribeFromReplayId('/data/LeadChangeEvent', second.hear, null as never, replayId)
    await vi.waitUntil(() => received(second.heard).length >= 7, { timeout: 10_000 })
    ids.push(await createLead({ LastName: 'R8', Company: 'Replay' }))
    await vi.waitUntil(() => received(second.heard).length >= 8, { timeout: 10_000 })
    const seen = received(second.heard).flatMap((event) => event.payload.ChangeEventHeader.recordIds)
    expect(seen).toEqual(ids.slice(1))
  })

  it('gets no more events than it asked for, and the rest when it asks again', async () => {
    const { client, heard, hear } = await subscriber()
    client.subscribe('/data/LeadChangeEvent', hear, 2)
    await alive(heard)
    for (let n = 0; n < 5; n += 1) await createLead({ LastName: `F${n}`, Company: 'Flow' })
    await vi.waitUntil(() => received(heard).length === 2, { timeout: 10_000 })
    heard.length = 0
    await alive(heard)
    expect(received(heard)).toEqual([])
    client.requestAdditionalEvents('/data/LeadChangeEvent', 3)
    await vi.waitUntil(() => received(heard).length === 3, { timeout: 10_000 })
  })

  it('hears of every object on the channel of all changes', async () => {
    const { client, heard, hear } = await subscriber()
    client.subscribe('/data/ChangeEvents', hear)
    await alive(heard)
    const conn = await connect(org.url)
    await conn.sobject('Account').create({ Name: 'Channel Ltd', BillingCity: 'Bonn', BillingStreet: 'X 1' })
    await createLead({ LastName: 'Channel', Company: 'Channel' })
    const entities = () =>
      received(heard).map((event) => (event.payload.ChangeEventHeader as unknown as { entityName: string }).entityName)
    await vi.waitUntil(() => entities().includes('Lead'), { timeout: 10_000 })
    expect(entities()).toContain('Account')
    const account = received(heard).find((event) => event.payload['Name'] === 'Channel Ltd')
    expect(account?.payload['BillingAddress']).toMatchObject({ City: 'Bonn' })
  })

  it.each([
    ['an unknown topic', '/data/NothingChangeEvent', 5],
    ['a topic that is none', 'LeadChangeEvent', 5],
  ])('is refused %s', async (_what, topic, code) => {
    const { client, heard, hear } = await subscriber()
    client.subscribe(topic, hear)
    await vi.waitUntil(() => heard.some(({ type }) => type === 'error'), { timeout: 10_000 })
    expect(heard.find(({ type }) => type === 'error')?.data).toMatchObject({ code })
  })

  it('is refused a replay id the org never issued, with the error code clients look for', async () => {
    const { client, heard, hear } = await subscriber()
    client.subscribeFromReplayId('/data/LeadChangeEvent', hear, null as never, 1e12)
    await vi.waitUntil(() => heard.some(({ type }) => type === 'error'), { timeout: 10_000 })
    const error = heard.find(({ type }) => type === 'error')?.data as {
      code: number
      metadata: { get(k: string): unknown[] }
    }
    expect(error.code).toBe(3)
    expect(error.metadata.get('error-code')[0]).toMatch(/replayid\.corrupted$/)
  })

  it.each([
    ['its session ends', 'expire-sessions', 16],
    ['the org goes down', 'down', 14],
  ])('loses its stream when %s', async (_what, mode, code) => {
    const own = await startOrg({ keepAliveMs: 50 })
    try {
      const { client, heard, hear } = await subscriber(own)
      client.subscribe('/data/LeadChangeEvent', hear)
      await alive(heard)
      await practice(own.url, '/faults', { mode })
      await vi.waitUntil(() => heard.some(({ type }) => type === 'error'), { timeout: 10_000 })
      expect(heard.find(({ type }) => type === 'error')?.data).toMatchObject({ code })
    } finally {
      await own.close()
    }
  })

  it('does not keep the org from closing', async () => {
    const own = await startOrg({ keepAliveMs: 50 })
    const { client, heard, hear } = await subscriber(own)
    client.subscribe('/data/LeadChangeEvent', hear)
    await alive(heard)
    await own.close()
    await vi.waitUntil(() => heard.some(isOver), { timeout: 10_000 })
    await expect(fetch(own.url)).rejects.toThrow()
  })
})
