// Platform events that ask for a mission: each starts one run, or is set aside with a sentence that says what is wrong with it.
import { addSeconds } from '../../contract/values/instant.ts'
import { SalesforceError } from '../domain/errors.ts'
import type { MissionVersion } from '../domain/mission.ts'
import { recordId18 } from '../domain/record-id.ts'
import type { Trigger } from '../domain/run.ts'
import { startStep } from '../missions/language/start-step.ts'
import type { TriedChange } from '../ports/change-tries.ts'
import type { OrgRequest } from '../ports/org-changes.ts'
import type { Salesforce } from '../ports/salesforce.ts'
import type { Tx } from '../ports/store.ts'
import { OVERLAP_SECONDS } from '../runs/owed-catch-up.ts'
import { openReadingGrant } from '../runs/reading-grant.ts'
import { setAsideNow, type SetAsideDeps } from '../runs/set-aside.ts'
import { startRunWithin } from '../runs/start-run.ts'
import { positionKey, watchedSinceKey } from '../runs/stream-position.ts'
import type { EventTaker } from '../runs/take-event.ts'

interface RequestDeps extends SetAsideDeps {
  salesforce: Salesforce
}

/** What a request asks for; or why nothing can come of it. */
type Judged = { mission: MissionVersion; subject: { object: string; id: string } } | { fault: string }

/**
 * Takes a request and saves its position. Throws SalesforceError while Salesforce cannot be asked for its record: then the request
 * waits, and is not counted as tried.
 */
export async function takeRequest(deps: RequestDeps, taker: EventTaker, request: OrgRequest): Promise<void> {
  const tried = triedOf(request)
  const move = (tx: Tx) => tx.raiseSetting(positionKey(request.topic), request.replayId)
  if (await isFromBefore(deps, request)) return deps.store.transaction(move)
  const judged = await judge(deps, request)
  if ('fault' in judged) return setAsideNow(deps, tried, judged.fault, move)
  const { mission, subject } = judged
  const trigger = triggerOf(request, mission, subject)
  const work = () =>
    deps.store.transaction(async (tx) => {
      await startRunWithin(deps, tx, { mission: mission.name, trigger })
      await move(tx)
    })
  await taker.takeAs(tried, work, move)
}

/** The first time, a stream begins with the oldest event that is kept: what was published before these events were watched is not meant. */
async function isFromBefore({ store }: RequestDeps, { event, at }: OrgRequest): Promise<boolean> {
  const since = await store.setting(watchedSinceKey(event))
  return since !== null && at < addSeconds(since, -OVERLAP_SECONDS)
}

/** Only what has the form of a name or an id is repeated: the fields are a publisher's text. */
function triedOf({ topic, replayId, event, mission, recordId }: OrgRequest): TriedChange {
  const id = recordId18(recordId ?? '')
  return {
    source: topic,
    position: replayId,
    object: event,
    change: nameIn(mission) ?? 'request',
    recordIds: id ? [id] : [],
  }
}

const nameIn = (mission: string | null) => (mission !== null && /^[a-z][a-z0-9-]{0,79}$/.test(mission) ? mission : null)

async function judge({ store, salesforce }: RequestDeps, request: OrgRequest): Promise<Judged> {
  const name = nameIn(request.mission)
  if (name === null) return { fault: 'Mission__c names no mission: write its name, such as lead-triage' }
  const mission = (await store.activeMissions()).find((each) => each.name === name)
  if (!mission) return { fault: `No active mission is called ${name}` }
  const waits = mission.definition.trigger.some((each) => 'event' in each && each.event === request.event)
  if (!waits)
    return { fault: `${name} does not wait for ${request.event}: its trigger says so with { event: ${request.event} }` }
  const object = startStep(mission.definition)?.object ?? ''
  const id = recordId18(request.recordId ?? '')
  if (id === null) return { fault: `Record_Id__c is no id: ${name} wants that of a record of ${object}` }
  try {
    return (await isThere(salesforce, mission, { object, id }))
      ? { mission, subject: { object, id } }
      : { fault: `There is no ${object} ${id}, or the reader may not see it` }
  } catch (error) {
    if (!(error instanceof SalesforceError) || error.error.retryable) throw error
    return { fault: `Salesforce refused to look for ${object} ${id}: ${error.error.message}` }
  }
}

/** Throws SalesforceError. */
async function isThere(
  salesforce: Salesforce,
  mission: MissionVersion,
  { object, id }: { object: string; id: string },
): Promise<boolean> {
  const grant = await openReadingGrant(salesforce, [mission], object)
  if (grant === null) return false
  const queries = [`SELECT Id FROM ${object} WHERE Id = '${id}'`]
  const { results } = await salesforce.call('soqlQuery', { grant, queries }, { runId: null })
  return (results[0]?.records.length ?? 0) > 0
}

/** Who published it counts as the launcher: a person cannot ask for a change by an event and approve it alone. */
function triggerOf(request: OrgRequest, mission: MissionVersion, subject: { object: string; id: string }): Trigger {
  const { key, publisher, at, topic, replayId } = request
  const launcher = publisher !== null && /^005[A-Za-z0-9]{15}$/.test(publisher) ? publisher : null
  return {
    kind: 'event',
    change: null,
    subject,
    scope: null,
    launcher,
    at,
    idempotencyKey: key === null ? `${topic}:${mission.name}:#${replayId}` : `${topic}:${mission.name}:${key}`,
  }
}
