import type { Observation, Run } from '../domain/run.ts'

export type StreamRow =
  | { cursor: string; kind: 'observation'; runId: string; observation: Observation }
  | { cursor: string; kind: 'run'; runId: string; run: Run }
  | { cursor: string; kind: 'decision'; runId: string; decisionId: string }

/** The one table that everything streamed is a row of. */
export interface EventStream {
  /** Events after the cursor that are safe to read (below the oldest running transaction), oldest first; `reset` when the cursor is too old. */
  eventsAfter(cursor: string | null, limit: number): Promise<{ rows: StreamRow[]; cursor: string; reset: boolean }>
  headCursor(): Promise<string>
  /** Wakes when events or outbox rows may be there; returns the unsubscriber. */
  onWake(listener: (what: 'event' | 'outbox') => void): () => void
  /** Drops events from before a time; readers with an older cursor load again. */
  dropEventsBefore(time: string): Promise<void>
}
