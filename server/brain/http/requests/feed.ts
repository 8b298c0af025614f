// What a stream asks of the feed of events; `stream/` provides it.
import type { LoadedDecision } from '../../decisions/view/decision-view.ts'
import type { Run } from '../../domain/run.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Reads } from '../../ports/store.ts'
import type { StreamRow } from '../../ports/stream.ts'

export interface Loaded {
  run: Run | null
  /** The decision of the row or of its run. */
  facts: LoadedDecision | null
  records: string[]
  fields: string[]
  /** Records the row is about, for streams that follow a record. */
  about: ReadonlySet<string>
}

export interface SharedRow {
  row: StreamRow
  load(reads: Reads, clock: Clock): Promise<Loaded>
  /** Frames by what the reader sees and wants. */
  frames: Map<string, Buffer | null>
}

export interface FeedListener {
  rows(rows: readonly SharedRow[]): void
  /** The feed lost its place: every listener must load again. */
  reset(): void
  heartbeat(): void
  /** An administrator stopped everything: the stream ends, and says so. */
  stopped(): void
}

export interface EventFeed {
  /** Joins the feed; resolves with the position from which on rows come. */
  join(listener: FeedListener): Promise<string>
  leave(listener: FeedListener): void
  /** Ends every stream of this process now; other processes find the switch by themselves, within a second. */
  stop(): void
  readonly size: number
}
