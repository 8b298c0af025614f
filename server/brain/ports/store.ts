// The whole store, as an adapter implements it. Services declare the part they use.
import type { ChangeTryReads, ChangeTryWrites } from './change-tries.ts'
import type { DecisionReads, DecisionWrites, OverdueDecisions, Voidings } from './decisions.ts'
import type { DeletionReads, DeletionWrites } from './deletions.ts'
import type { Erasable, ErasureReads, ErasureWrites } from './erasures.ts'
import type { EvidenceReads } from './evidence.ts'
import type { DocumentReads, GrantReads, MissionReads, MissionWrites } from './missions.ts'
import type {
  InputCounting,
  MarkReads,
  ModelReleaseReads,
  ModelReleaseWrites,
  Oversight,
  OversightWrites,
} from './oversight.ts'
import type { Outbox, OutboxWrites } from './outbox.ts'
import type { Leases, RunReads, RunWrites } from './runs.ts'
import type { SettingReads, SettingWrites, SwitchReads, SwitchWrites } from './settings.ts'
import type { EventStream } from './stream.ts'

/** Reading; every method also exists inside a transaction. */
export interface Reads
  extends
    RunReads,
    DecisionReads,
    MissionReads,
    GrantReads,
    DocumentReads,
    SettingReads,
    SwitchReads,
    ErasureReads,
    EvidenceReads,
    ModelReleaseReads,
    MarkReads {}

export interface Locks {
  /** Takes a per-org advisory lock of this name, across processes, until the transaction ends. */
  lockExclusively(name: string): Promise<void>
}

/** One database transaction. Only its own methods are awaited inside it. */
export interface Tx
  extends
    Reads,
    RunWrites,
    DecisionWrites,
    MissionWrites,
    SettingWrites,
    SwitchWrites,
    OversightWrites,
    ModelReleaseWrites,
    ChangeTryWrites,
    DeletionWrites,
    ErasureWrites,
    OutboxWrites,
    Locks {}

export interface Transactions<T = Tx> {
  transaction<R>(work: (tx: T) => Promise<R>): Promise<R>
}

export interface Checkpoints {
  /** Signs every journal's head as grown since the last checkpoint. Returns the newest checkpoint's hash, null before the first entry. */
  checkpoint(): Promise<string | null>
}

export interface Store
  extends
    Reads,
    Transactions,
    Leases,
    EventStream,
    Outbox,
    Erasable,
    OverdueDecisions,
    Voidings,
    Checkpoints,
    Oversight,
    InputCounting,
    ChangeTryReads,
    DeletionReads {
  close(): Promise<void>
}
