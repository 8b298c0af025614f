// The unmodified Pub/Sub client on a managed subscription, in a process of its own that trusts the org's certificate.
import PubSubApiClient from 'salesforce-pubsub-api-client'
import { z } from 'zod'

const Settings = z.object({
  instanceUrl: z.string(),
  accessToken: z.string(),
  organizationId: z.string(),
  pubSubEndpoint: z.string(),
  subscription: z.string(),
})
const { subscription, ...settings } = Settings.parse(JSON.parse(process.argv[2] ?? ''))
const silent = { debug() {}, info() {}, warn() {}, error() {} }
const client = new PubSubApiClient(
  { authType: 'user-supplied', rejectUnauthorizedSsl: false, ...settings } as never,
  silent as never,
)
await client.connect()
const hear = (info: { subscriptionId: string }, type: string, data: unknown): void => {
  if (type === 'error') process.send?.({ error: String((data as Error).message) })
  if (type !== 'event') return
  const { replayId, payload } = data as { replayId: number; payload: { Subject__c: string } }
  process.send?.({ subject: payload.Subject__c, subscriptionId: info.subscriptionId, replayId })
}
process.on('message', ({ subscriptionId, replayId }: { subscriptionId: string; replayId: number }) => {
  client.commitReplayId(subscriptionId, replayId)
  process.send?.({ committed: replayId })
})
process.once('disconnect', () => process.exit(0))
try {
  await client.subscribeWithManagedSubscription(subscription, hear as never)
} catch (error) {
  process.send?.({ error: String((error as Error).message) })
}
