// What one user may do with one record, field or object: the questions Apex and UserRecordAccess ask.
import type { ObjectAccess } from '../org/org.ts'
import { anyRow, type Core } from '../rules/core.ts'
import { normalizeId } from '../schema/ids.ts'
import { mayTransfer } from '../write/owner-change.ts'

export interface RecordAccess {
  read: boolean
  edit: boolean
  delete: boolean
  transfer: boolean
}

/** Object permission and sharing together; nothing is allowed on a deleted or unknown record. */
export function recordAccess(core: Core, userId: string, recordId: string): RecordAccess {
  const none = { read: false, edit: false, delete: false, transfer: false }
  const user = core.rights.of(normalizeId(userId) ?? userId)
  const id = normalizeId(recordId)
  const object = id === undefined ? undefined : core.catalog.byPrefix(id)
  const row = user && object && id !== undefined ? anyRow(core, user, object, id) : undefined
  if (!user || !object || id === undefined || !row || row['IsDeleted'] === 1) return none
  const crud = user.object(object)
  if (!crud.read || !user.sharedRow(object, id, 'read')) return none
  const edit = crud.edit && user.sharedRow(object, id, 'edit')
  const owned = object.byName.has('ownerid')
  return {
    read: true,
    edit,
    delete: crud.delete && user.sharedRow(object, id, 'delete'),
    transfer: edit && owned && mayTransfer({ user }, object, row),
  }
}

/** Whether the user may know of a record: deleted ones are shared as they were before. */
export function isVisible(core: Core, userId: string, recordId: string): boolean {
  const user = core.rights.of(normalizeId(userId) ?? userId)
  const id = normalizeId(recordId)
  const object = id === undefined ? undefined : core.catalog.byPrefix(id)
  if (!user || !object || id === undefined) return false
  return user.object(object).read && user.sharedRow(object, id, 'read')
}

/** Field-level security on top of the object permission; a field nobody can set cannot be edited. */
export function fieldAccess(
  core: Core,
  userId: string,
  objectName: string,
  name: string,
): { read: boolean; edit: boolean } {
  const user = core.rights.of(normalizeId(userId) ?? userId)
  const object = core.catalog.find(objectName)
  const field = object?.byName.get(name.toLowerCase())
  if (!user || !object || !field) return { read: false, edit: false }
  const crud = user.object(object)
  const settable = field.createable || field.updateable
  const read = crud.read && user.readable(object, field)
  return { read, edit: read && settable && crud.edit && user.editable(object, field) }
}

export function objectAccess(core: Core, userId: string, objectName: string): ObjectAccess {
  const user = core.rights.of(normalizeId(userId) ?? userId)
  const object = core.catalog.find(objectName)
  if (!user) return { read: false, create: false, edit: false, delete: false, viewAll: false }
  const { read, create, edit, delete: remove, viewAll } = object ? user.object(object) : user.event(objectName)
  return { read, create, edit, delete: remove, viewAll }
}
