import type { DecidingDeps } from '../decisions/deps.ts'
import type { Phases } from '../runs/phase.ts'
import { replayReads } from './recorded-world.ts'
import { replayRun } from './replay-run.ts'
import type { RecordedWorld, Recording, Replay } from './shapes/replay.ts'

interface ReplayRecordingDeps {
  /** Serves what never changes: missions, knowledge, other runs. */
  present: RecordedWorld['reads']
  /** Version of the rules that compute. */
  engine: string
  /** This release's phases over what they are given. */
  phasesWith(deps: Omit<DecidingDeps, 'onVerified' | 'onPartly'>): Phases
}

/** Computes a recorded run again with this release's phases, and nothing else. */
export function replayRecording(
  { present, engine, phasesWith }: ReplayRecordingDeps,
  recording: Recording,
): Promise<Replay> {
  const world = replayReads(recording, present)
  // Every timer the run waited for had gone off by then.
  const clock = { now: () => recording.run.updatedAt }
  const phases = phasesWith({ ...OFFLINE, store: world.store, clock })
  return replayRun({ engine, phases, world }, recording)
}

/** What phases are given that reach for nothing outside. */
export const OFFLINE: Omit<DecidingDeps, 'onVerified' | 'onPartly'> = {
  store: { transaction: offline, checkpoint: offline },
  clock: { now: offline },
  ids: { next: offline, salt: offline },
  salesforce: { call: offline },
  holdSeconds: 0,
  settleSeconds: 0,
}

/** Everything is answered from the record. */
function offline(): never {
  throw new TypeError('a replay reaches for nothing outside')
}
