import type { DecisionSummary, RunView } from '../../../../../server/contract/http.ts'
import { clock, dayAndTime, expiry } from './format'
import { formatCount, formatLabel } from './formatLabel'
import { labels } from './labels'
import { decisionWords, verdictWords } from './verdictWords'

/** Where a decision stands, in words a person can act on. `changed` always names what happened in Salesforce. */
export interface Outcome {
  code: 'open' | 'second' | 'holding' | 'writing' | 'checking' | 'waiting' | 'good' | 'differs' | 'bad' | 'over'
  badge: string
  sentence: string
  changed: string
  icon: string
}

/** A wait that is longer than this shows its end instead of a countdown. */
const COUNTED_SECONDS = 600

const icons: Record<Outcome['code'], string> = {
  open: 'utility:record',
  second: 'utility:people',
  holding: 'utility:clock',
  writing: 'utility:upload',
  checking: 'utility:search',
  waiting: 'utility:clock',
  good: 'utility:success',
  differs: 'utility:warning',
  bad: 'utility:error',
  over: 'utility:ban',
}

function outcome(code: Outcome['code'], badge: string, sentence: string, changed = labels.untouched): Outcome {
  return { code, badge, sentence, changed, icon: icons[code] }
}

/**
 * Reads a decision's state. `now` is in ms since 1970; `run` adds why it waits and what differed; `checking` is true while
 * the newest event is a write that is being read back.
 */
export function outcomeOf(decision: DecisionSummary, run: RunView | null, now: number, checking: boolean): Outcome {
  if (decision.verdict) return ended(decision, run)
  switch (decision.status) {
    case 'rejected':
      return outcome('over', decisionWords.rejected, labels.rejectedText)
    case 'expired':
      return outcome('over', decisionWords.expired, labels.expiredText)
    case 'superseded':
      return outcome('over', decisionWords.superseded, labels.newerVersion)
    case 'approved':
      return committing(decision, run, now, checking)
    case 'open':
      return awaiting(decision)
  }
}

function awaiting({ approvals, needs }: DecisionSummary): Outcome {
  if (approvals === 0) return outcome('open', decisionWords.open, labels.awaitingApproval)
  const missing = needs - approvals
  const sentence = formatCount(missing, labels.waitingForOne, labels.waitingForMany)
  return outcome('second', formatLabel(labels.needsMore, missing), sentence)
}

function committing(decision: DecisionSummary, run: RunView | null, now: number, checking: boolean): Outcome {
  const left = secondsUntil(decision.commitsAt, now)
  if (left > COUNTED_SECONDS && decision.commitsAt !== null)
    return outcome('holding', decisionWords.approved, formatLabel(labels.writtenAt, dayAndTime(decision.commitsAt)))
  if (left > 0) return outcome('holding', decisionWords.approved, formatLabel(labels.holdingText, left))
  const status = run?.status ?? decision.runStatus
  if (status === 'held' && !checking) return outcome('waiting', labels.onHold, holdText(run), labels.onHoldChanged)
  if (status === 'paused') return outcome('waiting', labels.runPaused, labels.pausedText)
  if (checking) return outcome('checking', labels.checking, labels.checkingText, labels.checkingChanged)
  return outcome('writing', labels.writing, labels.writingText, labels.writingChanged)
}

/** Why a run is on hold and when it tries again. */
function holdText(run: RunView | null): string {
  const why = run?.reason ? formatLabel(labels.onHoldReason, run.reason) : labels.onHoldSalesforce
  return run?.nextTryAt ? `${why} ${formatLabel(labels.nextTry, clock(run.nextTryAt))}` : why
}

function ended({ verdict }: DecisionSummary, run: RunView | null): Outcome {
  switch (verdict) {
    case 'verified':
      return outcome('good', verdictWords.verified, labels.verifiedText, labels.changed)
    case 'differs':
      return outcome('differs', differsWord(run), labels.differsText, labels.changed)
    case 'partly':
      return outcome('bad', verdictWords.partly, run?.reason ?? labels.partlyText, labels.partlyChanged)
    case 'failed':
      return outcome('bad', verdictWords.failed, run?.reason ?? labels.failedText, labels.nothingChanged)
    case 'unknown':
      return outcome('bad', verdictWords.unknown, run?.reason ?? labels.unknownText, labels.unknownChanged)
    case 'undone':
      return outcome('good', verdictWords.undone, labels.undoneText, labels.undoneChanged)
    case 'rejected':
      return outcome('over', verdictWords.rejected, labels.rejectedText)
    case 'expired':
      return outcome('over', verdictWords.expired, labels.expiredText)
    default:
      return outcome('over', verdictWords['nothing to do'], labels.nothingText)
  }
}

function differsWord(run: RunView | null): string {
  const differences = (run?.differences ?? []).filter(({ expected }) => !expected).length
  return differences === 0 ? verdictWords.differs : formatCount(differences, labels.differsOne, labels.differsMany)
}

/** Whole seconds from `now` (ms since 1970) until `time`, never below 0. */
function secondsUntil(time: string | null, now: number): number {
  if (!time) return 0
  return Math.max(0, Math.ceil((new Date(time).getTime() - now) / 1000))
}

/** In a few words for a list: how long it still waits, else where it stands. `now` in ms since 1970. */
export function standing(decision: DecisionSummary, now: number): string {
  return decision.status === 'open' ? expiry(decision.expiresAt, now) : outcomeOf(decision, null, now, false).badge
}
