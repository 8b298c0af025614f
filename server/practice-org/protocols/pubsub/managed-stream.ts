import type { ManagedSubscription } from '../events/event-catalog.ts'
import { EventStream, replayIdOf, type Duplex, type StreamContext } from './event-stream.ts'
import { ManagedFetchRequest } from './proto.ts'
import { encodeReplayId } from './replay-id.ts'
import { PubSubError, pubSubRefusal } from './status.ts'

/** How far each managed subscription has been worked through, kept by the org for its subscriber. */
export interface Committed {
  get(subscriptionId: string): number | undefined
  set(subscriptionId: string, replayId: number): void
}

/** One ManagedSubscribe call: goes on after the last committed event, and commits the next when asked. */
export class ManagedStream extends EventStream {
  private readonly committed: Committed
  private readonly now: () => number
  private managed: ManagedSubscription | undefined

  constructor(call: Duplex, context: StreamContext, committed: Committed, now: () => number) {
    super(call, context)
    this.committed = committed
    this.now = now
  }

  protected override request(message: unknown): void {
    const { numRequested, commitReplayIdRequest: commit, ...named } = ManagedFetchRequest.parse(message)
    const managed = this.named(named.subscriptionId || named.developerName)
    if (!commit && numRequested <= 0) throw pubSubRefusal.numRequested()
    const subscription = this.subscription ?? this.start(managed)
    if (commit) this.commit(managed, commit)
    if (numRequested > 0) subscription.request(numRequested)
  }

  private named(idOrName: string): ManagedSubscription {
    if (idOrName === '' && this.managed) return this.managed
    const found = this.context.topics.catalog.managed(idOrName)
    if (!found) throw pubSubRefusal.noManaged(idOrName)
    if (this.managed && found !== this.managed) throw pubSubRefusal.otherTopic()
    if (found.state !== 'RUN') throw pubSubRefusal.stopped(found.developerName)
    return (this.managed = found)
  }

  private start(managed: ManagedSubscription) {
    const { org, topics } = this.context
    const first = managed.defaultReplay === 'EARLIEST' ? 0 : org.latestReplayId()
    return this.open(topics.resolve(managed.topicName), this.committed.get(managed.id) ?? first)
  }

  private commit(managed: ManagedSubscription, request: { commitRequestId: string; replayId: Uint8Array }): void {
    const { commitRequestId } = request
    const error = this.tryCommit(managed, request.replayId)
    this.send({
      events: [],
      latestReplayId: encodeReplayId(this.context.org.latestReplayId()),
      rpcId: this.context.rpcId,
      pendingNumRequested: 0,
      commitResponse: { commitRequestId, replayId: request.replayId, processTime: this.now(), ...error },
    })
  }

  private tryCommit(managed: ManagedSubscription, replayId: Uint8Array): { error?: { code: string; msg: string } } {
    try {
      this.committed.set(managed.id, replayIdOf(replayId, this.context.org))
      return {}
    } catch (error) {
      if (!(error instanceof PubSubError)) throw error
      return { error: { code: 'COMMIT', msg: error.details } }
    }
  }
}
