// Somebody changed a record between the approval and the write: nothing was written, the approval lapses, people look again.
import type { Drift } from '../../../contract/tools.ts'
import type { ChangeSetVersion, Decision } from '../../domain/decision.ts'
import { addSeconds } from '../../../contract/values/instant.ts'
import type { PhaseContext, PhaseOutcome } from '../../runs/phase.ts'
import type { NewObservation } from '../../domain/run.ts'
import { fit } from '../../domain/say.ts'
import type { DecidingDeps } from '../deps.ts'
import { composeVersion, OPEN_FOR_SECONDS } from '../new-version.ts'
import { ALREADY_SO, check, sayBlockers } from '../open-decision.ts'
import { driftNotice, rebase } from '../rebase.ts'
import { documentOf } from '../../../contract/seal.ts'
import { nameOf } from '../operation-words.ts'

/** Composes the next version from the org as it is now, voids the approvals, and waits for a person again. */
export async function afterDrift(
  deps: DecidingDeps,
  context: PhaseContext,
  decision: Decision,
  changeSet: ChangeSetVersion,
  drift: readonly Drift[],
): Promise<PhaseOutcome> {
  if (drift.some(restsOnIt)) return lookAgain(context, decision, changeSet, drift)
  const version = changeSet.version + 1
  const checked = await check(context, `recheck-v${version}`, changeSet.proposal)
  if (checked.blockers.length > 0) return superseded(decision, sayBlockers(changeSet.proposal, checked))
  const proposal = rebase(changeSet.proposal, [...drift, ...checked.drift], checked.base)
  if (proposal.operations.length === 0) return superseded(decision, [ALREADY_SO])
  const createdAt = await context.now(`reopened-at-v${version}`)
  const expiresAt = addSeconds(createdAt, OPEN_FOR_SECONDS)
  const notice = driftNotice(changeSet.proposal, drift)
  const { org: orgId } = documentOf(changeSet.leaves)
  const { run, mission } = context
  const next = await composeVersion(deps, context, {
    orgId,
    decisionId: decision.id,
    run,
    mission,
    proposal,
    version,
    expiresAt,
    createdAt,
    notice,
  })
  return {
    kind: 'wait',
    for: 'person',
    key: `answer-v${version}`,
    say: [sayDrift(changeSet, drift, '; it has to be approved again')],
    within: async (tx) => {
      await tx.insertChangeSet(next)
      await tx.voidApprovals(decision.id)
      await tx.updateDecision(decision.id, { status: 'open', version, commitsAt: null, expiresAt })
      await tx.addOutbox({ kind: 'expire-decision', about: decision.id, dueInSeconds: OPEN_FOR_SECONDS })
    },
  }
}

/** A record that would end, or that has ended: what was concluded from it may no longer hold. */
const restsOnIt = ({ field }: Drift) => field === 'SystemModstamp' || field === 'IsDeleted'

/** Ends this run and has another one read and reason anew, unless the record it started from is gone; an undo waits to be asked for. */
function lookAgain(
  context: PhaseContext,
  decision: Decision,
  changeSet: ChangeSetVersion,
  drift: readonly Drift[],
): PhaseOutcome {
  const isSubjectGone = drift.some(({ id, field }) => field === 'IsDeleted' && id === decision.subject.id)
  const isUndo = changeSet.proposal.undoes !== undefined
  const end = isUndo ? '; ask for the undo again' : '; a new run looks again'
  const ended = superseded(decision, [sayDrift(changeSet, drift, isSubjectGone ? '; nothing is left to do' : end)])
  if (isSubjectGone || isUndo) return ended
  return {
    ...ended,
    within: async (tx) => {
      await ended.within?.(tx)
      await tx.updateRun(context.run.id, { retrigger: true })
    },
  }
}

function sayDrift({ proposal }: ChangeSetVersion, drift: readonly Drift[], end: string): NewObservation {
  const records = drift.map(({ object, id }) => ({ object, id }))
  const first = records[0]
  const what = first ? [nameOf(first.id, proposal), ` changed after the approval${end}`] : []
  return { kind: 'noticed', text: fit(what), records, fields: drift.map(({ object, field }) => `${object}.${field}`) }
}

function superseded(decision: Decision, say: readonly NewObservation[]): Extract<PhaseOutcome, { kind: 'finish' }> {
  return {
    kind: 'finish',
    verdict: 'nothing to do',
    result: { decision: 'superseded' },
    say,
    within: async (tx) => {
      await tx.voidApprovals(decision.id)
      await tx.updateDecision(decision.id, { status: 'superseded', commitsAt: null })
    },
  }
}
