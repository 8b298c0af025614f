// The words for where a run, a decision and what was written stand, and the questions asked of them.
import { z } from 'zod'

export const RunStatus = z.enum(['running', 'waiting', 'held', 'paused', 'done', 'failed', 'cancelled'])
export const Verdict = z.enum([
  'verified',
  'differs',
  'partly',
  'unknown',
  'failed',
  'nothing to do',
  'rejected',
  'expired',
  'undone',
  'trial',
])
export const DecisionStatus = z.enum(['open', 'approved', 'rejected', 'expired', 'superseded'])
export const ObservationKind = z.enum([
  'read',
  'noticed',
  'concluded',
  'proposed',
  'asked',
  'waited',
  'wrote',
  'checked',
  'failed',
])
export const Phase = z.enum(['trigger', 'read', 'enrich', 'reason', 'propose', 'decide', 'commit'])
export const Risk = z.enum(['low', 'medium', 'high'])
export type RunStatus = z.infer<typeof RunStatus>
export type Verdict = z.infer<typeof Verdict>
export type DecisionStatus = z.infer<typeof DecisionStatus>
export type ObservationKind = z.infer<typeof ObservationKind>
export type Phase = z.infer<typeof Phase>
export type Risk = z.infer<typeof Risk>

const ENDED: Readonly<Record<RunStatus, boolean>> = {
  running: false,
  waiting: false,
  held: false,
  paused: false,
  done: true,
  failed: true,
  cancelled: true,
}
const WROTE: Readonly<Record<Verdict, boolean>> = {
  verified: true,
  differs: true,
  partly: true,
  unknown: true,
  failed: false,
  'nothing to do': false,
  rejected: false,
  expired: false,
  undone: true,
  trial: false,
}

const RUN_STATUSES = RunStatus.options
/** Run statuses that nothing follows. */
export const ENDED_STATUSES: RunStatus[] = RUN_STATUSES.filter((status) => ENDED[status])
/** Verdicts of runs that changed something in the org, or may have. */
export const WRITING_VERDICTS: Verdict[] = Verdict.options.filter((verdict) => WROTE[verdict])

export const hasEnded = (status: RunStatus): boolean => ENDED[status]
export const wrote = (verdict: Verdict | null): boolean => verdict !== null && WROTE[verdict]
