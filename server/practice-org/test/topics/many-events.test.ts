import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { listener } from '../support/events-client.ts'
import { connect, practice } from '../support/running-org.ts'
import { forkOrg, type OrgProcess } from './org-process.ts'

const TOPIC = '/event/Practice_Signal__e'
/** 100,000 by hand: `EVENTS=100000 npx vitest run test/practice-org/events/many-events.test.ts`. */
const EVENTS = Number(process.env['EVENTS'] ?? 10_000)
const BATCH = 200
const PATIENCE = { timeout: 600_000, interval: 5 }

const dataDir = mkdtempSync(join(tmpdir(), 'many-events-'))
let org: OrgProcess
const clients: { close: () => void; ended: boolean }[] = []
beforeAll(async () => {
  org = await forkOrg(dataDir)
})
afterAll(async () => {
  await org.kill()
  // The client's close() drops its error listeners and leaves its streams open: each has to hear its end first.
  await vi.waitUntil(() => clients.every(({ ended }) => ended), PATIENCE)
  for (const { close } of clients) close()
  rmSync(dataDir, { recursive: true, force: true })
})

type Payload = Record<string, unknown> & { ChangeEventHeader: { recordIds: string[]; changedFields: string[] } }
interface Subscriber {
  subjects: unknown[]
  payloads: Payload[]
  /** Where to go on from. */
  last: number
  ended: boolean
  close: () => void
}

/** The unmodified client, on a topic from a replay id, or by a preset. */
async function subscriber(from: number | 'earliest' | 'latest', topic = TOPIC): Promise<Subscriber> {
  const { client } = await listener(org as never)
  const close = (): void => client.close()
  const heard: Subscriber = {
    close,
    subjects: [],
    payloads: [],
    last: Number.isInteger(from) ? Number(from) : 0,
    ended: false,
  }
  clients.push(heard)
  const hear = (_info: unknown, type: string, data: unknown): void => {
    if (type === 'error' || type === 'end') heard.ended = true
    if (type !== 'event') return
    const { replayId, payload } = data as { replayId: number; payload: Payload }
    heard.last = replayId
    if (topic === TOPIC) heard.subjects.push(payload['Subject__c'])
    else heard.payloads.push(payload)
  }
  if (from === 'earliest') client.subscribeFromEarliestEvent(topic, hear as never)
  else if (from === 'latest') client.subscribe(topic, hear as never)
  else client.subscribeFromReplayId(topic, hear as never, null as never, from)
  return heard
}

/** Publishes the events from one number up to another, and waits until the org has said that it has them. */
async function publish(from: number, to: number): Promise<void> {
  const { client } = await listener(org as never)
  const CreatedById = '005000000000001AAA'
  const empty = { Record_Id__c: null, Score__c: null, Urgent__c: null, Due__c: null, Detail__c: null }
  let answered = from
  const publisher = { close: () => client.close(), ended: false }
  clients.push(publisher)
  const hear = (_info: unknown, type: string, data: unknown): void => {
    if (type === 'error') publisher.ended = true
    if (type === 'publishResponse') answered += (data as { results: unknown[] }).results.length
  }
  for (let n = from; n < to; n += BATCH) {
    const payloads = Array.from({ length: Math.min(BATCH, to - n) }, (_, i) => ({
      payload: { CreatedDate: Date.now(), CreatedById, Subject__c: String(n + i), ...empty },
    }))
    await client.publishBatch(TOPIC, payloads as never, hear as never)
    await vi.waitUntil(() => answered >= Math.min(n + BATCH, to), { ...PATIENCE, interval: 1 })
  }
}

const inOrder = (subjects: unknown[], from: number): number => subjects.findIndex((one, n) => one !== String(from + n))

describe(`${EVENTS} events`, () => {
  it('all arrive once and in order, through a cut and through a crash of the org', { timeout: 900_000 }, async () => {
    const [third, twoThirds] = [Math.floor(EVENTS / 3), Math.floor((2 * EVENTS) / 3)]
    const parts = [await subscriber('earliest')]
    const current = (): Subscriber => parts.at(-1) as Subscriber
    const subjects = (): unknown[] => parts.flatMap((part) => part.subjects)
    await publish(0, third)
    await vi.waitUntil(() => current().subjects.length > third / 4, PATIENCE)
    await practice(org.url, '/faults', { mode: 'down' })
    await vi.waitUntil(() => current().ended, PATIENCE)
    await practice(org.url, '/faults', { mode: 'clear' })
    parts.push(await subscriber(current().last))
    await publish(third, twoThirds)
    await vi.waitUntil(() => subjects().length > third, PATIENCE)
    await org.kill()
    await vi.waitUntil(() => current().ended, PATIENCE)
    org = await forkOrg(dataDir, org)
    parts.push(await subscriber(current().last))
    const latest = await subscriber('latest')
    await publish(twoThirds, EVENTS)
    await vi.waitUntil(() => subjects().length >= EVENTS, { ...PATIENCE, interval: 50 })
    expect([subjects().length, inOrder(subjects(), 0)]).toEqual([EVENTS, -1])
    await vi.waitUntil(() => latest.subjects.length > 0 && latest.subjects.at(-1) === String(EVENTS - 1), PATIENCE)
    expect(inOrder(latest.subjects, EVENTS - latest.subjects.length)).toBe(-1)
  })

  it('of changes arrive with the fields that changed, decoded', { timeout: 900_000 }, async () => {
    const conn = await connect(org.url)
    const records = EVENTS / 20
    const ids: string[] = []
    for (let n = 0; n < records; n += BATCH) {
      const rows = Array.from({ length: Math.min(BATCH, records - n) }, (_, i) => ({
        LastName: `L${n + i}`,
        Company: 'C',
      }))
      ids.push(...(await conn.sobject('Lead').create(rows)).map(({ id }) => id ?? ''))
    }
    for (let n = 0; n < records; n += BATCH) {
      const rows = ids.slice(n, n + BATCH).map((Id, i) => ({ Id, FirstName: `F${n + i}`, City: 'Bonn', Title: 'T' }))
      await conn.sobject('Lead').update(rows)
    }
    const heard = await subscriber('earliest', '/data/LeadChangeEvent')
    await vi.waitUntil(() => heard.payloads.length >= 2 * records, PATIENCE)
    const changes = heard.payloads.slice(records)
    expect(changes.flatMap(({ ChangeEventHeader }) => ChangeEventHeader.recordIds)).toEqual(ids)
    const changedFields = new Set(changes.map(({ ChangeEventHeader }) => ChangeEventHeader.changedFields.toString()))
    expect([...changedFields]).toEqual(['Title,LastModifiedDate,Name.FirstName,Address.City'])
    expect(changes.findIndex(({ Name }, n) => (Name as { FirstName: string }).FirstName !== `F${n}`)).toBe(-1)
  })
})
