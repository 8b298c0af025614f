import { sha256Of } from '../../contract/values/canonical.ts'
import type { Stoppable } from '../../contract/switch.ts'

/** Settings of the switch: each is `stopped` or not there. */
export const SWITCH = { writes: 'writes', model: 'model', reads: 'reads' } as const
type SwitchSetting = (typeof SWITCH)[keyof typeof SWITCH]

/** The settings that each position stands for. */
export const SETTINGS_OF: Record<Stoppable, readonly SwitchSetting[]> = {
  writes: [SWITCH.writes],
  model: [SWITCH.model],
  all: [SWITCH.writes, SWITCH.model, SWITCH.reads],
}

/** One time that a person stopped or started something. */
export interface SwitchChange {
  n: number
  at: string
  /** User id. */
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
