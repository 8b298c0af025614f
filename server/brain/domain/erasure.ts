// Destroying what a run holds: who did it, what is left to say about it, and how its line in the chain is made.
import { sha256Of } from '../../contract/values/canonical.ts'

/** `unrecorded`: a run's key is gone, and nothing says who destroyed it. */
export interface Eraser {
  kind: 'person' | 'command' | 'retention' | 'unrecorded'
  /** A user id, an account of the machine, the days of retention; empty when unrecorded. */
  name: string
}

/** What a run says of itself once its contents are destroyed. */
export interface ErasedMark {
  at: string
  by: Eraser
}

export interface Erasure extends ErasedMark {
  id: string
  /** Free text of whoever asked for it; kept as it is. */
  reason: string
  /** The record it was about, when it was about one. */
  record: string | null
  runs: string[]
}

/** The name under which a run's chain tells of its erasure. */
export const ERASED_KEY = 'erased'

/** What a run's chain says of its erasure: a row of the list that is edited later no longer fits it. */
export function erasureHash({ id, at, by, reason, record }: Omit<Erasure, 'runs'>): string {
  return sha256Of([id, at, by.kind, by.name, reason, record])
}

/** Who it was, as the end of the sentence `Erased on … by …`. */
export function eraserWords({ kind, name }: Eraser): string {
  if (kind === 'person') return `user ${name}`
  if (kind === 'command') return `${name}, on the command line`
  if (kind === 'retention') return `retention after ${name} days`
  return 'somebody who left no record of it'
}
