import { credentials, loadPackageDefinition, Metadata, type ServiceError } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { OrgSession } from './org-session.ts'

interface Topic {
  canSubscribe: boolean
}

const TopicInfo = z.object({ canSubscribe: z.boolean() })
const DEADLINE_MS = 10_000

type GetTopic = (
  request: { topicName: string },
  metadata: Metadata,
  options: { deadline: Date },
  callback: (error: ServiceError | null, answer: unknown) => void,
) => void

/** Queries the Pub/Sub API for a topic, as the reader. Throws ServiceError with gRPC's code. */
export async function topicInfo(endpoint: string, session: OrgSession, topicName: string, now: Date): Promise<Topic> {
  const client = openClient(endpoint)
  const metadata = new Metadata()
  metadata.set('accesstoken', session.accessToken)
  metadata.set('instanceurl', session.instanceUrl)
  metadata.set('tenantid', session.orgId)
  try {
    const answer = await new Promise<unknown>((resolve, reject) => {
      const deadline = new Date(now.getTime() + DEADLINE_MS)
      client.GetTopic({ topicName }, metadata, { deadline }, (error, info) => (error ? reject(error) : resolve(info)))
    })
    return TopicInfo.parse(answer)
  } finally {
    client.close()
  }
}

function openClient(endpoint: string): { GetTopic: GetTopic; close(): void } {
  const package_ = createRequire(import.meta.url).resolve('salesforce-pubsub-api-client')
  const proto = loadSync(join(dirname(package_), '..', 'pubsub_api.proto'), { enums: String, defaults: true })
  const service = z.custom<{
    eventbus: { v1: { PubSub: new (...args: unknown[]) => { GetTopic: GetTopic; close(): void } } }
  }>()
  const { PubSub } = service.parse(loadPackageDefinition(proto)).eventbus.v1
  // A self-signed certificate is accepted from this machine only, as the brain does.
  const isLocal = /^(localhost|127\.0\.0\.1):/.test(endpoint)
  return new PubSub(endpoint, credentials.createSsl(null, null, null, { rejectUnauthorized: !isLocal }))
}
