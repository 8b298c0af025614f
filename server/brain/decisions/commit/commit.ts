// The phase `commit`: the approved change set is written by salesforce-mcp, read back twice, and given a verdict.
import type { ChangeSetVersion, Decision } from '../../domain/decision.ts'
import { NotFound, SalesforceError } from '../../domain/errors.ts'
import type { PhaseContext, PhaseOutcome } from '../../runs/phase.ts'
import { SWITCH } from '../../domain/switch.ts'
import { outcomeUnlessApproved } from '../hold-before-write.ts'
import { commitStatus, type CommitAnswer } from './commit-outcome.ts'
import type { DecidingDeps } from '../deps.ts'
import { afterAssertion } from './after-assertion.ts'
import { afterDrift } from './after-drift.ts'
import { afterGate } from './after-gate.ts'
import { afterLapse } from './after-lapse.ts'
import { foundInOrg } from './found-in-org.ts'
import { preimageAt, preimageOf, verify, whatStands } from './verify.ts'
import { roundOf } from '../approval-round.ts'
import { asksAnswered, writeApproved } from './write-approved.ts'

export async function commitPhase(deps: DecidingDeps, context: PhaseContext): Promise<PhaseOutcome> {
  const decision = await currentDecision(context)
  const instead = await outcomeUnlessApproved(deps, context, decision)
  if (instead) return instead
  const changeSet = await context.reads.changeSet(decision.id, decision.version)
  if (!changeSet) throw new NotFound('change set')
  if (decision.settledBy) return verifyFound(deps, context, changeSet)
  const approvals = await context.reads.approvals(decision.id)
  const round = roundOf(changeSet, approvals)
  if ((await asksAnswered(context, round)) === 0) await refuseWhileStopped(context)
  const seen = await preimageOf(context, changeSet)
  const answer = await writeApproved(deps, context, decision, changeSet)
  const preimage = preimageAt(seen, answer)
  switch (commitStatus(answer)) {
    case 'drifted':
      return afterDrift(deps, context, decision, changeSet, answer.drift)
    case 'unheld':
      return afterAssertion(context, decision, changeSet, answer.unheld ?? [])
    case 'gated':
      return afterGate(context, decision, changeSet, answer.gate)
    case 'lapsed':
      return afterLapse({ decision, changeSet, approvals }, round, answer.lapsed)
    case 'written':
      return verify(deps, context, changeSet, preimage, answer)
    case 'partly':
      return whatStands(deps, context, changeSet, preimage, answer, 'partly')
    case 'unknown':
      return whatStands(deps, context, changeSet, preimage, answer, 'unknown')
    case 'failed':
      return { kind: 'finish', verdict: 'failed', result: resultOf(changeSet, answer) }
  }
}

/** The verdict on what was written before the database was restored. Without its receipt, nobody knows what became of it. */
async function verifyFound(
  deps: DecidingDeps,
  context: PhaseContext,
  changeSet: ChangeSetVersion,
): Promise<PhaseOutcome> {
  const preimage = await preimageOf(context, changeSet)
  const answer = await foundInOrg(context, changeSet)
  const status = commitStatus(answer)
  if (status === 'written') return verify(deps, context, changeSet, preimage, answer)
  return whatStands(deps, context, changeSet, preimage, answer, status === 'partly' ? 'partly' : 'unknown')
}

async function currentDecision(context: PhaseContext): Promise<Decision> {
  const id = context.result<{ decisionId: string }>('decide').decisionId
  const decision = await context.reads.decision(id)
  if (!decision) throw new NotFound('decision')
  return decision
}

const resultOf = ({ digest, version }: ChangeSetVersion, { transactions }: CommitAnswer) => ({
  digest,
  version,
  transactions,
})

async function refuseWhileStopped(context: PhaseContext): Promise<void> {
  const { mission } = context.run
  const stopped = { orgCode: null, retryable: true }
  if ((await context.reads.setting(SWITCH.writes)) === 'stopped')
    throw new SalesforceError('commitChangeSet', { ...stopped, code: 'stopped', message: 'all writes are stopped' })
  if ((await context.reads.setting(`writes:${mission}`)) === 'stopped')
    throw new SalesforceError('commitChangeSet', {
      ...stopped,
      code: 'contained',
      message: `writes of ${mission} are stopped`,
    })
}
