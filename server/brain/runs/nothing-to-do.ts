import type { Phrase } from '../domain/phrase.ts'
import type { PhaseOutcome } from './phase.ts'
import type { NewObservation } from '../domain/run.ts'
import type { RecordKey } from '../../contract/values/ids.ts'
import { fit } from '../domain/say.ts'

/** Ends the run without a proposal, saying why. */
export function nothingToDo(
  why: Phrase,
  about: { records?: RecordKey[]; fields?: string[]; citations?: string[]; before?: readonly NewObservation[] } = {},
): PhaseOutcome {
  const { before = [], ...rest } = about
  return {
    kind: 'finish',
    verdict: 'nothing to do',
    result: null,
    say: [...before, { kind: 'concluded', text: fit(why), ...rest }],
  }
}
