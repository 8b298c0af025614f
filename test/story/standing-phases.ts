// This release's phases, but that a lead of one company stands the thread still for ever, and one of another ends it.
import { phasesWith as realPhasesWith } from '../../server/brain/boot/parts/phases.ts'
import type { Phases } from '../../server/brain/runs/phase.ts'

export const STANDS_STILL = 'Standing Still Holdings'
export const ENDS_THREAD = 'Ending Threads Holdings'

export function phasesWith(deps: Parameters<typeof realPhasesWith>[0]): Phases {
  const phases = realPhasesWith(deps)
  return {
    ...phases,
    enrich(context) {
      const read = JSON.stringify(context.result('read'))
      while (read.includes(STANDS_STILL));
      if (!read.includes(ENDS_THREAD)) return phases.enrich(context)
      setImmediate(() => {
        throw new Error('nothing catches this')
      })
      return new Promise(() => {})
    },
  }
}
