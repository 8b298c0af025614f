/** Orders two positions in the event table, `<xid>.<seq>`; text that is none counts as the very first. */
export function compareCursors(a: string, b: string): number {
  const [x, y] = [positionOf(a), positionOf(b)]
  const difference = x[0] === y[0] ? x[1] - y[1] : x[0] - y[0]
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** What the database's `xid8` and `bigint` hold. */
const [MOST_XID, MOST_SEQ] = [2n ** 64n - 1n, 2n ** 63n - 1n]

export function isCursor(text: string): boolean {
  const [, xid, seq] = /^(\d{1,20})\.(\d{1,19})$/.exec(text) ?? []
  return xid !== undefined && seq !== undefined && BigInt(xid) <= MOST_XID && BigInt(seq) <= MOST_SEQ
}

function positionOf(cursor: string): [bigint, bigint] {
  if (!isCursor(cursor)) return [0n, 0n]
  const [xid = '0', seq = '0'] = cursor.split('.')
  return [BigInt(xid), BigInt(seq)]
}
