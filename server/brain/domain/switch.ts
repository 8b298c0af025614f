import { sha256Of } from '../../contract/values/canonical.ts'
import { StoppableThere, type Stoppable } from '../../contract/switch.ts'

/** Settings of the switch for every mission: each is `stopped` or not there. What concerns one mission is a setting of its own name. */
export const SWITCH = { writes: 'writes', model: 'model', reads: 'reads' } as const

/** The settings that a position stands for. */
export function settingsOf(what: Stoppable): readonly string[] {
  return what === 'all' ? [SWITCH.writes, SWITCH.model, SWITCH.reads] : [what]
}

/** The position at salesforce-mcp; null where only the brain stops something. */
export function partThere(what: string): StoppableThere | null {
  const there = StoppableThere.safeParse(what)
  return there.success ? there.data : null
}

/** In `by` of a change that the brain made by itself. */
export const BY_ITSELF = 'brain'

/** One time that something was stopped or started. */
export interface SwitchChange {
  n: number
  at: string
  /** User id; `brain` for what it stopped by itself. */
  by: string
  what: Stoppable
  isStop: boolean
  reason: string
  /** Over this change and the hash of the one before. */
  hash: string
}

/** The hash of a change: it names every change before it, and is what a start of this stop is signed for. */
export function switchHash(previous: string | null, change: Omit<SwitchChange, 'hash'>): string {
  const { n, at, by, what, isStop, reason } = change
  return sha256Of([previous, n, at, by, what, isStop, reason])
}
