// What lies in the recycle bin, and taking it out of there for good.
import type { ObjectDef } from '../schema/catalog.ts'
import type { Core, Write } from '../rules/core.ts'
import { normalizeId } from '../schema/ids.ts'
import { noAccess, notFound, refusal } from '../schema/refuse.ts'
import type { Stored } from '../store/row.ts'

const DAY_MS = 86_400_000
const RECYCLE_MS = 15 * DAY_MS

/** A record in the bin, with all that went there with it: rows (`field` null) and lookups that were blanked. */
export interface Binned {
  id: string
  object: ObjectDef
  /** `object, id, field, value`; what went last comes first. */
  parts: Stored[][]
}

/** Puts a row into the bin, with the record `root` whose deletion takes it along, or as that record. */
export function intoBin(write: Write, root: string, object: ObjectDef, id: string): void {
  write.store.run('INSERT INTO _recycled(root, object, id) VALUES (?, ?, ?)', [root, object.name, id])
  if (id !== root) return
  const at = write.now() + RECYCLE_MS
  write.store.run('INSERT OR REPLACE INTO _leaving(root, at, emptied) VALUES (?, ?, 0)', [root, at])
}

/**
 * The record of that id as it lies in the bin. A record that went with another has no place of its own there [K].
 * @param code of the refusal when it is not there, was emptied from it, or is there longer than 15 days
 */
export function inBin(write: Write, id: string, code: 'UNDELETE_FAILED' | 'DELETE_FAILED'): Binned {
  const id18 = normalizeId(id)
  const object = id18 === undefined ? undefined : write.catalog.byPrefix(id18)
  const row = object && id18 !== undefined ? write.store.row(object, id18) : undefined
  if (!object || !row || id18 === undefined) throw notFound()
  if (!write.user.object(object).delete || !write.user.sharedRow(object, id18, 'delete')) throw noAccess()
  const [[at, emptied] = []] = write.store.select('SELECT at, emptied FROM _leaving WHERE root = ?', [id18])
  const isThere = row['IsDeleted'] === 1 && emptied === 0 && write.now() <= Number(at)
  if (!isThere) throw refusal(code, 'Entity is not in the recycle bin', [])
  return { id: id18, object, parts: partsOf(write, id18) }
}

/** Takes a record that was restored out of the bin. */
export function outOfBin({ store }: Write, root: string): void {
  for (const table of ['_recycled', '_leaving']) store.run(`DELETE FROM ${table} WHERE root = ?`, [root])
}

/**
 * Empties the bin of a record, with what went there with it and what cannot be without it. No event tells of it: its
 * deletion was told. `queryAll` shows it for a day more, as an org does for about so long.
 */
export function purgeRecord(write: Write, id: string): void {
  const { object, parts, id: id18 } = inBin(write, id, 'DELETE_FAILED')
  const at = write.now() + DAY_MS
  for (const each of wholeOf(write, object, id18, parts).keys()) {
    write.store.run('UPDATE _leaving SET at = ?, emptied = 1 WHERE root = ?', [at, each])
  }
}

/** Removes a record that was in the bin from the org, with what went there with it and what cannot be without it. */
export function removeForGood(core: Core, root: string): void {
  const object = core.catalog.byPrefix(root)
  const whole = object ? wholeOf(core, object, root, partsOf(core, root)) : new Map<string, ObjectDef>()
  for (const [id, object] of whole) {
    for (const table of ['_recycled', '_leaving']) core.store.run(`DELETE FROM ${table} WHERE root = ?`, [id])
    core.store.run('DELETE FROM _recycled WHERE id = ?', [id])
    core.store.remove(object, id)
  }
  core.store.run('DELETE FROM _leaving WHERE root = ?', [root])
}

function partsOf({ store }: Core, root: string): Stored[][] {
  return store.select('SELECT object, id, field, value FROM _recycled WHERE root = ? ORDER BY rowid DESC', [root])
}

/**
 * A record, what went to the bin with it, and what cannot be without one of these: by id. No live row points at them; one
 * in the bin may go on naming them until it is restored, which blanks such a lookup and tells its history.
 */
function wholeOf(core: Core, object: ObjectDef, id: string, parts: Stored[][]): Map<string, ObjectDef> {
  const found = new Map<string, ObjectDef>()
  gather(core, object, id, found)
  for (const [name, partId, field] of parts) {
    if (field === null) gather(core, core.catalog.get(String(name)), String(partId), found)
  }
  return found
}

function gather(core: Core, object: ObjectDef, id: string, found: Map<string, ObjectDef>): void {
  const row = found.has(id) ? undefined : core.store.row(object, id)
  // History goes with its record, as it was never deleted itself.
  const isLive = object.hasIsDeleted && !object.readOnly && row?.['IsDeleted'] !== 1
  if (!row || isLive) return
  found.set(id, object)
  for (const { child, field } of core.catalog.children(object.name)) {
    if (field.onDelete !== 'cascade' && field.nillable) continue
    for (const each of core.store.rowsWhere(child, field.name, id)) gather(core, child, String(each['Id']), found)
  }
}
