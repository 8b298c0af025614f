// The two phases in which people decide and the org is written; everything a decision is and does lives in this folder.
import { NotFound } from '../../domain/errors.ts'
import type { PhaseContext, PhaseFunction, PhaseOutcome } from '../../runs/phase.ts'
import type { Proposal } from '../../domain/proposal.ts'
import { sayApproved, outcomeUnlessApproved } from '../hold-before-write.ts'
import { commitPhase } from '../commit/commit.ts'
import type { DecidingDeps } from '../deps.ts'
import { hanging } from '../others/hang.ts'
import { CHECK, openDecision } from '../open-decision.ts'

/** `decide` ends with `{ decisionId }`; `commit` ends the run with its verdict. */
export function decidingPhases(deps: DecidingDeps): Record<'decide' | 'commit', PhaseFunction> {
  return {
    decide: (context) => decide(deps, context),
    commit: (context) => commitPhase(deps, context),
  }
}

async function wasChecked({ reads, run }: PhaseContext): Promise<boolean> {
  return (await reads.journal(run.id)).some(({ phase, key }) => phase === 'decide' && key === CHECK)
}

async function decide(deps: DecidingDeps, context: PhaseContext): Promise<PhaseOutcome> {
  const { id } = await context.ask('decision-id', null, () => Promise.resolve({ id: deps.ids.next() }))
  const decision = await context.reads.decision(id)
  if (!decision) {
    const proposal = context.result<Proposal>('propose')
    const hung = await hanging(context, proposal)
    if (!hung) return openDecision(deps, context, id, proposal)
    // One that was overtaken while it opened its decision has asked already: its answers are in the journal, and stay of use.
    if (await wasChecked(context)) await openDecision(deps, context, id, proposal)
    return hung
  }
  const instead = await outcomeUnlessApproved(deps, context, decision)
  if (instead) return instead
  const approved = await context.reads.decision(id)
  if (!approved) throw new NotFound('decision')
  return { kind: 'next', result: { decisionId: id }, say: await sayApproved(context, approved) }
}
