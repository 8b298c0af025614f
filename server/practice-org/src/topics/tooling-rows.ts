import { makeId } from '../schema/ids.ts'
import type { Caller } from '../org/org.ts'
import type { Topics } from './topics.ts'
import type { Channel, ManagedSubscription } from './event-catalog.ts'

/** A row of the Tooling API: its own fields, and `Metadata` as that API nests it. */
export interface ToolingRow {
  type: string
  Id: string
  DeveloperName: string
  [field: string]: unknown
}

const STANDARD_CHANNEL = 'ChangeEvents'

/** What the Tooling API says about events, by the lower-cased name of its object. */
export const EVENT_ROWS = new Map<string, (topics: Topics, caller: Caller) => ToolingRow[]>([
  ['managedeventsubscription', ({ managed }) => managed.list().map(managedRow)],
  ['platformeventchannel', ({ catalog }) => catalog.channels.map(channelRow)],
  ['platformeventchannelmember', memberRows],
])

export function managedRow(subscription: ManagedSubscription): ToolingRow {
  const { id, developerName, label, topicName, defaultReplay, errorRecoveryReplay, state } = subscription
  return {
    type: 'ManagedEventSubscription',
    Id: id,
    DeveloperName: developerName,
    MasterLabel: label,
    Metadata: { defaultReplay, errorRecoveryReplay, label, state, topicName, version: '62.0' },
  }
}

/** `/data/Sales__chn` → `Sales__chn`. */
const fullName = ({ name }: Channel): string => name.split('/').at(-1) ?? name

function channelRow(channel: Channel, n: number): ToolingRow {
  const [, channelType] = channel.name.split('/')
  return {
    type: 'PlatformEventChannel',
    Id: makeId('0YL', n + 1),
    DeveloperName: fullName(channel).replace(/__chn$/, ''),
    FullName: fullName(channel),
    MasterLabel: channel.label,
    ChannelType: channelType,
    Metadata: { channelType, label: channel.label },
  }
}

/** The objects selected for change events, on the standard channel, then what each custom channel carries. */
function memberRows(topics: Topics, caller: Caller): ToolingRow[] {
  const standard = topics.changeTopics(caller).map((selectedEntity) => ({
    channel: STANDARD_CHANNEL,
    channelId: STANDARD_CHANNEL,
    selectedEntity,
    filterExpression: null,
    enriched: [] as string[],
  }))
  const custom = topics.catalog.channels.flatMap((channel, n) =>
    channel.members.map(({ topic, filterExpression, enrichedFields }) => ({
      channel: fullName(channel),
      channelId: makeId('0YL', n + 1),
      selectedEntity: topic,
      filterExpression,
      enriched: enrichedFields,
    })),
  )
  return [...standard, ...custom].map(({ channel, channelId, selectedEntity, filterExpression, enriched }, n) => ({
    type: 'PlatformEventChannelMember',
    Id: makeId('0v8', n + 1),
    DeveloperName: `${channel}_${selectedEntity}`.replaceAll(/_{2,}/g, '_'),
    EventChannel: channelId,
    SelectedEntity: selectedEntity,
    FilterExpression: filterExpression,
    Metadata: {
      enrichedFields: enriched.map((name) => ({ name })),
      eventChannel: channel,
      filterExpression,
      selectedEntity,
    },
  }))
}
