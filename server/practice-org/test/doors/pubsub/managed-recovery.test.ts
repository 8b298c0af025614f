import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { eventCatalog } from '../../../src/topics/event-catalog.ts'
import { connect, startOrg, tokenOf } from '../../support/running-org.ts'
import { frameOf, metadataOf, rawGrpc, type RawGrpc, type RawStream } from '../../support/grpc-requests.ts'

const SHIPPED = new URL('../../../src/topics/events.json', import.meta.url)
const subscription = (developerName: string, id: string, errorRecoveryReplay: string) => ({
  id,
  developerName,
  label: developerName,
  topicName: '/event/Practice_Signal__e',
  defaultReplay: 'EARLIEST',
  errorRecoveryReplay,
  state: 'RUN',
})
const catalog = eventCatalog({
  ...(JSON.parse(readFileSync(SHIPPED, 'utf8')) as object),
  managedSubscriptions: [
    subscription('From_Earliest', '18x000000000011AAA', 'EARLIEST'),
    subscription('From_Latest', '18x000000000012AAA', 'LATEST'),
  ],
})

let org: PracticeOrg
let client: RawGrpc
let ahead = 0
beforeAll(async () => {
  org = await startOrg({ keepAliveMs: 30, events: catalog, now: () => Date.now() + ahead })
  client = rawGrpc(org)
})
afterAll(async () => {
  client.close()
  await org.close()
})

interface Answer {
  events: { replayId: Buffer }[]
  commitResponse: object | null
}

/** A subscriber that has been let in, and what it hears. */
async function subscribe(developerName: string): Promise<{ stream: RawStream; heard: Answer[] }> {
  const open = Reflect.get(client, 'ManagedSubscribe') as (metadata: unknown) => RawStream
  const stream = open.call(client, metadataOf(org, await tokenOf(org.url)))
  const heard: Answer[] = []
  stream.on('error', () => {})
  stream.on('data', (answer: Answer) => heard.push(answer))
  stream.write(frameOf('ManagedSubscribe', { developerName, numRequested: 100 }))
  await once(stream, 'data')
  return { stream, heard }
}
const count = (heard: Answer[]): number => heard.reduce((sum, { events }) => sum + events.length, 0)
const publish = async (Subject__c: string) =>
  (await connect(org.url)).sobject('Practice_Signal__e').create({ Subject__c })

it.each([
  ['From_Earliest', 2],
  ['From_Latest', 0],
])('%s, whose last commit is no longer kept, goes on with %i of the events that are', async (name, expected) => {
  await publish('old')
  const first = await subscribe(name)
  await vi.waitUntil(() => count(first.heard) > 0, { timeout: 10_000 })
  const replayId = first.heard.flatMap(({ events }) => events)[0]?.replayId
  first.stream.write(frameOf('ManagedSubscribe', { commitReplayIdRequest: { commitRequestId: 'c', replayId } }))
  await vi.waitUntil(() => first.heard.some(({ commitResponse }) => commitResponse), { timeout: 10_000 })
  await publish('lost')
  const ended = once(first.stream, 'status').catch(() => {})
  first.stream.end()
  await ended
  ahead += 73 * 3_600_000
  for (const subject of ['new', 'newer']) await publish(subject)
  const second = await subscribe(name)
  await vi.waitUntil(() => second.heard.length > 1, { timeout: 10_000 })
  expect(count(second.heard)).toBe(expected)
  second.stream.cancel()
})
