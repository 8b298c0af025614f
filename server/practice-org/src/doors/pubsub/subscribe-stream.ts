import { EventStream, replayIdOf } from './event-stream.ts'
import { FetchRequest, readRequest } from './proto.ts'
import { pubSubRefusal } from '../../topics/status.ts'

/** One Subscribe call. */
export class SubscribeStream extends EventStream {
  private topicName = ''

  protected override request(message: unknown): void {
    const request = readRequest(FetchRequest, message)
    if (request.numRequested <= 0) throw pubSubRefusal.numRequested()
    if (this.subscription && request.topicName && request.topicName !== this.topicName) throw pubSubRefusal.otherTopic()
    const subscription = this.subscription ?? this.start(request)
    subscription.request(request.numRequested)
  }

  private start(request: FetchRequest) {
    const topic = this.context.topics.resolve(request.topicName)
    this.topicName = request.topicName
    return this.open(topic, this.startOf(request))
  }

  private startOf(request: FetchRequest): number {
    const { org } = this.context
    if (request.replayPreset === 'LATEST') return org.latestReplayId()
    if (request.replayPreset === 'EARLIEST') return 0
    if (request.replayId.length === 0) throw pubSubRefusal.noReplayId()
    return replayIdOf(request.replayId, org)
  }
}
