import { settingsOf, type SwitchChange } from '../../domain/switch.ts'
import type { Tx } from '../../ports/store.ts'

/** Locks the switch for this transaction: stops and starts follow each other. */
export const lockSwitch = (tx: Pick<Tx, 'lockExclusively'>): Promise<void> => tx.lockExclusively('the switch')

/** Sets the switch and appends the change to its chain; the caller's transaction has locked it. */
export async function throwSwitch(
  tx: Pick<Tx, 'setSetting' | 'appendSwitchChange'>,
  change: Omit<SwitchChange, 'n' | 'at' | 'hash'>,
): Promise<SwitchChange> {
  for (const key of settingsOf(change.what)) await tx.setSetting(key, change.isStop ? 'stopped' : 'allowed')
  return tx.appendSwitchChange(change)
}
