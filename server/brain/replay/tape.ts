// What a run asked and was told, played back: the network is off.
import { z } from 'zod'
import { canonical, sha256Of } from '../../contract/values/canonical.ts'
import type { Phase } from '../../contract/states.ts'
import { NotRecorded } from '../domain/errors.ts'
import type { MissionVersion } from '../domain/mission.ts'
import type { JournalEntry } from '../ports/runs.ts'
import type { PhaseContext, PhaseOutcome } from '../runs/phase.ts'
import type { AskedOtherwise, RecordedWorld } from './shapes/replay.ts'
import type { NewObservation, Run } from '../domain/run.ts'
import { asKept, RESULT } from '../runs/journal.ts'
import { pinnedKnowledge, requestOf } from '../runs/context.ts'

/** Only an answer of a language model has this shape. */
const ModelReplied = z.union([
  z.literal('off'),
  z.object({ asked: z.string(), text: z.string(), tokens: z.object({ input: z.number() }) }),
])

interface Said {
  phase: Phase
  key: string
  n: number
  observation: NewObservation
}

/** Names a thing said, as the store does: what is said again under the same name is not said twice. */
export const nameOf = ({ phase, key, n }: Pick<Said, 'phase' | 'key' | 'n'>) => canonical([phase, key, n])

export class RecordedAnswers {
  readonly #entries: ReadonlyMap<string, JournalEntry>
  readonly #results = new Map<Phase, unknown>()
  readonly #said = new Map<string, Said>()
  readonly #asked = new Set<string>()
  readonly #otherwise = new Map<string, AskedOtherwise>()

  constructor(entries: readonly JournalEntry[]) {
    this.#entries = new Map(entries.map((entry) => [canonical([entry.phase, entry.key]), entry]))
  }

  /** The entry of a phase's result, if it came to one. */
  resultOf(phase: Phase): JournalEntry | undefined {
    return this.#entries.get(canonical([phase, RESULT]))
  }

  /** Keeps what a phase came to now, for the phases after it, and what it said. */
  keep(phase: Phase, outcome: PhaseOutcome): void {
    if (outcome.kind !== 'wait') this.#results.set(phase, asKept(outcome.result))
    this.#say(phase, outcome.kind === 'wait' ? outcome.key : RESULT, outcome.say ?? [])
  }

  context(run: Run, mission: MissionVersion, reads: RecordedWorld['reads']): PhaseContext {
    const { phase } = run
    const ask: PhaseContext['ask'] = (key, request, _answer, say) => this.#answer(phase, key, request, say)
    return {
      run,
      mission,
      reads,
      ask,
      tool: (key, tool, input, say) => this.#answer(phase, key, [tool, input], say),
      model: this.#heardModel() ? (key, question) => this.#answer(phase, key, requestOf(question)) : null,
      now: (key) => this.#answer(phase, key, 'now'),
      result: <T>(earlier: Phase) => this.#result(earlier) as T,
      knowledge: (name) => pinnedKnowledge(reads, mission, name),
    }
  }

  /** A run that asked a model asks it again; one that had none has none now. */
  #heardModel(): boolean {
    return [...this.#entries.values()].some(({ answer }) => ModelReplied.safeParse(answer).success)
  }

  said(): Said[] {
    return [...this.#said.values()]
  }

  /** Questions that were asked otherwise than then, so far; of the phases that ended, also those that were not asked again. */
  askedOtherwise(ended: readonly Phase[]): AskedOtherwise[] {
    const missed = [...this.#entries.values()]
      .filter(({ phase, key }) => ended.includes(phase) && key !== RESULT && !this.#asked.has(canonical([phase, key])))
      .map(({ phase, key }): AskedOtherwise => ({ phase, key, how: 'not asked again' }))
    return [...this.#otherwise.values(), ...missed]
  }

  #answer<T>(phase: Phase, key: string, request: unknown, say?: (answer: T) => readonly NewObservation[]): Promise<T> {
    const name = canonical([phase, key])
    const entry = this.#entries.get(name)
    if (!entry) return Promise.reject(new NotRecorded(phase, key))
    this.#asked.add(name)
    // The answer is used all the same: what follows from it tells more than stopping here.
    if (entry.requestHash !== sha256Of(asKept(request)))
      this.#otherwise.set(name, { phase, key, how: 'asked otherwise then' })
    const answer = entry.answer as T
    this.#say(phase, key, say?.(answer) ?? [])
    return Promise.resolve(answer)
  }

  #result(phase: Phase): unknown {
    if (!this.#results.has(phase)) throw new TypeError(`phase ${phase} has no result yet`)
    return this.#results.get(phase)
  }

  #say(phase: Phase, key: string, observations: readonly NewObservation[]): void {
    for (const [n, observation] of observations.entries()) {
      const said = { phase, key, n, observation }
      if (!this.#said.has(nameOf(said))) this.#said.set(nameOf(said), said)
    }
  }
}
