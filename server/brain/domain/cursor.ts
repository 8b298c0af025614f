/** Orders two positions in the event table, `<xid>.<seq>`; text that is none counts as the very first. */
export function compareCursors(a: string, b: string): number {
  const [x, y] = [positionOf(a), positionOf(b)]
  const difference = x[0] === y[0] ? x[1] - y[1] : x[0] - y[0]
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

export const isCursor = (text: string) => /^\d{1,20}\.\d{1,19}$/.test(text)

function positionOf(cursor: string): [bigint, bigint] {
  if (!isCursor(cursor)) return [0n, 0n]
  const [xid = '0', seq = '0'] = cursor.split('.')
  return [BigInt(xid), BigInt(seq)]
}
