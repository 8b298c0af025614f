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
  /** Profiles whose users may publish it; every active user may subscribe. */
  publishProfiles: z.array(z.string()),
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
      members: z.array(z.strictObject({ topic: z.string(), filter: z.string().optional() })).min(1),
    }),
  ),
  managedSubscriptions: z.array(
    z.strictObject({
      id: z.string().regex(/^18x\w{15}$/),
      developerName: z.string().regex(/^\w+$/),
      label: z.string(),
      topicName: z.string(),
      defaultReplay: z.enum(['LATEST', 'EARLIEST']),
      state: z.enum(['RUN', 'STOP']),
    }),
  ),
})
export type ManagedSubscription = z.infer<typeof EventDefinitions>['managedSubscriptions'][number]

export interface Channel {
  name: string
  members: { topic: string; filter: EventFilter | undefined }[]
}

export interface EventCatalog {
  platformEvents: PlatformEventDef[]
  /** By API name, in any case. */
  platformEvent(name: string): PlatformEventDef | undefined
  channel(name: string): Channel | undefined
  managedSubscriptions: ManagedSubscription[]
  /** By id (15 or 18 characters) or developer name. */
  managed(idOrName: string): ManagedSubscription | undefined
}

let shipped: EventCatalog | undefined

/** The events every practice org has; read once per process. */
export function shippedEvents(): EventCatalog {
  const text = readFileSync(new URL('./events.json', import.meta.url), 'utf8')
  return (shipped ??= eventCatalog(JSON.parse(text)))
}

/** @throws ZodError, or Error for a filter that is none */
export function eventCatalog(definitions: unknown): EventCatalog {
  const { platformEvents, channels, managedSubscriptions } = EventDefinitions.parse(definitions)
  const events = new Map(platformEvents.map((event) => [event.name.toLowerCase(), event]))
  const byName = new Map(
    channels.map(({ name, members }): [string, Channel] => [
      name,
      {
        name,
        members: members.map(({ topic, filter }) => ({ topic, filter: filter ? parseFilter(filter) : undefined })),
      },
    ]),
  )
  return {
    platformEvents,
    platformEvent: (name) => events.get(name.toLowerCase()),
    channel: (name) => byName.get(name),
    managedSubscriptions,
    managed: (idOrName) =>
      managedSubscriptions.find(
        ({ id, developerName }) => developerName === idOrName || id === idOrName || id.slice(0, 15) === idOrName,
      ),
  }
}
