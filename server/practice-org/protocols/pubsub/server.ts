// The Pub/Sub API: gRPC over TLS, with the change events of the org as Avro.

import { Server, ServerCredentials, type Metadata, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js'
import { setTimeout as delay } from 'node:timers/promises'
import { ZodError } from 'zod'
import { OrgError, type Caller, type Org } from '../../org.ts'
import type { TlsPair } from '../http/both-on-one-port.ts'
import { PortInUseError } from '../http/listen.ts'
import { signedInByToken } from '../oauth/bearer.ts'
import type { Sessions } from '../oauth/sessions.ts'
import type { Duplex, EventStream, StreamContext } from './event-stream.ts'
import { ManagedStream, type Committed } from './managed-stream.ts'
import { pubSubService, SchemaRequest, TopicRequest } from './proto.ts'
import { publish, PublishStream } from './publish.ts'
import { PubSubError, pubSubRefusal } from './status.ts'
import { SubscribeStream } from './subscribe-stream.ts'
import type { Topic, Topics } from './topics.ts'

export interface PubSubDoor {
  org: Org
  topics: Topics
  sessions: Sessions
  committed: Committed
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

/** Listens on 127.0.0.1 with TLS; port 0 takes any. @throws PortInUseError */
export async function startPubSub(door: PubSubDoor, port: number, tls: TlsPair): Promise<PubSubServer> {
  const { topics } = door
  const streams: Streams = { events: new Set(), publishers: new Set() }
  const server = new Server({ 'grpc.max_receive_message_length': 4 * 1024 * 1024, 'grpc.so_reuseport': 0 })
  server.addService(pubSubService(), {
    GetTopic: unary(door, (request, metadata) => getTopic(request, metadata, door, topics)),
    GetSchema: unary(door, (request, metadata) => getSchema(request, metadata, door, topics)),
    Publish: unary(door, (request, metadata) => publish(request, publishing(metadata, door, topics))),
    PublishStream: (call: Duplex) => openPublisher(call, door, topics, streams),
    Subscribe: (call: Duplex) =>
      openStream(streams, (onEnd) => new SubscribeStream(call, context(call, door, topics, onEnd))),
    ManagedSubscribe: (call: Duplex) =>
      openStream(
        streams,
        (onEnd) => new ManagedStream(call, context(call, door, topics, onEnd), door.committed, door.now),
      ),
  })
  const stopListening = door.org.onEvents(() => streams.events.forEach((stream) => stream.pump()))
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

function unary(door: PubSubDoor, work: (request: unknown, metadata: Metadata) => object) {
  return (call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<unknown>): void => {
    try {
      callback(null, work(call.request, call.metadata))
    } catch (error) {
      callback(asPubSubError(error, door))
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

/** Who calls, by the three metadata entries every call must carry. @throws PubSubError UNAUTHENTICATED */
function authenticate(metadata: Metadata, door: PubSubDoor): { userId: string; token: string } {
  if (door.isDown()) throw pubSubRefusal.down()
  const entry = (name: string): string => String(metadata.get(name)[0] ?? '')
  if (!entry('instanceurl')) throw pubSubRefusal.auth('The instanceurl header is missing.')
  const tenant = entry('tenantid')
  if (tenant !== door.org.orgId && tenant !== door.org.orgId.slice(0, 15)) {
    throw pubSubRefusal.auth('The tenantid header does not name this org.')
  }
  const token = entry('accesstoken')
  const { user } = signedInByToken(token, door.sessions, door.org)
  return { userId: user.id, token }
}

function getTopic(request: unknown, metadata: Metadata, door: PubSubDoor, topics: Topics): object {
  const { userId } = authenticate(metadata, door)
  const { topicName } = TopicRequest.parse(request)
  const topic = topics.resolve(topicName)
  return {
    topicName,
    tenantGuid: door.org.orgId,
    canPublish: topic.platformEvent ? door.org.objectAccess(userId, topic.platformEvent.name).create : false,
    canSubscribe: mayRead(topic, userId, door.org),
    schemaId: topics.schemaOf(topic).id,
    rpcId: door.newRpcId(),
  }
}

function getSchema(request: unknown, metadata: Metadata, door: PubSubDoor, topics: Topics): object {
  const { userId } = authenticate(metadata, door)
  const caller: Caller = { userId, api: 'rest', version: '67.0' }
  const schema = topics.schemaById(SchemaRequest.parse(request).schemaId, caller)
  return { schemaJson: schema.json, schemaId: schema.id, rpcId: door.newRpcId() }
}

/** A channel is open to everyone: what it carries is filtered event by event. */
function mayRead(topic: Topic, userId: string, org: Org): boolean {
  return topic.object === undefined || org.objectAccess(userId, topic.object).read
}

function context(call: Duplex, door: PubSubDoor, topics: Topics, onEnd: () => void): StreamContext {
  return {
    org: door.org,
    topics,
    keepAliveMs: door.keepAliveMs,
    rpcId: door.newRpcId(),
    authenticate: () => authenticate(call.metadata, door),
    mayRead: (topic, userId) => mayRead(topic, userId, door.org),
    asError: (error) => asPubSubError(error, door),
    onEnd,
  }
}

function openStream(streams: Streams, open: (onEnd: () => void) => EventStream): void {
  const stream = open(() => streams.events.delete(stream))
  streams.events.add(stream)
}

function publishing(metadata: Metadata, door: PubSubDoor, topics: Topics) {
  const authenticated = (): Caller => ({ userId: authenticate(metadata, door).userId, api: 'rest', version: '67.0' })
  return { org: door.org, topics, rpcId: door.newRpcId(), authenticate: authenticated }
}

function openPublisher(call: Duplex, door: PubSubDoor, topics: Topics, streams: Streams): void {
  const stream = new PublishStream(call, {
    ...publishing(call.metadata, door, topics),
    idleMs: door.publishIdleMs,
    asError: (error) => asPubSubError(error, door),
    onEnd: () => streams.publishers.delete(stream),
  })
  streams.publishers.add(stream)
}
