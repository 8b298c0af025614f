// The five phases in which a run thinks: trigger, read, enrich, reason, propose. They read and conclude; they never write.
import type { PhaseFunction } from '../domain/ports.ts'
import { rulebook } from '../reasoning/rulebook.ts'
import type { Reasoner } from '../reasoning/reasoner.ts'
import { enrich } from './enrich.ts'
import { propose } from './propose.ts'
import { read } from './read.ts'
import { reasonWith } from './reason.ts'
import { trigger } from './trigger.ts'
import { undoPhases } from './undo/phases.ts'

export type ThinkingPhase = 'trigger' | 'read' | 'enrich' | 'reason' | 'propose'

/** The phase functions; `reasoner` defaults to the rulebook, which needs no network. A run that undoes another has its own. */
export function thinkingPhases(deps: { reasoner?: Reasoner } = {}): Record<ThinkingPhase, PhaseFunction> {
  const usual = { trigger, read, enrich, reason: reasonWith(deps.reasoner ?? rulebook), propose }
  const either =
    (phase: ThinkingPhase): PhaseFunction =>
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
