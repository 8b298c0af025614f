import { sql } from 'drizzle-orm'
import { isCursor } from '../../../domain/cursor.ts'
import { InvalidInput } from '../../../domain/errors.ts'
import type { event, journalEntry, ledgerEntry } from './schema.ts'

/** A table whose rows are read in the order they became visible. A sequence alone is not commit order. */
type Ordered = typeof event | typeof journalEntry | typeof ledgerEntry

/** Only rows whose transaction is older than every running one: no row can appear before a row already read. */
export const isSafe = ({ xid }: Ordered) => sql`${xid} < pg_snapshot_xmin(pg_current_snapshot())`

/** `<xid>.<seq>`: the position after which a reader continues. */
export const cursorText = ({ xid, seq }: Ordered) => sql<string>`${xid}::text || '.' || ${seq}::text`

/** Before the first row. */
export const START = '0.0'

interface Position {
  xid: bigint
  seq: bigint
}

/** Throws InvalidInput when this store did not issue the cursor. */
export function parseCursor(cursor: string): Position {
  if (!isCursor(cursor))
    throw new InvalidInput('not a position in the event stream', [{ path: 'cursor', message: cursor }])
  const [xid = '0', seq = '0'] = cursor.split('.')
  return { xid: BigInt(xid), seq: BigInt(seq) }
}

export function comparePositions(a: Position, b: Position): number {
  const difference = a.xid === b.xid ? a.seq - b.seq : a.xid - b.xid
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** Rows after the cursor. */
export function isAfter(table: Ordered, cursor: string) {
  const { xid, seq } = parseCursor(cursor)
  return sql`(${table.xid}, ${table.seq}) > (${xid.toString()}::text::xid8, ${seq.toString()}::bigint)`
}
