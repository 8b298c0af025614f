// Problem documents (RFC 9457): how the brain refuses a request.
import { z } from 'zod'

export const Problem = z
  .object({ type: z.string(), title: z.string(), status: z.number(), detail: z.string() })
  .catchall(z.unknown())
export type Problem = z.infer<typeof Problem>

/** `type` of a problem document, by its code. */
export type ProblemType<Code extends string> = `urn:missions:problem:${Code}`

/** Codes of a request that does not fit the state it met; status 409, as is `stale` for an old digest. */
export type ConflictKind =
  | 'key-reused'
  | 'already-active'
  | 'already-answered'
  | 'already-erased'
  | 'already-withdrawn'
  | 'expired'
  | 'not-signed'
  | 'not-undoable'
  | 'run-active'
  | 'writing-begun'
  | 'wrong-status'
