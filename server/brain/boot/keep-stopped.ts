import { missionStopped, type StoppableThere } from '../../contract/switch.ts'
import type { SalesforceSwitch, StoppedThere } from '../adapters/salesforce/switch.ts'
import { partThere, SWITCH } from '../domain/switch.ts'
import type { SwitchReads } from '../ports/settings.ts'

const LOOK_EVERY_MS = 5_000

/** The positions that salesforce-mcp should have stopped by the brain's settings. */
export async function stoppedHere(store: Pick<SwitchReads, 'stopped'>): Promise<StoppableThere[]> {
  const stopped = await store.stopped()
  const ofMissions = stopped.flatMap((what) => (what === SWITCH.writes ? [] : (partThere(what) ?? [])))
  if (stopped.includes(SWITCH.reads)) return ['all', ...ofMissions]
  return stopped.includes(SWITCH.writes) ? ['writes', ...ofMissions] : ofMissions
}

function isOn({ writes, reads, missions }: StoppedThere, what: StoppableThere): boolean {
  const mission = missionStopped(what)
  return mission === null ? !writes || (what === 'all' && !reads) : !missions.includes(mission)
}

/**
 * Stops salesforce-mcp again when it was started anew while the brain says that it is stopped, and after the brain stopped something
 * by itself. It must be on at two looks in a row: between them an administrator's start would have reached the brain as well. Returns
 * what ends this.
 */
export function keepStopped(
  {
    store,
    writes,
    onError,
  }: { store: Pick<SwitchReads, 'stopped'>; writes: SalesforceSwitch; onError(error: unknown): void },
  everyMs = LOOK_EVERY_MS,
): () => void {
  let wasOn = new Set<StoppableThere>()
  let looking = false
  async function look(): Promise<void> {
    if (looking) return
    looking = true
    try {
      const stopped = await stoppedHere(store)
      const there = stopped.length > 0 ? await writes.position() : null
      const isOnNow = new Set(there ? stopped.filter((what) => isOn(there, what)) : [])
      const before = wasOn
      wasOn = isOnNow
      for (const what of isOnNow) if (before.has(what)) await writes.stop(what)
    } finally {
      looking = false
    }
  }
  const timer = setInterval(() => void look().catch(onError), everyMs).unref()
  return () => clearInterval(timer)
}
