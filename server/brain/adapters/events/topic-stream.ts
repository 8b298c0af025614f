import PubSubApiClient from 'salesforce-pubsub-api-client'
import type { Clock } from '../../ports/clock.ts'
import type { OrgChange, OrgRequest } from '../../ports/org-changes.ts'
import { changeOf } from './change.ts'
import { requestOf } from './request.ts'
import { signIn, type Listener } from './sign-in.ts'

export interface StreamOptions {
  listener: Listener
  orgId: string
  /** `host:port` */
  endpoint: string
  clock: Clock
  /** Last replay id processed on a topic; null starts with the next change event, or the oldest platform event that is kept. */
  positionOf(topic: string): Promise<string | null>
  /** The stream of a topic is about to be read: finishes what an earlier process left. */
  onConnected(topic: string): Promise<void>
  /** Processes one event and saves its position, in one transaction. When it throws, it is called again. */
  onChange(change: OrgChange): Promise<void>
  /** The same for a platform event. */
  onRequest(request: OrgRequest): Promise<void>
  /** No event, but the position moved. */
  onPosition(topic: string, replayId: string): Promise<void>
  /** Events may have been missed: the org refused the position or sent a gap event. `forget` drops the saved position. */
  onGap(topic: string, forget: boolean): Promise<void>
}

interface Ears {
  heard(): void
  /** Repeats the work until it succeeds. */
  trying(work: () => Promise<void>): Promise<void>
}

/** A stream sends no event when it is established, and a busy machine establishes it late. */
const FIRST_LOOKS_MS = [2_000, 20_000]
const silent = { debug() {}, info() {}, warn() {}, error() {} }
const REFUSED_POSITION = /replay.?id/i

/** First argument of the client's callback. */
interface Info {
  lastReplayId?: number | null
}

/**
 * Listens to one topic until its stream ends, or `stopped`. One client per topic: closing a client whose stream is open
 * leaves that stream without a listener for its last error, which ends the process.
 */
export async function listenTo(options: StreamOptions, topic: string, stopped: AbortSignal, ears: Ears): Promise<void> {
  const client = await connect(options)
  const position = await options.positionOf(topic)
  if (stopped.aborted) return client.close()
  let tail: Promise<void> = Promise.resolve()
  const inOrder = (work: () => Promise<void>) => {
    tail = tail.then(() => (stopped.aborted ? undefined : ears.trying(work)))
  }

  let stop = () => {}
  const ended = new Promise<unknown>((resolve) => {
    stop = () => resolve(null)
    stopped.addEventListener('abort', stop, { once: true })
    const callback = (info: Info, kind: string, data: unknown) => {
      if (stopped.aborted) return
      if (kind === 'end') return resolve(null)
      if (kind === 'error') {
        if (!isUnreadable(data)) return resolve(data)
        return inOrder(() => options.onGap(topic, false))
      }
      ears.heard()
      if (kind === 'event') inOrder(() => take(options, topic, data))
      if (kind === 'grpcKeepAlive') inOrder(() => movePosition(options, topic, info))
    }
    inOrder(() => options.onConnected(topic))
    if (position !== null) return client.subscribeFromReplayId(topic, callback, null, Number(position))
    // No query finds a platform event again.
    if (isPlatformEvent(topic)) return client.subscribeFromEarliestEvent(topic, callback)
    client.subscribe(topic, callback)
    // Changes from before the stream was established are found by a query.
    for (const ms of FIRST_LOOKS_MS) setTimeout(() => inOrder(() => options.onGap(topic, false)), ms).unref()
  })

  const reason = await ended
  stopped.removeEventListener('abort', stop)
  if (stopped.aborted) return
  await tail
  client.close()
  if (isRefusedPosition(reason)) await ears.trying(() => options.onGap(topic, true))
  if (reason !== null) throw reason instanceof Error ? reason : new Error('the event stream broke off')
}

async function connect({ listener, orgId, endpoint, clock }: StreamOptions): Promise<PubSubApiClient> {
  const { accessToken, instanceUrl } = await signIn(listener, clock)
  const local = /^(localhost|127\.0\.0\.1):/.test(endpoint)
  const settings = {
    authType: 'user-supplied',
    accessToken,
    // The client requires https; the address is only a header of the Pub/Sub API.
    instanceUrl: instanceUrl.replace(/^http:/, 'https:'),
    organizationId: orgId,
    pubSubEndpoint: endpoint,
    // A self-signed certificate is accepted from this machine only.
    rejectUnauthorizedSsl: !local,
  }
  const client = new PubSubApiClient(settings, silent)
  await client.connect()
  return client
}

async function take(options: StreamOptions, topic: string, data: unknown): Promise<void> {
  if (isPlatformEvent(topic)) {
    const request = requestOf(topic, data, options.clock.now())
    return request ? options.onRequest(request) : undefined
  }
  const change = changeOf(topic, data, options.clock.now())
  if (!change) return
  await options.onChange(change)
  if (!change.isComplete) await options.onGap(topic, false)
}

const isPlatformEvent = (topic: string): boolean => topic.startsWith('/event/')

async function movePosition(options: StreamOptions, topic: string, { lastReplayId }: Info): Promise<void> {
  if (typeof lastReplayId === 'number' && lastReplayId > 0) await options.onPosition(topic, String(lastReplayId))
}

/** An event that the client could not decode. */
const isUnreadable = (data: unknown) => typeof data === 'object' && data !== null && 'event' in data

/** The position is corrupted, or older than the events that the org keeps (docs/salesforce-facts.md#change-events). */
function isRefusedPosition(reason: unknown): boolean {
  if (typeof reason !== 'object' || reason === null) return false
  const metadata = 'metadata' in reason ? JSON.stringify(reason.metadata) : ''
  return REFUSED_POSITION.test(`${reason instanceof Error ? reason.message : ''} ${metadata}`)
}
