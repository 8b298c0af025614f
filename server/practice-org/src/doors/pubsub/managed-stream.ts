import type { ManagedSubscription } from '../../topics/event-catalog.ts'
import { EventStream, isForgotten, replayIdOf, type Duplex, type StreamContext } from './event-stream.ts'
import { ManagedFetchRequest, readRequest } from './proto.ts'
import { PubSubError, pubSubRefusal } from '../../topics/status.ts'
import type { Subscription } from '../../topics/subscription.ts'

/** How far each managed subscription has been worked through, kept by the org for its subscriber. */
export interface Committed {
  get(subscriptionId: string): number | undefined
  set(subscriptionId: string, replayId: number): void
  forget(subscriptionId: string): void
}

export interface ManagedPort {
  committed: Committed
  /** The one stream of each subscription, by its id: an org lets no second subscriber in. */
  active: Map<string, ManagedStream>
  now: () => number
}

/** One ManagedSubscribe call: goes on after the last committed event, and commits the next when asked. */
export class ManagedStream extends EventStream {
  private readonly port: ManagedPort
  private managed: ManagedSubscription | undefined

  constructor(call: Duplex, context: StreamContext, port: ManagedPort) {
    super(call, context)
    this.port = port
  }

  override stop(last?: () => void): void {
    const id = this.managed?.id
    if (id !== undefined && this.port.active.get(id) === this) this.port.active.delete(id)
    super.stop(last)
  }

  protected override request(message: unknown): void {
    const { numRequested, commitReplayIdRequest: commit, ...named } = readRequest(ManagedFetchRequest, message)
    const managed = this.named(named.subscriptionId || named.developerName)
    if (numRequested < 0 || (!commit && numRequested === 0)) throw pubSubRefusal.numRequested()
    const subscription = this.subscription ?? this.start(managed)
    if (commit) this.commit(managed, commit, subscription)
    if (numRequested > 0) subscription.request(numRequested)
  }

  private named(idOrName: string): ManagedSubscription {
    if (idOrName === '' && this.managed) return this.managed
    const found = this.context.topics.managed.find(idOrName)
    if (!found) throw pubSubRefusal.noManaged(idOrName)
    if (this.managed && found.id !== this.managed.id) throw pubSubRefusal.otherTopic()
    if (found.state !== 'RUN') throw pubSubRefusal.stopped(found.developerName)
    return found
  }

  private start(managed: ManagedSubscription): Subscription {
    const { active, committed } = this.port
    const { topics, org } = this.context
    if (active.has(managed.id)) throw pubSubRefusal.alreadyActive(managed.developerName)
    const topic = topics.resolve(managed.topicName)
    const preset = (replay: 'EARLIEST' | 'LATEST'): number => (replay === 'EARLIEST' ? 0 : org.latestReplayId())
    const last = committed.get(managed.id)
    const isLost = last !== undefined && isForgotten(last, org)
    const after = isLost ? preset(managed.errorRecoveryReplay) : (last ?? preset(managed.defaultReplay))
    const subscription = this.open(topic, after)
    this.managed = managed
    active.set(managed.id, this)
    return subscription
  }

  private commit(
    managed: ManagedSubscription,
    request: { commitRequestId: string; replayId: Uint8Array },
    subscription: Subscription,
  ): void {
    const { commitRequestId } = request
    const error = this.tryCommit(managed, request.replayId)
    this.send({
      events: [],
      latestReplayId: subscription.position(),
      rpcId: this.context.rpcId,
      pendingNumRequested: subscription.pending,
      commitResponse: { commitRequestId, replayId: request.replayId, processTime: this.port.now(), ...error },
    })
  }

  private tryCommit(managed: ManagedSubscription, replayId: Uint8Array): { error?: { code: string; msg: string } } {
    try {
      this.port.committed.set(managed.id, replayIdOf(replayId, this.context.org))
      return {}
    } catch (error) {
      if (!(error instanceof PubSubError)) throw error
      return { error: { code: 'COMMIT', msg: error.details } }
    }
  }
}
