// When runs that hold try again: each more seldom the longer it holds and the more others hold for the same.
import { sha256Of } from '../../../contract/values/canonical.ts'

/** Seconds until each next try of a run; the last one repeats. */
const BACK_OFF = [2, 5, 15, 60, 300]

/** Tries after which only the run itself shows that it holds. */
export const SAID_TRIES = BACK_OFF.length

/** All runs that hold for the same try once in so many seconds together: a try costs an org up to three requests. */
const SECONDS_BETWEEN_TRIES = 4

/** Runs that are woken together begin this far apart. */
const SECONDS_BETWEEN_WAKES = 0.1
const WAKE_WITHIN_SECONDS = 10

/**
 * Seconds until the next try, a fifth more or less by the run, so that runs that began to hold in the same moment try one after the
 * other. `alike`: how many hold for the same, this one included.
 */
export function secondsToNextTry(runId: string, tries: number, alike: number): number {
  const own = BACK_OFF[Math.min(tries, BACK_OFF.length - 1)] ?? 300
  const seconds = alike > 1 ? Math.max(own, alike * SECONDS_BETWEEN_TRIES) : own
  const share = Number.parseInt(sha256Of([runId, tries]).slice(0, 8), 16) / 0xffffffff
  return Math.max(1, Math.round(seconds * (0.8 + 0.4 * share)))
}

/** Over how many seconds the others are spread, once one of so many came further. */
export const secondsToWake = (alike: number): number => Math.max(WAKE_WITHIN_SECONDS, alike * SECONDS_BETWEEN_WAKES)
