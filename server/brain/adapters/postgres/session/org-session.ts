import type { Clock, Ids } from '../../../ports/clock.ts'
import type { Run } from '../../../domain/run.ts'
import type { Db } from './database.ts'
import type { News } from './notify.ts'
import type { Seals } from './run-encryption.ts'

/** What every query needs: whose rows, the keys, and the session to ask (the pool, or a transaction's). */
export interface Scope {
  readonly orgId: string
  readonly seals: Seals
  readonly clock: Clock
  readonly ids: Ids
  db(): Db
  /** Says at the end of the transaction where listeners shall look; the same news is told once. Throws TypeError outside one. */
  tell(news: News): void
  /** Runs whose rows this transaction has locked, as it left them: nobody else can have changed them since. */
  readonly locked: Map<string, LockedRun>
}

export interface LockedRun {
  run: Run
  /** The journal's last entry. Read together with the lock, it may miss what whoever held the lock before has added. */
  last: { n: number; chain: string } | null
}

/** One after the other: a session answers one question at a time. */
export async function mapInOrder<A, B>(values: readonly A[], map: (value: A) => Promise<B>): Promise<B[]> {
  const mapped: B[] = []
  for (const value of values) mapped.push(await map(value))
  return mapped
}
