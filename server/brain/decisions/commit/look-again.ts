// Nothing was written and the proposal no longer holds: this run ends, and another one reads and reasons anew.
import type { ChangeSetVersion, Decision } from '../../domain/decision.ts'
import type { PhaseContext, PhaseOutcome } from '../../runs/phase.ts'
import type { NewObservation } from '../../domain/run.ts'

type Finish = Extract<PhaseOutcome, { kind: 'finish' }>

/** Ends this run and starts another one about the record; after an undo, only a person starts one. `say` receives the end of the sentence. */
export function lookAgain(
  context: PhaseContext,
  decision: Decision,
  changeSet: ChangeSetVersion,
  say: (end: string) => NewObservation,
): Finish {
  const isUndo = changeSet.proposal.undoes !== undefined
  const ended = superseded(decision, [say(isUndo ? '; ask for the undo again' : '; a new run looks again')])
  if (isUndo) return ended
  return {
    ...ended,
    within: async (tx) => {
      await ended.within?.(tx)
      await tx.updateRun(context.run.id, { retrigger: true })
    },
  }
}

export function superseded(decision: Decision, say: readonly NewObservation[]): Finish {
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
