import type { ServiceDefinition } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'

const SERVICE = 'eventbus.v1.PubSub'

/** The service as Salesforce publishes it: the proto comes with the client package, so both sides read one file. */
export function pubSubService(): ServiceDefinition {
  const client = createRequire(import.meta.url).resolve('salesforce-pubsub-api-client')
  const file = join(dirname(client), '..', 'pubsub_api.proto')
  const service = loadSync(file, { enums: String, longs: Number, defaults: true })[SERVICE]
  if (!service || 'format' in service) throw new Error(`${file} does not define ${SERVICE}`)
  return service as ServiceDefinition
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
