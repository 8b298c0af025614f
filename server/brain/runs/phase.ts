// The phase protocol. A phase runs again from its top each time its run is woken: whatever it asked before is answered from the
// journal under the same key, so it comes to the same point without asking the world twice.
import type { Phase, Verdict } from '../../contract/states.ts'
import type { ToolInput, ToolName, ToolOutput } from '../../contract/tools.ts'
import type { KnowledgeVersion, MissionVersion } from '../domain/mission.ts'
import type { InputMix } from '../domain/input-mix.ts'
import type { ModelClaims } from '../domain/model-call.ts'
import type { Difference, NewObservation, Run } from '../domain/run.ts'
import type { DecisionReads, DecisionWrites } from '../ports/decisions.ts'
import type { ModelQuestion, TokensUsed } from '../ports/model.ts'
import type { OutboxWrites } from '../ports/outbox.ts'
import type { RunReads, RunWrites } from '../ports/runs.ts'
import type { SettingReads } from '../ports/settings.ts'
import type { Locks, Tx } from '../ports/store.ts'

/** What a phase may look up of the brain's own state. */
export interface PhaseReads
  extends
    Pick<RunReads, 'run' | 'runsById' | 'journal'>,
    Pick<DecisionReads, 'decision' | 'decisions' | 'changeSet' | 'approvals'>,
    SettingReads {}

/** What a phase may write in the transaction that stores its result. */
export interface PhaseTx
  extends
    Pick<RunReads, 'run' | 'runsById'>,
    Pick<DecisionReads, 'decisions' | 'changeSet'>,
    Pick<RunWrites, 'updateRun' | 'linkRecords'>,
    Pick<DecisionWrites, 'insertDecision' | 'insertChangeSet' | 'updateDecision' | 'voidApprovals' | 'lapseApprovals'>,
    OutboxWrites,
    Locks {}

/** How a phase ends. `within` runs in the transaction that stores the result; `mix` is counted after it, once in a run. */
export type PhaseOutcome =
  | { kind: 'next'; result: unknown; say?: readonly NewObservation[]; claims?: ModelClaims; mix?: InputMix }
  | {
      kind: 'finish'
      verdict: Verdict
      result: unknown
      differences?: readonly Difference[]
      say?: readonly NewObservation[]
      /** What became of a language model's claims. */
      claims?: ModelClaims
      mix?: InputMix
      within?: (tx: PhaseTx) => Promise<void>
      /** Runs in that transaction once the run has ended: another one about its record may begin. */
      afterwards?: (tx: Tx) => Promise<void>
    }
  /** Waits for a person (no due time) or a timer (`dueInSeconds`); the phase runs again when woken, its asks answered from the journal. */
  | {
      kind: 'wait'
      for: 'person' | 'timer'
      dueInSeconds?: number
      key: string
      say?: readonly NewObservation[]
      within?: (tx: PhaseTx) => Promise<void>
    }

/** A journalled answer of the language model; `off`: an administrator had stopped models. */
export type ModelReply = 'off' | ModelAnswered

interface ModelAnswered {
  /** The model that was asked, by its name in the settings. */
  asked: string
  /** The model that answered, by the endpoint's word. */
  answered: string
  text: string
  tokens: TokensUsed
}

export type AskModel = (key: string, question: ModelQuestion) => Promise<ModelReply>

/** What a phase may use. Everything from outside comes through `ask` or `tool` and is journalled under its key. */
export interface PhaseContext {
  readonly run: Run
  readonly mission: MissionVersion
  /** Answered from the journal when the key is there; `say` is written in the entry's transaction. */
  ask<T>(
    key: string,
    request: unknown,
    answer: () => Promise<T>,
    say?: (answer: T) => readonly NewObservation[],
  ): Promise<T>
  tool<T extends ToolName>(
    key: string,
    tool: T,
    input: ToolInput<T>,
    say?: (answer: ToolOutput<T>) => readonly NewObservation[],
  ): Promise<ToolOutput<T>>
  /** Asks the language model, by the same rules as `ask`; null where none is set up. */
  readonly model: AskModel | null
  /** The journalled time of this phase's first entry: the only clock a phase has. */
  now(key: string): Promise<string>
  /** The stored result of an earlier phase. */
  result<T>(phase: Phase): T
  knowledge(name: string): Promise<KnowledgeVersion>
  /** Present state that is not outside the brain: decisions and answers; read fresh, never journalled. */
  readonly reads: PhaseReads
}

export type PhaseFunction = (context: PhaseContext) => Promise<PhaseOutcome>

export type Phases = Record<Phase, PhaseFunction>
/** The phases before a person decides. */
export type ThinkingPhases = Pick<Phases, 'trigger' | 'read' | 'enrich' | 'reason' | 'propose'>
