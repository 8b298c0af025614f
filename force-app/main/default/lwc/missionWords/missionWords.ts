// The words people see for states, phases, kinds and reasons, in one place so that every surface uses the same.
import type { DecisionView, RejectReason } from '../../../../../server/contract/http.ts'
import type { ObservationKind, Phase, Risk, RunStatus } from '../../../../../server/contract/states.ts'
import { labels } from './labels'

export { calendarDay, clock, dayAndTime, erasedText, expiry, monthName, monthOf } from './format'
export { formatCount, formatLabel, listNames } from './formatLabel'
export { labels as sharedLabels } from './labels'
export { outcomeOf, standing } from './outcome'
export type { Outcome } from './outcome'
export { hasEnded, isWritten, mayHaveWritten } from './states'
export { decisionWords, verdictSentences, verdictWords } from './verdictWords'

interface Word {
  word: string
  icon: string
}

export const observationWords: Record<ObservationKind, Word> = {
  read: { word: labels.observationRead, icon: 'utility:database' },
  noticed: { word: labels.observationNoticed, icon: 'utility:preview' },
  concluded: { word: labels.observationConcluded, icon: 'utility:check' },
  proposed: { word: labels.observationProposed, icon: 'utility:edit' },
  asked: { word: labels.observationAsked, icon: 'utility:question' },
  waited: { word: labels.observationWaited, icon: 'utility:clock' },
  wrote: { word: labels.observationWrote, icon: 'utility:upload' },
  checked: { word: labels.observationChecked, icon: 'utility:task' },
  failed: { word: labels.observationFailed, icon: 'utility:error' },
}

export const phases: { phase: Phase; word: string }[] = [
  { phase: 'trigger', word: labels.phaseTrigger },
  { phase: 'read', word: labels.phaseRead },
  { phase: 'enrich', word: labels.phaseEnrich },
  { phase: 'reason', word: labels.phaseReason },
  { phase: 'propose', word: labels.phasePropose },
  { phase: 'decide', word: labels.phaseDecide },
  { phase: 'commit', word: labels.phaseCommit },
]

export const runWords: Record<RunStatus, Word> = {
  running: { word: labels.runRunning, icon: 'utility:play' },
  waiting: { word: labels.runWaiting, icon: 'utility:user' },
  held: { word: labels.runHeld, icon: 'utility:clock' },
  paused: { word: labels.runPaused, icon: 'utility:pause' },
  done: { word: labels.runDone, icon: 'utility:success' },
  failed: { word: labels.runFailed, icon: 'utility:error' },
  cancelled: { word: labels.runCancelled, icon: 'utility:ban' },
}

export const riskWords: Record<Risk, Word> = {
  low: { word: labels.riskLow, icon: 'utility:shield' },
  medium: { word: labels.riskMedium, icon: 'utility:info' },
  high: { word: labels.riskHigh, icon: 'utility:warning' },
}

export const bandWords: Record<DecisionView['band'], string> = {
  strong: labels.bandStrong,
  likely: labels.bandLikely,
  uncertain: labels.bandUncertain,
}

export const undoWords: Record<DecisionView['undo']['class'], string> = {
  full: labels.undoFull,
  partial: labels.undoPartial,
  none: labels.undoNone,
}

/** Why a person may reject, in the order of the keys 1 to 6. */
export const reasons: readonly { code: RejectReason; word: string }[] = [
  { code: 'not-the-same', word: labels.reasonNotTheSame },
  { code: 'wrong-survivor', word: labels.reasonWrongSurvivor },
  { code: 'wrong-values', word: labels.reasonWrongValues },
  { code: 'not-now', word: labels.reasonNotNow },
  { code: 'policy', word: labels.reasonPolicy },
  { code: 'other', word: labels.reasonOther },
]
