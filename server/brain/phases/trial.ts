import type { PhaseContext, PhaseOutcome } from '../runs/phase.ts'

/** A trial ends where another run opens its decision: what it would propose is its result, and nobody is asked. */
export function unlessTrial({ run }: Pick<PhaseContext, 'run'>, outcome: PhaseOutcome): PhaseOutcome {
  if (outcome.kind !== 'next' || !run.trigger.trial) return outcome
  const { result, say = [] } = outcome
  return {
    kind: 'finish',
    verdict: 'trial',
    result,
    say: [...say, { kind: 'concluded', text: ['This was a trial: nobody is asked, and nothing is changed'] }],
  }
}
