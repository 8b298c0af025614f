// What the main thread and the thread that computes runs again say to each other.
import type { BackTested, DraftVersion } from '../../trials/back-test.ts'
import type { RecordedWorld, Recording, Replay } from '../../replay/shapes/replay.ts'

/** What the thread may read of the present: all of it never changes. */
export const PRESENT_READS = [
  'mission',
  'activeMissions',
  'lastActivated',
  'latestMissions',
  'knowledge',
  'journal',
  'run',
  'decision',
  'changeSet',
  'approvals',
  'setting',
] as const satisfies readonly (keyof RecordedWorld['reads'])[]
export type PresentRead = (typeof PRESENT_READS)[number]

export interface ReplayThreadData {
  engine: string
  /** Module that exports `phasesWith`. */
  phasesModule: string
}

/** An error does not keep its class on the way: the other side is told its words. */
export type ReplayOrder =
  | { kind: 'replay'; recording: Recording }
  | { kind: 'back-test'; recording: Recording; draft: DraftVersion }
  | { kind: 'answer'; id: number; value?: unknown; failed?: string }
export type ReplayNotice =
  | { kind: 'ready' }
  | { kind: 'replay'; replay: Replay }
  | { kind: 'back-test'; backTested: BackTested }
  | { kind: 'failed'; message: string }
  | { kind: 'read'; id: number; read: PresentRead; args: unknown[] }
