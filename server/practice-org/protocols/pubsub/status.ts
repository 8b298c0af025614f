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
  down: () => new PubSubError(status.UNAVAILABLE, 'service.unavailable', 'The service is not available.'),
  unsupported: (what: string) =>
    new PubSubError(status.UNIMPLEMENTED, 'service.unimplemented', `${what} is not offered by a practice org.`),
  internal: () => new PubSubError(status.INTERNAL, 'service.internal.error', 'An unexpected error occurred.'),
}
