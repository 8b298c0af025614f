import type { PhaseContext, PhaseOutcome } from '../runs/phase.ts'

/** A dry run, and each run of a watching version, ends where another run opens its decision: what it would propose is its result, and no person is asked. */
export function unlessTrial(
  { run, mission }: Pick<PhaseContext, 'run' | 'mission'>,
  outcome: PhaseOutcome,
): PhaseOutcome {
  if (outcome.kind !== 'next' || !(run.trigger.trial || mission.definition.watch)) return outcome
  const { result, say = [] } = outcome
  return {
    kind: 'finish',
    verdict: 'trial',
    result,
    say: [...say, { kind: 'concluded', text: ['This was a trial: no person is asked, and nothing is changed'] }],
  }
}
