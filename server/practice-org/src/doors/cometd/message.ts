import { z } from 'zod'
import { NEWEST_VERSION } from '../../org/api-versions.ts'

/** One message of the Bayeux protocol, as a client sends it. */
export const BayeuxMessage = z.object({
  channel: z.string(),
  id: z.union([z.string(), z.number()]).optional(),
  clientId: z.string().optional(),
  subscription: z.union([z.string(), z.array(z.string())]).optional(),
  connectionType: z.string().optional(),
  supportedConnectionTypes: z.array(z.string()).optional(),
  /** `replay` is `true` where a client offers it, and a map of channels where it asks for it. */
  ext: z.looseObject({ replay: z.union([z.boolean(), z.record(z.string(), z.number())]).optional() }).nullish(),
})
export type BayeuxMessage = z.infer<typeof BayeuxMessage>

export type Answer = Record<string, unknown>

/** From where a message asks a channel to be replayed. */
export function replayOf({ ext }: BayeuxMessage, channel: string): number | undefined {
  return typeof ext?.replay === 'object' ? ext.replay[channel] : undefined
}

/** The answer to a message that was done, or not done with the reason `error`. */
export function reply(message: BayeuxMessage, rest: Answer): Answer {
  const { channel, id, clientId } = message
  return { channel, ...(id === undefined ? {} : { id }), ...(clientId ? { clientId } : {}), successful: true, ...rest }
}

export function refusal(message: BayeuxMessage, error: string, rest: Answer = {}): Answer {
  return reply(message, { successful: false, error, ...rest })
}

/** The Streaming API was retired up to 36.0, other doors speak earlier versions still. */
export const OLDEST_STREAMING = 37

const FORMAT = `URI format: '/cometd/${NEWEST_VERSION}'`

/** Texts of Streaming API errors, by Salesforce's own list of them. */
export const STREAMING_ERRORS = {
  noVersion: `400::API version in the URI is mandatory. ${FORMAT}`,
  version: `400::Unsupported API version. Only API versions '${OLDEST_STREAMING}.0' and later are supported. ${FORMAT}`,
  connectionType: (type: string) => `400::Invalid connection type {${type}}`,
  noChannelName: '400::Channel name not specified',
  noSlash: "400::Channel subscriptions must start with a leading '/'",
  noChannel: (channel: string) => `400::The channel you requested to subscribe to does not exist {${channel}}`,
  otherUser: "400::Authenticated user id does not match the session's user id",
  replayId: (replayId: number) =>
    `400::The replayId {${replayId}} you provided was invalid. ` +
    'Please provide a valid ID, -2 to replay all events, or -1 to replay only new events.',
  authentication: '401::Authentication invalid',
  noAuthentication: '401::Request requires authentication',
  handshake: '403::Handshake denied',
  noHandshake: '403::Client has not completed handshake',
  unknownClient: '403::Unknown client',
  tooManyClients: '403::Organization concurrent user limit exceeded',
  deliveriesSpent: '403::Organization total events daily limit exceeded',
  noEntity: '403::Subscriber does not have access to the entity in this topic',
  noWhereFields: '403::Subscriber does not have access to all fields referenced in the where clause of the PushTopic',
  noChangeEvents: '403::User not allowed to subscribe CDC without View All Data permissions',
  publishing: '403::Publishing is not allowed over this door',
  caseOnly: '404::channel names may not vary only by case',
  unknownChannel: '404::Unknown channel',
} as const
