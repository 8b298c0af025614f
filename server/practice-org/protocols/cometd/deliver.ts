import type { ChangeEvent, Org } from '../../org.ts'
import type { Topics } from '../pubsub/topics.ts'

/** A channel as the org keeps its events, and how one of them reads on this channel; undefined withholds it. */
export interface Feed {
  reads: string | string[]
  data: (event: ChangeEvent) => Record<string, unknown> | undefined
}

const iso = (ms: number): string => new Date(ms).toISOString()

/** Change events and platform events, with the fields this user may read. @throws PubSubError for an unknown channel */
export function eventFeed(org: Org, topics: Topics, channel: string, userId: string): Feed {
  const topic = topics.resolve(channel)
  return {
    reads: topic.reads,
    data: (event) => {
      const { entityName } = event.header
      const carried = org.objectAccess(userId, entityName).read ? topic.carries(event) : undefined
      if (!carried) return undefined
      const seen = (name: string): boolean => org.fieldAccess(userId, entityName, name).read
      const fields = Object.entries(carried.fields).filter(([name, value]) => value !== null && seen(name))
      const own = topics.catalog.platformEvent(event.topic)
        ? { CreatedDate: iso(event.header.commitTimestamp), CreatedById: event.header.commitUser }
        : { ChangeEventHeader: headerOf(event, seen) }
      const schema = topics.schema(event.topic).id
      return { schema, payload: { ...own, ...Object.fromEntries(fields) }, event: { replayId: event.replayId } }
    },
  }
}

function headerOf({ header }: ChangeEvent, seen: (name: string) => boolean) {
  const { nulledFields, changedFields } = header
  return {
    ...header,
    nulledFields: nulledFields.filter(seen),
    diffFields: [],
    changedFields: changedFields.filter(seen),
  }
}

/** Notifications of a generic channel. */
export function genericFeed(channel: string): Feed {
  return {
    reads: [channel],
    data: ({ replayId, header, fields }) => ({
      payload: fields['payload'],
      event: { createdDate: iso(header.commitTimestamp), replayId },
    }),
  }
}

/** Notifications of a PushTopic about records this user may read, with the fields he may. */
export function pushTopicFeed(org: Org, channel: string, userId: string): Feed {
  return {
    reads: [channel],
    data: ({ replayId, header, fields }) => {
      const sobject = Object.entries(JSON.parse(String(fields['sobject'])) as Record<string, unknown>)
      const [id = ''] = header.recordIds
      const isGone = fields['type'] === 'deleted'
      if (!isGone && !org.recordAccess(userId, id).read) return undefined
      const seen = sobject.filter(([name]) => name === 'Id' || org.fieldAccess(userId, header.entityName, name).read)
      const event = { createdDate: iso(header.commitTimestamp), replayId, type: fields['type'] }
      return { event, sobject: Object.fromEntries(seen) }
    },
  }
}
