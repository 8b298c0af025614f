import { createHash } from 'node:crypto'
import type { ChangeEvent, Org } from '../org/org.ts'
import type { Deliveries } from './deliveries.ts'
import { encodeEvent } from './encode.ts'
import { encodeReplayId } from './replay-id.ts'
import { encodePlatformEvent } from './platform-schema.ts'
import { pubSubRefusal } from './status.ts'
import type { Topic, Topics } from './topics.ts'

/** One message to the subscriber, in the field names of the proto. */
export interface FetchResponse {
  events: { event: { id: string; schemaId: string; payload: Buffer }; replayId: Buffer }[]
  latestReplayId: Buffer
  rpcId: string
  pendingNumRequested: number
}

export interface SubscriptionPort {
  org: Org
  topics: Topics
  topic: Topic
  userId: string
  rpcId: string
  deliveries: Deliveries
  /** False when the socket is full: no more until `drained`. */
  send: (response: FetchResponse) => boolean
}

/** A client may have this many events outstanding; more is capped. */
const MAX_OUTSTANDING = 100

/**
 * Hands out the events after a cursor, never more than were asked for. The cursor only moves over events that were
 * sent or that do not concern this subscriber, so a reconnect from any replay id it reported loses and repeats none.
 */
export class Subscription {
  private readonly port: SubscriptionPort
  private cursor: number
  private outstanding = 0
  private blocked = false

  constructor(port: SubscriptionPort, after: number) {
    this.port = port
    this.cursor = after
  }

  /** Events that are asked for and not yet sent. */
  get pending(): number {
    return this.outstanding
  }

  request(count: number): void {
    this.outstanding = Math.min(MAX_OUTSTANDING, this.outstanding + count)
    this.pump()
  }

  drained(): void {
    this.blocked = false
    this.pump()
  }

  /** Whether events of these topics may be among those it hands out, if any are asked for. */
  isAbout(topics: ReadonlySet<string>): boolean {
    if (this.outstanding === 0) return false
    const { reads } = this.port.topic
    return typeof reads === 'string' || reads.some((topic) => topics.has(topic))
  }

  /** Sends what there is, as long as events are wanted. */
  pump(): void {
    const { org, topic } = this.port
    while (this.outstanding > 0 && !this.blocked) {
      const latest = org.latestReplayId()
      const events = org.eventsAfter(topic.reads, this.cursor, this.outstanding)
      const last = events.at(-1)
      // Nothing here is for this subscriber: the next look need not pass over it again.
      if (!last) return void (this.cursor = Math.max(this.cursor, latest))
      this.cursor = last.replayId
      const mayRead = this.reader()
      const readable = events.flatMap((event) => (mayRead(event) ? (topic.carries(event) ?? []) : []))
      if (readable.length > 0 && this.port.deliveries.isSpent) throw pubSubRefusal.deliveriesSpent()
      this.outstanding -= readable.length
      this.port.deliveries.add(readable.length)
      if (readable.length > 0) this.send(readable)
    }
  }

  /** An empty answer that tells the client how far it may resume. */
  keepAlive(): void {
    this.send([])
  }

  private send(events: ChangeEvent[]): void {
    const response = {
      events: events.map((event) => this.encode(event)),
      latestReplayId: this.position(),
      rpcId: this.port.rpcId,
      pendingNumRequested: this.outstanding,
    }
    this.blocked = !this.port.send(response)
  }

  /** From where a reconnect loses and repeats nothing. */
  position(): Buffer {
    return encodeReplayId(this.resumeFrom())
  }

  /** The newest id of the org when nothing is left to send to this subscriber, else the last one sent. */
  private resumeFrom(): number {
    const latest = this.port.org.latestReplayId()
    if (this.cursor >= latest) return this.cursor
    const more = this.port.org.eventsAfter(this.port.topic.reads, this.cursor, 1).length > 0
    return more ? this.cursor : latest
  }

  /** Whose events may be read, asked once for each object of a batch. */
  private reader(): (event: ChangeEvent) => boolean {
    const { org, userId } = this.port
    const known = new Map<string, boolean>()
    return ({ header: { entityName } }) => {
      const may = known.get(entityName) ?? org.objectAccess(userId, entityName).read
      known.set(entityName, may)
      return may
    }
  }

  private encode(event: ChangeEvent): FetchResponse['events'][number] {
    const { org, topics, userId } = this.port
    const schema = topics.schema(event.topic)
    const visible = (field: string): boolean => org.fieldAccess(userId, event.header.entityName, field).read
    const definition = topics.catalog.platformEvent(event.topic)
    const payload = definition ? encodePlatformEvent(schema, definition, event) : encodeEvent(schema, event, visible)
    return {
      event: { id: eventId(org.orgId, event.replayId), schemaId: schema.id, payload },
      replayId: encodeReplayId(event.replayId),
    }
  }
}

/** The same event has the same UUID however often it is fetched. */
export function eventId(orgId: string, replayId: number): string {
  const hex = createHash('sha256').update(`${orgId}:${replayId}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}
