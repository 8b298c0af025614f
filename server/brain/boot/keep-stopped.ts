import type { StoppableThere } from '../../contract/switch.ts'
import type { SalesforceSwitch, StoppedThere } from '../adapters/salesforce/switch.ts'
import { SWITCH } from '../domain/switch.ts'
import type { SettingReads } from '../ports/settings.ts'

const LOOK_EVERY_MS = 5_000

/** What salesforce-mcp should have stopped by the brain's settings; null: nothing. */
export async function stoppedHere(store: SettingReads): Promise<StoppableThere | null> {
  if ((await store.setting(SWITCH.reads)) === 'stopped') return 'all'
  return (await store.setting(SWITCH.writes)) === 'stopped' ? 'writes' : null
}

const isOn = ({ writes, reads }: StoppedThere, what: StoppableThere): boolean => !writes || (what === 'all' && !reads)

/**
 * Stops salesforce-mcp again when it was started anew while the brain says that it is stopped. It must be on at two looks in a
 * row: between them an administrator's start would have reached the brain as well. Returns what ends this.
 */
export function keepStopped(
  { store, writes, onError }: { store: SettingReads; writes: SalesforceSwitch; onError(error: unknown): void },
  everyMs = LOOK_EVERY_MS,
): () => void {
  let wasOn = false
  let looking = false
  async function look(): Promise<void> {
    if (looking) return
    looking = true
    try {
      const what = await stoppedHere(store)
      const there = what && (await writes.position())
      const isOnNow = Boolean(what && there && isOn(there, what))
      if (what && isOnNow && wasOn) await writes.stop(what)
      wasOn = isOnNow
    } finally {
      looking = false
    }
  }
  const timer = setInterval(() => void look().catch(onError), everyMs).unref()
  return () => clearInterval(timer)
}
