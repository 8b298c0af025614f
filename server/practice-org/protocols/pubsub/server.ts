// The Pub/Sub API: gRPC over TLS, with the change events of the org as Avro.

import { Server, ServerCredentials, type Metadata, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js'
import { setTimeout as delay } from 'node:timers/promises'
import { ZodError } from 'zod'
import { OrgError, type Caller, type Org } from '../../org.ts'
import type { TlsPair } from '../http/both-on-one-port.ts'
import { PortInUseError } from '../http/listen.ts'
import type { Deliveries } from '../events/deliveries.ts'
import type { Sessions } from '../oauth/sessions.ts'
import { authentication } from './authentication.ts'
import type { Duplex, EventStream, StreamContext } from './event-stream.ts'
import { ManagedStream, type Committed } from './managed-stream.ts'
import { readRequest, SchemaRequest, servedPubSub, TopicRequest } from './proto.ts'
import { publish, PublishStream } from './publish.ts'
import { PubSubError, pubSubRefusal } from './status.ts'
import { SubscribeStream } from './subscribe-stream.ts'
import { mayHear, type Topics } from './topics.ts'

export interface PubSubDoor {
  org: Org
  topics: Topics
  sessions: Sessions
  committed: Committed
  deliveries: Deliveries
  /** Streams that may be open at once. */
  maxClients: number
  now: () => number
  /** The org is made to look down. */
  isDown: () => boolean
  keepAliveMs: number
  /** A publish stream must publish within this time. */
  publishIdleMs: number
  newRpcId: () => string
  onError: (error: unknown) => void
}

export interface PubSubServer {
  port: number
  /** Ends every open stream with UNAVAILABLE or UNAUTHENTICATED. */
  breakStreams(reason: 'down' | 'expire-sessions'): void
  close(): Promise<void>
}

/** Above what an org takes, so that a request which is too large is refused in this API's words. */
const MAX_FRAME_BYTES = 64 * 1024 * 1024

/** Listens on 127.0.0.1 with TLS; port 0 takes any. @throws PortInUseError */
export async function startPubSub(door: PubSubDoor, port: number, tls: TlsPair): Promise<PubSubServer> {
  const { topics } = door
  const streams: Streams = { events: new Set(), publishers: new Set() }
  const active = new Map<string, ManagedStream>()
  const server = new Server({ 'grpc.max_receive_message_length': MAX_FRAME_BYTES, 'grpc.so_reuseport': 0 })
  server.addService(servedPubSub(), {
    GetTopic: unary(door, (request, metadata, rpcId) => getTopic(request, metadata, door, topics, rpcId)),
    GetSchema: unary(door, (request, metadata, rpcId) => getSchema(request, metadata, door, topics, rpcId)),
    Publish: unary(door, (request, metadata, rpcId) => publish(request, publishing(metadata, door, topics, rpcId))),
    PublishStream: (call: Duplex) => openPublisher(call, door, topics, streams),
    Subscribe: (call: Duplex) => openSubscriber(call, door, topics, streams, (at) => new SubscribeStream(call, at)),
    ManagedSubscribe: (call: Duplex) =>
      openSubscriber(
        call,
        door,
        topics,
        streams,
        (at) => new ManagedStream(call, at, { committed: door.committed, active, now: door.now }),
      ),
  })
  const stopListening = door.org.onEvents((events) => {
    const topics = new Set(events.map(({ topic }) => topic))
    for (const stream of streams.events) stream.pump(topics)
  })
  const failAll = (error: PubSubError): void => {
    for (const stream of [...streams.events, ...streams.publishers]) stream.fail(error)
  }
  const bound = await bind(server, port, tls)
  return {
    port: bound,
    breakStreams: (reason) => {
      failAll(reason === 'down' ? pubSubRefusal.down() : pubSubRefusal.auth('The session has expired.'))
    },
    close: async () => {
      stopListening()
      failAll(pubSubRefusal.down())
      await shut(server)
    },
  }
}

/** Lets the last answers out, but waits for no client longer than this. */
const SHUTDOWN_MS = 500

async function shut(server: Server): Promise<void> {
  const forced = new AbortController()
  const drained = new Promise<void>((resolve) => server.tryShutdown(() => resolve()))
  const late = delay(SHUTDOWN_MS, undefined, { signal: forced.signal }).catch(() => {})
  await Promise.race([drained, late])
  forced.abort()
  server.forceShutdown()
}

interface Streams {
  events: Set<EventStream>
  publishers: Set<PublishStream>
}

function bind(server: Server, port: number, tls: TlsPair): Promise<number> {
  const pair = { private_key: Buffer.from(tls.key), cert_chain: Buffer.from(tls.cert) }
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createSsl(null, [pair]), (error, bound) => {
      if (!error) return resolve(bound)
      reject(/EADDRINUSE/.test(error.message) ? new PortInUseError(port) : error)
    })
  })
}

function unary(door: PubSubDoor, work: (request: unknown, metadata: Metadata, rpcId: string) => object) {
  return (call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<unknown>): void => {
    const rpcId = door.newRpcId()
    try {
      callback(null, work(call.request, call.metadata, rpcId))
    } catch (error) {
      callback(asPubSubError(error, door).of(rpcId))
    }
  }
}

function asPubSubError(error: unknown, door: PubSubDoor): PubSubError {
  if (error instanceof PubSubError) return error
  if (error instanceof OrgError) return pubSubRefusal.auth(error.body.message)
  if (error instanceof ZodError) return pubSubRefusal.badRequest()
  door.onError(error)
  return pubSubRefusal.internal()
}

function getTopic(request: unknown, metadata: Metadata, door: PubSubDoor, topics: Topics, rpcId: string): object {
  const { userId } = authentication(metadata, door).check()
  const { topicName } = readRequest(TopicRequest, request)
  const topic = topics.resolve(topicName)
  return {
    topicName,
    tenantGuid: door.org.orgId,
    canPublish: topic.platformEvent ? door.org.objectAccess(userId, topic.platformEvent.name).create : false,
    canSubscribe: mayHear(topic, userId, door.org),
    schemaId: topics.schemaOf(topic).id,
    rpcId,
  }
}

function getSchema(request: unknown, metadata: Metadata, door: PubSubDoor, topics: Topics, rpcId: string): object {
  const { userId } = authentication(metadata, door).check()
  const caller: Caller = { userId, api: 'rest', version: '67.0' }
  const schema = topics.schemaById(readRequest(SchemaRequest, request).schemaId, caller)
  return { schemaJson: schema.json, schemaId: schema.id, rpcId }
}

function openSubscriber(
  call: Duplex,
  door: PubSubDoor,
  topics: Topics,
  streams: Streams,
  open: (context: StreamContext) => EventStream,
): void {
  if (isFull(call, door, streams)) return
  const { check, refresh } = authentication(call.metadata, door)
  const stream = open({
    org: door.org,
    topics,
    deliveries: door.deliveries,
    keepAliveMs: door.keepAliveMs,
    rpcId: door.newRpcId(),
    authenticate: check,
    refresh,
    mayHear: (topic, userId) => mayHear(topic, userId, door.org),
    asError: (error) => asPubSubError(error, door),
    onEnd: () => streams.events.delete(stream),
  })
  streams.events.add(stream)
}

/** Whether the org has as many clients as it takes: this one is refused then. */
function isFull(call: Duplex, door: PubSubDoor, { events, publishers }: Streams): boolean {
  if (events.size + publishers.size < door.maxClients) return false
  call.emit('error', pubSubRefusal.tooManyClients().of(door.newRpcId()))
  return true
}

function publishing(metadata: Metadata, door: PubSubDoor, topics: Topics, rpcId: string) {
  const { check, refresh } = authentication(metadata, door)
  const authenticate = (): Caller => ({ userId: check().userId, api: 'rest', version: '67.0' })
  return { org: door.org, topics, rpcId, authenticate, refresh }
}

function openPublisher(call: Duplex, door: PubSubDoor, topics: Topics, streams: Streams): void {
  if (isFull(call, door, streams)) return
  const stream = new PublishStream(call, {
    ...publishing(call.metadata, door, topics, door.newRpcId()),
    idleMs: door.publishIdleMs,
    asError: (error) => asPubSubError(error, door),
    onEnd: () => streams.publishers.delete(stream),
  })
  streams.publishers.add(stream)
}
