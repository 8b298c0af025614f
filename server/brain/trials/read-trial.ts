import { NotFound } from '../domain/errors.ts'
import type { Proposal } from '../domain/proposal.ts'
import type { Run } from '../domain/run.ts'
import type { RunReads } from '../ports/runs.ts'
import { RESULT } from '../runs/journal.ts'

/** What a run came to propose, by its journal; null while it has not come to that, and when there was nothing to propose. */
export async function proposalIn(reads: Pick<RunReads, 'journal'>, { id }: Pick<Run, 'id'>): Promise<Proposal | null> {
  const entry = (await reads.journal(id)).find(({ phase, key }) => phase === 'propose' && key === RESULT)
  const result = (entry?.answer ?? null) as Partial<Proposal> | null
  return result && Array.isArray(result.operations) ? (result as Proposal) : null
}

/** Throws NotFound for a run that is no dry run. */
export function assertDryRun({ trigger }: Run): void {
  if (trigger.trial !== 'dry-run') throw new NotFound('dry run')
}
