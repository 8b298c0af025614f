// One row of the event table for many readers: loaded once, serialised once per distinct visibility.
import type { StreamEvent } from '../../../contract/http.ts'
import { touchedBy } from '../../../contract/operations/operation.ts'
import { loadDecision } from '../../decisions/view/load-decision.ts'
import { affectedBy } from '../../decisions/affected-records.ts'
import { decisionSummary, type LoadedDecision } from '../../decisions/view/decision-view.ts'
import type { Loaded, SharedRow } from '../requests/feed.ts'
import type { ReadAccess } from '../../domain/phrase.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Reads } from '../../ports/store.ts'
import type { StreamRow } from '../../ports/stream.ts'
import type { Run } from '../../domain/run.ts'
import { maySeeRun, observationView, runView, union, wantedByObservation, wantedByRun } from '../views/run-view.ts'

/** Rows that were read together: the runs among them need not be read again for what was observed about them. */
export function sharedRows(rows: readonly StreamRow[]): SharedRow[] {
  const runs = new Map(rows.flatMap((row) => (row.kind === 'run' ? [[row.runId, row.run] as const] : [])))
  return rows.map((row) => sharedRow(row, runs))
}

function sharedRow(row: StreamRow, runs: ReadonlyMap<string, Run>): SharedRow {
  let loaded: Promise<Loaded> | null = null
  return {
    row,
    frames: new Map(),
    load(reads, clock) {
      loaded ??= loadRow(row, runs, reads, clock)
      loaded.catch(() => (loaded = null))
      return loaded
    },
  }
}

async function loadRow(row: StreamRow, runs: ReadonlyMap<string, Run>, reads: Reads, clock: Clock): Promise<Loaded> {
  const run = runs.get(row.runId) ?? (await reads.run(row.runId))
  const facts = await factsFor(row, run, reads, clock)
  const proposal = facts && row.kind !== 'observation' ? facts.changeSet.proposal : null
  const parts = [
    ...(run ? [wantedByRun(run)] : []),
    ...(row.kind === 'observation' ? [wantedByObservation(row.observation)] : []),
    ...(proposal ? [affectedBy(proposal)] : []),
  ]
  const { records, fields } = union(parts)
  const touched = proposal?.operations.flatMap(touchedBy).map(({ id }) => id) ?? []
  const observed = row.kind === 'observation' ? wantedByObservation(row.observation).records : []
  const about = new Set([...(run?.subject ? [run.subject.id] : []), ...touched, ...observed])
  return { run, facts, records: [...new Set(records)].sort(), fields: [...new Set(fields)].sort(), about }
}

/** An observation needs its run's decision only when the run may have ended records. */
async function factsFor(row: StreamRow, run: Run | null, reads: Reads, clock: Clock): Promise<LoadedDecision | null> {
  if (row.kind === 'decision') return loadDecision(reads, clock, row.decisionId)
  const isNeeded = row.kind === 'run' || run?.phase === 'commit'
  return run?.decisionId && isNeeded ? loadDecision(reads, clock, run.decisionId) : null
}

/** Kinds of events that a stream has subscribed to. */
interface Interest {
  run: boolean
  decision: boolean
}

/** The row for one reader; null when the reader gets nothing of it. */
export function frameOf(shared: SharedRow, loaded: Loaded, access: ReadAccess, interest: Interest): Buffer | null {
  const seen = [...loaded.records.map((id) => access.record(id)), ...loaded.fields.map((name) => access.field(name))]
  const key = [interest.run, interest.decision, ...seen].map((bit) => (bit ? '1' : '0')).join('')
  const known = shared.frames.get(key)
  if (known !== undefined) return known
  const frame = compose(shared.row, loaded, access, interest)
  shared.frames.set(key, frame)
  return frame
}

function compose(row: StreamRow, { run, facts }: Loaded, access: ReadAccess, interest: Interest): Buffer | null {
  const events: string[] = []
  const say = (event: StreamEvent, data: unknown) => events.push(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  if (run && maySeeRun(run, access)) {
    if (row.kind === 'observation' && interest.run) say('observation', observationView(row.observation, access))
    // Screens that follow decisions must remove those of an erased run.
    const isWanted = interest.run || (interest.decision && run.erased !== null)
    if (row.kind === 'run' && isWanted) say('run', runView(row.run, access))
  }
  if (facts && row.kind !== 'observation' && interest.decision && access.record(facts.decision.subject.id))
    say('decision', decisionSummary(facts, access))
  // Only the last event carries the row's position: a reader that is cut off between two hears both again, and misses none.
  const last = events.pop()
  return last === undefined ? null : Buffer.from(`${events.join('')}id: ${row.cursor}\n${last}`)
}
