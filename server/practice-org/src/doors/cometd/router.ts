// CometD (Bayeux over long polling) for PushTopics, generic channels, change events and platform events.

import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { OrgError, type Caller, type Org } from '../../org/org.ts'
import { isSpent } from '../practice/inject.ts'
import type { Deliveries, DeliveryKind } from '../../topics/deliveries.ts'
import { bodyText, parseJson } from '../../wire/http/body.ts'
import { refusal as orgRefusal, sendError, sendJson } from '../../wire/http/errors.ts'
import { signedIn } from '../../wire/sessions/bearer.ts'
import type { Sessions } from '../../wire/sessions/sessions.ts'
import type { Topics } from '../../topics/topics.ts'
import { feedOf, startOf } from './channels.ts'
import { BayeuxMessage, OLDEST_STREAMING, refusal, replayOf, reply, STREAMING_ERRORS, type Answer } from './message.ts'
import { PushTopics } from './push-topics.ts'
import { CometSession, PATIENCE_AFTER_EVENTS_MS, PATIENCE_MS } from './sessions.ts'
import { API_VERSIONS, isSince, NEWEST_VERSION } from '../../org/api-versions.ts'

export interface CometDoor {
  org: Org
  topics: Topics
  sessions: Sessions
  deliveries: Deliveries
  isDown: () => boolean
  now: () => number
  newId: () => string
  /** How long a connect waits for events. */
  holdMs: number
  /** Clients that may be connected at once. */
  maxClients: number
}

export interface Comet {
  router: Router
  /** Clients that have shaken hands and were not silent for too long. */
  clients(): number
  /** Ends every wait, so that clients hear of an org that went down, of ended sessions or of a reset. */
  interrupt(): void
  /** Answers every waiting client and forgets all. */
  close(): void
}

const MAX_REQUEST_BYTES = 32_768

/** Expects bodies as bytes (`readBody`). */
export function openComet(door: CometDoor): Comet {
  const clients = new Map<string, CometSession>()
  const pushTopics = new PushTopics(door.org)
  const context: CometContext = { ...door, clients, pushTopics }
  const stops = [
    door.org.onEvents(() => clients.forEach((client) => client.wake())),
    door.org.onChanges((changes) => pushTopics.notify(changes)),
  ]
  door.topics.presence.answerBy((channel) => [
    ...new Set([...clients.values()].filter((client) => client.listensTo(channel)).map(({ userId }) => userId)),
  ])
  const router = Router()
  router.post(['/cometd{/}', '/cometd/:version', '/cometd/replay/:version'], (req, res) => {
    try {
      answerAll(messagesOf(req), req, res, context)
    } catch (error) {
      if (!(error instanceof OrgError)) throw error
      sendError(res, error.body)
    }
  })
  const interrupt = (): void => {
    pushTopics.forget()
    for (const client of clients.values()) client.release([])
  }
  const close = (): void => {
    for (const stop of stops) stop()
    interrupt()
    clients.clear()
  }
  const present = (): number => {
    forgetIdle(context)
    return clients.size
  }
  return { router, clients: present, interrupt, close }
}

interface CometContext extends CometDoor {
  clients: Map<string, CometSession>
  pushTopics: PushTopics
}

function messagesOf(req: Request): BayeuxMessage[] {
  const text = bodyText(req.body)
  if (Buffer.byteLength(text) > MAX_REQUEST_BYTES) {
    const message = 'Maximum Request Size Exceeded'
    throw new OrgError({ status: 413, errorCode: 'REQUEST_ENTITY_TOO_LARGE', message })
  }
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(req.headers['content-type'] ?? '')
  const json = parseJson(isForm ? (new URLSearchParams(text).get('message') ?? '') : text)
  const parsed = z.array(BayeuxMessage).min(1).max(100).safeParse([json].flat())
  if (!parsed.success) throw orgRefusal.badJson('The body is no list of Bayeux messages at [line:1, column:1]')
  return parsed.data
}

/** The version is part of the address: undefined when it is one that streams (docs/sources.md#versions). */
function addressError(req: Request): string | undefined {
  const { version } = req.params
  if (typeof version !== 'string') return STREAMING_ERRORS.noVersion
  const streams = API_VERSIONS.includes(version) && isSince(version, OLDEST_STREAMING)
  return streams ? undefined : STREAMING_ERRORS.version
}

/** Everything is answered at once, but for a connect: that waits for events. */
function answerAll(messages: BayeuxMessage[], req: Request, res: Response, context: CometContext): void {
  if (context.isDown()) throw orgRefusal.unavailable()
  const wrong = addressError(req)
  if (wrong)
    return sendJson(
      res,
      messages.map((message) => refusal(message, wrong)),
    )
  if (isSpent(req)) return sendJson(res, messages.map(spent))
  forgetIdle(context)
  const who = whoCalls(req, context)
  const [connect] = messages.filter(({ channel }) => channel === '/meta/connect')
  const others = messages.filter(({ channel }) => channel !== '/meta/connect')
  const answers = others.map((message) => answer(message, who, context))
  if (!connect) return sendJson(res, answers)
  const client = clientOf(connect, who, context)
  if (!(client instanceof CometSession)) return sendJson(res, [...answers, client])
  const refused = connectError(connect, context)
  if (refused) return sendJson(res, [...answers, refused])
  // Answers of the same request must not wait for the connect beside them.
  client.wait(answers.length > 0 ? 0 : context.holdMs, (events) => {
    client.lastSeen = context.now()
    client.patienceMs = events.length > 0 ? PATIENCE_AFTER_EVENTS_MS : PATIENCE_MS
    for (const { channel } of events) context.deliveries.add(1, kindOf(String(channel)))
    if (res.destroyed) return
    const still = clientOf(connect, whoCalls(req, context), context)
    const advice = { reconnect: 'retry', interval: 0, timeout: context.holdMs }
    const end = still instanceof CometSession ? reply(connect, { advice }) : still
    sendJson(res, [...answers, ...events, end])
  })
}

const kindOf = (channel: string): DeliveryKind =>
  channel.startsWith('/topic/') ? 'push-topic' : channel.startsWith('/u/') ? 'generic' : 'event'

const spent = (message: BayeuxMessage): Answer =>
  refusal(message, STREAMING_ERRORS.deliveriesSpent, { advice: { reconnect: 'none' } })

function connectError(connect: BayeuxMessage, { deliveries }: CometContext): Answer | undefined {
  const { connectionType = 'long-polling' } = connect
  if (connectionType !== 'long-polling') {
    const advice = { reconnect: 'none' }
    return refusal(connect, STREAMING_ERRORS.connectionType(connectionType), { advice })
  }
  return deliveries.isSpent ? spent(connect) : undefined
}

/** The caller, or why there is none. */
function whoCalls(req: Request, { org, sessions }: CometContext): Caller | string {
  if (req.headers.authorization === undefined) return STREAMING_ERRORS.noAuthentication
  try {
    const { user } = signedIn(req.headers, sessions, org)
    return { userId: user.id, api: 'rest', version: NEWEST_VERSION }
  } catch (error) {
    if (error instanceof OrgError) return STREAMING_ERRORS.authentication
    throw error
  }
}

/** The client a message comes from, or the answer when it is none, or not that user's. */
function clientOf(message: BayeuxMessage, who: Caller | string, { clients, now }: CometContext): CometSession | Answer {
  const client = clients.get(message.clientId ?? '')
  const handshake = { advice: { reconnect: 'handshake', interval: 0 } }
  if (!message.clientId) return refusal(message, STREAMING_ERRORS.noHandshake, handshake)
  if (!client) return refusal(message, STREAMING_ERRORS.unknownClient, handshake)
  if (typeof who === 'string') {
    clients.delete(client.id)
    return refusal(message, STREAMING_ERRORS.authentication, { advice: { reconnect: 'none', interval: 0 } })
  }
  if (client.userId !== who.userId) return refusal(message, STREAMING_ERRORS.otherUser, handshake)
  client.lastSeen = now()
  return client
}

function answer(message: BayeuxMessage, who: Caller | string, context: CometContext): Answer {
  if (message.channel === '/meta/handshake') return handshake(message, who, context)
  const client = clientOf(message, who, context)
  if (!(client instanceof CometSession)) return client
  const channels = [message.subscription ?? []].flat()
  switch (message.channel) {
    case '/meta/subscribe':
      return subscribe(message, channels, client, context)
    case '/meta/unsubscribe':
      for (const channel of channels) client.unsubscribe(channel)
      return reply(message, { subscription: message.subscription })
    case '/meta/disconnect':
      client.release([])
      context.clients.delete(client.id)
      return reply(message, {})
    default:
      return refusal(message, STREAMING_ERRORS.publishing)
  }
}

function handshake(message: BayeuxMessage, who: Caller | string, context: CometContext): Answer {
  const advice = { reconnect: 'none' }
  if (typeof who === 'string') {
    const ext = { sfdc: { failureReason: who }, replay: true }
    return refusal(message, STREAMING_ERRORS.handshake, { ext, advice })
  }
  const { clients, org, newId, now, maxClients } = context
  const types = message.supportedConnectionTypes
  if (types && !types.includes('long-polling')) {
    return refusal(message, STREAMING_ERRORS.connectionType(types.join(',')), { advice })
  }
  if (clients.size >= maxClients) return refusal(message, STREAMING_ERRORS.tooManyClients, { advice })
  const client = new CometSession(org, newId(), who.userId, now())
  clients.set(client.id, client)
  const shape = { version: '1.0', minimumVersion: '1.0', supportedConnectionTypes: ['long-polling'] }
  return reply(message, { ...shape, clientId: client.id, ext: { replay: true } })
}

function subscribe(message: BayeuxMessage, channels: string[], client: CometSession, context: CometContext): Answer {
  const { subscription } = message
  if (channels.length === 0) return refusal(message, STREAMING_ERRORS.noChannelName)
  const caller: Caller = { userId: client.userId, api: 'rest', version: NEWEST_VERSION }
  for (const channel of channels) {
    const feed = feedOf(channel, caller, context)
    if (typeof feed === 'string') return refusal(message, feed, { subscription })
    const replayId = replayOf(message, channel)
    const after = startOf(replayId, feed, context.org)
    if (after === undefined) return refusal(message, STREAMING_ERRORS.replayId(replayId ?? 0), { subscription })
    client.subscribe(channel, feed, after)
  }
  return reply(message, { subscription })
}

function forgetIdle({ clients, now }: CometContext): void {
  for (const [id, client] of clients) {
    if (!client.isWaiting && client.lastSeen < now() - client.patienceMs) clients.delete(id)
  }
}
