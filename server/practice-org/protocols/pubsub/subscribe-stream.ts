import type { ServerDuplexStream } from '@grpc/grpc-js'
import type { Org } from '../../org.ts'
import type { FetchRequest } from './proto.ts'
import { decodeReplayId } from './replay-id.ts'
import { pubSubRefusal, type PubSubError } from './status.ts'
import { Subscription } from './subscription.ts'
import type { Topics } from './topics.ts'

export interface SubscribeContext {
  org: Org
  topics: Topics
  keepAliveMs: number
  rpcId: string
  /** Checked at the start and again before anything is sent. */
  authenticate: () => { userId: string }
  mayRead: (topic: string, userId: string) => boolean
  parse: (request: unknown) => FetchRequest
  asError: (error: unknown) => PubSubError
  onEnd: () => void
}

/** One Subscribe call on the wire: the first request opens the subscription, later ones ask for more. */
export class SubscribeStream {
  private readonly call: ServerDuplexStream<unknown, unknown>
  private readonly context: SubscribeContext
  private readonly timer: NodeJS.Timeout
  private subscription: Subscription | undefined
  private topicName = ''
  private ended = false

  constructor(call: ServerDuplexStream<unknown, unknown>, context: SubscribeContext) {
    this.call = call
    this.context = context
    this.timer = setInterval(() => this.keepAlive(), context.keepAliveMs)
    this.timer.unref()
    call.on('data', (request: unknown) => this.guarded(() => this.request(context.parse(request))))
    call.on('drain', () => this.guarded(() => this.subscription?.drained()))
    call.on('end', () => this.stop(() => call.end()))
    call.on('cancelled', () => this.stop())
    call.on('error', () => this.stop())
  }

  /** Called when the org has new events. */
  pump(): void {
    if (this.subscription) this.guarded(() => this.subscription?.pump())
  }

  fail(error: PubSubError): void {
    this.stop(() => this.call.emit('error', error))
  }

  stop(last: () => void = () => {}): void {
    if (this.ended) return
    this.ended = true
    clearInterval(this.timer)
    this.context.onEnd()
    last()
  }

  private keepAlive(): void {
    if (this.subscription) this.guarded(() => this.subscription?.keepAlive())
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

  private request(request: FetchRequest): void {
    if (request.numRequested <= 0) throw pubSubRefusal.numRequested()
    if (this.subscription && request.topicName && request.topicName !== this.topicName) throw pubSubRefusal.otherTopic()
    this.subscription ??= this.open(request)
    this.subscription.request(request.numRequested)
  }

  private open(request: FetchRequest): Subscription {
    const { org, topics, rpcId } = this.context
    const { userId } = this.context.authenticate()
    const topic = topics.resolve(request.topicName)
    if (!this.context.mayRead(topic, userId)) throw pubSubRefusal.noAccess(request.topicName)
    this.topicName = request.topicName
    const send = (response: unknown): boolean => this.call.write(response)
    return new Subscription({ org, topics, topic, userId, rpcId, send }, this.startOf(request))
  }

  private startOf(request: FetchRequest): number {
    const latest = this.context.org.latestReplayId()
    if (request.replayPreset === 'LATEST') return latest
    if (request.replayPreset === 'EARLIEST') return 0
    const after = decodeReplayId(request.replayId)
    if (after === undefined || after > latest || this.isForgotten(after)) throw pubSubRefusal.replayId()
    return after
  }

  /** Events that came after this id are past retention: going on from here would silently skip them. */
  private isForgotten(after: number): boolean {
    const { org } = this.context
    const [oldest] = org.eventsAfter('ChangeEvents', 0, 1)
    return after + 1 < (oldest?.replayId ?? org.latestReplayId() + 1)
  }
}
