import { Metadata, status } from '@grpc/grpc-js'

/** A gRPC refusal as Pub/Sub clients read it: status, text, and the `error-code` trailer. */
export class PubSubError extends Error {
  readonly code: status
  readonly details: string
  readonly metadata: Metadata
  constructor(code: status, errorCode: string, details: string) {
    super(details)
    this.name = 'PubSubError'
    this.code = code
    this.details = details
    this.metadata = new Metadata()
    this.metadata.set('error-code', `sfdc.platform.eventbus.grpc.${errorCode}`)
  }
}

export const pubSubRefusal = {
  auth: (details: string) => new PubSubError(status.UNAUTHENTICATED, 'service.auth.error', details),
  noTopic: (topic: string) =>
    new PubSubError(
      status.NOT_FOUND,
      'topic.not.found',
      `The topic ${topic} does not exist or cannot be subscribed to.`,
    ),
  noAccess: (topic: string) =>
    new PubSubError(status.PERMISSION_DENIED, 'topic.access.denied', `The user may not subscribe to ${topic}.`),
  noSchema: (id: string) => new PubSubError(status.NOT_FOUND, 'schema.not.found', `The schema ${id} does not exist.`),
  otherTopic: () =>
    new PubSubError(
      status.INVALID_ARGUMENT,
      'subscription.fetch.topic.changed',
      'A later request must name the topic of the first one.',
    ),
  numRequested: () =>
    new PubSubError(
      status.INVALID_ARGUMENT,
      'subscription.fetch.requested.events.invalid',
      'num_requested must be greater than zero.',
    ),
  replayId: () =>
    new PubSubError(
      status.INVALID_ARGUMENT,
      'subscription.fetch.replayid.corrupted',
      'The Replay ID validation failed. Ensure that the Replay ID is valid.',
    ),
  notPublishable: (topic: string) =>
    new PubSubError(
      status.PERMISSION_DENIED,
      'publish.permission.denied',
      `The user may not publish to ${topic}, or it takes no events.`,
    ),
  noEvents: () =>
    new PubSubError(status.INVALID_ARGUMENT, 'publish.events.missing', 'A publish request must carry events.'),
  idlePublisher: () =>
    new PubSubError(status.DEADLINE_EXCEEDED, 'publish.stream.idle', 'No event was published in time.'),
  noManaged: (name: string) =>
    new PubSubError(status.NOT_FOUND, 'managed.subscription.not.found', `The subscription ${name} does not exist.`),
  stopped: (name: string) =>
    new PubSubError(
      status.FAILED_PRECONDITION,
      'managed.subscription.stopped',
      `The subscription ${name} is not in the RUN state.`,
    ),
  badRequest: () => new PubSubError(status.INVALID_ARGUMENT, 'service.request.invalid', 'The request is not valid.'),
  down: () => new PubSubError(status.UNAVAILABLE, 'service.unavailable', 'The service is not available.'),
  internal: () => new PubSubError(status.INTERNAL, 'service.internal.error', 'An unexpected error occurred.'),
}
