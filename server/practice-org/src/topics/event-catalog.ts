// What this org publishes besides change events: platform events, custom channels and managed subscriptions, as data.

import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { parseFilter, type EventFilter } from './filter.ts'

const EventField = z.strictObject({
  name: z.string().regex(/^\w+__c$/),
  label: z.string(),
  type: z.enum(['string', 'textarea', 'double', 'boolean', 'date', 'datetime']),
  length: z.number().int().positive().optional(),
  required: z.boolean().default(false),
})
export type PlatformEventField = z.infer<typeof EventField>

const PlatformEventDef = z.strictObject({
  name: z.string().regex(/^\w+__e$/),
  label: z.string(),
  labelPlural: z.string(),
  keyPrefix: z.string().length(3),
  /** Profiles whose users may publish it. */
  publishProfiles: z.array(z.string()),
  /** Came with deployed content: permission sets say who may publish it and listen to it. Every active user may listen to any other. */
  deployed: z.boolean().default(false),
  fields: z.array(EventField).min(1),
})
export type PlatformEventDef = z.infer<typeof PlatformEventDef>

const EventDefinitions = z.strictObject({
  platformEvents: z.array(PlatformEventDef),
  channels: z.array(
    z.strictObject({
      name: z.string().regex(/^\/(data|event)\/\w+__chn$/),
      label: z.string(),
      /** Events of these topics; with a filter only those whose own values fit. */
      members: z
        .array(
          z.strictObject({
            topic: z.string(),
            filter: z.string().optional(),
            /** Fields of updates and deletions that are told even when they did not change, unless empty. */
            enrichedFields: z.array(z.string()).optional(),
          }),
        )
        .min(1),
    }),
  ),
  managedSubscriptions: z.array(
    z.strictObject({
      id: z.string().regex(/^18x\w{15}$/),
      developerName: z.string().regex(/^\w+$/),
      label: z.string(),
      topicName: z.string(),
      defaultReplay: z.enum(['LATEST', 'EARLIEST']),
      /** Where to go on when what was committed last is no longer kept. */
      errorRecoveryReplay: z.enum(['LATEST', 'EARLIEST']).default('LATEST'),
      state: z.enum(['RUN', 'STOP']),
    }),
  ),
})
export type ManagedSubscription = z.infer<typeof EventDefinitions>['managedSubscriptions'][number]

export interface ChannelMember {
  topic: string
  filter: EventFilter | undefined
  /** As it was written; null without one. */
  filterExpression: string | null
  enrichedFields: string[]
}

export interface Channel {
  name: string
  label: string
  members: ChannelMember[]
}

export interface EventCatalog {
  platformEvents: PlatformEventDef[]
  /** By API name, in any case. */
  platformEvent(name: string): PlatformEventDef | undefined
  channels: Channel[]
  channel(name: string): Channel | undefined
  /** Fields that channels want besides those that changed, by topic. */
  enriched: Record<string, string[]>
  managedSubscriptions: ManagedSubscription[]
  /** By id (15 or 18 characters) or developer name. */
  managed(idOrName: string): ManagedSubscription | undefined
}

let shipped: EventCatalog | undefined

/** The events every practice org has; read once per process. */
export function shippedEvents(): EventCatalog {
  return (shipped ??= eventCatalog(shippedDefinitions()))
}

/** The same with those of deployed content. Throws as `eventCatalog`. */
export function eventsWith(deployed: readonly unknown[]): EventCatalog {
  if (deployed.length === 0) return shippedEvents()
  const definitions = EventDefinitions.parse(shippedDefinitions())
  return eventCatalog({ ...definitions, platformEvents: [...definitions.platformEvents, ...deployed] })
}

const shippedDefinitions = (): unknown =>
  JSON.parse(readFileSync(new URL('./events.json', import.meta.url), 'utf8')) as unknown

/** Throws ZodError, or Error for a filter that is none. */
export function eventCatalog(definitions: unknown): EventCatalog {
  const { platformEvents, channels, managedSubscriptions } = EventDefinitions.parse(definitions)
  const events = new Map(platformEvents.map((event) => [event.name.toLowerCase(), event]))
  const parsed = channels.map(({ name, label, members }): Channel => ({
    name,
    label,
    members: members.map(({ topic, filter, enrichedFields = [] }) => ({
      topic,
      filter: filter ? parseFilter(filter) : undefined,
      filterExpression: filter ?? null,
      enrichedFields,
    })),
  }))
  const byName = new Map(parsed.map((channel) => [channel.name, channel]))
  return {
    platformEvents,
    platformEvent: (name) => events.get(name.toLowerCase()),
    channels: parsed,
    channel: (name) => byName.get(name),
    enriched: enrichedIn(parsed),
    managedSubscriptions,
    managed: (idOrName) =>
      managedSubscriptions.find(
        ({ id, developerName }) => developerName === idOrName || id === idOrName || id.slice(0, 15) === idOrName,
      ),
  }
}

function enrichedIn(channels: Channel[]): Record<string, string[]> {
  const byTopic: Record<string, string[]> = {}
  for (const { topic, enrichedFields } of channels.flatMap(({ members }) => members)) {
    byTopic[topic] = [...new Set([...(byTopic[topic] ?? []), ...enrichedFields])]
  }
  return byTopic
}
