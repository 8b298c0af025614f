// When and by whom a row was changed last.
import type { ObjectDef } from '../../schema/catalog.ts'
import type { Write } from '../../rules/core.ts'
import type { Row } from '../../store/row.ts'

/** The stamps of a change that is made now, as far as the object has them. */
export function stampsOf(write: Write, object: ObjectDef): Row {
  const now = write.now()
  const stamps: Row = { LastModifiedDate: now, LastModifiedById: write.caller.userId, SystemModstamp: now }
  return Object.fromEntries(Object.entries(stamps).filter(([name]) => object.byName.has(name.toLowerCase())))
}
