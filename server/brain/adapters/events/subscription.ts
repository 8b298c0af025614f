// The org's change events: one Pub/Sub API connection, each topic resumed after the last event that was taken.
import PubSubApiClient from 'salesforce-pubsub-api-client'
import type { Clock, OrgChange } from '../../domain/ports.ts'
import { changeOf } from './change.ts'
import { signIn, type Listener } from './sign-in.ts'

export interface SubscriptionOptions {
  listener: Listener
  orgId: string
  /** `host:port` */
  endpoint: string
  clock: Clock
  /** The last replay id taken on a topic; null starts with what comes next. */
  positionOf(topic: string): Promise<string | null>
  /** Takes one event and saves its position, in one transaction. When it throws, the event is delivered again. */
  onChange(change: OrgChange): Promise<void>
  /** No event, but the position moved. */
  onPosition(topic: string, replayId: string): Promise<void>
  /** Events may have been missed: the position was refused, or the org says so. `forget` drops the saved position. */
  onGap(topic: string, forget: boolean): Promise<void>
  onError(error: unknown): void
}

export interface Subscription {
  /** Listens to exactly these topics, e.g. `/data/LeadChangeEvent`. */
  watch(topics: readonly string[]): void
  close(): void
}

const BACK_OFF_MS = [500, 1000, 2000, 4000, 8000, 15_000, 30_000]
const FIRST_LOOK_MS = 2000
const silent = { debug() {}, info() {}, warn() {}, error() {} }
const REFUSED_POSITION = /replay.?id/i

export function openSubscription(options: SubscriptionOptions): Subscription {
  let topics: readonly string[] = []
  let connection: { close(): void } | null = null
  let timer: NodeJS.Timeout | undefined
  let failures = 0
  let closed = false

  const reconnect = (error: unknown) => {
    if (closed) return
    if (error) options.onError(error)
    connection?.close()
    connection = null
    clearTimeout(timer)
    timer = setTimeout(connect, BACK_OFF_MS[Math.min(failures, BACK_OFF_MS.length - 1)])
    failures += 1
  }
  const connect = () => {
    if (closed || topics.length === 0) return
    const alive = { is: true }
    connection = { close: () => (alive.is = false) }
    const session = listen(options, topics, alive, {
      lost: (error) => alive.is && reconnect(error),
      heard: () => (failures = 0),
    })
    session.then(
      (client) => {
        if (!alive.is) return client.close()
        connection = {
          close() {
            alive.is = false
            client.close()
          },
        }
      },
      (error: unknown) => alive.is && reconnect(error),
    )
  }

  return {
    watch(wanted) {
      const next = [...new Set(wanted)].sort()
      if (next.join() === topics.join()) return
      topics = next
      connection?.close()
      connection = null
      clearTimeout(timer)
      connect()
    },
    close() {
      closed = true
      clearTimeout(timer)
      connection?.close()
    },
  }
}

interface Ears {
  lost(error: unknown): void
  heard(): void
}

async function listen(
  options: SubscriptionOptions,
  topics: readonly string[],
  alive: { is: boolean },
  ears: Ears,
): Promise<{ close(): void }> {
  const { orgId, endpoint, clock } = options
  const { accessToken, instanceUrl } = await signIn(options.listener, clock)
  const local = /^(localhost|127\.0\.0\.1):/.test(endpoint)
  const client = new PubSubApiClient(
    {
      authType: 'user-supplied',
      accessToken,
      // The client insists on https; the address is only a header to the Pub/Sub API.
      instanceUrl: instanceUrl.replace(/^http:/, 'https:'),
      organizationId: orgId,
      pubSubEndpoint: endpoint,
      // A certificate signed by itself is accepted from this machine alone.
      rejectUnauthorizedSsl: !local,
    },
    silent,
  )
  await client.connect()
  for (const topic of topics) await listenTo(client, options, topic, alive, ears)
  return client
}

async function listenTo(
  client: PubSubApiClient,
  options: SubscriptionOptions,
  topic: string,
  alive: { is: boolean },
  ears: Ears,
): Promise<void> {
  const inOrder = queueOf(alive, ears)
  const callback = (_: unknown, kind: string, data: unknown) => {
    if (!alive.is) return
    if (kind === 'event') inOrder(() => take(options, topic, data, ears))
    else if (kind === 'grpcKeepalive') inOrder(() => movePosition(options, topic, data, ears))
    else if (kind === 'error') inOrder(() => fail(options, topic, data))
    else if (kind === 'end') ears.lost(null)
  }
  const position = await options.positionOf(topic)
  if (position !== null) return client.subscribeFromReplayId(topic, callback, null, Number(position))
  client.subscribe(topic, callback)
  // What happened before the stream stood is looked for once.
  setTimeout(() => inOrder(() => options.onGap(topic, false)), FIRST_LOOK_MS).unref()
}

/** One after the other; after a failure nothing more of this connection is taken, so that no event is skipped. */
function queueOf(alive: { is: boolean }, ears: Ears) {
  let tail: Promise<void> = Promise.resolve()
  return (work: () => Promise<void>) => {
    tail = tail.then(async () => {
      if (!alive.is) return
      try {
        await work()
      } catch (error) {
        ears.lost(error)
      }
    })
  }
}

async function take(options: SubscriptionOptions, topic: string, data: unknown, ears: Ears): Promise<void> {
  const change = changeOf(topic, data, options.clock.now())
  ears.heard()
  if (!change) return
  await options.onChange(change)
  if (change.changeType === 'GAP_OVERFLOW') await options.onGap(topic, false)
}

async function movePosition(options: SubscriptionOptions, topic: string, data: unknown, ears: Ears): Promise<void> {
  ears.heard()
  if (typeof data !== 'object' || data === null || !('latestReplayId' in data)) return
  const { latestReplayId } = data
  if (typeof latestReplayId === 'number' && latestReplayId > 0) await options.onPosition(topic, String(latestReplayId))
}

/** An event that cannot be read is a gap; a refused position is one too, and the position is given up. */
async function fail(options: SubscriptionOptions, topic: string, data: unknown): Promise<void> {
  const text = data instanceof Error ? data.message : (JSON.stringify(data) ?? '')
  const unreadable = typeof data === 'object' && data !== null && 'event' in data
  const refused = !unreadable && REFUSED_POSITION.test(text)
  if (unreadable || refused) await options.onGap(topic, refused)
  if (!unreadable) throw data instanceof Error ? data : new Error('the event stream broke off')
}
