import type { Caller, Org } from '../../org/org.ts'
import { PubSubError } from '../../topics/status.ts'
import { mayHear, type Topic, type Topics } from '../../topics/topics.ts'
import { soqlText } from '../../wire/rows/row.ts'
import { eventFeed, genericFeed, pushTopicFeed, type Feed } from './deliver.ts'
import { STREAMING_ERRORS } from './message.ts'
import type { PushTopics } from './push-topics.ts'

export interface ChannelPort {
  org: Org
  topics: Topics
  pushTopics: PushTopics
}

/** What a user hears on a channel, or why he may not: the error of a subscription. */
export function feedOf(channel: string, caller: Caller, port: ChannelPort): Feed | string {
  if (channel === '') return STREAMING_ERRORS.noChannelName
  if (!channel.startsWith('/')) return STREAMING_ERRORS.noSlash
  if (channel.startsWith('/topic/')) return pushTopic(channel, caller, port)
  if (channel.startsWith('/u/')) return generic(channel, caller, port.org)
  const topic = resolved(channel, port.topics)
  if (!topic) return STREAMING_ERRORS.noChannel(channel)
  if (!mayHear(topic, caller.userId, port.org)) return STREAMING_ERRORS.noChangeEvents
  return eventFeed(port.org, port.topics, topic, caller.userId)
}

function resolved(channel: string, topics: Topics): Topic | undefined {
  try {
    return topics.resolve(channel)
  } catch (error) {
    if (error instanceof PubSubError) return undefined
    throw error
  }
}

function pushTopic(channel: string, { userId }: Caller, { org, pushTopics }: ChannelPort): Feed | string {
  const topic = pushTopics.find(channel.slice('/topic/'.length))
  if (!topic) return STREAMING_ERRORS.noChannel(channel)
  if (!org.objectAccess(userId, topic.object).read) return STREAMING_ERRORS.noEntity
  const sees = (field: string): boolean => field === 'Id' || org.fieldAccess(userId, topic.object, field).read
  return topic.whereFields.every(sees) ? pushTopicFeed(org, channel, userId) : STREAMING_ERRORS.noWhereFields
}

function generic(channel: string, caller: Caller, org: Org): Feed | string {
  const soql = `SELECT Name FROM StreamingChannel WHERE Name = ${soqlText(channel)}`
  const names = org.query(caller, soql).records.map((row) => String(row['Name']))
  if (names.includes(channel)) return genericFeed(channel, caller.userId)
  return names.length > 0 ? STREAMING_ERRORS.caseOnly : STREAMING_ERRORS.unknownChannel
}

/** Where a subscription begins: -1 only what comes, -2 everything kept, else what came after; undefined when that is lost. */
export function startOf(replayId: number | undefined, feed: Feed, org: Org): number | undefined {
  const latest = org.latestReplayId()
  if (replayId === undefined || replayId === -1) return latest
  if (replayId === -2) return 0
  const oldest = org.oldestReplayId(feed.reads) ?? latest + 1
  return Number.isInteger(replayId) && replayId <= latest && replayId + 1 >= oldest ? replayId : undefined
}
