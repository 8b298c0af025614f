import type { ServiceDefinition } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { pubSubRefusal } from '../../topics/status.ts'

const SERVICE = 'eventbus.v1.PubSub'
/** A larger request ends the call. */
const MAX_REQUEST_BYTES = 4 * 1024 * 1024

/** The service as Salesforce publishes it: the proto comes with the client package, so both sides read one file. */
export function pubSubService(): ServiceDefinition {
  const client = createRequire(import.meta.url).resolve('salesforce-pubsub-api-client')
  const file = join(dirname(client), '..', 'pubsub_api.proto')
  const service = loadSync(file, { enums: String, longs: Number, defaults: true })[SERVICE]
  if (!service || 'format' in service) throw new Error(`${file} does not define ${SERVICE}`)
  return service as ServiceDefinition
}

/** A request whose bytes are no message, or too many: the handler refuses it with an error of this API. */
class UnreadableRequest {
  readonly isTooLarge: boolean
  constructor(isTooLarge: boolean) {
    this.isTooLarge = isTooLarge
  }
}

/** The same service for a server: bytes that are no request reach the handlers, where gRPC would call them INTERNAL. */
export function servedPubSub(): ServiceDefinition {
  const guarded = Object.entries(pubSubService()).map(([name, method]) => {
    const requestDeserialize = (bytes: Buffer): unknown => {
      if (bytes.length > MAX_REQUEST_BYTES) return new UnreadableRequest(true)
      try {
        return method.requestDeserialize(bytes) as unknown
      } catch {
        return new UnreadableRequest(false)
      }
    }
    return [name, { ...method, requestDeserialize }]
  })
  return Object.fromEntries(guarded) as ServiceDefinition
}

/** Throws PubSubError for bytes that are no request, ZodError for one of another shape. */
export function readRequest<T>(shape: z.ZodType<T>, request: unknown): T {
  if (request instanceof UnreadableRequest) {
    throw request.isTooLarge ? pubSubRefusal.tooLarge() : pubSubRefusal.badRequest()
  }
  return shape.parse(request)
}

export const TopicRequest = z.object({ topicName: z.string() })
export const SchemaRequest = z.object({ schemaId: z.string() })
export const FetchRequest = z.object({
  topicName: z.string(),
  replayPreset: z.enum(['LATEST', 'EARLIEST', 'CUSTOM']).catch('LATEST'),
  replayId: z.instanceof(Uint8Array),
  numRequested: z.number().int(),
})
export type FetchRequest = z.infer<typeof FetchRequest>

export const PublishRequest = z.object({
  topicName: z.string(),
  events: z.array(z.object({ id: z.string(), schemaId: z.string(), payload: z.instanceof(Uint8Array) })),
})
export type PublishRequest = z.infer<typeof PublishRequest>
export const ManagedFetchRequest = z.object({
  subscriptionId: z.string(),
  developerName: z.string(),
  numRequested: z.number().int(),
  commitReplayIdRequest: z.object({ commitRequestId: z.string(), replayId: z.instanceof(Uint8Array) }).nullish(),
})
export type ManagedFetchRequest = z.infer<typeof ManagedFetchRequest>

const Refreshing = z.object({ authRefresh: z.string().min(1) })

/** The access token with which a streaming client replaces the one it began with. */
export function authRefreshOf(request: unknown): string | undefined {
  const parsed = Refreshing.safeParse(request)
  return parsed.success ? parsed.data.authRefresh : undefined
}
