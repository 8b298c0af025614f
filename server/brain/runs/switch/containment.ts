// Stops by the brain itself: the writes of a mission after a breach, and all writes after several.
import { addSeconds } from '../../../contract/values/instant.ts'
import { AlteredMission, AlteredRun, SalesforceError } from '../../domain/errors.ts'
import type { Run } from '../../domain/run.ts'
import { BY_ITSELF, SWITCH, type SwitchChange } from '../../domain/switch.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Tx, Transactions } from '../../ports/store.ts'
import { lockSwitch, throwSwitch } from './throw-switch.ts'

/** So many missions contained within a day stop all writes. */
const MOST_BREACHES = 3
const DAY_SECONDS = 86_400

/** The breach that an error shows, in words: no honest step of a mission leads to it. Null for any other error. */
function breachOf(error: unknown): string | null {
  if (error instanceof AlteredMission || error instanceof AlteredRun)
    return `what is stored was altered: ${error.message}`
  if (error instanceof SalesforceError && error.error.breach)
    return 'salesforce-mcp refused a write that no valid approval or grant covers'
  return null
}

export interface Contained {
  change: SwitchChange
  runId: string
}

/**
 * After a breach: stops the writes of the run's mission, and after the third within a day all writes. Returns what was stopped now;
 * nothing for another error, or where it is stopped already.
 */
export async function containAfter(
  { store, clock }: { store: Transactions; clock: Clock },
  { id: runId, mission }: Pick<Run, 'id' | 'mission'>,
  error: unknown,
): Promise<Contained[]> {
  const breach = breachOf(error)
  if (breach === null) return []
  return store.transaction(async (tx) => {
    await lockSwitch(tx)
    const first = await stopUnlessStopped(tx, `writes:${mission}`, `Run ${runId}: ${breach}`)
    if (!first) return []
    const since = addSeconds(clock.now(), -DAY_SECONDS)
    const breaches = (await tx.switchChangesSince(since)).filter(isContainment)
    const all =
      breaches.length >= MOST_BREACHES
        ? await stopUnlessStopped(tx, SWITCH.writes, `${breaches.length} breaches within a day`)
        : null
    return [first, ...(all ? [all] : [])].map((change) => ({ change, runId }))
  })
}

const isContainment = ({ by, what, isStop }: SwitchChange): boolean =>
  by === BY_ITSELF && isStop && what.startsWith('writes:')

/** Null when it is stopped already: the first reason stands. The caller's transaction has locked the switch. */
export async function stopUnlessStopped(
  tx: Pick<Tx, 'setting' | 'setSetting' | 'appendSwitchChange'>,
  what: Exclude<SwitchChange['what'], 'all'>,
  reason: string,
): Promise<SwitchChange | null> {
  if ((await tx.setting(what)) === 'stopped') return null
  return throwSwitch(tx, { by: BY_ITSELF, what, isStop: true, reason })
}
