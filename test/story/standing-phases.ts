// This release's phases, but that a lead of one company stands the thread still for ever.
import { phasesWith as realPhasesWith, type PhaseDeps } from '../../server/brain/boot/parts/phases.ts'
import type { Phases } from '../../server/brain/runs/phase.ts'

export const STANDS_STILL = 'Standing Still Holdings'

export function phasesWith(deps: PhaseDeps): Phases {
  const phases = realPhasesWith(deps)
  return {
    ...phases,
    enrich(context) {
      while (JSON.stringify(context.result('read')).includes(STANDS_STILL));
      return phases.enrich(context)
    },
  }
}
