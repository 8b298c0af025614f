// The Pub/Sub API: gRPC over TLS, with the change events of the org as Avro.

import { Server, type Metadata, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js'
import { ZodError } from 'zod'
import type { Faults } from '../../faults/fault.ts'
import { OrgError, type Caller, type Org } from '../../org/org.ts'
import type { TlsPair } from '../../wire/http/both-on-one-port.ts'
import type { Deliveries } from '../../topics/deliveries.ts'
import type { Sessions } from '../../wire/sessions/sessions.ts'
import { authentication } from './authentication.ts'
import { acceptConnections } from './connections.ts'
import type { Duplex, EventStream, StreamContext } from './event-stream.ts'
import { faultsOfMessage, applyFaults, type InjectedFaults } from './injected-faults.ts'
import { ManagedStream, type Committed } from './managed-stream.ts'
import { readRequest, SchemaRequest, servedPubSub, TopicRequest } from './proto.ts'
import { publish, PublishStream } from './publish.ts'
import { PubSubError, pubSubRefusal } from '../../topics/status.ts'
import { SubscribeStream } from './subscribe-stream.ts'
import { mayHear, type Topics } from '../../topics/topics.ts'
import { NEWEST_VERSION } from '../../org/api-versions.ts'

export interface PubSubDoor {
  org: Org
  topics: Topics
  sessions: Sessions
  committed: Committed
  deliveries: Deliveries
  /** Streams that may be open at once. */
  maxClients: number
  now: () => number
  faults: Faults
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

/** Listens on 127.0.0.1 with TLS; port 0 takes any. Throws PortInUseError. */
export async function startPubSub(door: PubSubDoor, port: number, tls: TlsPair): Promise<PubSubServer> {
  const { topics } = door
  const streams: Streams = { events: new Set(), publishers: new Set() }
  const active = new Map<string, ManagedStream>()
  const server = new Server({ 'grpc.max_receive_message_length': MAX_FRAME_BYTES })
  const { cut, close, port: bound } = await acceptConnections(server, port, tls)
  const live: LiveDoor = { ...door, cut }
  server.addService(servedPubSub(), {
    GetTopic: unary('GetTopic', live, (message) => getTopic(message, door, topics)),
    GetSchema: unary('GetSchema', live, (message) => getSchema(message, door, topics)),
    Publish: unary('Publish', live, ({ request, metadata, rpcId, injected }) =>
      publish(request, publishing(metadata, door, topics, rpcId), injected?.isSpent),
    ),
    PublishStream: (call: Duplex) => openPublisher(call, live, topics, streams),
    Subscribe: (call: Duplex) =>
      openSubscriber('Subscribe', call, live, topics, streams, (at) => new SubscribeStream(call, at)),
    ManagedSubscribe: (call: Duplex) =>
      openSubscriber(
        'ManagedSubscribe',
        call,
        live,
        topics,
        streams,
        (at) => new ManagedStream(call, at, { committed: door.committed, active, now: door.now }),
      ),
  })
  const stopListening = door.org.onEvents((events) => {
    const topics = new Set(events.map(({ topic }) => topic))
    for (const stream of streams.events) stream.pump(topics)
  })
  topics.managed.onStop(({ id, developerName }) => {
    door.committed.forget(id)
    active.get(id)?.fail(pubSubRefusal.stopped(developerName))
  })
  const failAll = (error: PubSubError): void => {
    for (const stream of [...streams.events, ...streams.publishers]) stream.fail(error)
  }
  return {
    port: bound,
    breakStreams: (reason) => {
      failAll(reason === 'down' ? pubSubRefusal.down() : pubSubRefusal.auth('The session has expired.'))
    },
    close: async () => {
      stopListening()
      failAll(pubSubRefusal.down())
      await close()
    },
  }
}

interface Streams {
  events: Set<EventStream>
  publishers: Set<PublishStream>
}

/** The door with its connections. */
interface LiveDoor extends PubSubDoor {
  cut: (peer: string) => void
}

interface UnaryMessage {
  request: unknown
  metadata: Metadata
  rpcId: string
  /** What goes wrong with it, if anything does. */
  injected: InjectedFaults | undefined
}

function unary(rpc: string, door: LiveDoor, work: (message: UnaryMessage) => object) {
  return (call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<unknown>): void => {
    const { request, metadata } = call
    const rpcId = door.newRpcId()
    const injected = faultsOfMessage(door.faults, rpc, request)
    const done = () => work({ request, metadata, rpcId, injected })
    const answer = (made: object): void => callback(null, made)
    const refuse = (error: unknown): void => callback(asPubSubError(error, door).of(rpcId))
    if (injected) {
      const { expire } = authentication(metadata, door)
      const port = {
        work: done,
        answer,
        refuse,
        expire,
        cut: () => door.cut(call.getPeer()),
        isOver: () => call.cancelled,
      }
      return void applyFaults(injected, port)
    }
    try {
      answer(done())
    } catch (error) {
      refuse(error)
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

function getTopic({ request, metadata, rpcId, injected }: UnaryMessage, door: PubSubDoor, topics: Topics): object {
  if (injected?.isSpent) throw pubSubRefusal.tooManyClients()
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

function getSchema({ request, metadata, rpcId, injected }: UnaryMessage, door: PubSubDoor, topics: Topics): object {
  if (injected?.isSpent) throw pubSubRefusal.tooManyClients()
  const { userId } = authentication(metadata, door).check()
  const caller: Caller = { userId, api: 'rest', version: NEWEST_VERSION }
  const schema = topics.schemaById(readRequest(SchemaRequest, request).schemaId, caller)
  return { schemaJson: schema.json, schemaId: schema.id, rpcId }
}

function openSubscriber(
  rpc: string,
  call: Duplex,
  door: LiveDoor,
  topics: Topics,
  streams: Streams,
  open: (context: StreamContext) => EventStream,
): void {
  if (isFull(call, door, streams)) return
  const { check, refresh, expire } = authentication(call.metadata, door)
  const stream = open({
    rpc,
    faults: door.faults,
    cut: () => door.cut(call.getPeer()),
    org: door.org,
    topics,
    deliveries: door.deliveries,
    keepAliveMs: door.keepAliveMs,
    rpcId: door.newRpcId(),
    authenticate: check,
    refresh,
    expire,
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
  const { check, refresh, expire } = authentication(metadata, door)
  const authenticate = (): Caller => ({ userId: check().userId, api: 'rest', version: NEWEST_VERSION })
  return { org: door.org, topics, rpcId, authenticate, refresh, expire }
}

function openPublisher(call: Duplex, door: LiveDoor, topics: Topics, streams: Streams): void {
  if (isFull(call, door, streams)) return
  const stream = new PublishStream(call, {
    ...publishing(call.metadata, door, topics, door.newRpcId()),
    idleMs: door.publishIdleMs,
    faults: door.faults,
    cut: () => door.cut(call.getPeer()),
    asError: (error) => asPubSubError(error, door),
    onEnd: () => streams.publishers.delete(stream),
  })
  streams.publishers.add(stream)
}
