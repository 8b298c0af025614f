import { sql } from 'drizzle-orm'
import { InvalidInput } from '../../domain/errors.ts'
import { event } from './schema.ts'

/** Only rows whose transaction is older than every running one: what was read can no longer get a predecessor. */
export const SAFE = sql`${event.xid} < pg_snapshot_xmin(pg_current_snapshot())`

/** `<xid>.<seq>`, the position after which a reader goes on. */
export const cursorText = sql<string>`${event.xid}::text || '.' || ${event.seq}::text`

export interface Position {
  xid: bigint
  seq: bigint
}

/** Throws InvalidInput when it is not a cursor that this store gave out. */
export function parseCursor(cursor: string): Position {
  const match = /^(\d{1,20})\.(\d{1,19})$/.exec(cursor)
  if (!match) throw new InvalidInput('not a position in the event stream', [{ path: 'cursor', message: cursor }])
  return { xid: BigInt(match[1] ?? 0), seq: BigInt(match[2] ?? 0) }
}

export function comparePositions(a: Position, b: Position): number {
  const difference = a.xid === b.xid ? a.seq - b.seq : a.xid - b.xid
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** Rows after the cursor. */
export function notBefore(cursor: string) {
  const { xid, seq } = parseCursor(cursor)
  return sql`(${event.xid}, ${event.seq}) > (${xid.toString()}::text::xid8, ${seq.toString()}::bigint)`
}
