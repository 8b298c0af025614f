import type { ChangeEvent, Org } from '../../org/org.ts'
import type { Value } from '../../org/values.ts'
import { flatName, type SchemaField } from '../../topics/compound.ts'
import { eventId } from '../../topics/subscription.ts'
import type { Topic, Topics } from '../../topics/topics.ts'

/** A channel as the org keeps its events, and how one of them reads on this channel; undefined withholds it. */
export interface Feed {
  reads: string | string[]
  data: (event: ChangeEvent) => Record<string, unknown> | undefined
}

const iso = (ms: number): string => new Date(ms).toISOString()

/** Change events and platform events, with the fields this user may read. */
export function eventFeed(org: Org, topics: Topics, topic: Topic, userId: string): Feed {
  return {
    reads: topic.reads,
    data: (event) => {
      const { entityName, commitTimestamp, commitUser } = event.header
      const carried = org.objectAccess(userId, entityName).read ? topic.carries(event) : undefined
      if (!carried) return undefined
      const seen = (name: string): boolean => org.fieldAccess(userId, entityName, name).read
      const schema = topics.schema(event.topic)
      const { replayId } = event
      const definition = topics.catalog.platformEvent(event.topic)
      if (!definition) {
        const payload = {
          ChangeEventHeader: headerOf(carried, schema.fields, seen),
          ...body(carried, schema.fields, seen),
        }
        return { schema: schema.id, payload, event: { replayId } }
      }
      const own = definition.fields.map(({ name }) => [name, isoValue(carried.fields[name] ?? null)])
      const payload = { CreatedDate: iso(commitTimestamp), CreatedById: commitUser, ...Object.fromEntries(own) }
      return { schema: schema.id, payload, event: { EventUuid: eventId(org.orgId, replayId), replayId } }
    },
  }
}

/** What the event carries, with the parts of names and addresses in records of their own. */
function body(
  { fields }: ChangeEvent,
  schema: SchemaField[],
  seen: (name: string) => boolean,
): Record<string, unknown> {
  const told = (name: string): boolean => name in fields && fields[name] !== null && seen(name)
  const entries = schema.slice(1).flatMap((field): [string, unknown][] => {
    const parts = field.parts?.filter((part) => told(flatName(field, part.name))) ?? []
    const isPlain = !field.parts || (field.isSwitchable && parts.length === 0)
    if (isPlain) return told(field.name) ? [[field.name, isoValue(fields[field.name] ?? null)]] : []
    const values = parts.map((part) => [part.name, fields[flatName(field, part.name)] ?? null])
    return parts.length > 0 ? [[field.name, Object.fromEntries(values)]] : []
  })
  return Object.fromEntries(entries)
}

/** Here fields are told by name, a part of a name or an address as `Name.LastName`. */
function headerOf({ header }: ChangeEvent, schema: SchemaField[], seen: (name: string) => boolean) {
  const names = (flat: string[]): string[] => withoutWholes(flat.filter(seen).map((name) => dotted(name, schema)))
  const { nulledFields, changedFields } = header
  return { ...header, nulledFields: names(nulledFields), diffFields: [], changedFields: names(changedFields) }
}

/** A name that changed in its parts is told by them alone. */
function withoutWholes(names: string[]): string[] {
  const wholes = new Set(names.flatMap((name) => (name.includes('.') ? (name.split('.')[0] ?? []) : [])))
  return names.filter((name) => !wholes.has(name))
}

function dotted(name: string, schema: SchemaField[]): string {
  for (const field of schema) {
    const part = field.parts?.find((one) => flatName(field, one.name) === name)
    if (part) return `${field.name}.${part.name}`
  }
  return name
}

/** `2026-01-31T10:00:00.000+0000` as streaming clients get it: `…Z`. */
function isoValue(value: Value): Value {
  return typeof value === 'string' ? value.replace(/^(\d{4}-\d\d-\d\dT[\d:.]+)\+0000$/, '$1Z') : value
}

/** Notifications of a generic channel, for everyone or for those they name. */
export function genericFeed(channel: string, userId: string): Feed {
  return {
    reads: [channel],
    data: ({ replayId, header, fields }) => {
      const to = fields['userIds']
      if (typeof to === 'string' && !to.split(',').includes(userId)) return undefined
      return { payload: fields['payload'], event: { createdDate: iso(header.commitTimestamp), replayId } }
    },
  }
}

/** Notifications of a PushTopic about records this user may read, with the fields he may. */
export function pushTopicFeed(org: Org, channel: string, userId: string): Feed {
  return {
    reads: [channel],
    data: ({ replayId, header, fields }) => {
      const sobject = Object.entries(JSON.parse(String(fields['sobject'])) as Record<string, unknown>)
      const [id = ''] = header.recordIds
      if (!org.isVisible(userId, id)) return undefined
      const seen = sobject.filter(([name]) => name === 'Id' || org.fieldAccess(userId, header.entityName, name).read)
      const event = { createdDate: iso(header.commitTimestamp), replayId, type: fields['type'] }
      return { event, sobject: Object.fromEntries(seen) }
    },
  }
}
