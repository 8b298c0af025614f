// The words of this module and those that several components share, from Custom Labels.
import tryAgain from '@salesforce/label/c.Missions_MissionWords_TryAgain'
import nothingChanged from '@salesforce/label/c.Missions_MissionWords_NothingChanged'
import unexpectedError from '@salesforce/label/c.Missions_MissionWords_UnexpectedError'
import differences from '@salesforce/label/c.Missions_MissionWords_Differences'
import decision from '@salesforce/label/c.Missions_MissionWords_Decision'
import blank from '@salesforce/label/c.Missions_MissionWords_Blank'
import yes from '@salesforce/label/c.Missions_MissionWords_Yes'
import no from '@salesforce/label/c.Missions_MissionWords_No'
import version from '@salesforce/label/c.Missions_MissionWords_Version'
import nextTry from '@salesforce/label/c.Missions_MissionWords_NextTry'
import newerVersion from '@salesforce/label/c.Missions_MissionWords_NewerVersion'
import apiCallsOne from '@salesforce/label/c.Missions_MissionWords_ApiCallsOne'
import apiCallsMany from '@salesforce/label/c.Missions_MissionWords_ApiCallsMany'
import approvedBy from '@salesforce/label/c.Missions_MissionWords_ApprovedBy'
import observationRead from '@salesforce/label/c.Missions_MissionWords_ObservationRead'
import observationNoticed from '@salesforce/label/c.Missions_MissionWords_ObservationNoticed'
import observationConcluded from '@salesforce/label/c.Missions_MissionWords_ObservationConcluded'
import observationProposed from '@salesforce/label/c.Missions_MissionWords_ObservationProposed'
import observationAsked from '@salesforce/label/c.Missions_MissionWords_ObservationAsked'
import observationWaited from '@salesforce/label/c.Missions_MissionWords_ObservationWaited'
import observationWrote from '@salesforce/label/c.Missions_MissionWords_ObservationWrote'
import observationChecked from '@salesforce/label/c.Missions_MissionWords_ObservationChecked'
import observationFailed from '@salesforce/label/c.Missions_MissionWords_ObservationFailed'
import phaseTrigger from '@salesforce/label/c.Missions_MissionWords_PhaseTrigger'
import phaseRead from '@salesforce/label/c.Missions_MissionWords_PhaseRead'
import phaseEnrich from '@salesforce/label/c.Missions_MissionWords_PhaseEnrich'
import phaseReason from '@salesforce/label/c.Missions_MissionWords_PhaseReason'
import phasePropose from '@salesforce/label/c.Missions_MissionWords_PhasePropose'
import phaseDecide from '@salesforce/label/c.Missions_MissionWords_PhaseDecide'
import phaseCommit from '@salesforce/label/c.Missions_MissionWords_PhaseCommit'
import runRunning from '@salesforce/label/c.Missions_MissionWords_RunRunning'
import runWaiting from '@salesforce/label/c.Missions_MissionWords_RunWaiting'
import runHeld from '@salesforce/label/c.Missions_MissionWords_RunHeld'
import runPaused from '@salesforce/label/c.Missions_MissionWords_RunPaused'
import runDone from '@salesforce/label/c.Missions_MissionWords_RunDone'
import runFailed from '@salesforce/label/c.Missions_MissionWords_RunFailed'
import runCancelled from '@salesforce/label/c.Missions_MissionWords_RunCancelled'
import riskLow from '@salesforce/label/c.Missions_MissionWords_RiskLow'
import riskMedium from '@salesforce/label/c.Missions_MissionWords_RiskMedium'
import riskHigh from '@salesforce/label/c.Missions_MissionWords_RiskHigh'
import bandStrong from '@salesforce/label/c.Missions_MissionWords_BandStrong'
import bandLikely from '@salesforce/label/c.Missions_MissionWords_BandLikely'
import bandUncertain from '@salesforce/label/c.Missions_MissionWords_BandUncertain'
import reasonNotTheSame from '@salesforce/label/c.Missions_MissionWords_ReasonNotTheSame'
import reasonWrongSurvivor from '@salesforce/label/c.Missions_MissionWords_ReasonWrongSurvivor'
import reasonWrongValues from '@salesforce/label/c.Missions_MissionWords_ReasonWrongValues'
import reasonNotNow from '@salesforce/label/c.Missions_MissionWords_ReasonNotNow'
import reasonPolicy from '@salesforce/label/c.Missions_MissionWords_ReasonPolicy'
import reasonOther from '@salesforce/label/c.Missions_MissionWords_ReasonOther'
import undoFull from '@salesforce/label/c.Missions_MissionWords_UndoFull'
import undoPartial from '@salesforce/label/c.Missions_MissionWords_UndoPartial'
import undoNone from '@salesforce/label/c.Missions_MissionWords_UndoNone'
import expired from '@salesforce/label/c.Missions_MissionWords_Expired'
import expiresInMinutes from '@salesforce/label/c.Missions_MissionWords_ExpiresInMinutes'
import expiresInHours from '@salesforce/label/c.Missions_MissionWords_ExpiresInHours'
import expiresInDays from '@salesforce/label/c.Missions_MissionWords_ExpiresInDays'
import erased from '@salesforce/label/c.Missions_MissionWords_Erased'
import decisionOpen from '@salesforce/label/c.Missions_MissionWords_DecisionOpen'
import decisionApproved from '@salesforce/label/c.Missions_MissionWords_DecisionApproved'
import decisionRejected from '@salesforce/label/c.Missions_MissionWords_DecisionRejected'
import decisionReplaced from '@salesforce/label/c.Missions_MissionWords_DecisionReplaced'
import verdictVerified from '@salesforce/label/c.Missions_MissionWords_VerdictVerified'
import verdictDiffers from '@salesforce/label/c.Missions_MissionWords_VerdictDiffers'
import verdictPartly from '@salesforce/label/c.Missions_MissionWords_VerdictPartly'
import verdictUnknown from '@salesforce/label/c.Missions_MissionWords_VerdictUnknown'
import verdictFailed from '@salesforce/label/c.Missions_MissionWords_VerdictFailed'
import verdictNothing from '@salesforce/label/c.Missions_MissionWords_VerdictNothing'
import verdictRejected from '@salesforce/label/c.Missions_MissionWords_VerdictRejected'
import verdictExpired from '@salesforce/label/c.Missions_MissionWords_VerdictExpired'
import verdictTrial from '@salesforce/label/c.Missions_MissionWords_VerdictTrial'
import verdictTrialText from '@salesforce/label/c.Missions_MissionWords_VerdictTrialText'
import verdictUndone from '@salesforce/label/c.Missions_MissionWords_VerdictUndone'
import verdictVerifiedText from '@salesforce/label/c.Missions_MissionWords_VerdictVerifiedText'
import verdictDiffersText from '@salesforce/label/c.Missions_MissionWords_VerdictDiffersText'
import verdictPartlyText from '@salesforce/label/c.Missions_MissionWords_VerdictPartlyText'
import verdictUnknownText from '@salesforce/label/c.Missions_MissionWords_VerdictUnknownText'
import verdictFailedText from '@salesforce/label/c.Missions_MissionWords_VerdictFailedText'
import verdictNothingText from '@salesforce/label/c.Missions_MissionWords_VerdictNothingText'
import verdictRejectedText from '@salesforce/label/c.Missions_MissionWords_VerdictRejectedText'
import verdictExpiredText from '@salesforce/label/c.Missions_MissionWords_VerdictExpiredText'
import verdictUndoneText from '@salesforce/label/c.Missions_MissionWords_VerdictUndoneText'
import untouched from '@salesforce/label/c.Missions_MissionWords_Untouched'
import rejectedText from '@salesforce/label/c.Missions_MissionWords_RejectedText'
import expiredText from '@salesforce/label/c.Missions_MissionWords_ExpiredText'
import needsMore from '@salesforce/label/c.Missions_MissionWords_NeedsMore'
import waitingForOne from '@salesforce/label/c.Missions_MissionWords_WaitingForOne'
import waitingForMany from '@salesforce/label/c.Missions_MissionWords_WaitingForMany'
import awaitingApproval from '@salesforce/label/c.Missions_MissionWords_AwaitingApproval'
import writtenAt from '@salesforce/label/c.Missions_MissionWords_WrittenAt'
import holdingText from '@salesforce/label/c.Missions_MissionWords_HoldingText'
import onHold from '@salesforce/label/c.Missions_MissionWords_OnHold'
import onHoldReason from '@salesforce/label/c.Missions_MissionWords_OnHoldReason'
import onHoldSalesforce from '@salesforce/label/c.Missions_MissionWords_OnHoldSalesforce'
import onHoldChanged from '@salesforce/label/c.Missions_MissionWords_OnHoldChanged'
import pausedText from '@salesforce/label/c.Missions_MissionWords_PausedText'
import checking from '@salesforce/label/c.Missions_MissionWords_Checking'
import checkingText from '@salesforce/label/c.Missions_MissionWords_CheckingText'
import checkingChanged from '@salesforce/label/c.Missions_MissionWords_CheckingChanged'
import writing from '@salesforce/label/c.Missions_MissionWords_Writing'
import writingText from '@salesforce/label/c.Missions_MissionWords_WritingText'
import writingChanged from '@salesforce/label/c.Missions_MissionWords_WritingChanged'
import verifiedText from '@salesforce/label/c.Missions_MissionWords_VerifiedText'
import changed from '@salesforce/label/c.Missions_MissionWords_Changed'
import differsOne from '@salesforce/label/c.Missions_MissionWords_DiffersOne'
import differsMany from '@salesforce/label/c.Missions_MissionWords_DiffersMany'
import differsText from '@salesforce/label/c.Missions_MissionWords_DiffersText'
import partlyText from '@salesforce/label/c.Missions_MissionWords_PartlyText'
import partlyChanged from '@salesforce/label/c.Missions_MissionWords_PartlyChanged'
import failedText from '@salesforce/label/c.Missions_MissionWords_FailedText'
import unknownText from '@salesforce/label/c.Missions_MissionWords_UnknownText'
import unknownChanged from '@salesforce/label/c.Missions_MissionWords_UnknownChanged'
import undoneText from '@salesforce/label/c.Missions_MissionWords_UndoneText'
import undoneChanged from '@salesforce/label/c.Missions_MissionWords_UndoneChanged'
import nothingText from '@salesforce/label/c.Missions_MissionWords_NothingText'

export const labels = {
  tryAgain,
  nothingChanged,
  unexpectedError,
  differences,
  decision,
  blank,
  yes,
  no,
  version,
  nextTry,
  newerVersion,
  apiCallsOne,
  apiCallsMany,
  approvedBy,
  observationRead,
  observationNoticed,
  observationConcluded,
  observationProposed,
  observationAsked,
  observationWaited,
  observationWrote,
  observationChecked,
  observationFailed,
  phaseTrigger,
  phaseRead,
  phaseEnrich,
  phaseReason,
  phasePropose,
  phaseDecide,
  phaseCommit,
  runRunning,
  runWaiting,
  runHeld,
  runPaused,
  runDone,
  runFailed,
  runCancelled,
  riskLow,
  riskMedium,
  riskHigh,
  bandStrong,
  bandLikely,
  bandUncertain,
  reasonNotTheSame,
  reasonWrongSurvivor,
  reasonWrongValues,
  reasonNotNow,
  reasonPolicy,
  reasonOther,
  undoFull,
  undoPartial,
  undoNone,
  expired,
  expiresInMinutes,
  expiresInHours,
  expiresInDays,
  erased,
  decisionOpen,
  decisionApproved,
  decisionRejected,
  decisionReplaced,
  verdictVerified,
  verdictDiffers,
  verdictPartly,
  verdictUnknown,
  verdictFailed,
  verdictNothing,
  verdictRejected,
  verdictExpired,
  verdictTrial,
  verdictTrialText,
  verdictUndone,
  verdictVerifiedText,
  verdictDiffersText,
  verdictPartlyText,
  verdictUnknownText,
  verdictFailedText,
  verdictNothingText,
  verdictRejectedText,
  verdictExpiredText,
  verdictUndoneText,
  untouched,
  rejectedText,
  expiredText,
  needsMore,
  waitingForOne,
  waitingForMany,
  awaitingApproval,
  writtenAt,
  holdingText,
  onHold,
  onHoldReason,
  onHoldSalesforce,
  onHoldChanged,
  pausedText,
  checking,
  checkingText,
  checkingChanged,
  writing,
  writingText,
  writingChanged,
  verifiedText,
  changed,
  differsOne,
  differsMany,
  differsText,
  partlyText,
  partlyChanged,
  failedText,
  unknownText,
  unknownChanged,
  undoneText,
  undoneChanged,
  nothingText,
}
