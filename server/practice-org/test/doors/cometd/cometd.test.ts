import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { StreamingExtension } from 'jsforce/lib/api/streaming.js'
import type { PracticeOrg } from '../../../src/compose.ts'
import { connect, practice, READER, REP, startOrg, tokenOf } from '../../support/running-org.ts'
import { bayeux, post } from './bayeux.ts'

let org: PracticeOrg
beforeAll(async () => {
  org = await startOrg({ cometHoldMs: 100 })
})
afterAll(() => org.close())

const HANDSHAKE = { channel: '/meta/handshake', version: '1.0', ext: { replay: true } }

describe('a handshake', () => {
  it('offers long polling and replay', async () => {
    const { body } = await post(org, [HANDSHAKE], await tokenOf(org.url))
    expect(body).toEqual([
      {
        channel: '/meta/handshake',
        successful: true,
        version: '1.0',
        minimumVersion: '1.0',
        supportedConnectionTypes: ['long-polling'],
        clientId: expect.any(String) as string,
        ext: { replay: true },
      },
    ])
  })

  it.each([
    [undefined, '401::Request requires authentication'],
    ['00D000000000001!gone', '401::Authentication invalid'],
  ])('with the token %s is denied, and says why', async (token, failureReason) => {
    const { body } = await post(org, [HANDSHAKE], token)
    expect(body).toEqual([
      {
        channel: '/meta/handshake',
        successful: false,
        error: '403::Handshake denied',
        advice: { reconnect: 'none' },
        ext: { sfdc: { failureReason }, replay: true },
      },
    ])
  })

  it.each([
    ['/cometd', /^400::API version in the URI is mandatory/],
    ['/cometd/36.0', /^400::Unsupported API version/],
    ['/cometd/31.0', /^400::Unsupported API version. Only API versions '37\.0' and later are supported/],
    ['/cometd/68.0', /^400::Unsupported API version/],
    ['/cometd/v60', /^400::Unsupported API version/],
    ['/cometd/replay/36.0', /^400::Unsupported API version/],
  ])('at %s is refused for its address', async (path, error) => {
    const { body } = await post(org, [HANDSHAKE], await tokenOf(org.url), path)
    expect(body[0]).toMatchObject({ successful: false, error: expect.stringMatching(error) as string })
  })

  it('at a door for replays is taken too', async () => {
    const { body } = await post(org, [HANDSHAKE], await tokenOf(org.url), '/cometd/replay/37.0')
    expect(body[0]).toMatchObject({ successful: true })
  })

  it('for a transport that is not offered is refused', async () => {
    const message = { ...HANDSHAKE, supportedConnectionTypes: ['websocket'] }
    const { body } = await post(org, [message], await tokenOf(org.url))
    expect(body[0]).toMatchObject({ successful: false, error: '400::Invalid connection type {websocket}' })
  })

  it('larger than 32 KB is refused', async () => {
    const { status } = await post(org, [{ ...HANDSHAKE, ext: { pad: 'x'.repeat(33_000) } }], await tokenOf(org.url))
    expect(status).toBe(413)
  })
})

describe('a streaming client', () => {
  it('is answered its first connect at once, with the advice to come back', async () => {
    const token = await tokenOf(org.url)
    const [hand] = (await post(org, [HANDSHAKE], token)).body
    const connectMessage = { channel: '/meta/connect', clientId: hand?.['clientId'], connectionType: 'long-polling' }
    const { body } = await post(org, [connectMessage], token)
    expect(body[0]).toMatchObject({ successful: true, advice: { reconnect: 'retry', interval: 0, timeout: 100 } })
  })

  it.each([
    [{ channel: '/meta/subscribe', subscription: 'Lead' }, "400::Channel subscriptions must start with a leading '/'"],
    [{ channel: '/meta/subscribe' }, '400::Channel name not specified'],
    [
      { channel: '/meta/subscribe', subscription: '/topic/Nothing' },
      '400::The channel you requested to subscribe to does not exist {/topic/Nothing}',
    ],
    [
      { channel: '/meta/subscribe', subscription: '/data/NothingChangeEvent' },
      '400::The channel you requested to subscribe to does not exist {/data/NothingChangeEvent}',
    ],
    [{ channel: '/meta/subscribe', subscription: '/u/Nothing' }, '404::Unknown channel'],
    [
      {
        channel: '/meta/subscribe',
        subscription: '/data/LeadChangeEvent',
        ext: { replay: { '/data/LeadChangeEvent': 99_999_999 } },
      },
      '400::The replayId {99999999} you provided was invalid. ' +
        'Please provide a valid ID, -2 to replay all events, or -1 to replay only new events.',
    ],
    [{ channel: '/meta/connect', connectionType: 'websocket' }, '400::Invalid connection type {websocket}'],
    [{ channel: '/meta/connect', clientId: 'x' }, '403::Unknown client'],
    [{ channel: '/meta/connect', clientId: '' }, '403::Client has not completed handshake'],
    [{ channel: '/event/Practice_Signal__e', data: {} }, '403::Publishing is not allowed over this door'],
  ])('that sends %j is refused', async (message, error) => {
    const client = await bayeux(org)
    expect((await client.send(message))[0]).toMatchObject({ successful: false, error })
  })

  it('is not another user', async () => {
    const { clientId } = await bayeux(org)
    const { body } = await post(org, [{ channel: '/meta/connect', clientId }], await tokenOf(org.url, REP))
    expect(body[0]).toMatchObject({ error: "400::Authenticated user id does not match the session's user id" })
  })

  it('hears that its session has ended, also while it waits', async () => {
    const own = await startOrg({ cometHoldMs: 60_000 })
    const conn = await connect(own.url)
    const failures: unknown[] = []
    const extension = new StreamingExtension.AuthFailure((message: unknown) => void failures.push(message))
    const client = conn.streaming.createClient([extension])
    await client.subscribe('/data/LeadChangeEvent', () => {})
    await practice(own.url, '/faults', { mode: 'expire-sessions' })
    await vi.waitUntil(() => failures.length > 0, { timeout: 5000 })
    expect(failures[0]).toMatchObject({
      channel: '/meta/connect',
      successful: false,
      error: '401::Authentication invalid',
      advice: { reconnect: 'none' },
    })
    await own.close()
  })

  it('is one of as many as the org takes, and hears as much as the org delivers in a day', async () => {
    const own = await startOrg({ cometHoldMs: 50, eventClients: 2, eventDeliveries: 3 })
    const [client] = [await bayeux(own), await bayeux(own)]
    const third = await post(own, [HANDSHAKE], client.token)
    expect(third.body[0]).toMatchObject({ error: '403::Organization concurrent user limit exceeded' })
    await client.subscribe('/event/Practice_Signal__e')
    const conn = await connect(own.url)
    for (const Subject__c of ['a', 'b', 'c']) await conn.sobject('Practice_Signal__e').create({ Subject__c })
    expect(await client.data()).toHaveLength(3)
    const [refused] = await client.send({ channel: '/meta/connect', connectionType: 'long-polling' })
    expect(refused).toMatchObject({ error: '403::Organization total events daily limit exceeded' })
    await own.close()
  })

  it('needs View All to hear of changes, which know no sharing', async () => {
    const client = await bayeux(org, REP)
    for (const channel of ['/data/LeadChangeEvent', '/data/ChangeEvents', '/data/Sales__chn']) {
      const error = '403::User not allowed to subscribe CDC without View All Data permissions'
      expect([channel, await client.subscribe(channel)]).toEqual([channel, error])
    }
    expect(await client.subscribe('/event/Practice_Signal__e')).toBeUndefined()
  })

  it('may not subscribe to what its user may not read', async () => {
    const client = await bayeux(org, READER)
    const conn = await connect(org.url)
    await conn.sobject('PushTopic').create({ Name: 'Cases', Query: 'SELECT Id FROM Case', ApiVersion: 62 })
    const allowed = org.org.objectAccess(org.org.user(READER)?.id ?? '', 'Case').read
    expect(await client.subscribe('/topic/Cases')).toBe(
      allowed ? undefined : '403::Subscriber does not have access to the entity in this topic',
    )
  })
})

describe('change events over CometD', () => {
  it('tell names, parts of names and addresses, and dates in ISO', async () => {
    const client = await bayeux(org)
    await client.subscribe('/data/ContactChangeEvent')
    const conn = await connect(org.url)
    const contact = { FirstName: 'Ada', LastName: 'Long', MailingCity: 'Bonn', Birthdate: '1990-02-03', Phone: '1' }
    const { id = '' } = await conn.sobject('Contact').create(contact)
    await conn.sobject('Contact').update({ Id: id, LastName: 'Short', MailingCity: 'Köln', Phone: null } as never)
    const [made, changed] = (await client.data()).map(({ data }) => (data as { payload: object }).payload)
    expect(made).toMatchObject({
      Name: { FirstName: 'Ada', LastName: 'Long' },
      MailingAddress: { City: 'Bonn' },
      Birthdate: '1990-02-03',
      CreatedDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
    })
    const header = (changed as { ChangeEventHeader: { changedFields: string[]; nulledFields: string[] } })
      .ChangeEventHeader
    expect(header.changedFields).toEqual(
      expect.arrayContaining(['Name.LastName', 'MailingAddress.City', 'Phone', 'LastModifiedDate']),
    )
    expect(header.nulledFields).toEqual(['Phone'])
    expect(changed).toMatchObject({ Name: { LastName: 'Short' }, MailingAddress: { City: 'Köln' } })
    expect(Object.keys(changed ?? {})).not.toContain('Phone')
  })
})

describe('a generic channel', () => {
  it('reaches everyone, or only the users who are named, and says who listens', async () => {
    const conn = await connect(org.url)
    const { id = '' } = await conn.sobject('StreamingChannel').create({ Name: '/u/Tests/Named' })
    const path = `/services/data/v62.0/sobjects/StreamingChannel/${id}/push`
    const push = (userIds: string[]) => conn.requestPost(path, { pushEvents: [{ payload: userIds.join(), userIds }] })
    expect(await push([])).toEqual([{ fanoutCount: 0, userOnlineStatus: {} }])
    const rep = await bayeux(org, REP)
    const reader = await bayeux(org, READER)
    for (const client of [rep, reader]) expect(await client.subscribe('/u/Tests/Named')).toBeUndefined()
    const [repId = '', adminId = '', readerId = ''] = [REP, 'admin@practice.example', READER].map(
      (name) => org.org.user(name)?.id ?? '',
    )
    expect(await conn.requestGet(path)).toEqual({ OnlineUserIds: [repId, readerId], ChannelName: '/u/Tests/Named' })
    expect(await push([])).toEqual([{ fanoutCount: -1, userOnlineStatus: {} }])
    expect(await push([repId, adminId])).toEqual([
      { fanoutCount: 1, userOnlineStatus: { [repId]: true, [adminId]: false } },
    ])
    expect(await rep.data()).toHaveLength(2)
    expect(await reader.data()).toHaveLength(1)
    expect(await rep.subscribe('/u/tests/named')).toBe('404::channel names may not vary only by case')
  })
})
