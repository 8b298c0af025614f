import { afterEach, describe, expect, it } from 'vitest'
import { connect, openOrgForFile, practice, rest } from '../../support/running-org.ts'
import { bayeux, post } from './bayeux.ts'

let now = Date.now()
const { org, token } = await openOrgForFile({ cometHoldMs: 50, now: () => now })
afterEach(() => practice(org.url, '/faults', { mode: 'clear' }))

const TOPIC = '/event/Practice_Signal__e'
const order = (fault: object) => practice(org.url, '/faults', { match: { path: '/cometd/' }, count: 1, ...fault })
const connecting = { channel: '/meta/connect', connectionType: 'long-polling' }
const signal = async (subject: string) =>
  (await connect(org.url)).sobject('Practice_Signal__e').create({ Subject__c: subject })

describe('a streaming client', () => {
  it('whose connect is cut loses the answer, and hears again what it asks to be replayed', async () => {
    const client = await bayeux(org)
    const start = org.org.latestReplayId()
    await client.subscribe(TOPIC, start)
    await order({ mode: 'cut-after', match: { path: '/cometd/', bodyContains: '/meta/connect' } })
    await signal('Cut')
    await expect(client.send(connecting)).rejects.toThrow('fetch failed')
    expect(await client.data()).toEqual([])
    await client.subscribe(TOPIC, start)
    expect(await client.data()).toMatchObject([{ data: { payload: { Subject__c: 'Cut' } } }])
  })

  it('whose connect is slow is answered late, and misses nothing', async () => {
    const client = await bayeux(org)
    await client.subscribe(TOPIC)
    await order({ mode: 'slow', ms: 100 })
    const waiting = client.data()
    await signal('Slow')
    const heard = await waiting
    expect([...heard, ...(heard.length > 0 ? [] : await client.data())]).toMatchObject([
      { data: { payload: { Subject__c: 'Slow' } } },
    ])
  })

  it('whose session ends is told 401 and not to come again; its client is forgotten', async () => {
    const client = await bayeux(org)
    await order({ mode: 'expire-sessions' })
    expect(await client.send(connecting)).toMatchObject([
      { successful: false, error: '401::Authentication invalid', advice: { reconnect: 'none' } },
    ])
    const { body } = await post(org, [{ ...connecting, clientId: client.clientId }], token)
    expect(body).toMatchObject([{ error: '403::Unknown client', advice: { reconnect: 'handshake' } }])
  })

  it('is told 403 where the events of the day are used up', async () => {
    const client = await bayeux(org)
    await order({ mode: 'limit' })
    expect(await client.send(connecting)).toMatchObject([
      { error: '403::Organization total events daily limit exceeded', advice: { reconnect: 'none' } },
    ])
    expect(await client.data()).toEqual([])
  })

  it('that is silent for too long is forgotten: sooner after events than without', async () => {
    const [quiet, told] = [await bayeux(org), await bayeux(org)]
    await told.subscribe(TOPIC)
    await signal('Told')
    expect(await told.data()).toHaveLength(1)
    now += 41_000
    expect(await told.send(connecting)).toMatchObject([{ error: '403::Unknown client' }])
    expect(await quiet.send(connecting)).toMatchObject([{ successful: true }])
    now += 111_000
    expect(await quiet.send(connecting)).toMatchObject([{ error: '403::Unknown client' }])
  })

  it('and what it was told count in the limits of the org', async () => {
    const left = async () => {
      const { body } = await rest(org.url, token, '/limits')
      const limits = body as Record<string, { Remaining: number }>
      return ['DurableStreamingApiConcurrentClients', 'DailyDeliveredPlatformEvents'].map(
        (name) => limits[name]?.Remaining ?? 0,
      )
    }
    const [clients = 0, events = 0] = await left()
    const client = await bayeux(org)
    await client.subscribe(TOPIC)
    await signal('Counted')
    await client.data()
    expect(await left()).toEqual([clients - 1, events - 1])
    await client.send({ channel: '/meta/disconnect' })
    expect(await left()).toEqual([clients, events - 1])
  })
})
