// Deleting a record with what hangs on it, and taking it back out of the recycle bin.
import type { ObjectDef } from '../catalog.ts'
import { readableObject, writableRow, type Write } from '../core.ts'
import { normalizeId } from '../ids.ts'
import { noAccess, notFound, refusal } from '../refuse.ts'
import { SECURITY_OBJECTS } from '../rights.ts'
import type { Row } from '../store.ts'
import { stampsOf } from './apply.ts'

const RECYCLE_MS = 15 * 86_400_000

/** Deletes a record: cascades, clears lookups, refuses where children forbid it. Must run inside a transaction. */
export function deleteRecord(write: Write, objectName: string, id: string): void {
  const object = readableObject(write, write.user, objectName)
  const row = writableRow(write, write.user, object, id, 'delete')
  if (object.readOnly) throw noAccess()
  remove(write, object, row, String(row['Id']), new Set())
}

/** Marks a row deleted without cascade, recycle bin or rights: for rows that vanish as a by-product. */
export function removeQuietly(write: Write, object: ObjectDef, row: Row): void {
  if (row['IsDeleted'] === 1) return
  const changes: Row = { IsDeleted: 1, ...stampsOf(write, object) }
  write.store.update(object, String(row['Id']), changes)
  write.draft.change('DELETE', object, String(row['Id']), [], { ...row, ...changes })
}

function remove(write: Write, object: ObjectDef, row: Row, root: string, seen: Set<string>): void {
  const id = String(row['Id'])
  if (seen.has(id)) return
  seen.add(id)
  for (const { child, field } of write.catalog.children(object.name)) {
    if (child.readOnly || field.name === 'MasterRecordId') continue
    const rows = write.store.rowsWhere(child, field.name, id).filter((each) => each['IsDeleted'] !== 1)
    if (rows.length === 0) continue
    if (field.onDelete === 'restrict') throw stillUsed(object, row, child, rows)
    for (const each of rows) {
      if (field.onDelete === 'cascade') remove(write, child, each, root, seen)
      else if (field.updateable || field.createable) clear(write, child, field.name, each, root)
    }
  }
  if (SECURITY_OBJECTS.has(object.name)) write.rights.forget()
  if (!object.hasIsDeleted) {
    write.store.remove(object, id)
    return
  }
  write.store.run('INSERT INTO _recycled(root, object, id) VALUES (?, ?, ?)', [root, object.name, id])
  removeQuietly(write, object, row)
}

function clear(write: Write, child: ObjectDef, field: string, row: Row, root: string): void {
  const id = String(row['Id'])
  const changes: Row = { [field]: null, ...stampsOf(write, child) }
  write.store.run('INSERT INTO _recycled(root, object, id, field, value) VALUES (?, ?, ?, ?, ?)', [
    root,
    child.name,
    id,
    field,
    row[field] ?? null,
  ])
  write.store.update(child, id, changes)
  write.draft.change('UPDATE', child, id, [field], { ...row, ...changes })
}

function stillUsed(object: ObjectDef, row: Row, child: ObjectDef, rows: Row[]) {
  const title = String(row[object.nameField ?? 'Id'] ?? row['Id'])
  const names = rows.slice(0, 5).map((each) => String(each[child.nameField ?? 'Id']))
  return refusal(
    'DELETE_FAILED',
    `Your attempt to delete ${title} could not be completed because it is associated with the following ` +
      `${child.labelPlural.toLowerCase()}.: ${names.join(', ')}`,
    [],
  )
}

/**
 * Restores a deleted record, what was deleted with it, and lookups to it that nobody has set since. What a merge moved
 * to the survivor stays there.
 */
export function undeleteRecord(write: Write, id: string): void {
  const id18 = normalizeId(id)
  const object = id18 === undefined ? undefined : write.catalog.byPrefix(id18)
  const row = object && id18 !== undefined ? write.store.row(object, id18) : undefined
  if (!object || !row || id18 === undefined) throw notFound()
  if (!write.user.object(object).delete || !write.user.sharedRow(object, id18, 'delete')) throw noAccess()
  const tooOld = write.now() - Number(row['SystemModstamp']) > RECYCLE_MS
  if (row['IsDeleted'] !== 1 || tooOld) {
    throw refusal('UNDELETE_FAILED', 'Entity is not in the recycle bin', [])
  }
  restore(write, object, row)
  const parts = write.store.select('SELECT object, id, field, value FROM _recycled WHERE root = ?', [id18])
  write.store.run('DELETE FROM _recycled WHERE root = ?', [id18])
  for (const [name, partId, field, value] of parts) {
    const child = write.catalog.get(String(name))
    const part = write.store.row(child, String(partId))
    if (!part) continue
    if (typeof field === 'string') {
      if (part[field] === null) applyRestored(write, child, part, { [field]: value ?? null })
    } else if (part['IsDeleted'] === 1) restore(write, child, part)
  }
}

function restore(write: Write, object: ObjectDef, row: Row): void {
  const changes: Row = { IsDeleted: 0, ...stampsOf(write, object) }
  if (object.byName.has('masterrecordid')) changes['MasterRecordId'] = null
  const after = { ...row, ...changes }
  write.store.update(object, String(row['Id']), changes)
  write.draft.change('UNDELETE', object, String(row['Id']), [], after)
}

function applyRestored(write: Write, object: ObjectDef, row: Row, changes: Row): void {
  const all = { ...changes, ...stampsOf(write, object) }
  write.store.update(object, String(row['Id']), all)
  write.draft.change('UPDATE', object, String(row['Id']), Object.keys(changes), { ...row, ...all })
}
