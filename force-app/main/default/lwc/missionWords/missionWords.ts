// The words people see for states, phases, kinds and reasons, in one place so that every surface says the same.
import type { DecisionView } from '../../../../../server/contract/http.ts'
import type { ObservationKind, Phase, Risk, RunStatus } from '../../../../../server/contract/states.ts'

export { calendarDay, clock, counted, dayAndTime, erasedText, expiry, monthName, monthOf } from './format'
export { isWritten, outcomeOf, secondsUntil, standing } from './outcome'
export type { Outcome } from './outcome'

interface Word {
  word: string
  icon: string
}

export const observationWords: Record<ObservationKind, Word> = {
  read: { word: 'Read', icon: 'utility:database' },
  noticed: { word: 'Noticed', icon: 'utility:preview' },
  concluded: { word: 'Concluded', icon: 'utility:check' },
  proposed: { word: 'Proposed', icon: 'utility:edit' },
  asked: { word: 'Asked', icon: 'utility:question' },
  waited: { word: 'Waited', icon: 'utility:clock' },
  wrote: { word: 'Wrote', icon: 'utility:upload' },
  checked: { word: 'Checked', icon: 'utility:task' },
  failed: { word: 'Failed', icon: 'utility:error' },
}

export const phases: { phase: Phase; word: string }[] = [
  { phase: 'trigger', word: 'Trigger' },
  { phase: 'read', word: 'Read' },
  { phase: 'enrich', word: 'Enrich' },
  { phase: 'reason', word: 'Reason' },
  { phase: 'propose', word: 'Propose' },
  { phase: 'decide', word: 'Decide' },
  { phase: 'commit', word: 'Commit and verify' },
]

export const runWords: Record<RunStatus, Word> = {
  running: { word: 'Running', icon: 'utility:play' },
  waiting: { word: 'Waiting for a person', icon: 'utility:user' },
  held: { word: 'On hold', icon: 'utility:clock' },
  paused: { word: 'Paused', icon: 'utility:pause' },
  done: { word: 'Finished', icon: 'utility:success' },
  failed: { word: 'Failed', icon: 'utility:error' },
  cancelled: { word: 'Cancelled', icon: 'utility:ban' },
}

export const riskWords: Record<Risk, Word> = {
  low: { word: 'Low risk', icon: 'utility:shield' },
  medium: { word: 'Medium risk', icon: 'utility:info' },
  high: { word: 'High risk', icon: 'utility:warning' },
}

export const bandWords: Record<DecisionView['band'], string> = {
  strong: 'Strong match',
  likely: 'Likely match',
  uncertain: 'Uncertain',
}

/** Why a person may reject, in the order of the keys 1 to 6. */
export const reasons = [
  { code: 'not-the-same', word: 'Not the same company' },
  { code: 'wrong-survivor', word: 'Wrong survivor' },
  { code: 'wrong-values', word: 'Wrong value' },
  { code: 'not-now', word: 'Right but not now' },
  { code: 'policy', word: 'Against policy' },
  { code: 'other', word: 'Other' },
] as const
export type Reason = (typeof reasons)[number]['code']
