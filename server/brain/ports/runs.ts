import type { Phase, RunStatus } from '../../contract/states.ts'
import type { HeldFor, NewObservation, Observation, Run } from '../domain/run.ts'
import type { RecordKey } from '../../contract/values/ids.ts'

export interface JournalEntry {
  runId: string
  n: number
  phase: Phase
  key: string
  requestHash: string
  /** Parsed answer. */
  answer: unknown
  /** SHA-256 over the entry and the one before it. */
  chain: string
  at: string
}

export interface RunReads {
  run(id: string): Promise<Run | null>
  /** Several, by id; those that are not there are missing. */
  runsById(ids: readonly string[]): Promise<Map<string, Run>>
  runs(filter: {
    mission?: string
    status?: RunStatus
    record?: string
    limit: number
    before?: string
  }): Promise<Run[]>
  openRunAbout(mission: string, record: string): Promise<Run | null>
  /** Number of runs that hold for this. */
  heldRuns(cause: HeldFor): Promise<number>
  /** Number of runs of a mission that started at or after a time. */
  runsStartedSince(mission: string, since: string): Promise<number>
  /** How many runs of a mission started in each hour between two times, hours without one left out. */
  runsPerHour(mission: string, from: string, to: string): Promise<number[]>
  runOfTrigger(idempotencyKey: string): Promise<Run | null>
  journal(runId: string): Promise<JournalEntry[]>
  observations(runId: string, after: string | null, limit: number): Promise<Observation[]>
  /** Finished runs that wrote, about a record or a record merged into it. */
  runsThatChanged(recordId: string): Promise<Run[]>
}

export interface RunWrites {
  /** Locks the run's row and returns it; throws LeaseLost when `fence` is no longer the lease's. */
  lockUnderLease(runId: string, fence: number): Promise<Run>
  /** Locks the run's row, under any lease. */
  lockRun(id: string): Promise<Run | null>
  /**
   * False, with nothing written, when a run for the trigger's idempotency key exists, or an open one of this mission about this
   * subject.
   */
  insertRun(run: Run): Promise<boolean>
  /** Links a trigger to the run it led to: a second delivery of it finds the run. */
  rememberTrigger(idempotencyKey: string, runId: string): Promise<void>
  updateRun(id: string, patch: Partial<Omit<Run, 'id'>>): Promise<Run>
  /** Appends under the lease's fence; a taken `(run, n)` throws LeaseLost. */
  appendJournal(entry: {
    runId: string
    n: number
    phase: Phase
    key: string
    requestHash: string
    answer: unknown
  }): Promise<void>
  /** Idempotent on `(run, phase, key, index)`. */
  observe(runId: string, phase: Phase, key: string, observations: readonly NewObservation[]): Promise<void>
  /**
   * Spreads the next tries of the runs that hold for this over so many seconds from now; those that are due by then keep their time,
   * and one that tried just now waits half a minute at least.
   */
  wakeHeld(cause: HeldFor, withinSeconds: number): Promise<void>
  /** Makes the next tries of all runs that hold due, of one mission or of all, a few each second; those that a limit per day holds keep their time. */
  wakeAllHeld(mission: string | null): Promise<void>
  linkRecords(runId: string, records: readonly RecordKey[]): Promise<void>
}

export interface Lease {
  fence: number
  /** Which lease this is since the run was last given back or its journal grew: 1 for the first. */
  begins: number
}

export interface Leases {
  /**
   * Takes the run's lease for `seconds`. Null while anyone holds it, or when it would be begun more than `mostBegins` times. An owner
   * is named `<worker>/<number>`.
   */
  lease(runId: string, owner: string, seconds: number, mostBegins?: number): Promise<Lease | null>
  /** Prolongs the lease that this owner holds. False when it has ended or was given back: a renewal takes none. */
  renew(runId: string, owner: string, seconds: number): Promise<boolean>
  /** When the lease with this fence ends, by the database's clock. Throws LeaseLost when it has ended or another one was taken. */
  leaseEnds(runId: string, fence: number): Promise<string>
  /** Gives the run back: its begins are counted anew. */
  release(runId: string, owner: string): Promise<void>
  /** Frees every lease of a worker that is gone, still counting its begins. */
  releaseAllOf(worker: string): Promise<void>
  /** Frees every lease: only for a start that knows itself alone, as with the embedded store. */
  releaseAll(): Promise<void>
  /** Open work without a lease: runs that are running, held with a due try, or waiting for a decision that has its answer. */
  dueRuns(): Promise<string[]>
}
