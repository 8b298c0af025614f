import type { Phase, Verdict } from '../../../contract/states.ts'
import type { Approval, ChangeSetVersion, Decision } from '../../domain/decision.ts'
import type { MissionVersion } from '../../domain/mission.ts'
import type { JournalEntry } from '../../ports/runs.ts'
import type { MissionReads } from '../../ports/missions.ts'
import type { PhaseOutcome, PhaseReads } from '../../runs/phase.ts'
import type { NewObservation, Observation, Run } from '../../domain/run.ts'

/** Everything that is kept of one run. */
export interface Recording {
  run: Run
  mission: MissionVersion
  entries: JournalEntry[]
  observations: Observation[]
  decision: Decision | null
  /** Every version of the change set, oldest first. */
  versions: ChangeSetVersion[]
  approvals: Approval[]
}

/** What was outside the run's thinking, as it was when the run looked: people's answers, and nothing else that can be reached. */
export interface RecordedWorld {
  reads: PhaseReads & MissionReads
  /** Lets happen what the run waited for. False when the recording tells of nothing further. */
  takeUp(outcome: Extract<PhaseOutcome, { kind: 'wait' }>): Promise<boolean>
  /** Versions of the change set that the run composed then, and those that it composed now. */
  composed(): { then: ChangeSetVersion[]; now: ChangeSetVersion[] }
}

/** A name under which something was asked, and what is wrong with it. */
export interface AskedOtherwise {
  phase: Phase
  key: string
  how: 'not asked then' | 'asked otherwise then' | 'not asked again'
}

export interface SaidOtherwise {
  phase: Phase
  key: string
  recorded: Observation | null
  recomputed: NewObservation | null
}

/** What came of computing a run again from its record, beside what came of it then. */
export interface Replay {
  /** Fingerprint of the engine that computed it again. */
  engine: string
  /** Phases whose results are recorded. */
  phases: { phase: Phase; engine: 'this' | 'another'; result: 'same' | 'other' | 'not reached' }[]
  /** Digests of the versions that the run composed; those that people brought about by taking back are left out. */
  versions: { version: number; recorded: string | null; recomputed: string | null }[]
  /** `recorded` is null while the run goes on. */
  verdict: { recorded: Verdict | null; recomputed: Verdict | null }
  observations: { compared: number; otherwise: SaidOtherwise[] }
  asked: AskedOtherwise[]
  /** The phase in which this engine could make nothing of the recorded answers. */
  brokeOffIn: Phase | null
  /** Nothing that is recorded came out otherwise. */
  isSame: boolean
}
