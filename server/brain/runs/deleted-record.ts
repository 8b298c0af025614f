// What a deletion in the org does to the runs about the record.
import { hasEnded } from '../../contract/states.ts'
import { secondsBetween } from '../../contract/values/instant.ts'
import type { RecordKey } from '../../contract/values/ids.ts'
import type { Phrase } from '../domain/phrase.ts'
import type { Tx } from '../ports/store.ts'
import { closeDecision, DELETED } from './hold.ts'
import { OVERLAP_SECONDS } from './owed-catch-up.ts'

const REASON: Phrase = ['The record was deleted or merged away in Salesforce; nothing was changed']
/** Runs about one record that are looked at, the newest first. */
const MOST = 100

/**
 * Cancels the open runs about a record that is deleted, with their decisions. A run that has begun to write goes on: its commit
 * compares the record with the org. An undo goes on too: it is about what an earlier run wrote, often to other records.
 */
export async function cancelRunsAbout(tx: Tx, record: RecordKey): Promise<void> {
  for (const { id, status, subject } of await tx.runs({ record: record.id, limit: MOST })) {
    if (hasEnded(status) || subject?.id !== record.id) continue
    const run = await tx.lockRun(id)
    if (!run || hasEnded(run.status) || run.phase === 'commit' || run.trigger.undo) continue
    await tx.observe(id, run.phase, DELETED, [{ kind: 'noticed', text: REASON, records: [record] }])
    await tx.updateRun(id, { status: 'cancelled', reason: REASON, nextTryAt: null })
    await closeDecision(tx, run)
  }
}

/**
 * True when a run was started by this very deletion, which no field of the event identifies: by its time, give or take what a
 * commit takes. `kind` limits the comparison to runs started by events or by catch-ups.
 */
export async function startedByDeletion(
  tx: Tx,
  { mission, change, id, at }: { mission: string; change: string; id: string; at: string },
  kind?: 'catch-up',
): Promise<boolean> {
  const runs = await tx.runs({ mission, record: id, limit: MOST })
  return runs.some(
    ({ trigger }) =>
      trigger.change === change &&
      (kind === undefined || trigger.kind === kind) &&
      Math.abs(secondsBetween(trigger.at, at)) <= OVERLAP_SECONDS,
  )
}
