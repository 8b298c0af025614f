import type { Caller, Org } from '../../org.ts'
import { eventSchema, type EventSchema } from './avro-schema.ts'
import { pubSubRefusal } from './status.ts'

/** The channel that carries every change event. */
const ALL = 'ChangeEvents'

/** The topics of one org and the schemas their events have. */
export class Topics {
  private readonly org: Org
  private readonly byTopic = new Map<string, EventSchema>()

  constructor(org: Org) {
    this.org = org
  }

  /**
   * Short name of `/data/LeadChangeEvent` or `/data/ChangeEvents`.
   * @throws PubSubError NOT_FOUND
   */
  resolve(topicName: string): string {
    const [, name] = /^\/data\/(\w+)$/.exec(topicName) ?? []
    if (name === undefined || (name !== ALL && !this.org.eventFields(name))) throw pubSubRefusal.noTopic(topicName)
    return name
  }

  isChannel(topic: string): boolean {
    return topic === ALL
  }

  /** The schema of a topic as the org's fields are now; the channel has one with only the header. */
  schema(topic: string): EventSchema {
    const schema = eventSchema(topic, this.org.eventFields(topic) ?? [])
    const known = this.byTopic.get(topic)
    if (known?.id === schema.id) return known
    this.byTopic.set(topic, schema)
    return schema
  }

  /** @throws PubSubError NOT_FOUND for an id no topic has */
  schemaById(id: string, caller: Caller): EventSchema {
    const known = [...this.byTopic.values()].find((schema) => schema.id === id) ?? this.searchAll(id, caller)
    if (!known) throw pubSubRefusal.noSchema(id)
    return known
  }

  private searchAll(id: string, caller: Caller): EventSchema | undefined {
    const names = this.org.describeGlobal(caller).map((summary) => topicOf(String(summary['name'])))
    const schemas = [ALL, ...names.filter((name) => this.org.eventFields(name))].map((topic) => this.schema(topic))
    return schemas.find((schema) => schema.id === id)
  }
}

/** `Lead` → `LeadChangeEvent`, `Mission_Receipt__c` → `Mission_Receipt__ChangeEvent`. */
export function topicOf(object: string): string {
  return object.endsWith('__c') ? `${object.slice(0, -1)}ChangeEvent` : `${object}ChangeEvent`
}

/** The reverse of `topicOf`. */
export function objectOf(topic: string): string {
  const stem = topic.slice(0, -'ChangeEvent'.length)
  return stem.endsWith('__') ? `${stem}c` : stem
}
