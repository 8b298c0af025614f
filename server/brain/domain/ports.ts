// What the brain needs from outside, said in its own words; `adapters/` implement these and only `compose.ts` knows them.
import type { DecisionStatus, Phase, RunStatus, Verdict } from '../../contract/http.ts'
import type { ToolInput, ToolName, ToolOutput } from '../../contract/tools.ts'
import type { Approval, ChangeSetVersion, Decision } from './decision.ts'
import type { Erasure } from './erasure.ts'
import type { KnowledgeVersion, MissionVersion } from './mission.ts'
import type { Difference, NewObservation, Observation, RecordKey, Run, Trigger } from './run.ts'

export interface Clock {
  /** ISO 8601 UTC with milliseconds. */
  now(): string
}

export interface Ids {
  /** A new sortable id (UUID v7 as text). */
  next(): string
  /** 128 random bits as base64url text. */
  salt(): string
}

/** salesforce-mcp, over MCP. Throws SalesforceError with the tool's own error. */
export interface Salesforce {
  call<T extends ToolName>(tool: T, input: ToolInput<T>, context: { runId: string | null }): Promise<ToolOutput<T>>
}

/** A language model behind any OpenAI-compatible endpoint. It only ever answers; it has no tools. */
export interface LanguageModel {
  /** What answers are attributed to, e.g. `gpt-x`. */
  readonly name: string
  /** One answer as text that should be JSON of the schema; the caller parses it. Throws when the model cannot be reached. */
  answer(request: { instructions: string; input: string; schema: Record<string, unknown> }): Promise<string>
}

/** One change event from the org, decoded, with where it stands in the stream. */
export interface OrgChange {
  topic: string
  /** Opaque position to resume after, as base64. */
  replayId: string
  object: string
  changeType: string
  recordIds: string[]
  /** False when the org does not name every record: an overflow, or a gap that says `00Q*`. */
  isComplete: boolean
  /** `client=` of the change origin: our own writes are known by it. */
  client: string | null
  at: string
}

export type StreamRow =
  | { cursor: string; kind: 'observation'; runId: string; observation: Observation }
  | { cursor: string; kind: 'run'; runId: string; run: Run }
  | { cursor: string; kind: 'decision'; runId: string; decisionId: string }

export interface OutboxItem {
  id: string
  kind: 'advance-run' | 'expire-decision'
  /** Run or decision id. */
  about: string
}

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

/** Reading; every method also exists inside a transaction. */
export interface Reads {
  run(id: string): Promise<Run | null>
  runs(filter: {
    mission?: string
    status?: RunStatus
    record?: string
    limit: number
    before?: string
  }): Promise<Run[]>
  openRunAbout(mission: string, record: string): Promise<Run | null>
  /** How many runs of a mission were started at or after a time. */
  runsStartedSince(mission: string, since: string): Promise<number>
  runOfTrigger(idempotencyKey: string): Promise<Run | null>
  journal(runId: string): Promise<JournalEntry[]>
  observations(runId: string, after: string | null, limit: number): Promise<Observation[]>
  decision(id: string): Promise<Decision | null>
  decisions(filter: {
    status?: DecisionStatus
    record?: string
    mission?: string
    limit: number
    before?: string
  }): Promise<Decision[]>
  changeSet(decisionId: string, version: number): Promise<ChangeSetVersion | null>
  approvals(decisionId: string): Promise<Approval[]>
  /** Finished runs that wrote, about a record or a record merged into it. */
  runsThatChanged(recordId: string): Promise<Run[]>
  activeMissions(): Promise<MissionVersion[]>
  /** The newest version of every mission, active or not, by name. */
  latestMissions(): Promise<MissionVersion[]>
  mission(name: string, version?: number): Promise<MissionVersion | null>
  knowledge(name: string, version?: number): Promise<KnowledgeVersion | null>
  setting(key: string): Promise<string | null>
  /** What was erased, newest first. */
  erasures(page: { limit: number; before?: string }): Promise<Erasure[]>
}

/** One database transaction. Nothing but these is awaited inside it. */
export interface Tx extends Reads {
  /** Locks the run's row and returns it; throws LeaseLost when `fence` is no longer the lease's. */
  holdFence(runId: string, fence: number): Promise<Run>
  /**
   * False when a run for the trigger's idempotency key, or an open one of this mission about this subject, is already
   * there: nothing was written.
   */
  insertRun(run: Run): Promise<boolean>
  /** Remembers that this trigger led to that run, so that a second delivery of it finds the run. */
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
  insertDecision(decision: Decision, changeSet: ChangeSetVersion): Promise<void>
  insertChangeSet(changeSet: ChangeSetVersion): Promise<void>
  updateDecision(id: string, patch: Partial<Omit<Decision, 'id'>>): Promise<Decision>
  /** Locks the decision row: two answers cannot both win. */
  lockDecision(id: string): Promise<Decision | null>
  insertApproval(approval: Approval): Promise<void>
  voidApprovals(decisionId: string): Promise<void>
  addOutbox(item: { kind: OutboxItem['kind']; about: string; dueInSeconds: number }): Promise<void>
  insertMission(mission: MissionVersion): Promise<void>
  activateMission(
    name: string,
    version: number,
    by: { activation: MissionVersion['activation']; userId: string; at: string },
  ): Promise<void>
  insertKnowledge(document: KnowledgeVersion): Promise<void>
  /** Waits until no other transaction of this org does what is named so, in whichever process; held until this one ends. */
  alone(doing: string): Promise<void>
  setSetting(key: string, value: string): Promise<void>
  linkRecords(runId: string, records: readonly RecordKey[]): Promise<void>
  /** Locks the run's row, whoever has its lease. */
  lockRun(id: string): Promise<Run | null>
  /**
   * Destroys the keys and contents of these runs for good, ends their leases, and tells of it in their chains. What they are
   * about must have come to its end before.
   */
  erase(erasure: Erasure): Promise<void>
}

export interface Store extends Reads {
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Takes the run's lease for `seconds`, or null when another worker holds it. */
  lease(runId: string, owner: string, seconds: number): Promise<{ fence: number } | null>
  release(runId: string, owner: string): Promise<void>
  /** Frees every lease: only for a start that knows itself alone, as with the embedded store. */
  releaseAll(): Promise<void>
  /** Events after the cursor that are safe to read (below the oldest running transaction), oldest first; `reset` when the cursor is too old. */
  eventsAfter(cursor: string | null, limit: number): Promise<{ rows: StreamRow[]; cursor: string; reset: boolean }>
  headCursor(): Promise<string>
  /** Wakes when events or outbox rows may be there; returns the unsubscriber. */
  onWake(listener: (what: 'event' | 'outbox') => void): () => void
  /** Wake-ups that are due. Nobody else is given them for some seconds; those not finished by then are due again. */
  takeOutbox(limit: number): Promise<OutboxItem[]>
  finishOutbox(ids: readonly string[]): Promise<void>
  /**
   * Signs how far every journal has come since the last checkpoint. Answers the newest checkpoint's hash, null while nothing was
   * ever journalled.
   */
  checkpoint(): Promise<string | null>
  /**
   * Runs that name a record anywhere in what they hold, or are linked to it, a page of runs at a time; erased ones are left out.
   * Every run's contents are opened for it, so it takes long on a large store.
   */
  runsNaming(recordId: string, after: string | null): Promise<{ runIds: string[]; next: string | null }>
  /** Runs that ended before a time and still hold their contents, oldest first. */
  endedBefore(time: string, limit: number): Promise<string[]>
  /** Drops events from before a time, and lets readers who have not come so far load again. */
  dropEventsBefore(time: string): Promise<void>
  /** Rewrites what erasing left behind in the database's files, as far as this database lets us. */
  clearDeadRows(): Promise<void>
  /** Open work nobody holds: runs that are running, held with a due try, or waiting for a decision that has its answer. */
  unfinishedRuns(): Promise<string[]>
  /** Open decisions whose time is over. */
  overdueDecisions(): Promise<string[]>
  close(): Promise<void>
}

/** Hands runs to workers. The queue holds ids only and may be dropped at any time. */
export interface Queue {
  enqueue(job: { kind: OutboxItem['kind']; about: string }): Promise<void>
  /** Starts workers; returns when stopped. */
  work(handler: (job: { kind: OutboxItem['kind']; about: string }) => Promise<void>): Promise<void>
  close(): Promise<void>
}

/** How a phase ends. `within` runs in the transaction that stores the result. */
export type PhaseOutcome =
  | { kind: 'next'; result: unknown; say?: readonly NewObservation[] }
  | {
      kind: 'finish'
      verdict: Verdict
      result: unknown
      differences?: readonly Difference[]
      say?: readonly NewObservation[]
      within?: (tx: Tx) => Promise<void>
    }
  /** Waits for a person (no due time) or a timer (`dueInSeconds`); the phase runs again when woken, its asks answered from the journal. */
  | {
      kind: 'wait'
      for: 'person' | 'timer'
      dueInSeconds?: number
      key: string
      say?: readonly NewObservation[]
      within?: (tx: Tx) => Promise<void>
    }

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
  /** The journalled time of this phase's first entry: the only clock a phase has. */
  now(key: string): Promise<string>
  /** The stored result of an earlier phase. */
  result<T>(phase: Phase): T
  knowledge(name: string): Promise<KnowledgeVersion>
  /** Present state that is not outside the brain: decisions and answers; read fresh, never journalled. */
  readonly reads: Reads
}

export type PhaseFunction = (context: PhaseContext) => Promise<PhaseOutcome>

export interface TriggerRequest {
  mission: string
  trigger: Trigger
}
