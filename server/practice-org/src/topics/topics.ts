import type { Caller, ChangeEvent, Org } from '../org/org.ts'
import type { Channel, EventCatalog, PlatformEventDef } from './event-catalog.ts'
import { ManagedSubscriptions } from './managed-subscriptions.ts'
import { Presence } from './presence.ts'
import { eventSchema, type EventSchema } from './avro-schema.ts'
import { platformSchema } from './platform-schema.ts'
import { pubSubRefusal } from './status.ts'

/** The channel that carries every change event. */
const ALL = 'ChangeEvents'

/** A topic as the org keeps its events: which names to read, and which of those events to hand on. */
export interface Topic {
  /** As the client says it, e.g. `/data/LeadChangeEvent`. */
  name: string
  /** Names for `Org.eventsAfter`; one of them is the topic of each event. */
  reads: string | string[]
  /** What users must be able to read; empty for a channel, whose events are filtered one by one. */
  object: string | undefined
  /** The event as this topic carries it; undefined when it does not pass. */
  carries: (event: ChangeEvent) => ChangeEvent | undefined
  /** Where publishers may send. */
  platformEvent: PlatformEventDef | undefined
}

/**
 * Whether a user may subscribe: change events know no sharing, so they need View All for the object, and channels of
 * them View All Data; platform events need Read where they were deployed, and are open to everyone otherwise.
 */
export function mayHear({ name, object, platformEvent }: Topic, userId: string, org: Org): boolean {
  if (platformEvent?.deployed) return org.objectAccess(userId, platformEvent.name).read
  if (platformEvent || name.startsWith('/event/')) return true
  return object === undefined ? org.systemPermission(userId, 'ViewAllData') : org.objectAccess(userId, object).viewAll
}

/** The topics of one org and the schemas their events have. */
export class Topics {
  readonly catalog: EventCatalog
  readonly presence = new Presence()
  readonly managed: ManagedSubscriptions
  private readonly org: Org
  private readonly byTopic = new Map<string, EventSchema>()

  constructor(org: Org, catalog: EventCatalog) {
    this.org = org
    this.catalog = catalog
    this.managed = new ManagedSubscriptions(org.tables, catalog.managedSubscriptions)
  }

  /**
   * The topic of `/data/LeadChangeEvent`, `/data/ChangeEvents`, `/event/X__e` or a custom channel `…__chn`.
   * Throws PubSubError NOT_FOUND.
   */
  resolve(name: string): Topic {
    const channel = this.catalog.channel(name)
    if (channel) return channelTopic(channel)
    const [, kind, short = ''] = /^\/(data|event)\/(\w+)$/.exec(name) ?? []
    const platformEvent = kind === 'event' ? this.catalog.platformEvent(short) : undefined
    if (platformEvent) {
      const { name: object } = platformEvent
      return { name, reads: [object], object, carries: whole, platformEvent }
    }
    const known = kind === 'data' && (short === ALL || this.org.eventFields(short) !== undefined)
    if (!known) throw pubSubRefusal.noTopic(name)
    if (short === ALL) return { name, reads: ALL, object: undefined, carries: whole, platformEvent: undefined }
    return { name, reads: [short], object: objectOf(short), carries: whole, platformEvent: undefined }
  }

  /** The schema GetTopic names; a channel has one with only the header, as its events have each their own. */
  schemaOf(topic: Topic): EventSchema {
    const [only, ...more] = [topic.reads].flat()
    return this.schema(only !== undefined && more.length === 0 ? only : ALL)
  }

  /** The schema of the events with this short topic name, as the org's fields are now. */
  schema(topic: string): EventSchema {
    const known = this.byTopic.get(topic)
    const platformEvent = this.catalog.platformEvent(topic)
    if (known && platformEvent) return known
    const schema = platformEvent ? platformSchema(platformEvent) : eventSchema(topic, this.org.eventFields(topic) ?? [])
    if (known?.id === schema.id) return known
    this.byTopic.set(topic, schema)
    return schema
  }

  /** Throws PubSubError NOT_FOUND for an id no topic has. */
  schemaById(id: string, caller: Caller): EventSchema {
    const known = [...this.byTopic.values()].find((schema) => schema.id === id) ?? this.searchAll(id, caller)
    if (!known) throw pubSubRefusal.noSchema(id)
    return known
  }

  /** The topics of the objects that are selected for change events. */
  changeTopics(caller: Caller): string[] {
    const objects = this.org.describeGlobal(caller).map((summary) => String(summary['name']))
    return objects.map(topicOf).filter((name) => this.org.eventFields(name))
  }

  private searchAll(id: string, caller: Caller): EventSchema | undefined {
    const platform = this.catalog.platformEvents.map(({ name }) => name)
    const schemas = [ALL, ...this.changeTopics(caller), ...platform].map((topic) => this.schema(topic))
    return schemas.find((schema) => schema.id === id)
  }
}

const whole = (event: ChangeEvent): ChangeEvent => event

function channelTopic(channel: Channel): Topic {
  const members = new Map(channel.members.map((member) => [member.topic, member]))
  return {
    name: channel.name,
    reads: [...members.keys()],
    object: undefined,
    carries: (event) => {
      const { filter, enrichedFields = [] } = members.get(event.topic) ?? {}
      const more = Object.entries(event.enriched ?? {}).filter(([name]) => enrichedFields.includes(name))
      const fields = { ...event.fields, ...Object.fromEntries(more) }
      // A gap has no values to be filtered by: nobody may miss that something was lost.
      const passes = event.header.changeType.startsWith('GAP_') || !filter || filter(fields)
      return passes ? { ...event, fields } : undefined
    },
    platformEvent: undefined,
  }
}

/** `Lead` → `LeadChangeEvent`, `Shipment__c` → `Shipment__ChangeEvent`. */
export function topicOf(object: string): string {
  return object.endsWith('__c') ? `${object.slice(0, -1)}ChangeEvent` : `${object}ChangeEvent`
}

/** The reverse of `topicOf`. */
export function objectOf(topic: string): string {
  const stem = topic.slice(0, -'ChangeEvent'.length)
  return stem.endsWith('__') ? `${stem}c` : stem
}
