// What the seven phases of a run are: a mission's own five, or those of an undo, then deciding and committing.
import type { DecidingDeps } from '../../decisions/deps.ts'
import { decidingPhases } from '../../decisions/phases/phases.ts'
import { missionPhases } from '../../phases/phases.ts'
import type { PhaseFunction, Phases, ThinkingPhases } from '../../runs/phase.ts'
import { markUndone } from '../../undo/mark-undone.ts'
import { undoPhases } from '../../undo/phases.ts'
import { proposeWayBack } from '../../undo/start-undo.ts'

export function phasesWith(deciding: Omit<DecidingDeps, 'onVerified' | 'onPartly'>): Phases {
  const onPartly: DecidingDeps['onPartly'] = (tx, run) => proposeWayBack(deciding, tx, run)
  return { ...undoOrUsual(missionPhases), ...decidingPhases({ ...deciding, onVerified: markUndone, onPartly }) }
}

/** A run that undoes another proposes the way back; every other asks its mission's questions. */
export function undoOrUsual(usual: ThinkingPhases): ThinkingPhases {
  const either =
    (phase: keyof ThinkingPhases): PhaseFunction =>
    (context) =>
      (context.run.trigger.undo ? undoPhases : usual)[phase](context)
  return {
    trigger: either('trigger'),
    read: either('read'),
    enrich: either('enrich'),
    reason: either('reason'),
    propose: either('propose'),
  }
}
