import type { ToolOutput } from '../../contract/tools.ts'
import { secondsBetween } from '../../contract/values/instant.ts'
import { PHASES } from '../domain/transitions.ts'
import type { Reads } from '../ports/store.ts'
import { OVERLAP_SECONDS } from './owed-catch-up.ts'

/** Runs about one record that are looked at, the newest first. */
const MOST = 100

/**
 * True when the last change that a query found of a record is what a run of this mission wrote: the writer made it, and such a run
 * wrote by then. What a person changed before that the run’s commit compared. Another mission’s write is a change like any other.
 */
export async function wroteItself(
  reads: Pick<Reads, 'runs'>,
  mission: string,
  { id, modifiedAt, byWriter }: ToolOutput<'listChanges'>['changes'][number],
): Promise<boolean> {
  if (!byWriter) return false
  const runs = await reads.runs({ mission, record: id, limit: MOST })
  return runs.some(({ phase, updatedAt }) => {
    return phase === PHASES.at(-1) && secondsBetween(modifiedAt, updatedAt) >= -OVERLAP_SECONDS
  })
}
