import type { Faults } from '../../faults/fault.ts'
import { OrgError, type Caller, type Org } from '../../org/org.ts'
import type { Value } from '../../org/values.ts'
import type { PlatformEventDef } from '../../topics/event-catalog.ts'
import { publishEvents } from '../../topics/platform-event-org.ts'
import type { EventSchema } from '../../topics/avro-schema.ts'
import type { Duplex } from './event-stream.ts'
import { faultsOfMessage, applyFaults } from './injected-faults.ts'
import { decodePlatformEvent } from '../../topics/platform-schema.ts'
import { authRefreshOf, PublishRequest, readRequest } from './proto.ts'
import { encodeReplayId } from '../../topics/replay-id.ts'
import { pubSubRefusal, type PubSubError } from '../../topics/status.ts'
import type { Topics } from '../../topics/topics.ts'
import { SerialQueue } from './serial-queue.ts'

export interface PublishContext {
  org: Org
  topics: Topics
  rpcId: string
  authenticate: () => Caller
}

export interface PublishStreamContext extends PublishContext {
  idleMs: number
  faults: Faults
  /** Cuts the connection of the call. */
  cut: () => void
  /** Ends the session of the caller. */
  expire: () => void
  /** Goes on with another access token of the same user. Throws PubSubError. */
  refresh: (token: string) => void
  asError: (error: unknown) => PubSubError
  onEnd: () => void
}

interface PublishResult {
  replayId: Buffer
  correlationKey: string
  error?: { code: 'PUBLISH'; msg: string }
}

const MAX_EVENT_BYTES = 1024 * 1024

interface PublishResponse {
  results: PublishResult[]
  schemaId: string
  rpcId: string
}

/**
 * Publishes what one request carries; an event that cannot be is refused by itself.
 * @param isSpent the hour's allowance of events is used up
 * Throws PubSubError for the whole request.
 */
export function publish(message: unknown, context: PublishContext, isSpent = false): PublishResponse {
  return publishTo(readRequest(PublishRequest, message), context, isSpent)
}

function publishTo({ topicName, events }: PublishRequest, context: PublishContext, isSpent: boolean): PublishResponse {
  const caller = context.authenticate()
  const { platformEvent } = context.topics.resolve(topicName)
  const mayPublish = platformEvent && context.org.objectAccess(caller.userId, platformEvent.name).create
  if (!platformEvent || !mayPublish) throw pubSubRefusal.notPublishable(topicName)
  if (events.length === 0) throw pubSubRefusal.noEvents()
  const schema = context.topics.schema(platformEvent.name)
  const results = isSpent ? events.map(notAnyMore) : publishAll(events, platformEvent, schema, context.org, caller)
  return { results, schemaId: schema.id, rpcId: context.rpcId }
}

function notAnyMore({ id }: PublishRequest['events'][number]): PublishResult {
  const msg = 'LIMIT_EXCEEDED: The hourly allocation of published events is used up.'
  return { correlationKey: id, replayId: Buffer.alloc(0), error: { code: 'PUBLISH', msg } }
}

/** In one transaction, so that a batch costs one write; refused events leave no trace in it. */
function publishAll(
  events: PublishRequest['events'],
  definition: PlatformEventDef,
  schema: EventSchema,
  org: Org,
  caller: Caller,
): PublishResult[] {
  return org.transaction(caller, () =>
    events.map((event): PublishResult => {
      const correlationKey = event.id
      try {
        const fields = fieldsOf(event, definition, schema)
        const [published] = publishEvents(org, caller, definition, [fields])
        return { correlationKey, replayId: encodeReplayId(published?.replayId ?? 0) }
      } catch (error) {
        const msg = error instanceof OrgError ? error.body.message : undefined
        if (msg === undefined) throw error
        return { correlationKey, replayId: Buffer.alloc(0), error: { code: 'PUBLISH', msg } }
      }
    }),
  )
}

function fieldsOf(
  event: PublishRequest['events'][number],
  definition: PlatformEventDef,
  schema: EventSchema,
): Record<string, Value> {
  if (event.payload.length > MAX_EVENT_BYTES) throw refused('The event is larger than 1 MB.')
  if (event.schemaId !== schema.id) throw refused(`The schema ${event.schemaId} is not that of ${definition.name}.`)
  try {
    return decodePlatformEvent(schema, definition, event.payload)
  } catch {
    throw refused('The payload does not fit the schema of the event.')
  }
}

const refused = (message: string): OrgError => new OrgError({ status: 400, errorCode: 'INVALID_EVENT', message })

/** One PublishStream call: each request is answered by itself; a publisher that falls silent is let go. */
export class PublishStream {
  private readonly call: Duplex
  private readonly context: PublishStreamContext
  private readonly idle: NodeJS.Timeout
  private readonly queue = new SerialQueue()
  private topicName = ''
  private ended = false

  constructor(call: Duplex, context: PublishStreamContext) {
    this.call = call
    this.context = context
    this.idle = setTimeout(() => this.fail(pubSubRefusal.idlePublisher()), context.idleMs)
    this.idle.unref()
    call.on('data', (message: unknown) => {
      if (this.ended) return
      this.idle.refresh()
      this.take(message)
    })
    call.on('end', () => this.queue.take(() => this.stop(() => call.end())))
    call.on('cancelled', () => this.stop())
    call.on('error', () => this.stop())
  }

  private take(message: unknown): void {
    const { context, call } = this
    const injected = faultsOfMessage(context.faults, 'PublishStream', message)
    const work = () => this.publish(message, injected?.isSpent ?? false)
    const answer = (made: PublishResponse): void => void call.write(made)
    const refuse = (error: unknown): void => this.fail(context.asError(error))
    const cut = (): void => this.stop(context.cut)
    const { expire } = context
    this.queue.take(() => {
      if (this.ended) return
      if (injected) return applyFaults(injected, { work, answer, refuse, cut, expire, isOver: () => this.ended })
      try {
        answer(work())
      } catch (error) {
        refuse(error)
      }
    })
  }

  fail(error: PubSubError): void {
    this.stop(() => this.call.emit('error', error.of(this.context.rpcId)))
  }

  /** The first request names the topic for all. */
  private publish(message: unknown, isSpent: boolean): PublishResponse {
    const token = authRefreshOf(message)
    if (token) this.context.refresh(token)
    const request = readRequest(PublishRequest, message)
    const topicName = request.topicName || this.topicName
    if (this.topicName && topicName !== this.topicName) throw pubSubRefusal.otherPublishTopic()
    const response = publishTo({ ...request, topicName }, this.context, isSpent)
    this.topicName = topicName
    return response
  }

  private stop(last: () => void = () => {}): void {
    if (this.ended) return
    this.ended = true
    clearTimeout(this.idle)
    this.context.onEnd()
    last()
  }
}
