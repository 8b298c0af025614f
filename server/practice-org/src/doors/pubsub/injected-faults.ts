import { setTimeout as delay } from 'node:timers/promises'
import type { Fault, FaultMode, Faults } from '../../faults/fault.ts'
import { pubSubRefusal } from '../../topics/status.ts'

/** What is to go wrong with one message of a call. */
export interface InjectedFaults {
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
export function faultsOfMessage(faults: Faults, rpc: string, message: unknown): InjectedFaults | undefined {
  if (faults.none) return undefined
  return faultsOf(faults, rpc, 'POST', textOf(message))
}

/** The faults that hit one event on its way to a subscriber of this topic. */
export function faultsOfEvent(faults: Faults, rpc: string, topic: string): InjectedFaults | undefined {
  return faults.none ? undefined : faultsOf(faults, rpc, 'EVENT', topic)
}

function faultsOf(faults: Faults, rpc: string, method: string, body: string): InjectedFaults | undefined {
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

/** One message and its call, as the injected faults may treat them. */
export interface FaultyCall<T> {
  work: () => T
  answer: (made: T) => void
  refuse: (error: unknown) => void
  expire: () => void
  cut: () => void
  /** The call has ended meanwhile. */
  isOver: () => boolean
}

/** Works on a message as its faults have it: late, not at all, or without its client hearing of it. */
export async function applyFaults<T>(
  injected: InjectedFaults,
  { work, answer, refuse, expire, cut, isOver }: FaultyCall<T>,
): Promise<void> {
  if (injected.delayMs > 0) await delay(injected.delayMs, undefined, { ref: false })
  if (isOver()) return
  if (injected.cutBefore) return cut()
  try {
    if (injected.isDown) throw pubSubRefusal.down()
    if (injected.expires) expire()
    const made = work()
    if (injected.cutAfter) return cut()
    if (injected.withholdMs > 0) await delay(injected.withholdMs, undefined, { ref: false })
    if (!isOver()) answer(made)
  } catch (error) {
    if (isOver()) return
    if (injected.cutAfter) cut()
    else refuse(error)
  }
}
