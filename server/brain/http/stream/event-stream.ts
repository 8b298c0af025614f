// One reader's event stream: missed events first, then new ones, each as that reader may see it.
import type { Response } from 'express'
import type { StreamEvent } from '../../../contract/http.ts'
import { endedWithApprovalOf } from '../../decisions/view/load-decision.ts'
import { compareCursors, isCursor } from '../../domain/cursor.ts'
import { SWITCH } from '../../domain/switch.ts'
import { Refused } from '../requests/problems.ts'
import type { StreamRow } from '../../ports/stream.ts'
import { alsoSeeing } from '../../visibility/visibility.ts'
import type { SessionCaller } from '../requests/caller.ts'
import type { RouteContext } from '../requests/route-context.ts'
import type { FeedListener, Loaded, SharedRow } from '../requests/feed.ts'
import { frameOf, sharedRows } from './shared-row.ts'

/** A reader that lags further behind than this is disconnected; it reconnects with its last position. */
const MOST_UNSENT_BYTES = 1_048_576
const PAGE = 500
const HEARTBEAT = Buffer.from(':\n\n')
/** An event that only says that something is to be done. */
const bare = (event: StreamEvent): string => `event: ${event}\ndata: {}\n\n`
const RESET = bare('reset')
const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
}

/** Subjects of a stream; none means everything the caller may see. */
interface Following {
  runs: readonly string[]
  records: readonly string[]
  decisions: boolean
}

/** Opens the stream on a response and serves it until the client leaves or the token ends. */
export async function openStream(
  doors: RouteContext,
  caller: SessionCaller,
  following: Following,
  lastEventId: string | null,
  response: Response,
): Promise<void> {
  if ((await doors.store.setting(SWITCH.reads)) === 'stopped')
    throw new Refused(503, 'Stopped', 'an administrator has stopped all work; look again later')
  const followed = new Set(following.runs)
  const { records } = following
  const access = await doors.visibility.readAccessOf(caller.userId, { records, fields: [] })
  /** Following a record that the caller may not read must reveal nothing about it. */
  const readable = records.filter((id) => access.record(id))
  for (const record of readable) for (const run of await doors.store.runs({ record, limit: 100 })) followed.add(run.id)

  let position = lastEventId ?? '0.0'
  let chain = Promise.resolve()
  let live = false

  const write = (frame: Buffer | string) => {
    if (response.writableEnded || response.destroyed) return
    response.write(frame)
    if (response.writableLength > MOST_UNSENT_BYTES) response.destroy()
  }
  const deliver = async (rows: readonly SharedRow[]) => {
    for (const row of rows) {
      if (response.destroyed || compareCursors(row.row.cursor, position) <= 0) continue
      const frame = await frameFor(doors, caller, { following, followed, readable }, row)
      if (frame) write(frame)
      position = row.row.cursor
    }
  }
  /** Sends rows in order. A row whose visibility cannot be checked now ends the stream: the client resumes before it. */
  const next = (work: () => Promise<void>) => {
    chain = chain.then(work).catch((error: unknown) => {
      doors.log.warn({ error: error instanceof Error ? error.name : 'unknown' }, 'stream ended early')
      response.destroy()
    })
  }
  const listener: FeedListener = {
    rows: (rows) => next(() => deliver(rows)),
    reset: () => next(async () => write(RESET)),
    stopped: () => void response.end(bare('stopped')),
    heartbeat: () => live && write(HEARTBEAT),
  }

  // The client may have left while its records were checked.
  if (response.destroyed) return
  response.writeHead(200, HEADERS)
  response.flushHeaders()
  const renew = () => void response.end(bare('renew'))
  const leave = doors.streams.enter(caller.userId, renew)
  const renewal = setTimeout(renew, Math.max(0, caller.endsAt - Date.parse(doors.clock.now()))).unref()
  response.once('close', () => {
    clearTimeout(renewal)
    leave()
    doors.feed.leave(listener)
    doors.counts.streams.set(doors.feed.size)
  })
  next(async () => {
    const from = await doors.feed.join(listener)
    doors.counts.streams.set(doors.feed.size)
    // The client may have disconnected meanwhile.
    if (response.destroyed || response.writableEnded) return doors.feed.leave(listener)
    if (lastEventId === null) position = from
    else if (await isReset(doors, lastEventId, from, deliver)) {
      position = from
      write(RESET)
    }
    live = true
    write(`: live\nid: ${position}\n\n`)
  })
}

/**
 * Sends everything between the reader's last position and the start of the feed. True when that position is no longer
 * known, so that the reader must load again.
 */
async function isReset(
  doors: RouteContext,
  from: string,
  until: string,
  deliver: (rows: readonly SharedRow[]) => Promise<void>,
): Promise<boolean> {
  if (!isCursor(from)) return true
  let cursor = from
  do {
    const page = await doors.store.eventsAfter(cursor, PAGE)
    if (page.reset) return true
    if (page.rows.length === 0 && page.cursor === cursor) return false
    await deliver(sharedRows(page.rows))
    cursor = page.cursor
  } while (compareCursors(cursor, until) < 0)
  return false
}

interface Follow {
  following: Following
  followed: Set<string>
  /** The followed records that the caller may read. */
  readable: readonly string[]
}

async function frameFor(
  doors: RouteContext,
  caller: SessionCaller,
  follow: Follow,
  shared: SharedRow,
): Promise<Buffer | null> {
  if (isSurelyOther(shared.row, follow)) return null
  const loaded = await shared.load(doors.store, doors.clock)
  const interest = interestIn(shared.row, loaded, follow)
  if (!interest.run && !interest.decision) return null
  const access = await doors.visibility.readAccessOf(caller.userId, loaded)
  const ended = loaded.facts ? endedWithApprovalOf(caller, loaded.facts) : new Set<string>()
  return frameOf(shared, loaded, alsoSeeing(access, ended), interest)
}

/** Rows of other runs need not be loaded when only runs are followed. */
function isSurelyOther(row: StreamRow, { following, followed }: Follow): boolean {
  const onlyRuns = following.runs.length > 0 && following.records.length === 0 && !following.decisions
  return onlyRuns && !followed.has(row.runId)
}

function interestIn(
  row: StreamRow,
  { about }: Loaded,
  { following, followed, readable }: Follow,
): { run: boolean; decision: boolean } {
  const { runs, records, decisions } = following
  if (runs.length === 0 && records.length === 0 && !decisions) return { run: true, decision: row.kind === 'decision' }
  // A run may get linked to a record only with its proposal.
  if (readable.some((id) => about.has(id))) followed.add(row.runId)
  const run = followed.has(row.runId)
  return { run, decision: decisions || (run && row.kind === 'decision') }
}
