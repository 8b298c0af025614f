// When a commit whose outcome is unclear is asked about again: a fold of what was asked so far, without a clock of its own.
import { secondsBetween } from '../../../contract/values/instant.ts'
import type { CommitStatus } from './commit-outcome.ts'

/** An org ends every request after this long; until then a lost one may still be at work. */
const LONGEST_TRANSACTION_SECONDS = 600

/** One time that salesforce-mcp was asked to commit, or to find out what became of it. */
export interface CommitAsk {
  status: CommitStatus
  /** Time of asking; null for the first ask. */
  at: string | null
  /** Time at which it was known to be unclear; null for any other status. */
  unclearAt: string | null
}

/** `settled`: the last answer counts; `hold`: ask again at the next wake-up; `ask`: ask now. */
export type NextStep = 'settled' | 'hold' | 'ask'

/**
 * What follows from the asks so far. An answer that everything stands is proof at any time. Any other answer, once one was unclear,
 * counts only after the longest transaction since: after the first unclear one while it stays unclear, else after the last.
 * `answeredBefore` is the number of asks answered before this wake-up: each wake-up asks once more, the hold is the wait between two.
 */
export function nextStep(asks: readonly CommitAsk[], answeredBefore: number): NextStep {
  const last = asks.at(-1)
  if (!last) return 'ask'
  if (isSettled(asks, last)) return 'settled'
  return asks.length > answeredBefore ? 'hold' : 'ask'
}

function isSettled(asks: readonly CommitAsk[], last: CommitAsk): boolean {
  if (last.status === 'written') return true
  const unclear = asks.slice(0, -1).flatMap(({ unclearAt }) => unclearAt ?? [])
  const since = last.status === 'unknown' ? unclear.at(0) : unclear.at(-1)
  if (since === undefined) return last.status !== 'unknown'
  return last.at !== null && secondsBetween(since, last.at) >= LONGEST_TRANSACTION_SECONDS
}
