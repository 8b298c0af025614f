// Taking a record back out of the recycle bin.
import type { FieldDef, ObjectDef } from '../schema/catalog.ts'
import type { Write } from '../rules/core.ts'
import { refusal } from '../schema/refuse.ts'
import type { Row, Stored } from '../store/row.ts'
import { stampsOf } from './checks/stamps.ts'
import { afterSave } from './follows/after-save.ts'
import { checkUnique } from './checks/check.ts'
import { derive } from './checks/derive.ts'
import { changeQuietly } from './delete.ts'
import { recordChanges } from './checks/history.ts'
import { leadsBack } from './checks/lookups.ts'
import { inBin, outOfBin } from './recycle-bin.ts'

/**
 * Restores a deleted record, what was deleted with it, and lookups to it that nobody has set since. What a merge moved to
 * the survivor stays there.
 */
export function undeleteRecord(write: Write, id: string): void {
  // Rows that went last are the parents of those before them: they come back first.
  const { id: id18, object, parts } = inBin(write, id, 'UNDELETE_FAILED')
  if (!object.undeletable) {
    throw refusal('INVALID_TYPE_FOR_OPERATION', `entity type cannot be undeleted: ${object.label}`, [])
  }
  outOfBin(write, id18)
  const whole = parts.filter(([, , field]) => field === null)
  for (const [name, partId] of whole) restore(write, String(name), String(partId))
  for (const [name, partId] of whole) settle(write, String(name), String(partId))
  for (const [name, partId, field, value] of parts) {
    if (typeof field === 'string') restoreLookup(write, String(name), String(partId), field, value ?? null)
  }
}

function restore(write: Write, name: string, id: string): void {
  const object = write.catalog.get(name)
  const row = write.store.row(object, id)
  if (row?.['IsDeleted'] !== 1) return
  const lost = lostLookups(write, object, row)
  const needed = lost.find((field) => !field.nillable)
  if (needed) throw refusal('UNDELETE_FAILED', 'The parent record is deleted: undelete it first', [needed.name])
  const blanks = Object.fromEntries(lost.map((field) => [field.name, null]))
  if (object.name === 'AccountContactRelation' && hasTwin(write, object, row)) return
  const changes: Row = { IsDeleted: 0, ...blanks, ...stampsOf(write, object) }
  if (object.byName.has('masterrecordid')) changes['MasterRecordId'] = null
  const after = { ...row, ...changes }
  // While the record lay in the bin, another may have taken a value that must be its own.
  checkUnique(write, object, after, Object.keys(after))
  const { store, catalog } = write
  if (lost.length) {
    const derived = derive({ store, catalog, object, after, before: row, given: new Set(), now: write.now() })
    Object.assign(changes, derived)
    Object.assign(after, derived)
  }
  store.update(object, id, changes)
  recordChanges(write, object, row, after, Object.keys(blanks))
  write.draft.change('UNDELETE', object, id, [], after)
}

/** Once everything is back, what the org keeps in step with it. */
function settle(write: Write, name: string, id: string): void {
  const object = write.catalog.get(name)
  const row = write.store.row(object, id)
  if (row?.['IsDeleted'] === 0) afterSave(write, object, undefined, row, Object.keys(row))
}

/** Lookups whose record has been deleted since, or that would now lead back to the record itself. */
function lostLookups(write: Write, object: ObjectDef, row: Row): FieldDef[] {
  return object.fields.filter((field) => {
    const id = row[field.name] ?? null
    if (field.type !== 'reference' || typeof id !== 'string' || field.name === 'MasterRecordId') return false
    const target = write.catalog.byPrefix(id)
    const found = target && write.store.row(target, id)
    return !found || found['IsDeleted'] === 1 || leadsBack(write, object, field, String(row['Id']), id)
  })
}

function hasTwin(write: Write, object: ObjectDef, row: Row): boolean {
  const others = write.store.rowsWhere(object, 'ContactId', row['ContactId'] ?? null)
  return others.some((each) => each['AccountId'] === row['AccountId'] && each['IsDeleted'] === 0)
}

function restoreLookup(write: Write, name: string, id: string, field: string, value: Stored): void {
  const child = write.catalog.get(name)
  const row = write.store.row(child, id)
  const definition = child.byName.get(field.toLowerCase())
  if (!row || !definition || row['IsDeleted'] === 1 || row[field] !== null) return
  if (leadsBack(write, child, definition, id, value)) return
  changeQuietly(write, child, row, { [field]: value })
}
