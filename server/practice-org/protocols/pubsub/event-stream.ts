import type { ServerDuplexStream } from '@grpc/grpc-js'
import type { Org } from '../../org.ts'
import type { Deliveries } from '../events/deliveries.ts'
import { authRefreshOf } from './proto.ts'
import { decodeReplayId } from './replay-id.ts'
import { pubSubRefusal, type PubSubError } from './status.ts'
import { Subscription, type FetchResponse } from './subscription.ts'
import type { Topic, Topics } from './topics.ts'

export type Duplex = ServerDuplexStream<unknown, unknown>

export interface StreamContext {
  org: Org
  topics: Topics
  deliveries: Deliveries
  keepAliveMs: number
  rpcId: string
  /** Checked at the start and again before anything is sent. */
  authenticate: () => { userId: string }
  /** Goes on with another access token of the same user. @throws PubSubError */
  refresh: (token: string) => void
  mayHear: (topic: Topic, userId: string) => boolean
  asError: (error: unknown) => PubSubError
  onEnd: () => void
}

/** One call on the wire that hands out events: opens a subscription at its first request, and asks it for more at later ones. */
export abstract class EventStream {
  protected readonly context: StreamContext
  protected subscription: Subscription | undefined
  private readonly call: Duplex
  private readonly timer: NodeJS.Timeout
  private ended = false

  constructor(call: Duplex, context: StreamContext) {
    this.call = call
    this.context = context
    this.timer = setInterval(() => this.pumpWith((subscription) => subscription.keepAlive()), context.keepAliveMs)
    this.timer.unref()
    call.on('data', (request: unknown) => this.received(request))
    call.on('drain', () => this.pumpWith((subscription) => subscription.drained()))
    call.on('end', () => this.stop(() => call.end()))
    call.on('cancelled', () => this.stop())
    call.on('error', () => this.stop())
  }

  /** Called when the org has new events, with their topics. */
  pump(topics: ReadonlySet<string>): void {
    if (this.subscription?.isAbout(topics)) this.pumpWith((subscription) => subscription.pump())
  }

  fail(error: PubSubError): void {
    this.stop(() => this.call.emit('error', error.of(this.context.rpcId)))
  }

  stop(last: () => void = () => {}): void {
    if (this.ended) return
    this.ended = true
    clearInterval(this.timer)
    this.context.onEnd()
    last()
  }

  /** What one message of the client asks for. @throws PubSubError, which ends the stream */
  protected abstract request(request: unknown): void

  protected open(topic: Topic, after: number): Subscription {
    const { org, topics, rpcId, deliveries } = this.context
    const { userId } = this.context.authenticate()
    if (!this.context.mayHear(topic, userId)) throw pubSubRefusal.noAccess(topic.name)
    const send = (response: FetchResponse): boolean => this.send(response)
    this.subscription = new Subscription({ org, topics, topic, userId, rpcId, deliveries, send }, after)
    return this.subscription
  }

  protected send(response: object): boolean {
    return this.call.write(response)
  }

  private received(request: unknown): void {
    if (this.ended) return
    const token = authRefreshOf(request)
    try {
      if (token) this.context.refresh(token)
    } catch (error) {
      return this.fail(this.context.asError(error))
    }
    this.guarded(() => this.request(request))
  }

  private pumpWith(work: (subscription: Subscription) => void): void {
    const { subscription } = this
    if (subscription) this.guarded(() => work(subscription))
  }

  private guarded(work: () => void): void {
    if (this.ended) return
    try {
      this.context.authenticate()
      work()
    } catch (error) {
      this.fail(this.context.asError(error))
    }
  }
}

/** The replay id to go on from. @throws PubSubError for one that was never issued or whose successors are past retention */
export function replayIdOf(bytes: Uint8Array, org: Org): number {
  const latest = org.latestReplayId()
  const after = decodeReplayId(bytes)
  if (after === undefined || after > latest || isForgotten(after, org)) throw pubSubRefusal.replayId()
  return after
}

/** Going on from here would silently skip events that are no longer kept. */
export function isForgotten(after: number, org: Org): boolean {
  return after + 1 < (org.oldestReplayId('*') ?? org.latestReplayId() + 1)
}
