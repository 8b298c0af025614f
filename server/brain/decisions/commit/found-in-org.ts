// What stands of a change set that was written before the database was restored: found in the org, never written again.
import type { ChangeSetVersion } from '../../domain/decision.ts'
import { WRITE_KEY } from '../../domain/run.ts'
import type { PhaseContext } from '../../runs/phase.ts'
import { sayCommit, type CommitAnswer } from './commit-outcome.ts'

/** As a commit's answer. The approvals are lost, so what does not stand is not written either. */
export async function foundInOrg(context: PhaseContext, changeSet: ChangeSetVersion): Promise<CommitAnswer> {
  const key = `${WRITE_KEY}found-v${changeSet.version}`
  const asAnswer = (found: Pick<CommitAnswer, 'digest' | 'transactions' | 'calls'>): CommitAnswer => ({
    ...found,
    drift: [],
    gate: null,
    lapsed: [],
  })
  const found = await context.tool(key, 'findCommitted', { leaves: changeSet.leaves }, (answer) =>
    sayCommit(changeSet.proposal, asAnswer(answer)),
  )
  return asAnswer(found)
}
