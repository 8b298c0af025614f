// Whether an id may stand in a lookup: it is one, of the right object, of a live record that the caller can see.
import { type FieldDef, labelOf, type ObjectDef } from '../../schema/catalog.ts'
import type { Write } from '../../rules/core.ts'
import { normalizeId } from '../../schema/ids.ts'
import { noAccessTo, refusal } from '../../schema/refuse.ts'
import type { Row, Stored } from '../../store/row.ts'
import { checkRecordType } from './record-types.ts'

const missing = () => refusal('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', [])

/** The id in its 18-character form; refuses in the codes of an org. */
export function checkLookup(write: Write, object: ObjectDef, field: FieldDef, value: Stored): Stored {
  if (value === null) return null
  const id = normalizeId(String(value))
  const target = id === undefined ? undefined : write.catalog.byPrefix(id)
  if (id === undefined || !target || !field.referenceTo.includes(target.name)) {
    throw refusal('MALFORMED_ID', `${labelOf(field)}: id value of incorrect type: ${String(value)}`, [field.name])
  }
  const row = write.store.row(target, id)
  if (!row) throw missing()
  if (row['IsDeleted'] === 1) throw refusal('ENTITY_IS_DELETED', 'entity is deleted', [])
  if (!write.user.object(target).read || !write.user.sharedRow(target, id, 'read')) throw noAccessTo(id)
  checkTarget(write, object, field, target, row)
  return id
}

function checkTarget(write: Write, object: ObjectDef, field: FieldDef, target: ObjectDef, row: Row): void {
  const id = String(row['Id'])
  if (target.name === 'User' && field.name === 'OwnerId' && row['IsActive'] !== 1) {
    throw refusal('INACTIVE_OWNER_OR_USER', `operation performed with inactive user [${id}]`, [field.name])
  }
  if (target.name === 'User' && field.name === 'OwnerId' && object.access === 'crud') {
    const owner = write.rights.of(id)
    if (owner && !owner.object(object).read) {
      throw refusal('TRANSFER_REQUIRES_READ', `The new owner must have read permission`, [field.name])
    }
  }
  if (target.name === 'Group' && field.name === 'OwnerId' && row['Type'] !== 'Queue') throw missing()
  if (target.name === 'RecordType' && field.name === 'RecordTypeId') checkRecordType(write, object, field.name, row)
  write.automation.checkLookup(object, field.name, row)
}

/** Refuses a chain of lookups (`ParentId`, `ReportsToId`) that would lead back to the record itself. */
export function checkNoCycle(write: Write, object: ObjectDef, field: FieldDef, id: string, parent: Stored): void {
  if (leadsBack(write, object, field, id, parent))
    throw refusal('CIRCULAR_DEPENDENCY', `attempt to add a circular hierarchy: ${labelOf(field)}`, [field.name])
}

/** Whether following a lookup of an object to itself from `parent` upwards meets `id`, or a circle. */
export function leadsBack(write: Write, object: ObjectDef, field: FieldDef, id: string, parent: Stored): boolean {
  if (field.referenceTo.length !== 1 || field.referenceTo[0] !== object.name) return false
  const seen = new Set([id])
  for (let at = parent; typeof at === 'string'; at = write.store.row(object, at)?.[field.name] ?? null) {
    if (seen.has(at)) return true
    seen.add(at)
  }
  return false
}
