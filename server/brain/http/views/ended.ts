import type { Caller } from '../../decisions/eligibility.ts'
import { loadDecision, endedWithApprovalOf } from '../../decisions/view/load-decision.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Reads } from '../../ports/store.ts'
import type { Run } from '../../domain/run.ts'

/** Records that this run ended with the caller's approval: the org no longer answers about them, and the caller knew them. */
export async function endedInRun(reads: Reads, clock: Clock, caller: Caller, run: Run | null): Promise<Set<string>> {
  if (!run?.decisionId || run.phase !== 'commit') return new Set()
  const facts = await loadDecision(reads, clock, run.decisionId)
  return facts ? endedWithApprovalOf(caller, facts) : new Set()
}
