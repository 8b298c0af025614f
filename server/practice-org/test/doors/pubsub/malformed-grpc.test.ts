import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Metadata } from '@grpc/grpc-js'
import type { PracticeOrg } from '../../../src/compose.ts'
import { encodeReplayId } from '../../../src/topics/replay-id.ts'
import { form, practice, READER, REP, startOrg, tokenOf } from '../../support/running-org.ts'
import { frameOf, metadataOf, rawGrpc, shootGrpc, type RawGrpc, type RawStream } from '../../support/grpc-requests.ts'

const SIGNAL = '/event/Practice_Signal__e'
const LEADS = '/data/LeadChangeEvent'
const [OK, INVALID, NOT_FOUND, EXISTS, DENIED, PRECONDITION, UNAVAILABLE, NO_AUTH] = [0, 3, 5, 6, 7, 9, 14, 16]

let org: PracticeOrg
let client: RawGrpc
let metadata: Metadata
let token: string
const unexpected: unknown[] = []
beforeAll(async () => {
  const log = { info() {}, error: (fields: object) => void unexpected.push(fields) }
  org = await startOrg({ log, keepAliveMs: 50 })
  token = await tokenOf(org.url)
  client = rawGrpc(org)
  metadata = metadataOf(org, token)
})
afterAll(async () => {
  client.close()
  await org.close()
  expect(unexpected).toEqual([])
})

const shoot = (method: string, frames: Uint8Array[], as = metadata) => shootGrpc(client, as, { method, frames })
/** One call with these messages, in order. */
const say = (method: string, messages: object[], as = metadata) =>
  shoot(
    method,
    messages.map((message) => frameOf(method, message)),
    as,
  )
const first = { topicName: LEADS, numRequested: 1 }
const event = { id: 'k', schemaId: 'x', payload: Buffer.from([1, 2, 3]) }

describe('a Pub/Sub request', () => {
  it.each([
    ['GetTopic', 'an unknown topic', [{ topicName: '/data/NothingChangeEvent' }], NOT_FOUND, 'topic.not.found'],
    ['GetTopic', 'no topic', [{}], NOT_FOUND, 'topic.not.found'],
    ['GetSchema', 'an unknown schema', [{ schemaId: 'nothing' }], NOT_FOUND, 'schema.not.found'],
    ['Publish', 'a topic of changes', [{ topicName: LEADS, events: [event] }], DENIED, 'publish.permission.denied'],
    ['Publish', 'no events', [{ topicName: SIGNAL }], INVALID, 'publish.events.missing'],
    ['PublishStream', 'no topic', [{ events: [event] }], NOT_FOUND, 'topic.not.found'],
    [
      'PublishStream',
      'another topic later',
      [
        { topicName: SIGNAL, events: [event] },
        { topicName: LEADS, events: [event] },
      ],
      INVALID,
      'publish.topic.changed',
    ],
    ['Subscribe', 'an unknown topic', [{ topicName: '/event/No__e', numRequested: 1 }], NOT_FOUND, 'topic.not.found'],
    [
      'Subscribe',
      'zero events',
      [{ ...first, numRequested: 0 }],
      INVALID,
      'subscription.fetch.requested.events.invalid',
    ],
    [
      'Subscribe',
      'fewer than zero',
      [first, { numRequested: -5 }],
      INVALID,
      'subscription.fetch.requested.events.invalid',
    ],
    [
      'Subscribe',
      'another topic later',
      [first, { topicName: SIGNAL, numRequested: 1 }],
      INVALID,
      'subscription.fetch.topic.changed',
    ],
    [
      'Subscribe',
      'no replay id where one is announced',
      [{ ...first, replayPreset: 2 }],
      INVALID,
      'subscription.fetch.replayid.validation.failed',
    ],
    [
      'Subscribe',
      'a replay id of three bytes',
      [{ ...first, replayPreset: 2, replayId: Buffer.from([1, 2, 3]) }],
      INVALID,
      'subscription.fetch.replayid.corrupted',
    ],
    [
      'Subscribe',
      'a replay id that never was',
      [{ ...first, replayPreset: 2, replayId: encodeReplayId(1e12) }],
      INVALID,
      'subscription.fetch.replayid.corrupted',
    ],
    [
      'Subscribe',
      'a token that is none',
      [first, { numRequested: 1, authRefresh: 'nonsense' }],
      NO_AUTH,
      'service.auth.refresh.invalid',
    ],
    [
      'ManagedSubscribe',
      'an unknown subscription',
      [{ developerName: 'No', numRequested: 1 }],
      NOT_FOUND,
      'managed.subscription.not.found',
    ],
    [
      'ManagedSubscribe',
      'a stopped one',
      [{ developerName: 'Stopped_Signals', numRequested: 1 }],
      PRECONDITION,
      'managed.subscription.stopped',
    ],
  ])('%s with %s is refused', async (method, _what, messages, code, errorCode) => {
    const answer = await say(method, messages)
    expect(answer).toMatchObject({ code, errorCode: `sfdc.platform.eventbus.grpc.${errorCode}` })
    expect(answer.details).toMatch(/ rpcId: [0-9a-f-]{36}$/)
    expect(answer.details.endsWith(answer.rpcId)).toBe(true)
  })

  it.each(['GetTopic', 'GetSchema', 'Publish', 'PublishStream', 'Subscribe', 'ManagedSubscribe'])(
    '%s whose bytes are no message is refused',
    async (method) => {
      const errorCode = 'sfdc.platform.eventbus.grpc.service.request.invalid'
      expect(await shoot(method, [Buffer.from([0x0a, 0xff, 0xff])])).toMatchObject({ code: INVALID, errorCode })
    },
  )

  it('larger than 4 MB is refused', async () => {
    const events = [{ ...event, payload: Buffer.alloc(4 * 1024 * 1024) }]
    expect(await say('PublishStream', [{ topicName: SIGNAL, events }])).toMatchObject({ code: UNAVAILABLE })
    expect(await say('Publish', [{ topicName: SIGNAL, events }])).toMatchObject({ code: UNAVAILABLE })
  })

  it('without its metadata, of another org or with a token that is none is refused', async () => {
    const without = (change: (altered: Metadata) => void): Metadata => {
      const altered = metadata.clone()
      change(altered)
      return altered
    }
    const errorCode = 'sfdc.platform.eventbus.grpc.service.auth.error'
    for (const as of [
      without((altered) => altered.remove('accesstoken')),
      without((altered) => altered.remove('tenantid')),
      without((altered) => altered.remove('instanceurl')),
      without((altered) => altered.set('tenantid', '00D000000000999EAA')),
      without((altered) => altered.set('accesstoken', '00D000000000001!none')),
    ]) {
      for (const method of ['GetTopic', 'GetSchema', 'Publish', 'Subscribe', 'PublishStream', 'ManagedSubscribe']) {
        expect([method, await say(method, [first], as)]).toMatchObject([method, { code: NO_AUTH, errorCode }])
      }
    }
  })

  it('of a user without the right to publish is refused', async () => {
    const as = metadataOf(org, await tokenOf(org.url, READER))
    expect(await say('Publish', [{ topicName: SIGNAL, events: [event] }], as)).toMatchObject({ code: DENIED })
  })

  it('for changes by a user without View All is refused', async () => {
    const as = metadataOf(org, await tokenOf(org.url, REP))
    for (const topicName of [LEADS, '/data/ChangeEvents']) {
      expect(await say('Subscribe', [{ topicName, numRequested: 1 }], as)).toMatchObject({ code: DENIED })
    }
    expect(await say('Subscribe', [{ topicName: SIGNAL, numRequested: 1 }], as)).toMatchObject({ code: OK })
  })

  it('for more than 100 events is served as one for 100', async () => {
    expect(await say('Subscribe', [{ ...first, numRequested: 2_147_483_647 }])).toMatchObject({ code: OK })
  })

  it('that does not fit the schema is answered event by event', async () => {
    expect(await say('PublishStream', [{ topicName: SIGNAL, events: [event, event] }])).toMatchObject({ code: OK })
  })

  it('beyond the number of clients an org takes is refused', async () => {
    const own = await startOrg({ eventClients: 0 })
    const door = rawGrpc(own)
    const as = metadataOf(own, await tokenOf(own.url))
    const errorCode = 'sfdc.platform.eventbus.grpc.concurrent.client.limit.exceeded'
    for (const method of ['Subscribe', 'ManagedSubscribe', 'PublishStream']) {
      const shot = { method, frames: [frameOf(method, first)] }
      expect(await shootGrpc(door, as, shot)).toMatchObject({ code: 8, errorCode })
    }
    door.close()
    await own.close()
  })
})

describe('a stream whose session ends', () => {
  it('goes on with the token it was refreshed with, and ends without one', async () => {
    const own = await startOrg({ keepAliveMs: 20 })
    const door = rawGrpc(own)
    const open = Reflect.get(door, 'Subscribe') as (metadata: Metadata) => RawStream
    const begin = async () => {
      const old = await tokenOf(own.url)
      const stream = open.call(door, metadataOf(own, old))
      const codes: number[] = []
      stream.on('error', ({ code }: { code: number }) => codes.push(code))
      stream.write(frameOf('Subscribe', first))
      await once(stream, 'data')
      return { stream, codes, old }
    }
    const [refreshed, left] = [await begin(), await begin()]
    refreshed.stream.write(frameOf('Subscribe', { numRequested: 1, authRefresh: await tokenOf(own.url) }))
    await once(refreshed.stream, 'data')
    for (const { old } of [refreshed, left]) await form(`${own.url}/services/oauth2/revoke`, { token: old })
    await vi.waitUntil(() => left.codes.length > 0, { timeout: 10_000 })
    await once(refreshed.stream, 'data')
    expect([left.codes, refreshed.codes]).toEqual([[NO_AUTH], []])
    await practice(own.url, '/faults', { mode: 'expire-sessions' })
    await vi.waitUntil(() => refreshed.codes.length > 0, { timeout: 10_000 })
    expect(refreshed.codes).toEqual([NO_AUTH])
    door.close()
    await own.close()
  })
})

describe('a call that is no call', () => {
  let session: ClientHttp2Session
  beforeAll(() => {
    session = connectHttp2(`https://localhost:${org.eventsPort}`, { rejectUnauthorized: false })
  })
  afterAll(() => session.close())

  /** The HTTP status and the gRPC status with which raw bytes end. */
  async function raw(path: string, body: Buffer, contentType = 'application/grpc'): Promise<(string | undefined)[]> {
    const auth = { accesstoken: token, instanceurl: org.url, tenantid: org.orgId }
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': contentType,
      te: 'trailers',
      ...auth,
    })
    let grpcStatus: string | undefined
    const note = (headers: Record<string, unknown>): void => {
      const status = headers['grpc-status']
      if (status !== undefined) grpcStatus = String(status)
    }
    let httpStatus: string | undefined
    stream.on('response', (headers) => {
      httpStatus = String(headers[':status'])
      note(headers)
    })
    stream.on('trailers', note)
    stream.on('error', () => {})
    stream.resume()
    stream.end(body)
    await once(stream, 'close')
    return [httpStatus, grpcStatus]
  }
  const path = (method: string): string => `/eventbus.v1.PubSub/${method}`
  const framed = (flag: number, length: number, content: Buffer): Buffer => {
    const head = Buffer.alloc(5)
    head.writeUInt8(flag)
    head.writeUInt32BE(length, 1)
    return Buffer.concat([head, content])
  }

  it('to an unknown method or service ends as unimplemented', async () => {
    expect(await raw(path('Nothing'), framed(0, 0, Buffer.alloc(0)))).toEqual(['200', '12'])
    expect(await raw('/other.v1.Service/Get', framed(0, 0, Buffer.alloc(0)))).toEqual(['200', '12'])
  })

  it('of another content type is refused over HTTP', async () => {
    expect((await raw(path('GetTopic'), Buffer.from('{}'), 'application/json'))[0]).toBe('415')
  })

  it.each(['GetTopic', 'Subscribe', 'PublishStream', 'ManagedSubscribe'])(
    'of %s with a frame that breaks off, or none, ends',
    async (method) => {
      for (const body of [
        framed(0, 100, Buffer.from('short')),
        Buffer.from([0, 0]),
        Buffer.alloc(0),
        framed(1, 3, Buffer.from('zip')),
        framed(9, 1, Buffer.from('x')),
      ]) {
        const [httpStatus, grpcStatus] = await raw(path(method), body)
        expect(httpStatus ?? '200').toBe('200')
        expect(grpcStatus ?? '1').toMatch(/^\d+$/)
      }
      expect((await say('GetTopic', [{ topicName: LEADS }])).code).toBe(OK)
    },
  )
})

it('the second subscriber of a managed subscription is refused', async () => {
  const managed = { developerName: 'Practice_Signals', numRequested: 1 }
  const open = Reflect.get(client, 'ManagedSubscribe') as (metadata: Metadata) => RawStream
  const held = open.call(client, metadata)
  held.on('error', () => {})
  held.write(frameOf('ManagedSubscribe', managed))
  await once(held, 'data')
  const errorCode = 'sfdc.platform.eventbus.grpc.managed.subscription.already.active'
  expect(await say('ManagedSubscribe', [managed])).toMatchObject({ code: EXISTS, errorCode })
  held.cancel()
})
