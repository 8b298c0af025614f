import type { Clock, Ids } from '../../../ports/clock.ts'
import type { Run } from '../../../domain/run.ts'
import type { Db } from './database.ts'
import type { Ledger } from './ledger.ts'
import type { Topic } from './notify.ts'
import type { RunCipher } from './run-encryption.ts'

/** Context of every query: the org, the keys, and the session (the pool, or a transaction's). */
export interface OrgSession {
  readonly orgId: string
  readonly seals: RunCipher
  readonly clock: Clock
  readonly ids: Ids
  db(): Db
  /** Notifies listeners at the end of the transaction, each notification once. Throws TypeError outside a transaction. */
  tell(news: Topic): void
  /** Runs whose rows this transaction has locked, as it left them: no other transaction can change them. */
  readonly locked: Map<string, LockedRun>
  /** States of the rows this transaction wrote: they are chained when it ends. */
  readonly ledger: Ledger
}

interface LockedRun {
  run: Run
  /** The journal's last entry. Read in the statement that locks, it may miss entries of the previous holder. */
  last: { n: number; chain: string } | null
}

/** In sequence: a session runs one query at a time. */
export async function mapInOrder<A, B>(values: readonly A[], map: (value: A) => Promise<B>): Promise<B[]> {
  const mapped: B[] = []
  for (const value of values) mapped.push(await map(value))
  return mapped
}
