import { Metadata, status } from '@grpc/grpc-js'

/** A gRPC refusal as Pub/Sub clients read it: status, text, and the `error-code` trailer; `of` adds the call it ends. */
export class PubSubError extends Error {
  readonly code: status
  readonly details: string
  readonly metadata: Metadata
  private readonly errorCode: string
  constructor(code: status, errorCode: string, details: string) {
    super(details)
    this.name = 'PubSubError'
    this.code = code
    this.errorCode = errorCode
    this.details = details
    this.metadata = new Metadata()
    this.metadata.set('error-code', `sfdc.platform.eventbus.grpc.${errorCode}`)
  }

  /** The same refusal with the id of the call, in its text and its trailers, as an org tells it. */
  of(rpcId: string): PubSubError {
    const told = new PubSubError(this.code, this.errorCode, `${this.details} rpcId: ${rpcId}`)
    told.metadata.set('rpc-id', rpcId)
    return told
  }
}

export const pubSubRefusal = {
  auth: (details: string): PubSubError => new PubSubError(status.UNAUTHENTICATED, 'service.auth.error', details),
  authRefresh: (): PubSubError =>
    new PubSubError(status.UNAUTHENTICATED, 'service.auth.refresh.invalid', 'The refreshed access token is not valid.'),
  tooManyClients: (): PubSubError =>
    new PubSubError(
      status.RESOURCE_EXHAUSTED,
      'concurrent.client.limit.exceeded',
      'The maximum number of concurrent clients has been exceeded.',
    ),
  deliveriesSpent: (): PubSubError =>
    new PubSubError(
      status.RESOURCE_EXHAUSTED,
      'subscription.limit.exceeded',
      'You have exceeded the event delivery limit for your org.',
    ),
  tooLarge: (): PubSubError =>
    new PubSubError(status.UNAVAILABLE, 'service.request.too.large', 'The request is larger than 4 MB.'),
  noTopic: (topic: string): PubSubError =>
    new PubSubError(
      status.NOT_FOUND,
      'topic.not.found',
      `The topic ${topic} does not exist or cannot be subscribed to.`,
    ),
  noAccess: (topic: string): PubSubError =>
    new PubSubError(status.PERMISSION_DENIED, 'topic.access.denied', `The user may not subscribe to ${topic}.`),
  noSchema: (id: string): PubSubError =>
    new PubSubError(status.NOT_FOUND, 'schema.not.found', `The schema ${id} does not exist.`),
  otherTopic: (): PubSubError =>
    new PubSubError(
      status.INVALID_ARGUMENT,
      'subscription.fetch.topic.changed',
      'A later request must name the topic of the first one.',
    ),
  numRequested: (): PubSubError =>
    new PubSubError(
      status.INVALID_ARGUMENT,
      'subscription.fetch.requested.events.invalid',
      'num_requested must be greater than zero.',
    ),
  replayId: (): PubSubError =>
    new PubSubError(
      status.INVALID_ARGUMENT,
      'subscription.fetch.replayid.corrupted',
      'The Replay ID validation failed. Ensure that the Replay ID is valid.',
    ),
  noReplayId: (): PubSubError =>
    new PubSubError(
      status.INVALID_ARGUMENT,
      'subscription.fetch.replayid.validation.failed',
      'The Replay ID validation failed. A CUSTOM replay preset needs a Replay ID.',
    ),
  otherPublishTopic: (): PubSubError =>
    new PubSubError(
      status.INVALID_ARGUMENT,
      'publish.topic.changed',
      'A later request must name the topic of the first one.',
    ),
  notPublishable: (topic: string): PubSubError =>
    new PubSubError(
      status.PERMISSION_DENIED,
      'publish.permission.denied',
      `The user may not publish to ${topic}, or it takes no events.`,
    ),
  noEvents: (): PubSubError =>
    new PubSubError(status.INVALID_ARGUMENT, 'publish.events.missing', 'A publish request must carry events.'),
  idlePublisher: (): PubSubError =>
    new PubSubError(status.DEADLINE_EXCEEDED, 'publish.stream.idle', 'No event was published in time.'),
  noManaged: (name: string): PubSubError =>
    new PubSubError(status.NOT_FOUND, 'managed.subscription.not.found', `The subscription ${name} does not exist.`),
  stopped: (name: string): PubSubError =>
    new PubSubError(
      status.FAILED_PRECONDITION,
      'managed.subscription.stopped',
      `The subscription ${name} is not in the RUN state.`,
    ),
  alreadyActive: (name: string): PubSubError =>
    new PubSubError(
      status.ALREADY_EXISTS,
      'managed.subscription.already.active',
      `The subscription ${name} already has an active subscriber.`,
    ),
  badRequest: (): PubSubError =>
    new PubSubError(status.INVALID_ARGUMENT, 'service.request.invalid', 'The request is not valid.'),
  down: (): PubSubError => new PubSubError(status.UNAVAILABLE, 'service.unavailable', 'The service is not available.'),
  internal: (): PubSubError =>
    new PubSubError(status.INTERNAL, 'service.internal.error', 'An unexpected error occurred.'),
}
