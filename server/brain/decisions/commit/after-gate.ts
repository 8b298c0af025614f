// The gate asks more than people were asked, or blocks, by the records as they are now: nothing was written.
import { bothStages, peopleNeeded } from '../../../contract/gate/people.ts'
import type { ChangeSetVersion, Decision } from '../../domain/decision.ts'
import { fit } from '../../domain/say.ts'
import type { PhaseContext, PhaseOutcome } from '../../runs/phase.ts'
import type { CommitAnswer } from './commit-outcome.ts'
import { lookAgain } from './look-again.ts'

/** The approvals lapse; a new run proposes what the gate allows now, to those whom it asks now. */
export function afterGate(
  context: PhaseContext,
  decision: Decision,
  changeSet: ChangeSetVersion,
  gate: CommitAnswer['gate'],
): PhaseOutcome {
  const why =
    gate && 'block' in gate
      ? `${gate.block}: nothing was written`
      : `The gate now asks ${asked(gate)}; nothing was written`
  return lookAgain(context, decision, changeSet, (end) => ({
    kind: 'noticed',
    text: fit([why, end]),
    records: [{ object: decision.subject.object, id: decision.subject.id }],
  }))
}

function asked(gate: CommitAnswer['gate']): string {
  const needs = gate && 'require' in gate ? peopleNeeded(bothStages(gate.require)) : 0
  return needs === 1 ? '1 other person' : `${needs} people`
}
