import type { DecisionStatus, Verdict } from '../../../../../server/contract/states.ts'
import { labels } from './labels'

export const decisionWords: Record<DecisionStatus, string> = {
  open: labels.decisionOpen,
  approved: labels.decisionApproved,
  rejected: labels.decisionRejected,
  expired: labels.expired,
  superseded: labels.decisionReplaced,
}

export const verdictWords: Record<Verdict, string> = {
  verified: labels.verdictVerified,
  differs: labels.verdictDiffers,
  partly: labels.verdictPartly,
  unknown: labels.verdictUnknown,
  failed: labels.verdictFailed,
  'nothing to do': labels.verdictNothing,
  rejected: labels.verdictRejected,
  expired: labels.verdictExpired,
  undone: labels.verdictUndone,
  trial: labels.verdictTrial,
}

/** The verdict of a run and what it means for the records, as one sentence. */
export const verdictSentences: Record<Verdict, string> = {
  verified: labels.verdictVerifiedText,
  differs: labels.verdictDiffersText,
  partly: labels.verdictPartlyText,
  unknown: labels.verdictUnknownText,
  failed: labels.verdictFailedText,
  'nothing to do': labels.verdictNothingText,
  rejected: labels.verdictRejectedText,
  expired: labels.verdictExpiredText,
  undone: labels.verdictUndoneText,
  trial: labels.verdictTrialText,
}
