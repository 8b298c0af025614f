// What lies in the recycle bin, and emptying it for good.
import type { ObjectDef } from '../catalog.ts'
import type { Write } from '../core.ts'
import { normalizeId } from '../ids.ts'
import { noAccess, notFound, refusal } from '../refuse.ts'
import type { Stored } from '../store.ts'

const RECYCLE_MS = 15 * 86_400_000

/** A record in the bin, with all that went there with it: rows (`field` null) and lookups that were blanked. */
export interface Binned {
  id: string
  object: ObjectDef
  /** `object, id, field, value`; what went last comes first. */
  parts: Stored[][]
}

/**
 * The record of that id as it lies in the bin. A record that went with another has no place of its own there [K].
 * @param code of the refusal when it is not there, or longer than 15 days
 */
export function inBin(write: Write, id: string, code: 'UNDELETE_FAILED' | 'DELETE_FAILED'): Binned {
  const id18 = normalizeId(id)
  const object = id18 === undefined ? undefined : write.catalog.byPrefix(id18)
  const row = object && id18 !== undefined ? write.store.row(object, id18) : undefined
  if (!object || !row || id18 === undefined) throw notFound()
  if (!write.user.object(object).delete || !write.user.sharedRow(object, id18, 'delete')) throw noAccess()
  const parts = write.store.select(
    'SELECT object, id, field, value FROM _recycled WHERE root = ? ORDER BY rowid DESC',
    [id18],
  )
  const isRoot = parts.some(([, partId, field]) => partId === id18 && field === null)
  const tooOld = write.now() - Number(row['SystemModstamp']) > RECYCLE_MS
  if (row['IsDeleted'] !== 1 || tooOld || !isRoot) throw refusal(code, 'Entity is not in the recycle bin', [])
  return { id: id18, object, parts }
}

/**
 * Takes a record out of the bin for good, with what went there with it. No event tells of it: its deletion was told. An
 * org may show it to `queryAll` for about a day more; here it is gone at once.
 */
export function purgeRecord(write: Write, id: string): void {
  const { object, parts, id: id18 } = inBin(write, id, 'DELETE_FAILED')
  const seen = new Set<string>()
  purge(write, object, id18, seen)
  for (const [name, partId, field] of parts) {
    const part = write.catalog.get(String(name))
    if (field === null && write.store.row(part, String(partId))?.['IsDeleted'] === 1)
      purge(write, part, String(partId), seen)
  }
}

/**
 * Removes a deleted row and the rows that cannot be without it. No live row points at it; one in the bin may go on naming
 * it until it is restored, which blanks such a lookup and tells its history.
 */
function purge(write: Write, object: ObjectDef, id: string, seen: Set<string>): void {
  if (seen.has(id)) return
  seen.add(id)
  for (const { child, field } of write.catalog.children(object.name)) {
    if (field.onDelete !== 'cascade' && field.nillable) continue
    for (const row of write.store.rowsWhere(child, field.name, id)) purge(write, child, String(row['Id']), seen)
  }
  write.store.run('DELETE FROM _recycled WHERE root = ? OR id = ?', [id, id])
  write.store.remove(object, id)
}
