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
import { revivedBy, touchedBy } from '../../../contract/operations/operation.ts'
import type { Caller } from '../eligibility.ts'
import { openQuestions } from '../others/open-questions.ts'
import { goneAfter, affectedBy } from '../affected-records.ts'
import type { LoadedDecision } from './decision-view.ts'

/** Records of a change set about which other decisions are looked for. */
const MOST_RECORDS = 20

/** Everything stored about a decision, or null when there is none. */
export async function loadDecision(reads: Reads, clock: Clock, decisionId: string): Promise<LoadedDecision | null> {
  const decision = await reads.decision(decisionId)
  const facts = decision && ((await loadFacts(reads, clock, [decision]))[0] ?? null)
  if (!facts || facts.decision.status !== 'open') return facts
  const { operations } = facts.changeSet.proposal
  const records = operations.flatMap(touchedBy).map(({ id }) => id)
  return { ...facts, others: await openQuestions(reads, records.slice(0, MOST_RECORDS), facts.run.id) }
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
    const ended = changeSet.proposal.undoes ? await endedBefore(reads, changeSet.proposal.undoes.decisionId) : null
    const answers = { approvals: approvals.get(decision.id) ?? [], launcher: run.trigger.launcher }
    loaded.push({ decision, changeSet, run, lastUndo, wayBack, ended, others: [], ...answers, now: clock.now() })
  }
  return loaded
}

async function wayBackOf(reads: Reads, run: Run, { proposal }: ChangeSetVersion): Promise<LoadedDecision['wayBack']> {
  const standing = standingOf(await reads.journal(run.id), proposal.operations)
  const mission = await reads.mission(run.mission, run.missionVersion)
  return standing && mission && undoStatement(foreseeUndo(standing.operations, mission.grant))
}

async function endedBefore(reads: Reads, decisionId: string): Promise<LoadedDecision['ended']> {
  const decision = await reads.decision(decisionId)
  const changeSet = decision && (await reads.changeSet(decision.id, decision.version))
  if (!changeSet) return null
  return { decision, changeSet, approvals: (await reads.approvalsOf([decisionId])).get(decisionId) ?? [] }
}

/**
 * Read access of the caller to these decisions. The org no longer answers for records that a merge or delete ended: the
 * users who approved their end keep their access to them, and to a record that an undo takes out of the Recycle Bin again. One
 * that was merged is known to the readers of the record that took over what hung on it.
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
  return (facts) => {
    const mergedIntoSeen = facts.changeSet.proposal.operations
      .flatMap(revivedBy)
      .filter(({ mergedInto }) => mergedInto !== null && access.record(mergedInto))
    const revived = [...mergedIntoSeen.map(({ record }) => record.id), ...revivedAfterApprovalOf(caller, facts)]
    return alsoSeeing(access, new Set([...revived, ...endedWithApprovalOf(caller, facts)]))
  }
}

/** Records that this undo restores and that ended with this caller's approval. */
function revivedAfterApprovalOf(caller: Caller, { ended, changeSet }: LoadedDecision): string[] {
  const known = ended ? endedWithApprovalOf(caller, ended) : new Set<string>()
  return changeSet.proposal.operations
    .flatMap(revivedBy)
    .flatMap(({ record }) => (known.has(record.id) ? [record.id] : []))
}

/** Records that ended with this caller's approval. */
export function endedWithApprovalOf(
  caller: Caller,
  { approvals, changeSet, decision }: Pick<LoadedDecision, 'approvals' | 'changeSet' | 'decision'>,
): Set<string> {
  const approvedHere = approvals.some(
    ({ userId, verb, voided, version }) =>
      userId === caller.userId && verb === 'approve' && !voided && version === changeSet.version,
  )
  const approved = approvedHere || decision.settledBy?.approvedBy.some(({ id }) => id === caller.userId)
  return new Set(approved ? goneAfter(changeSet.proposal.operations).map(({ id }) => id) : [])
}
