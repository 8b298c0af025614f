import { openSubscription, type Subscription } from '../../adapters/events/subscription.ts'
import type { BrainSettings } from '../../../settings/brain-settings.ts'
import type { Salesforce } from '../../ports/salesforce.ts'
import { catchUp, watchedSinceKey } from '../../runs/catch-up.ts'
import { positionKey, takeChange } from '../../runs/take-change.ts'
import type { StartDeps } from '../../runs/start-run.ts'
import { objectsWatched } from '../../runs/trigger-match.ts'

export interface ListenDeps extends StartDeps {
  salesforce: Salesforce
  onError(error: unknown): void
}

/** No key of salesforce-mcp is wanted. */
type ListenSettings = Pick<BrainSettings, 'orgId'> & { salesforce: Omit<BrainSettings['salesforce'], 'mcp'> }

const topicOf = (object: string) => `/data/${object.replace(/__c$/, '__')}ChangeEvent`
const objectOf = (topic: string) =>
  topic
    .replace(/^\/data\//, '')
    .replace(/__ChangeEvent$/, '__c')
    .replace(/ChangeEvent$/, '')

/**
 * Listens to the changes that installed missions wait for, active or not: one that is activated later then misses nothing
 * between its activation and a new subscription.
 */
export async function listenToOrg(config: ListenSettings, deps: ListenDeps): Promise<Subscription> {
  const { store, clock } = deps
  const { reader, loginUrl, audience, pubSubEndpoint } = config.salesforce
  const objects = objectsWatched([...(await store.latestMissions()), ...(await store.activeMissions())])
  for (const object of objects) await rememberSince(deps, object)
  const subscription = openSubscription({
    listener: { ...reader, loginUrl, audience },
    orgId: config.orgId,
    endpoint: pubSubEndpoint,
    clock,
    positionOf: async (topic) => (await store.setting(positionKey(topic))) || null,
    onChange: (change) => takeChange(deps, change),
    onPosition: (topic, replayId) => store.transaction((tx) => tx.raiseSetting(positionKey(topic), replayId)),
    async onGap(topic, forget) {
      if (forget) await store.transaction((tx) => tx.setSetting(positionKey(topic), ''))
      await catchUp(deps, objectOf(topic))
    },
    onError: deps.onError,
  })
  subscription.watch(objects.map(topicOf))
  return subscription
}

/** Of processes that start at the same time the first says since when; the others leave it. */
function rememberSince({ store, clock }: ListenDeps, object: string): Promise<void> {
  const key = watchedSinceKey(object)
  return store.transaction(async (tx) => {
    await tx.lockExclusively(key)
    if ((await tx.setting(key)) === null) await tx.setSetting(key, clock.now())
  })
}
