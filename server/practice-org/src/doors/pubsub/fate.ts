import { setTimeout as delay } from 'node:timers/promises'
import type { Fault, FaultMode, Faults } from '../../faults/fault.ts'
import { pubSubRefusal } from '../../topics/status.ts'

/** What is to go wrong with one message of a call. */
export interface Fate {
  delayMs: number
  withholdMs: number
  cutBefore: boolean
  cutAfter: boolean
  isDown: boolean
  expires: boolean
  /** The allowance that this message would use is used up. */
  isSpent: boolean
}

/** Rows are locked where rows are written: an event has none. */
const CONCERNED = (mode: FaultMode): boolean => mode !== 'lock'

/** The faults that hit a message that a client sends; undefined when none does. */
export function fateOfMessage(faults: Faults, rpc: string, message: unknown): Fate | undefined {
  if (faults.none) return undefined
  return fateOf(faults, rpc, 'POST', textOf(message))
}

/** The faults that hit one event on its way to a subscriber of this topic. */
export function fateOfEvent(faults: Faults, rpc: string, topic: string): Fate | undefined {
  return faults.none ? undefined : fateOf(faults, rpc, 'EVENT', topic)
}

function fateOf(faults: Faults, rpc: string, method: string, body: string): Fate | undefined {
  const path = `/eventbus.v1.PubSub/${rpc}`
  const hits = faults.hit({ path, method, body, soapAction: undefined, client: undefined }, CONCERNED)
  if (hits.length === 0) return undefined
  const has = (mode: FaultMode): boolean => hits.some((hit) => hit.mode === mode)
  return {
    delayMs: sumOf(hits, 'slow'),
    withholdMs: sumOf(hits, 'withhold'),
    cutBefore: has('cut-before'),
    cutAfter: has('cut-after'),
    isDown: has('down'),
    expires: has('expire-sessions'),
    isSpent: has('limit'),
  }
}

const sumOf = (hits: Fault[], mode: FaultMode): number =>
  hits.filter((hit) => hit.mode === mode).reduce((sum, { ms }) => sum + ms, 0)

/** A message as an order may look for text in it, its bytes read as UTF-8. */
function textOf(message: unknown): string {
  if (typeof message !== 'object' || message === null) return ''
  return JSON.stringify(message, (_key, value: unknown) => {
    const bytes = bytesOf(value)
    return bytes ? bytes.toString('utf8') : value
  })
}

/** A Buffer has become `{ type, data }` by the time a replacer sees it. */
function bytesOf(value: unknown): Buffer | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value) || !('data' in value)) return undefined
  return value.type === 'Buffer' && Array.isArray(value.data) ? Buffer.from(value.data as number[]) : undefined
}

/** One message and its call, as its fate may treat them. */
export interface Undergoing<T> {
  work: () => T
  answer: (made: T) => void
  refuse: (error: unknown) => void
  expire: () => void
  cut: () => void
  /** The call has ended meanwhile. */
  isOver: () => boolean
}

/** Works on a message as its faults have it: late, not at all, or without its client hearing of it. */
export async function undergo<T>(
  fate: Fate,
  { work, answer, refuse, expire, cut, isOver }: Undergoing<T>,
): Promise<void> {
  if (fate.delayMs > 0) await delay(fate.delayMs, undefined, { ref: false })
  if (isOver()) return
  if (fate.cutBefore) return cut()
  try {
    if (fate.isDown) throw pubSubRefusal.down()
    if (fate.expires) expire()
    const made = work()
    if (fate.cutAfter) return cut()
    if (fate.withholdMs > 0) await delay(fate.withholdMs, undefined, { ref: false })
    if (!isOver()) answer(made)
  } catch (error) {
    if (isOver()) return
    if (fate.cutAfter) cut()
    else refuse(error)
  }
}
