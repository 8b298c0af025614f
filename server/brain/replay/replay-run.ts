// Computing a run again from its record, with the network off, and telling what came out otherwise than then.
import type { Phase } from '../../contract/states.ts'
import type { PhaseFunction, PhaseOutcome } from '../runs/phase.ts'
import type { RecordedWorld, Recording, Replay } from './shapes/replay.ts'
import { phaseAfter } from '../domain/transitions.ts'
import { compareWith, type Recomputed, type Stop } from './compare.ts'
import { RecordedAnswers } from './tape.ts'

interface ReplayDeps {
  /** Of the phases that are handed in. */
  engine: string
  phases: Record<Phase, PhaseFunction>
  world: RecordedWorld
}

/** Computes the run again as far as its record goes. Touches nothing. */
export async function replayRun(deps: ReplayDeps, recording: Recording): Promise<Replay> {
  const tape = new RecordedAnswers(recording.entries)
  const ended: Recomputed['ended'] = []
  let stoppedBy: Stop | null = null
  for (let phase: Phase | null = 'trigger'; phase !== null;) {
    const outcome: PhaseOutcome | Stop = await compute(deps, recording, tape, phase)
    if ('error' in outcome) {
      stoppedBy = outcome
      break
    }
    if (outcome.kind === 'wait') break
    // A run that people stopped here never came to this.
    if (!tape.resultOf(phase)) break
    ended.push({ phase, outcome })
    phase = outcome.kind === 'next' ? phaseAfter(phase) : null
  }
  return compareWith(recording, { engine: deps.engine, tape, ended, stoppedBy, composed: deps.world.composed() })
}

/** One phase, woken as often as the record tells that it was. */
async function compute(
  { phases, world }: ReplayDeps,
  { run, mission }: Recording,
  tape: RecordedAnswers,
  phase: Phase,
): Promise<PhaseOutcome | Stop> {
  try {
    for (;;) {
      const outcome = await phases[phase](tape.context({ ...run, phase }, mission, world.reads))
      tape.keep(phase, outcome)
      if (outcome.kind !== 'wait' || !(await world.takeUp(outcome))) return outcome
    }
  } catch (error) {
    // Whatever an engine of another release makes of these answers must not end the replay without a word.
    return { phase, error }
  }
}
