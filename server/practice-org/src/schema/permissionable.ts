// Which fields have permissions of their own, and under which name.
import type { FieldDef, ObjectDef } from './catalog.ts'

/** The name a field has in FieldPermissions: address parts are granted together, under their compound field. */
export const permissionName = (field: FieldDef): string =>
  field.compound && field.compound !== 'Name' ? field.compound : field.name

/** Whoever sees a record sees whose it is and of which type. */
const ALWAYS = new Set(['OwnerId', 'RecordTypeId'])

/**
 * Whether field-level security applies; name, owner, required and system fields are always visible, as in an org. A person's
 * account has none of its own for what is the contact's.
 */
export function permissionable(object: ObjectDef, field: FieldDef): boolean {
  if (object.access !== 'crud' || field.nameField || field.compound === 'Name' || ALWAYS.has(field.name)) return false
  if (field.ofContact !== undefined || field.alwaysVisible) return false
  if (field.type === 'address') return true
  const settable = field.createable || field.updateable || field.type === 'currency'
  return settable && (field.nillable || field.type === 'boolean') && field.name !== 'IsDeleted'
}
