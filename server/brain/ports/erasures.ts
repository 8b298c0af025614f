import type { Erasure } from '../domain/erasure.ts'

export interface ErasureReads {
  /** Erasures, newest first. */
  erasures(page: { limit: number; before?: string }): Promise<Erasure[]>
}

export interface ErasureWrites {
  /**
   * Destroys the keys and contents of these runs for good, ends their leases, and records it in their chains. The runs must have
   * ended before.
   */
  erase(erasure: Erasure): Promise<void>
}

export interface Erasable {
  /**
   * Runs that name a record anywhere in their contents, or are linked to it, a page of runs at a time; erased ones are left out.
   * Every run's contents are opened for it, so it takes long on a large store.
   */
  runsMentioning(recordId: string, after: string | null): Promise<{ runIds: string[]; next: string | null }>
  /** Runs that ended before a time and still hold their contents, oldest first. */
  endedBefore(time: string, limit: number): Promise<string[]>
  /** Rewrites what erasing left behind in the database's files, as far as this database lets us. */
  clearDeadRows(): Promise<void>
}
