import { setTimeout as sleep } from 'node:timers/promises'
import { openSubscription, type Subscription } from '../../adapters/events/subscription.ts'
import type { BrainSettings } from '../../../settings/brain-settings.ts'
import type { Salesforce } from '../../ports/salesforce.ts'
import { catchUp } from '../../runs/catch-up.ts'
import { oweCatchUp } from '../../runs/owed-catch-up.ts'
import type { SetAsideDeps } from '../../runs/set-aside.ts'
import { positionKey, watchedSinceKey } from '../../runs/stream-position.ts'
import { openEventTaker } from '../../runs/take-event.ts'
import { eventsAwaited, objectsWatched } from '../../runs/trigger-match.ts'
import { takeRequest } from '../../triggers/take-request.ts'

export interface ListenDeps extends SetAsideDeps {
  salesforce: Salesforce
  onError(error: unknown): void
}

/** No key of salesforce-mcp is wanted. */
type ListenSettings = Pick<BrainSettings, 'orgId'> & { salesforce: Omit<BrainSettings['salesforce'], 'mcp'> }

const topicOf = (object: string) => `/data/${object.replace(/__c$/, '__')}ChangeEvent`
/** Of platform events no query finds what was missed. */
const isOfChanges = (topic: string) => topic.startsWith('/data/')
const objectOf = (topic: string) =>
  topic
    .replace(/^\/data\//, '')
    .replace(/__ChangeEvent$/, '__c')
    .replace(/ChangeEvent$/, '')

/**
 * Listens to the changes and platform events that installed missions wait for, active or not: one that is activated later then misses nothing
 * between its activation and a new subscription.
 */
export async function listenToOrg(config: ListenSettings, deps: ListenDeps): Promise<Subscription> {
  const { store, clock } = deps
  const { reader, loginUrl, audience, pubSubEndpoint } = config.salesforce
  const missions = [...(await store.latestMissions()), ...(await store.activeMissions())]
  const objects = objectsWatched(missions)
  const requests = eventsAwaited(missions)
  for (const name of [...objects, ...requests]) await rememberSince(deps, name)
  const events = openEventTaker({ ...deps, within })
  const subscription = openSubscription({
    listener: { ...reader, loginUrl, audience },
    orgId: config.orgId,
    endpoint: pubSubEndpoint,
    clock,
    positionOf: (topic) => positionOrOwe(deps, topic),
    async onConnected(topic) {
      events.connected(topic)
      if (isOfChanges(topic)) await catchUp(deps, objectOf(topic))
    },
    onChange: (change) => events.take(change),
    onRequest: (request) => takeRequest(deps, events, request),
    onPosition: (topic, replayId) => store.transaction((tx) => tx.raiseSetting(positionKey(topic), replayId)),
    async onGap(topic, forget) {
      await store.transaction(async (tx) => {
        if (forget) await tx.setSetting(positionKey(topic), '')
        if (isOfChanges(topic)) await oweCatchUp(tx, objectOf(topic))
      })
      if (isOfChanges(topic)) await catchUp(deps, objectOf(topic))
      else deps.onError(new Error(`events of ${topic} may be lost: none that Salesforce keeps is older than 72 hours`))
    },
    onError: deps.onError,
  })
  subscription.watch([...objects.map(topicOf), ...requests.map((name) => `/event/${name}`)])
  return subscription
}

/** A transaction that hangs longer is given up; what it does after all is harmless, because a change is taken once. */
const DEADLINE_MS = 60_000

async function within(work: Promise<void>): Promise<void> {
  const over = new AbortController()
  const late = sleep(DEADLINE_MS, null, { signal: over.signal }).then(() => {
    throw new Error('a change in the org was not taken in time')
  })
  await Promise.race([work, late]).finally(() => over.abort())
}

/** Without a position the stream begins with what comes next: what came before it is owed, even if this process ends right now. */
async function positionOrOwe({ store }: ListenDeps, topic: string): Promise<string | null> {
  const position = (await store.setting(positionKey(topic))) || null
  if (position === null && isOfChanges(topic)) await store.transaction((tx) => oweCatchUp(tx, objectOf(topic)))
  return position
}

/** Of processes that start at the same time the first says since when; the others leave it. */
function rememberSince({ store, clock }: ListenDeps, object: string): Promise<void> {
  const key = watchedSinceKey(object)
  return store.transaction(async (tx) => {
    await tx.lockExclusively(key)
    if ((await tx.setting(key)) === null) await tx.setSetting(key, clock.now())
  })
}
