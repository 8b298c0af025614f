// When and by whom a row was changed last.
import type { ObjectDef } from '../catalog.ts'
import type { Write } from '../core.ts'
import type { Row } from '../store.ts'

/** The stamps of a change that is made now, as far as the object has them. */
export function stampsOf(write: Write, object: ObjectDef): Row {
  const now = write.now()
  const stamps: Row = { LastModifiedDate: now, LastModifiedById: write.caller.userId, SystemModstamp: now }
  return Object.fromEntries(Object.entries(stamps).filter(([name]) => object.byName.has(name.toLowerCase())))
}
