// Marking in the org what may no longer be written: a worker that was paused may still hold the approvals of a version that ended.
import { bothStages, placesLeft } from '../../../contract/gate/people.ts'
import { documentOf } from '../../../contract/seal.ts'
import type { Approval, ChangeSetVersion, Decision } from '../../domain/decision.ts'
import { SalesforceError } from '../../domain/errors.ts'
import type { Clock } from '../../ports/clock.ts'
import type { DecisionReads, Voidings } from '../../ports/decisions.ts'
import type { Salesforce } from '../../ports/salesforce.ts'

interface VoidingDeps {
  store: Pick<DecisionReads, 'decision' | 'changeSet' | 'approvals'> & Voidings
  salesforce: Salesforce
  clock: Clock
}

/** Until the next try, when the org or salesforce-mcp cannot be asked now. */
const RETRY_SECONDS = 60

const ENDED = new Set<Decision['status']>(['rejected', 'expired', 'superseded'])

/**
 * Has salesforce-mcp void each version of the decision that was approved by everyone it needed and may not be written any more. May
 * come early, late or twice; tried again until done. Throws the error of a try that failed.
 */
export async function voidDecision(deps: VoidingDeps, decisionId: string): Promise<void> {
  const { store, clock } = deps
  const at = clock.now()
  try {
    for (const changeSet of await endedVersions(deps, decisionId)) await voidVersion(deps, changeSet)
  } catch (error) {
    await store.postponeVoiding(decisionId, RETRY_SECONDS)
    if (error instanceof SalesforceError && error.error.retryable) return
    throw error
  }
  await store.finishVoiding(decisionId, at)
}

async function endedVersions({ store }: VoidingDeps, decisionId: string): Promise<ChangeSetVersion[]> {
  const decision = await store.decision(decisionId)
  if (!decision || decision.isErased) return []
  const last = ENDED.has(decision.status) ? decision.version : decision.version - 1
  const approvals = await store.approvals(decisionId)
  const ended: ChangeSetVersion[] = []
  for (let version = 1; version <= last; version += 1) {
    const changeSet = await store.changeSet(decisionId, version)
    if (changeSet && wasApproved(changeSet, approvals)) ended.push(changeSet)
  }
  return ended
}

/** Approvals that were voided or lapsed since count: a worker may have taken them along. */
function wasApproved({ version, gate }: ChangeSetVersion, approvals: readonly Approval[]): boolean {
  const people = approvals.filter((each) => each.version === version && each.verb === 'approve')
  return people.length > 0 && placesLeft(bothStages(gate), people).length === 0
}

async function voidVersion({ salesforce }: VoidingDeps, { digest, leaves }: ChangeSetVersion): Promise<void> {
  const { decision, run, mission, missionVersion } = documentOf(leaves)
  const input = { digest, decision, run, mission: `${mission}@${missionVersion}` }
  await salesforce.call('voidChangeSet', input, { runId: null })
}
