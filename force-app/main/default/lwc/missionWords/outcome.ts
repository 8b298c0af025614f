import type { DecisionSummary, RunView } from '../../../../../server/contract/http.ts'
import type { Verdict } from '../../../../../server/contract/states.ts'
import { clock, expiry } from './format'

/** Where a decision stands, in words a person can act on. `changed` always says what happened in Salesforce. */
export interface Outcome {
  code: 'open' | 'second' | 'holding' | 'writing' | 'checking' | 'waiting' | 'good' | 'differs' | 'bad' | 'over'
  badge: string
  sentence: string
  changed: string
  icon: string
}

const UNTOUCHED = 'Nothing was written to Salesforce.'
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

function outcome(code: Outcome['code'], badge: string, sentence: string, changed: string): Outcome {
  return { code, badge, sentence, changed, icon: icons[code] }
}

/**
 * Reads a decision's state. `now` is in ms since 1970; `run` adds why it waits and what differed; `checking` says that
 * the last news was a write that is being read back.
 */
export function outcomeOf(decision: DecisionSummary, run: RunView | null, now: number, checking: boolean): Outcome {
  if (decision.verdict) return ended(decision, run)
  if (decision.status === 'rejected') return outcome('over', 'Rejected', 'Rejected.', UNTOUCHED)
  if (decision.status === 'expired') return outcome('over', 'Expired', 'No one decided in time.', UNTOUCHED)
  if (decision.status === 'superseded') {
    return outcome('over', 'Replaced', 'A newer version replaced this one.', UNTOUCHED)
  }
  if (decision.status === 'approved') return committing(decision, run, now, checking)
  if (decision.approvals > 0) {
    const missing = decision.needs - decision.approvals
    const who = missing === 1 ? 'one more person' : `${missing} more people`
    return outcome('second', `Needs ${missing} more`, `Approved once. Waiting for ${who}.`, UNTOUCHED)
  }
  return outcome('open', 'Waiting for you', 'Waiting for an answer.', UNTOUCHED)
}

function committing(decision: DecisionSummary, run: RunView | null, now: number, checking: boolean): Outcome {
  const left = secondsUntil(decision.commitsAt, now)
  if (left > 0) return outcome('holding', 'Approved', `Approved. Writing in ${left} s.`, UNTOUCHED)
  const status = run?.status ?? decision.runStatus
  if (status === 'held' && !checking) {
    const why = run?.reason ? `Waiting: ${run.reason}` : 'Waiting for Salesforce.'
    const next = run?.nextTryAt ? ` Next try ${clock(run.nextTryAt)}.` : ''
    return outcome('waiting', 'On hold', why + next, 'It goes on by itself. What was written so far is in the rail.')
  }
  if (status === 'paused') return outcome('waiting', 'Paused', 'Approved. Written when the run resumes.', UNTOUCHED)
  if (checking) {
    return outcome(
      'checking',
      'Checking',
      'Written. Reading every value back.',
      'Salesforce was changed; not checked yet.',
    )
  }
  return outcome(
    'writing',
    'Writing',
    'Writing to Salesforce. You can close this page; it will finish.',
    'Salesforce is being changed.',
  )
}

function ended(decision: DecisionSummary, run: RunView | null): Outcome {
  const differences = (run?.differences ?? []).filter(({ expected }) => !expected).length
  switch (decision.verdict) {
    case 'verified':
      return outcome(
        'good',
        'Verified',
        'Done and checked: every value reads back as approved.',
        'Salesforce was changed.',
      )
    case 'differs': {
      const badge = differences === 1 ? 'Done, 1 difference' : `Done, ${differences || 'with'} differences`
      return outcome('differs', badge, 'Written, but not everything reads back as approved.', 'Salesforce was changed.')
    }
    case 'partly':
      return outcome(
        'bad',
        'Partly done',
        run?.reason ?? 'One step failed; the ones before it stand.',
        'Salesforce was partly changed.',
      )
    case 'failed':
      return outcome('bad', 'Not done', run?.reason ?? 'Salesforce refused the change.', 'Nothing was changed.')
    case 'unknown':
      return outcome(
        'bad',
        'Unknown',
        run?.reason ?? 'Salesforce did not say whether it wrote.',
        'It is not known whether Salesforce was changed.',
      )
    case 'undone':
      return outcome(
        'good',
        'Undone',
        'What could come back was put back; the record’s history says what stayed.',
        'Salesforce was changed and changed back.',
      )
    case 'rejected':
      return outcome('over', 'Rejected', 'Rejected.', UNTOUCHED)
    case 'expired':
      return outcome('over', 'Expired', 'No one decided in time.', UNTOUCHED)
    default:
      return outcome('over', 'Nothing to do', 'There was nothing left to change.', UNTOUCHED)
  }
}

/** Whole seconds from `now` (ms since 1970) until `time`, never below 0. */
export function secondsUntil(time: string | null, now: number): number {
  if (!time) return 0
  return Math.max(0, Math.ceil((new Date(time).getTime() - now) / 1000))
}

/** In a few words for a list: how long it still waits, else where it stands. `now` in ms since 1970. */
export function standing(decision: DecisionSummary, now: number): string {
  return decision.status === 'open' ? expiry(decision.expiresAt, now) : outcomeOf(decision, null, now, false).badge
}

const WRITTEN: readonly Verdict[] = ['verified', 'differs', 'partly']

/** Whether something stands in Salesforce, after this verdict, that could be put back. */
export function isWritten(verdict: Verdict | null | undefined): boolean {
  return WRITTEN.includes(verdict ?? 'failed')
}
