import { z } from 'zod'
import { decidingPhases } from './decisions/phases.ts'
import { playedBack } from './decisions/recorded-world.ts'
import type { JournalEntry, LanguageModel, Store } from './domain/ports.ts'
import type { Replay } from './domain/replay.ts'
import { thinkingPhases } from './missions/phases.ts'
import { readRecording } from './missions/replay/recording.ts'
import { replayRun } from './missions/replay/replay-run.ts'
import { rulebook } from './reasoning/rulebook.ts'
import { withSecondOpinion } from './reasoning/second-opinion.ts'

/** Computes a recorded run again with this release's phases, and nothing else. Throws NotFound or ContentsErased. */
export async function replayRecorded(
  { store, engine }: { store: Store; engine: string },
  runId: string,
): Promise<Replay> {
  const recording = await readRecording(store, runId)
  const world = playedBack(recording, store)
  const heard = modelHeardIn(recording.entries)
  const phases = {
    ...thinkingPhases({ reasoner: heard ? withSecondOpinion(rulebook, heard) : rulebook }),
    ...decidingPhases({
      store: world.store,
      // Whatever the run waited for had come by then.
      clock: { now: () => recording.run.updatedAt },
      ids: { next: offline, salt: offline },
      salesforce: { call: offline },
      holdSeconds: 0,
      settleSeconds: 0,
    }),
  }
  return replayRun({ engine, phases, world }, recording)
}

const Heard = z.object({ model: z.string() })

function modelHeardIn(entries: readonly JournalEntry[]): LanguageModel | null {
  const entry = entries.find(({ phase, key }) => phase === 'reason' && key === 'model')
  const heard = Heard.safeParse(entry?.answer)
  return heard.success ? { name: heard.data.model, answer: offline } : null
}

/** Everything is answered from the record. */
function offline(): never {
  throw new TypeError('a replay reaches for nothing outside')
}
