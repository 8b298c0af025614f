// When an approved change set may be written, and until when at the latest.
import { addSeconds } from '../values/instant.ts'
import { isOpen, nextOpen, type CommitTimes, type LocalTime } from './commit-times.ts'

interface Terms {
  /** Absent where any time will do. */
  times?: CommitTimes
  /** Absent where it may be written at once. */
  notBefore?: string
}

/** A write that waits for its time is sent within this after it came. */
const WITHIN_SECONDS = 86_400

/** The first time at or after `at` at which it may be written; null when there is none. */
export function writableFrom({ times, notBefore }: Terms, at: string, local: LocalTime): string | null {
  const from = notBefore !== undefined && notBefore > at ? notBefore : at
  return times ? nextOpen(times, from, local) : from
}

export function isWritable({ times, notBefore }: Terms, at: string, local: LocalTime): boolean {
  return (notBefore === undefined || notBefore <= at) && (!times || isOpen(times, at, local))
}

/** A change set that was approved in time, and waits, outlives its expiry. */
export function writableUntil(terms: Terms, expiresAt: string, approvedAt: string, local: LocalTime): string {
  if (!terms.times && terms.notBefore === undefined) return expiresAt
  const from = writableFrom(terms, approvedAt, local)
  const until = from === null ? expiresAt : addSeconds(from, WITHIN_SECONDS)
  return until > expiresAt ? until : expiresAt
}
