// Later automation that has come due, carried out as the org's own work.
import type { Caller } from '../org/org.ts'
import type { Core, Write } from '../rules/core.ts'
import type { Transactions } from './transactions.ts'
import { applyChanges } from '../write/apply.ts'

/** Makes the changes whose time has come, each in a transaction of its own; a record deleted meanwhile is left alone. */
export function runDueAutomation(core: Core, writes: Transactions, userId: string): void {
  const caller: Caller = { userId, api: 'ui', version: '66.0' }
  for (const { object: name, id, changes } of core.automation.due()) {
    const work = (write: Write): void => {
      const object = write.catalog.get(name)
      const row = write.store.row(object, id)
      if (row && row['IsDeleted'] !== 1) applyChanges(write, object, row, changes, new Set(Object.keys(changes)))
    }
    writes.step(caller, { verb: 'update', object: name, id, fields: changes }, work, () => null)
  }
}
