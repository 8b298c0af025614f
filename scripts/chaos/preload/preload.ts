// Loaded with `--import` before a process's own entry. Edits the product's source while it is loaded, moves the clock, and stops the
// process where it was ordered to.
import { registerHooks } from 'node:module'
import { edited, PAUSE_POINTS, shortLeases, WEAKENINGS } from './edits.ts'
import { moveClock } from './clock.ts'
import { Orders, ORDERS_VARIABLE } from './orders.ts'
import { stopWhereOrdered } from './pause-point.ts'
import { SWEEP_EDITS } from './sweep-edits.ts'
import { countPoints } from './sweep-points.ts'

const orders = Orders.parse(JSON.parse(process.env[ORDERS_VARIABLE] ?? '{}'))
const edits = [
  ...(orders.weaken ? WEAKENINGS[orders.weaken] : []),
  ...(orders.leaseSeconds === null ? [] : shortLeases(orders.leaseSeconds)),
  ...PAUSE_POINTS,
  ...(orders.sweep === null ? [] : SWEEP_EDITS),
]

if (orders.clockOffsetMs !== 0) moveClock(orders.clockOffsetMs)
stopWhereOrdered(orders)
if (orders.sweep !== null) countPoints(orders.sweep, `${orders.sweep}.${orders.process}`)

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (!edits.some(({ file }) => url.endsWith(file)) || loaded.source === undefined || loaded.source === null)
      return loaded
    return { ...loaded, source: edited(url, Buffer.from(loaded.source as Uint8Array).toString('utf8'), edits) }
  },
})
