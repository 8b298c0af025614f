import type { DecisionStatus, Phase, RunStatus, Verdict } from '../../contract/states.ts'
import { IllegalTransition } from './errors.ts'

/** The seven phases in the order every run walks them. */
export const PHASES: readonly Phase[] = ['trigger', 'read', 'enrich', 'reason', 'propose', 'decide', 'commit']

/** Which run status may follow which. `docs/states.md` is generated from these tables. */
export const RUN_TRANSITIONS: Record<RunStatus, readonly RunStatus[]> = {
  running: ['running', 'waiting', 'held', 'paused', 'done', 'failed', 'cancelled'],
  waiting: ['running', 'paused', 'done', 'cancelled'],
  held: ['running', 'paused', 'failed', 'cancelled'],
  paused: ['running', 'waiting', 'held', 'cancelled'],
  done: [],
  failed: [],
  cancelled: [],
}

export const DECISION_TRANSITIONS: Record<DecisionStatus, readonly DecisionStatus[]> = {
  open: ['approved', 'rejected', 'expired', 'superseded', 'open'],
  approved: ['open', 'superseded'],
  rejected: [],
  expired: [],
  superseded: [],
}

/**
 * A verdict is the end of a run, unless what it wrote is undone later, or that undo is undone in its turn; or the org turns out to
 * hold a write of a run that said it wrote nothing.
 */
export const VERDICT_TRANSITIONS: Record<Verdict, readonly Verdict[]> = {
  verified: ['undone'],
  differs: ['undone'],
  partly: ['undone'],
  unknown: [],
  failed: ['unknown'],
  'nothing to do': ['unknown'],
  rejected: ['unknown'],
  expired: ['unknown'],
  undone: ['verified', 'differs', 'partly'],
  trial: ['unknown'],
}

export function nextVerdict(from: Verdict, to: Verdict): Verdict {
  if (!VERDICT_TRANSITIONS[from].includes(to)) throw new IllegalTransition('verdict', from, to)
  return to
}

export function nextRunStatus(from: RunStatus, to: RunStatus): RunStatus {
  if (!RUN_TRANSITIONS[from].includes(to)) throw new IllegalTransition('run', from, to)
  return to
}

export function nextDecisionStatus(from: DecisionStatus, to: DecisionStatus): DecisionStatus {
  if (!DECISION_TRANSITIONS[from].includes(to)) throw new IllegalTransition('decision', from, to)
  return to
}

export function phaseAfter(phase: Phase): Phase | null {
  return PHASES[PHASES.indexOf(phase) + 1] ?? null
}
