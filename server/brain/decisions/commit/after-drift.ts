// A record was changed between the approval and the write: nothing was written, the approval lapses, and people decide again.
import type { RecordKey } from '../../../contract/values/ids.ts'
import type { Drift } from '../../../contract/tool-shapes.ts'
import type { ChangeSetVersion, Decision } from '../../domain/decision.ts'
import { addSeconds } from '../../../contract/values/instant.ts'
import type { Phrase } from '../../domain/phrase.ts'
import type { Proposal } from '../../domain/proposal.ts'
import type { PhaseContext, PhaseOutcome } from '../../runs/phase.ts'
import type { NewObservation } from '../../domain/run.ts'
import { fit } from '../../domain/say.ts'
import type { DecidingDeps } from '../deps.ts'
import { OPEN_FOR_SECONDS } from '../../../contract/activation.ts'
import { composeVersion } from '../new-version.ts'
import { ALREADY_SO, check, sayBlockers } from '../open-decision.ts'
import { lookAgain, superseded } from './look-again.ts'
import { driftNotice, rebase, restsOnIt } from '../rebase.ts'
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
  if (drift.some((change) => restsOnIt(changeSet.proposal, change))) {
    return lookAgainAt(context, decision, changeSet, drift)
  }
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
      await tx.updateDecision(decision.id, {
        status: 'open',
        version,
        risk: next.proposal.risk,
        commitsAt: null,
        expiresAt,
      })
      await tx.addOutbox({ kind: 'expire-decision', about: decision.id, dueInSeconds: OPEN_FOR_SECONDS })
    },
  }
}

/** A new run looks again, unless the record it started from is gone. */
function lookAgainAt(
  context: PhaseContext,
  decision: Decision,
  changeSet: ChangeSetVersion,
  drift: readonly Drift[],
): PhaseOutcome {
  const isSubjectGone = drift.some(({ id, field }) => field === 'IsDeleted' && id === decision.subject.id)
  if (isSubjectGone) return superseded(decision, [sayDrift(changeSet, drift, '; nothing is left to do')])
  return lookAgain(context, decision, changeSet, (end) => sayDrift(changeSet, drift, end))
}

function sayDrift({ proposal }: ChangeSetVersion, drift: readonly Drift[], end: string): NewObservation {
  const records = drift.map(({ object, id }) => ({ object, id }))
  const first = records[0]
  const evidence = drift.find((change) =>
    proposal.evidence?.some((value) => value.id === change.id && value.field === change.field),
  )
  if (evidence) return sayEvidence(evidence, proposal, end)
  const what = first ? [...changedRecord(first, proposal), ` changed after the approval${end}`] : []
  return { kind: 'noticed', text: fit(what), records, fields: drift.map(({ object, field }) => `${object}.${field}`) }
}

/** Who changed which value that the proposal was concluded from. */
function sayEvidence({ object, id, field, by }: Drift, proposal: Proposal, end: string): NewObservation {
  const label = proposal.labels[`${object}.${field}`] ?? field
  const who = by === null ? 'A user' : { text: by }
  return {
    kind: 'noticed',
    text: fit([who, ` changed ${label} of `, ...changedRecord({ object, id }, proposal), ` after the approval${end}`]),
    records: [{ object, id }],
    fields: [`${object}.${field}`],
  }
}

/** By name, or by kind where the proposal has no name for it: a child record that was created meanwhile. */
const changedRecord = ({ object, id }: RecordKey, proposal: Proposal): Phrase =>
  proposal.names[id] ? [nameOf(id, proposal)] : [`A record of ${object}`]
