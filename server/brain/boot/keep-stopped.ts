import type { SalesforceSwitch } from '../adapters/salesforce/switch.ts'
import { WRITES_SETTING } from '../decisions/commit/commit.ts'
import type { Store } from '../ports/store.ts'

const LOOK_EVERY_MS = 5_000

/**
 * Stops salesforce-mcp again when it was started anew while the brain says that writes are stopped. It must be on at two looks
 * in a row: between them an administrator's start would have reached the brain as well. Returns what ends this.
 */
export function keepStopped(
  { store, writes, onError }: { store: Store; writes: SalesforceSwitch; onError(error: unknown): void },
  everyMs = LOOK_EVERY_MS,
): () => void {
  let wasOn = false
  let looking = false
  async function look(): Promise<void> {
    if (looking) return
    looking = true
    try {
      const isOn = (await store.setting(WRITES_SETTING)) === 'stopped' && (await writes.isStopped()) === false
      if (isOn && wasOn) await writes.set(true)
      wasOn = isOn
    } finally {
      looking = false
    }
  }
  const timer = setInterval(() => void look().catch(onError), everyMs).unref()
  return () => clearInterval(timer)
}
