// CometD (Bayeux over long polling) for PushTopics, generic channels, change events and platform events.

import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { OrgError, type Caller, type Org } from '../../org.ts'
import { bodyText, parseJson } from '../http/body.ts'
import { refusal as orgRefusal, sendError, sendJson } from '../http/errors.ts'
import { signedIn } from '../oauth/bearer.ts'
import type { Sessions } from '../oauth/sessions.ts'
import { PubSubError } from '../pubsub/status.ts'
import type { Topics } from '../pubsub/topics.ts'
import { soqlText } from '../writes/row.ts'
import { eventFeed, genericFeed, pushTopicFeed, type Feed } from './deliver.ts'
import { BayeuxMessage, refusal, reply, type Answer } from './message.ts'
import { PushTopics } from './push-topics.ts'
import { CometSession } from './sessions.ts'

export interface CometDoor {
  org: Org
  topics: Topics
  sessions: Sessions
  isDown: () => boolean
  now: () => number
  newId: () => string
  /** How long a connect waits for events. */
  holdMs: number
}

export interface Comet {
  router: Router
  /** Answers every waiting client and forgets all. */
  close(): void
}

const MAX_CLIENTS = 1000
const IDLE_MS = 60_000

/** Expects bodies as bytes (`readBody`). */
export function openComet(door: CometDoor): Comet {
  const clients = new Map<string, CometSession>()
  const pushTopics = new PushTopics(door.org)
  const stop = door.org.onEvents((events) => {
    pushTopics.notify(events)
    for (const client of clients.values()) client.wake()
  })
  const router = Router()
  router.post(['/cometd/:version', '/cometd/replay/:version'], (req, res) => {
    try {
      answerAll(messagesOf(req), req, res, { ...door, clients, pushTopics })
    } catch (error) {
      if (!(error instanceof OrgError)) throw error
      sendError(res, error.body)
    }
  })
  const close = (): void => {
    stop()
    for (const client of clients.values()) client.release([])
    clients.clear()
  }
  return { router, close }
}

interface CometContext extends CometDoor {
  clients: Map<string, CometSession>
  pushTopics: PushTopics
}

function messagesOf(req: Request): BayeuxMessage[] {
  const text = bodyText(req.body)
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(req.headers['content-type'] ?? '')
  const json = parseJson(isForm ? (new URLSearchParams(text).get('message') ?? '') : text)
  const parsed = z.array(BayeuxMessage).min(1).max(100).safeParse([json].flat())
  if (!parsed.success) throw orgRefusal.badJson('The body is no list of Bayeux messages at [line:1, column:1]')
  return parsed.data
}

/** Everything is answered at once, but for a connect: that waits for events. */
function answerAll(messages: BayeuxMessage[], req: Request, res: Response, context: CometContext): void {
  if (context.isDown()) throw orgRefusal.unavailable()
  forgetIdle(context)
  const caller = callerOf(req, context)
  const connects = messages.filter(({ channel }) => channel === '/meta/connect')
  const answers = messages
    .filter(({ channel }) => channel !== '/meta/connect')
    .map((message) => answer(message, caller, context))
  const [connect] = connects
  if (!connect) return sendJson(res, answers)
  const client = clientOf(connect, caller, context)
  if (!client) return sendJson(res, [...answers, unknownClient(connect)])
  const advice = { reconnect: 'retry', interval: 0, timeout: context.holdMs }
  // Answers of the same request must not wait for the connect beside them.
  client.wait(answers.length > 0 ? 0 : context.holdMs, (events) => {
    client.lastSeen = context.now()
    if (!res.destroyed) sendJson(res, [...answers, ...events, reply(connect, { advice })])
  })
}

function callerOf(req: Request, { org, sessions }: CometContext): Caller | undefined {
  try {
    const { user } = signedIn(req.headers, sessions, org)
    return { userId: user.id, api: 'rest', version: '62.0' }
  } catch (error) {
    if (error instanceof OrgError) return undefined
    throw error
  }
}

function clientOf(message: BayeuxMessage, caller: Caller | undefined, { clients, now }: CometContext) {
  const client = clients.get(message.clientId ?? '')
  if (!client || client.userId !== caller?.userId) return undefined
  client.lastSeen = now()
  return client
}

function answer(message: BayeuxMessage, caller: Caller | undefined, context: CometContext): Answer {
  if (message.channel === '/meta/handshake') return handshake(message, caller, context)
  const client = clientOf(message, caller, context)
  if (!client || !caller) return unknownClient(message)
  const channels = [message.subscription ?? []].flat()
  switch (message.channel) {
    case '/meta/subscribe':
      return subscribe(message, channels, client, caller, context)
    case '/meta/unsubscribe':
      for (const channel of channels) client.unsubscribe(channel)
      return reply(message, { subscription: message.subscription })
    case '/meta/disconnect':
      client.release([])
      context.clients.delete(client.id)
      return reply(message, {})
    default:
      return refusal(message, '403::Publishing is not allowed over this door')
  }
}

function handshake(message: BayeuxMessage, caller: Caller | undefined, context: CometContext): Answer {
  const advice = { reconnect: 'none' }
  if (!caller) {
    const ext = { sfdc: { failureReason: '401::Authentication invalid' } }
    return refusal(message, '403::Handshake denied', { ext, advice })
  }
  const { clients, org, newId, now } = context
  if (clients.size >= MAX_CLIENTS) {
    return refusal(message, '403::Organization concurrent user limit exceeded', { advice })
  }
  const client = new CometSession(org, newId(), caller.userId, now())
  clients.set(client.id, client)
  const shape = { version: '1.0', minimumVersion: '1.0', supportedConnectionTypes: ['long-polling'] }
  return reply(message, { ...shape, clientId: client.id, ext: { replay: true } })
}

const unknownClient = (message: BayeuxMessage): Answer =>
  refusal(message, '403::Unknown client', { advice: { reconnect: 'handshake', interval: 0 } })

function subscribe(
  message: BayeuxMessage,
  channels: string[],
  client: CometSession,
  caller: Caller,
  context: CometContext,
): Answer {
  const { subscription } = message
  for (const channel of channels) {
    const feed = feedOf(channel, caller, context)
    if (!feed) return refusal(message, `403:denied_by_security_policy:create_denied`, { subscription })
    const after = startOf(message.ext?.replay?.[channel], context.org)
    if (after === undefined) {
      const text = `400::The replayId {${message.ext?.replay?.[channel]}} you provided was invalid.`
      return refusal(
        message,
        `${text} Please provide a valid ID, -2 to replay all events, or -1 to replay only new events.`,
        {
          subscription,
        },
      )
    }
    client.subscribe(channel, feed, after)
  }
  return reply(message, { subscription })
}

function feedOf(channel: string, caller: Caller, { org, topics, pushTopics }: CometContext): Feed | undefined {
  const [, name] = /^\/topic\/(\w+)$/.exec(channel) ?? []
  if (name) return pushTopics.watch(caller, name) ? pushTopicFeed(org, channel, caller.userId) : undefined
  if (channel.startsWith('/u/')) {
    const found = org.query(caller, `SELECT Id FROM StreamingChannel WHERE Name = ${soqlText(channel)}`).totalSize > 0
    return found ? genericFeed(channel) : undefined
  }
  try {
    return eventFeed(org, topics, channel, caller.userId)
  } catch (error) {
    if (error instanceof PubSubError) return undefined
    throw error
  }
}

/** -1 only what comes, -2 everything kept, else what came after. */
function startOf(replayId: number | undefined, org: Org): number | undefined {
  const latest = org.latestReplayId()
  if (replayId === undefined || replayId === -1) return latest
  if (replayId === -2) return 0
  const [oldest] = org.eventsAfter('*', 0, 1)
  const known = Number.isInteger(replayId) && replayId <= latest && replayId + 1 >= (oldest?.replayId ?? latest + 1)
  return known ? replayId : undefined
}

function forgetIdle({ clients, now }: CometContext): void {
  for (const [id, client] of clients) {
    if (!client.isWaiting && client.lastSeen < now() - IDLE_MS) clients.delete(id)
  }
}
