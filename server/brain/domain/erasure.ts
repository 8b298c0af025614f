// Erasing the contents of a run: the eraser, the mark that stays, and its entry in the run's chain.
import { sha256Of } from '../../contract/values/canonical.ts'

/** `unrecorded`: a run's key is gone, and no record names who destroyed it. */
export interface Eraser {
  kind: 'person' | 'command' | 'retention' | 'deletion' | 'unrecorded'
  /** A user id, an account of the machine, the days of retention, the id of the deleted record; empty when unrecorded. */
  name: string
}

/** The mark on a run whose contents were erased. */
export interface ErasedMark {
  at: string
  by: Eraser
}

export interface Erasure extends ErasedMark {
  id: string
  /** The requester's reason, kept as it was written. */
  reason: string
  /** The record it was about, when it was about one. */
  record: string | null
  runs: string[]
}

/** Key of the erasure in a run's chain. */
export const ERASED_KEY = 'erased'

/** Hash of an erasure for the run's chain: a row of the list that is edited later no longer fits it. */
export function erasureHash({ id, at, by, reason, record }: Omit<Erasure, 'runs'>): string {
  return sha256Of([id, at, by.kind, by.name, reason, record])
}

/** The eraser, as the end of the sentence `Erased on … by …`. */
export function eraserWords({ kind, name }: Eraser): string {
  if (kind === 'person') return `user ${name}`
  if (kind === 'command') return `${name}, on the command line`
  if (kind === 'retention') return `retention after ${name} days`
  if (kind === 'deletion') return `the deletion of ${name} in Salesforce`
  return 'a user or command that was not recorded'
}
