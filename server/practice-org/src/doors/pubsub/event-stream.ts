import type { ServerDuplexStream } from '@grpc/grpc-js'
import { setTimeout as delay } from 'node:timers/promises'
import type { Faults } from '../../faults/fault.ts'
import type { Org } from '../../org/org.ts'
import type { Deliveries } from '../../topics/deliveries.ts'
import { faultsOfEvent, faultsOfMessage, applyFaults, type InjectedFaults } from './injected-faults.ts'
import { authRefreshOf } from './proto.ts'
import { decodeReplayId } from '../../topics/replay-id.ts'
import { pubSubRefusal, type PubSubError } from '../../topics/status.ts'
import { Subscription, type FetchResponse } from '../../topics/subscription.ts'
import type { Topic, Topics } from '../../topics/topics.ts'
import { SerialQueue } from './serial-queue.ts'

export type Duplex = ServerDuplexStream<unknown, unknown>

export interface StreamContext {
  /** `Subscribe` or `ManagedSubscribe`. */
  rpc: string
  faults: Faults
  /** Cuts the connection of the call. */
  cut: () => void
  org: Org
  topics: Topics
  deliveries: Deliveries
  keepAliveMs: number
  rpcId: string
  /** Checked at the start and again before anything is sent. */
  authenticate: () => { userId: string }
  /** Goes on with another access token of the same user. Throws PubSubError. */
  refresh: (token: string) => void
  /** Ends the session of the caller. */
  expire: () => void
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
  private readonly queue = new SerialQueue()
  /** Answers that wait for what is said before them. */
  private held: object[] | undefined
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

  /** What one message of the client asks for. Throws PubSubError, which ends the stream. */
  protected abstract request(request: unknown): void

  protected open(topic: Topic, after: number): Subscription {
    const { org, topics, rpcId, deliveries } = this.context
    const { userId } = this.context.authenticate()
    if (!this.context.mayHear(topic, userId)) throw pubSubRefusal.noAccess(topic.name)
    const send = (response: FetchResponse): boolean => this.deliver(response, topic.name)
    this.subscription = new Subscription({ org, topics, topic, userId, rpcId, deliveries, send }, after)
    return this.subscription
  }

  protected send(response: object): boolean {
    if (!this.held) return this.call.write(response)
    this.held.push(response)
    return true
  }

  private received(request: unknown): void {
    if (this.ended) return
    const injected = faultsOfMessage(this.context.faults, this.context.rpc, request)
    this.queue.take(() => (injected ? this.apply(injected, request) : this.attempt(() => this.work(request))))
  }

  private work(request: unknown): void {
    const token = authRefreshOf(request)
    if (token) this.context.refresh(token)
    this.context.authenticate()
    this.request(request)
  }

  /** Nothing is said before it is known whether the client may hear of it. */
  private apply(injected: InjectedFaults, request: unknown): Promise<void> {
    const { asError, cut, expire } = this.context
    return applyFaults(injected, {
      work: () => {
        if (injected.isSpent) throw pubSubRefusal.deliveriesSpent()
        this.held ??= []
        this.work(request)
      },
      answer: () => this.letGo(),
      refuse: (error) => this.fail(asError(error)),
      cut: () => this.stop(cut),
      expire,
      isOver: () => this.ended,
    })
  }

  private letGo(): void {
    const held = this.held ?? []
    this.held = undefined
    if (!this.ended) for (const response of held) this.call.write(response)
  }

  /** Hands events out, as far as nothing goes wrong with one of them. */
  private deliver(response: FetchResponse, topic: string): boolean {
    const { faults, rpc } = this.context
    let lateMs = 0
    for (const n of faults.none ? [] : response.events.keys()) {
      const injected = faultsOfEvent(faults, rpc, topic)
      if (!injected) continue
      if (isEnd(injected))
        return this.breakOff({ ...response, events: response.events.slice(0, injected.cutAfter ? n + 1 : n) }, injected)
      lateMs += injected.delayMs + injected.withholdMs
    }
    if (lateMs > 0) this.hold(lateMs)
    return this.send(response)
  }

  private hold(ms: number): void {
    this.held ??= []
    this.queue.take(() => delay(ms, undefined, { ref: false }).then(() => this.letGo()))
  }

  /** The last that the client hears: then the connection is cut, or the call refused. */
  private breakOff(last: FetchResponse, injected: InjectedFaults): boolean {
    const { cut, expire, rpcId } = this.context
    const end = (): void => {
      if (injected.cutBefore || injected.cutAfter) return cut()
      if (injected.expires) expire()
      this.call.emit('error', refusalOf(injected).of(rpcId))
    }
    this.letGo()
    this.stop()
    if (last.events.length === 0) end()
    else this.call.write(last, end)
    return false
  }

  private pumpWith(work: (subscription: Subscription) => void): void {
    const { subscription } = this
    if (!subscription) return
    this.attempt(() => {
      this.context.authenticate()
      work(subscription)
    })
  }

  private attempt(work: () => void): void {
    if (this.ended) return
    try {
      work()
    } catch (error) {
      this.fail(this.context.asError(error))
    }
  }
}

const isEnd = (injected: InjectedFaults): boolean =>
  injected.cutBefore || injected.cutAfter || injected.isDown || injected.expires || injected.isSpent

function refusalOf(injected: InjectedFaults): PubSubError {
  if (injected.isDown) return pubSubRefusal.down()
  return injected.expires ? pubSubRefusal.auth('The session has expired.') : pubSubRefusal.deliveriesSpent()
}

/** The replay id to go on from. Throws PubSubError for one that was never issued or whose successors are past retention. */
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
