// Gathering what a decision's view and its answers are judged by.
import type { ChangeSetVersion, Decision } from '../../domain/decision.ts'
import type { ReadAccess } from '../../domain/phrase.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Reads } from '../../ports/store.ts'
import type { Run } from '../../domain/run.ts'
import { standingOf } from '../../undo/plan/standing.ts'
import { foreseeUndo } from '../../undo/plan/undo-plan.ts'
import { undoStatement } from '../../undo/plan/undo-words.ts'
import { alsoSeeing, type Visibility } from '../../visibility/visibility.ts'
import type { Caller } from '../eligibility.ts'
import { goneAfter, affectedBy } from '../affected-records.ts'
import type { LoadedDecision } from './decision-view.ts'

/** Everything stored about a decision, or null when there is none. */
export async function loadDecision(reads: Reads, clock: Clock, decisionId: string): Promise<LoadedDecision | null> {
  const decision = await reads.decision(decisionId)
  return decision && ((await loadFacts(reads, clock, [decision]))[0] ?? null)
}

/** Everything else stored about decisions that were read, in the same order, without those whose contents were erased. */
export async function loadFacts(reads: Reads, clock: Clock, decisions: readonly Decision[]): Promise<LoadedDecision[]> {
  const ids = decisions.map(({ id }) => id)
  const runs = await reads.runsById(decisions.map(({ runId }) => runId))
  const [changeSets, approvals] = await Promise.all([reads.changeSets(decisions), reads.approvalsOf(ids)])
  const loaded: LoadedDecision[] = []
  for (const decision of decisions) {
    const [changeSet, run] = [changeSets.get(decision.id), runs.get(decision.runId)]
    if (!changeSet || !run) continue
    const lastUndo = run.undo ? await reads.run(run.undo.runId) : null
    const wayBack = run.verdict === 'partly' ? await wayBackOf(reads, run, changeSet) : null
    const answers = { approvals: approvals.get(decision.id) ?? [], launcher: run.trigger.launcher }
    loaded.push({ decision, changeSet, run, lastUndo, wayBack, ...answers, now: clock.now() })
  }
  return loaded
}

async function wayBackOf(reads: Reads, run: Run, { proposal }: ChangeSetVersion): Promise<LoadedDecision['wayBack']> {
  const standing = standingOf(await reads.journal(run.id), proposal.operations)
  const mission = await reads.mission(run.mission, run.missionVersion)
  return standing && mission && undoStatement(foreseeUndo(standing.operations, mission.grant.writes))
}

/**
 * Read access of the caller to these decisions. The org no longer answers for records that a merge or delete ended: the
 * users who approved their end keep their access to them.
 */
export async function readAccessToDecisions(
  visibility: Visibility,
  caller: Caller,
  decisions: readonly LoadedDecision[],
): Promise<(facts: LoadedDecision) => ReadAccess> {
  const wanted = decisions.map(({ changeSet }) => affectedBy(changeSet.proposal))
  const access = await visibility.readAccessOf(caller.userId, {
    records: wanted.flatMap(({ records }) => [...records]),
    fields: wanted.flatMap(({ fields }) => [...fields]),
  })
  return (facts) => alsoSeeing(access, endedWithApprovalOf(caller, facts))
}

/** Records that ended with this caller's approval. */
export function endedWithApprovalOf(caller: Caller, { approvals, changeSet }: LoadedDecision): Set<string> {
  const approved = approvals.some(
    ({ userId, verb, voided, version }) =>
      userId === caller.userId && verb === 'approve' && !voided && version === changeSet.version,
  )
  return new Set(approved ? goneAfter(changeSet.proposal.operations).map(({ id }) => id) : [])
}
