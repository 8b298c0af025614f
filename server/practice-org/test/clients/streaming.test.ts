import type jsforce from 'jsforce'
import { StreamingExtension } from 'jsforce/lib/api/streaming.js'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { PracticeOrg } from '../../src/compose.ts'
import { connect, startOrg } from '../support/running-org.ts'

let org: PracticeOrg
let conn: jsforce.Connection
const ends: (() => void)[] = []
beforeAll(async () => {
  org = await startOrg({ cometHoldMs: 300 })
  conn = await connect(org.url)
})
afterAll(async () => {
  for (const end of ends) end()
  await org.close()
})

/** A subscribed client of its own, with the data it hears. */
async function listen(channel: string, replayId?: number): Promise<Record<string, unknown>[]> {
  const own = await connect(org.url)
  const client = own.streaming.createClient(
    replayId === undefined ? [] : [new StreamingExtension.Replay(channel, replayId)],
  )
  ends.push(() => (client as unknown as { disconnect(): void }).disconnect())
  const heard: Record<string, unknown>[] = []
  const subscription = client.subscribe(channel, (data: unknown) => void heard.push(data as Record<string, unknown>))
  await subscription
  return heard
}

const hear = (heard: unknown[], n = 1) => vi.waitUntil(() => heard.length >= n, { timeout: 15_000 })

describe('jsforce streaming', () => {
  it('hears of records that begin to fit, or change within, the query of a PushTopic', async () => {
    await conn.sobject('PushTopic').create({
      Name: 'HotLeads',
      Query: "SELECT Id, Company, Rating FROM Lead WHERE Rating = 'Hot'",
      ApiVersion: 62,
      NotifyForFields: 'Referenced',
    })
    const heard = await listen('/topic/HotLeads')
    const lead = async (Company: string, Rating: string) =>
      (await conn.sobject('Lead').create({ LastName: 'L', Company, Rating })).id ?? ''
    const cold = await lead('Cold Ltd', 'Cold')
    const hot = await lead('Hot Ltd', 'Hot')
    await hear(heard)
    await conn.sobject('Lead').update({ Id: hot, Phone: '1' })
    await conn.sobject('Lead').update({ Id: cold, Rating: 'Hot' })
    await hear(heard, 2)
    expect(heard).toEqual([
      { event: expect.objectContaining({ type: 'created' }), sobject: { Id: hot, Company: 'Hot Ltd', Rating: 'Hot' } },
      {
        event: expect.objectContaining({ type: 'updated' }),
        sobject: { Id: cold, Company: 'Cold Ltd', Rating: 'Hot' },
      },
    ])
  })

  it('hears through the client jsforce keeps, which pushes to a generic channel', async () => {
    await conn.sobject('StreamingChannel').create({ Name: '/u/Tests/Generic' })
    const own = await connect(org.url)
    const heard: unknown[] = []
    const subscription = own.streaming.channel('/u/Tests/Generic').subscribe((data: unknown) => heard.push(data))
    ends.push(() => void subscription.cancel())
    await subscription
    const pushed = await conn.streaming.channel('/u/Tests/Generic').push({ payload: 'hello', userIds: [] })
    await hear(heard)
    expect(pushed).toMatchObject({ fanoutCount: expect.any(Number) as number })
    expect(heard[0]).toMatchObject({ payload: 'hello', event: { replayId: expect.any(Number) as number } })
  })

  it('replays what is kept, and goes on from a replay id without loss or repeat', async () => {
    for (const name of ['a', 'b', 'c']) await conn.sobject('Practice_Signal__e').create({ Subject__c: name })
    const all = await listen('/event/Practice_Signal__e', -2)
    await hear(all, 3)
    const [first] = all as { event: { replayId: number } }[]
    const rest = await listen('/event/Practice_Signal__e', first?.event.replayId)
    await hear(rest, 2)
    await conn.sobject('Practice_Signal__e').create({ Subject__c: 'd' })
    await hear(rest, 3)
    expect(rest.map(({ payload }) => (payload as { Subject__c: string }).Subject__c)).toEqual(['b', 'c', 'd'])
  })

  it('hears change events with the names of what changed', async () => {
    const { id = '' } = await conn.sobject('Account').create({ Name: 'Streamed' })
    const heard = await listen('/data/AccountChangeEvent')
    await conn.sobject('Account').update({ Id: id, Phone: '5' })
    await hear(heard)
    expect(heard[0]).toMatchObject({
      payload: { Phone: '5', ChangeEventHeader: { changeType: 'UPDATE', recordIds: [id] } },
    })
    const { payload } = heard[0] as { payload: { ChangeEventHeader: { changedFields: string[] } } }
    expect(payload.ChangeEventHeader.changedFields).toContain('Phone')
  })

  it('is refused an unknown topic', async () => {
    await expect(listen('/topic/Nothing')).rejects.toThrow()
  })

  it('is told that its session is not valid, and that a client is unknown', async () => {
    const post = async (message: object, token = conn.accessToken ?? '') => {
      const response = await fetch(`${org.url}/cometd/62.0`, {
        method: 'POST',
        headers: { authorization: `OAuth ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify([message]),
      })
      return ((await response.json()) as unknown[])[0]
    }
    expect(await post({ channel: '/meta/handshake', version: '1.0' }, 'x')).toMatchObject({
      successful: false,
      error: '403::Handshake denied',
      ext: { sfdc: { failureReason: '401::Authentication invalid' } },
    })
    expect(await post({ channel: '/meta/connect', clientId: 'x' })).toMatchObject({
      successful: false,
      error: '403::Unknown client',
      advice: { reconnect: 'handshake' },
    })
  })
})
