import { credentials, makeClientConstructor, Metadata, type ClientDuplexStream } from '@grpc/grpc-js'
import type jsforce from 'jsforce'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { pubSubService } from '../../../src/doors/pubsub/proto.ts'
import { connect, startOrg, tokenOf } from '../../support/running-org.ts'

interface Answer {
  events: { replayId: Buffer }[]
  commitResponse: { commitRequestId: string; error: { msg: string } | null } | null
}
type Stream = ClientDuplexStream<object, Answer>

let org: PracticeOrg
let conn: jsforce.Connection
let metadata: Metadata
const PubSub = makeClientConstructor(pubSubService(), 'PubSub')
const clients: InstanceType<typeof PubSub>[] = []

beforeAll(async () => {
  org = await startOrg({ keepAliveMs: 50, publishIdleMs: 100 })
  conn = await connect(org.url)
  metadata = new Metadata()
  metadata.set('accesstoken', await tokenOf(org.url))
  metadata.set('instanceurl', org.url)
  metadata.set('tenantid', org.orgId)
})
afterAll(async () => {
  await org.close()
  for (const client of clients) client.close()
})

/** One call on a connection of its own, with everything it hears. */
function call(method: 'ManagedSubscribe' | 'PublishStream'): { stream: Stream; heard: Answer[]; errors: Error[] } {
  const insecure = credentials.createSsl(null, null, null, { rejectUnauthorized: false })
  const client = new PubSub(`localhost:${org.eventsPort}`, insecure)
  clients.push(client)
  const open = client[method] as unknown as (metadata: Metadata) => Stream
  const stream = open.call(client, metadata)
  const heard: Answer[] = []
  const errors: Error[] = []
  stream.on('data', (answer: Answer) => heard.push(answer))
  stream.on('error', (error: Error) => errors.push(error))
  return { stream, heard, errors }
}

/** A subscriber that was let in: the one before may still be on its way out. */
async function subscribed(request: object) {
  return vi.waitFor(
    async () => {
      const made = call('ManagedSubscribe')
      made.stream.write(request)
      await vi.waitUntil(() => made.heard.length + made.errors.length > 0, { timeout: 10_000 })
      expect(made.errors).toEqual([])
      return made
    },
    { timeout: 15_000 },
  )
}

const replayIds = (heard: Answer[]) => heard.flatMap(({ events }) => events.map(({ replayId }) => replayId))
const publish = async (Subject__c: string) => conn.sobject('Practice_Signal__e').create({ Subject__c })

describe('a managed subscription', () => {
  it('goes on after the last committed event, whoever connects', async () => {
    for (const name of ['one', 'two', 'three']) await publish(name)
    const first = call('ManagedSubscribe')
    first.stream.write({ developerName: 'Practice_Signals', numRequested: 10 })
    await vi.waitUntil(() => replayIds(first.heard).length === 3, { timeout: 10_000 })
    const [, two, three] = replayIds(first.heard)
    first.stream.write({ commitReplayIdRequest: { commitRequestId: 'c1', replayId: two } })
    await vi.waitUntil(() => first.heard.some(({ commitResponse }) => commitResponse?.commitRequestId === 'c1'), {
      timeout: 10_000,
    })
    first.stream.cancel()
    const second = await subscribed({ subscriptionId: '18x000000000001AAA', numRequested: 10 })
    await vi.waitUntil(() => replayIds(second.heard).length > 0, { timeout: 10_000 })
    expect(replayIds(second.heard)).toEqual([three])
    second.stream.cancel()
  })

  it('has one subscriber at a time: another is refused until the first has gone', async () => {
    const first = await subscribed({ developerName: 'Practice_Signals', numRequested: 1 })
    const second = call('ManagedSubscribe')
    second.stream.write({ developerName: 'Practice_Signals', numRequested: 1 })
    await vi.waitUntil(() => second.errors.length > 0, { timeout: 10_000 })
    expect(second.errors[0]).toMatchObject({ code: 6, details: expect.stringContaining('rpcId: ') as string })
    const { metadata: trailers } = second.errors[0] as unknown as { metadata: Metadata }
    expect(trailers.get('error-code')).toEqual(['sfdc.platform.eventbus.grpc.managed.subscription.already.active'])
    expect(trailers.get('rpc-id')[0]).toMatch(/^[0-9a-f-]{36}$/)
    first.stream.end()
    ;(await subscribed({ developerName: 'Practice_Signals', numRequested: 1 })).stream.cancel()
  })

  it('answers the commit of an id the org never issued with an error, and goes on', async () => {
    const { stream, heard } = await subscribed({ developerName: 'Practice_Signals', numRequested: 1 })
    stream.write({ commitReplayIdRequest: { commitRequestId: 'c2', replayId: Buffer.alloc(8, 9) } })
    await vi.waitUntil(() => heard.some(({ commitResponse }) => commitResponse !== null), { timeout: 10_000 })
    expect(heard.find(({ commitResponse }) => commitResponse)?.commitResponse?.error?.msg).toMatch(/Replay ID/)
    stream.cancel()
  })

  it.each([
    ['is unknown', 'Nothing', 5],
    ['is stopped', 'Stopped_Signals', 9],
  ])('is refused when it %s', async (_what, developerName, code) => {
    const { stream, errors } = call('ManagedSubscribe')
    stream.write({ developerName, numRequested: 1 })
    await vi.waitUntil(() => errors.length > 0, { timeout: 10_000 })
    expect(errors[0]).toMatchObject({ code })
  })

  it('is found by name or id where clients look for it', async () => {
    const find = async (filter: string) => {
      const soql = `SELECT Id, DeveloperName, Metadata FROM ManagedEventSubscription WHERE ${filter} LIMIT 1`
      return conn.request<{ size: number; records: object[] }>(
        `/services/data/v62.0/tooling/query/?q=${encodeURIComponent(soql)}`,
      )
    }
    const expected = { size: 1, records: [{ Metadata: { topicName: '/event/Practice_Signal__e', state: 'RUN' } }] }
    expect(await find("DeveloperName='Practice_Signals'")).toMatchObject(expected)
    expect(await find("Id='18x000000000001AAA'")).toMatchObject(expected)
    expect(await find("Id='18x000000000001'")).toMatchObject(expected)
    expect(await find("Id='18x000000000009'")).toMatchObject({ size: 0 })
  })
})

describe('a publish stream', () => {
  it('that stays silent is ended', async () => {
    const { errors } = call('PublishStream')
    await vi.waitUntil(() => errors.length > 0, { timeout: 10_000 })
    expect(errors[0]).toMatchObject({ code: 4 })
  })
})
