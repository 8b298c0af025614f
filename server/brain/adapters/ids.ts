import { randomBytes } from 'node:crypto'
import type { Clock, Ids } from '../ports/clock.ts'

/** UUID version 7 (RFC 9562): milliseconds first, then a counter that keeps ids of one millisecond in order, then randomness. */
export function sortableIds(clock: Clock): Ids {
  let last = 0
  let counter = 0
  return {
    next() {
      const now = Date.parse(clock.now())
      counter = now > last ? randomBytes(2).readUInt16BE() >> 5 : counter + 1
      // A full counter borrows from the next millisecond, which keeps the order.
      last = Math.max(now, last) + (counter > 0xfff ? 1 : 0)
      counter &= 0xfff
      const random = randomBytes(8)
      random[0] = ((random[0] ?? 0) & 0x3f) | 0x80
      const hex = `${last.toString(16).padStart(12, '0')}7${counter.toString(16).padStart(3, '0')}${random.toString('hex')}`
      return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    },
    salt: () => randomBytes(16).toString('base64url'),
  }
}
