// Deleting a record with what hangs on it.
import type { FieldDef, ObjectDef } from '../schema/catalog.ts'
import { readableObject, writableRow, type Write } from '../rules/core.ts'
import { noAccess, refusal } from '../schema/refuse.ts'
import { SECURITY_OBJECTS } from '../rights/rights.ts'
import type { Row } from '../store/row.ts'
import { keepTotals } from './follows/after-save.ts'
import { stampsOf } from './checks/stamps.ts'
import { recordChanges } from './checks/history.ts'
import { checkDeletable } from './checks/object-rules.ts'
import { intoBin } from './recycle-bin.ts'

/** People and the org itself can be switched off, not deleted. */
export const NEVER_DELETED = new Set(['User', 'Organization'])

/** Deletes a record: cascades, clears lookups, refuses where children forbid it. Must run inside a transaction. */
export function deleteRecord(write: Write, objectName: string, id: string): void {
  const object = readableObject(write, write.user, objectName)
  const row = writableRow(write, write.user, object, id, 'delete')
  if (object.readOnly || NEVER_DELETED.has(object.name)) throw noAccess()
  checkDeletable(object, row)
  write.automation.trigger(object, 'delete', row, [])
  remove(write, object, row, String(row['Id']), new Set())
}

/** Marks a row deleted without cascade, recycle bin or rights: for rows that vanish as a by-product. */
export function removeQuietly(write: Write, object: ObjectDef, row: Row): void {
  if (row['IsDeleted'] === 1) return
  const changes: Row = { IsDeleted: 1, ...stampsOf(write, object) }
  write.store.update(object, String(row['Id']), changes)
  write.draft.change('DELETE', object, String(row['Id']), [], { ...row, ...changes })
  keepTotals(write, object, [row])
}

function remove(write: Write, object: ObjectDef, row: Row, root: string, seen: Set<string>): void {
  const id = String(row['Id'])
  if (seen.has(id)) return
  seen.add(id)
  write.automation.checkRowLocks(object, row)
  for (const { child, field } of write.catalog.children(object.name)) {
    if (child.readOnly || field.name === 'MasterRecordId') continue
    const rows = write.store.rowsWhere(child, field.name, id).filter((each) => each['IsDeleted'] !== 1)
    if (rows.length === 0) continue
    const inTheWay = isNeeded(field) ? rows : rows.filter((each) => forbids(field, each))
    if (inTheWay.length) throw stillUsed(write, object, row, child, inTheWay)
    for (const each of rows) {
      if (field.onDelete === 'cascade') removeChild(write, child, each, root, seen)
      else clear(write, child, field, each, root)
    }
  }
  if (SECURITY_OBJECTS.has(object.name)) write.rights.forget()
  if (!object.hasIsDeleted) {
    write.store.remove(object, id)
    return
  }
  intoBin(write, root, object, id)
  removeQuietly(write, object, row)
}

/** Whether a child cannot be without its parent, nor goes with it. */
const isNeeded = ({ onDelete, nillable }: FieldDef): boolean =>
  onDelete === 'restrict' || (onDelete === 'clear' && !nillable)

const forbids = ({ forbidsDeleteWhen: when }: FieldDef, row: Row): boolean => !!when && row[when.field] === when.value

/** What goes with its parent needs no right to that very row, but the right to delete rows of its kind. */
function removeChild(write: Write, child: ObjectDef, row: Row, root: string, seen: Set<string>): void {
  if (child.access === 'crud' && !child.readOnly && !write.user.object(child).delete) {
    const message = `You do not have the right to delete the ${child.labelPlural.toLowerCase()} that would go with this record`
    throw refusal('DELETE_REQUIRED_ON_CASCADE', message, [])
  }
  remove(write, child, row, root, seen)
}

/** Blanks a lookup and remembers it for undelete; one that follows from other fields is blanked without a word. */
function clear(write: Write, child: ObjectDef, field: FieldDef, row: Row, root: string): void {
  const id = String(row['Id'])
  if (!field.updateable && !field.createable) {
    write.store.update(child, id, { [field.name]: null })
    return
  }
  write.store.run('INSERT INTO _recycled(root, object, id, field, value) VALUES (?, ?, ?, ?, ?)', [
    root,
    child.name,
    id,
    field.name,
    row[field.name] ?? null,
  ])
  changeQuietly(write, child, row, { [field.name]: null })
}

/** A change the org makes by itself: stamped, told and tracked, without rules. */
export function changeQuietly(write: Write, object: ObjectDef, row: Row, changes: Row): void {
  const after = { ...row, ...changes, ...stampsOf(write, object) }
  write.store.update(object, String(row['Id']), { ...changes, ...stampsOf(write, object) })
  recordChanges(write, object, row, after, Object.keys(changes))
  write.draft.change('UPDATE', object, String(row['Id']), Object.keys(changes), after)
  keepTotals(write, object, [row, after])
}

/** Names up to five of the records that are in the way, none that the caller may not see. */
function stillUsed({ user }: Write, object: ObjectDef, row: Row, child: ObjectDef, rows: Row[]) {
  const title = String(row[object.nameField ?? 'Id'] ?? row['Id'])
  const sees = user.object(child).read ? rows.filter((each) => user.sharedRow(child, String(each['Id']), 'read')) : []
  const names = sees.slice(0, 5).map((each) => String(each[child.nameField ?? 'Id']))
  return refusal(
    'DELETE_FAILED',
    `Your attempt to delete ${title} could not be completed because it is associated with the following ` +
      `${child.labelPlural.toLowerCase()}.: ${names.join(', ')}`,
    [],
  )
}
