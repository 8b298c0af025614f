// Rows an org keeps in step with a record by itself: a contact's direct relation, a user's profile-owned permission set.
import type { ObjectDef } from '../../schema/catalog.ts'
import type { Write } from '../../rules/core.ts'
import { SECURITY_OBJECTS } from '../../rights/rights.ts'
import { hasGroups, keepSystemGroups } from '../checks/system-groups.ts'
import type { Row } from '../../store/row.ts'
import { keepDocument } from '../checks/files.ts'
import { keepDirectRelation } from '../checks/relations.ts'

/** To be called once the record is stored, with the fields that changed. */
export function keepCompanions(write: Write, object: ObjectDef, row: Row, changed: string[]): void {
  if (object.name === 'Contact' && changed.includes('AccountId')) keepDirectRelation(write, row, write.caller.userId)
  if (object.name === 'User' && changed.includes('ProfileId')) keepProfileAssignment(write, row)
  if (object.name === 'ContentVersion') keepDocument(write, row)
  if (hasGroups(object.name)) keepSystemGroups(write.store, write.catalog, write.now(), write.caller.userId)
  if (SECURITY_OBJECTS.has(object.name)) write.rights.forget()
}

function keepProfileAssignment({ store, catalog, now }: Write, user: Row): void {
  const sets = catalog.get('PermissionSet')
  const assignments = catalog.get('PermissionSetAssignment')
  for (const row of store.rowsWhere(assignments, 'AssigneeId', user['Id'] ?? null)) {
    const set = store.row(sets, String(row['PermissionSetId']))
    if (set?.['IsOwnedByProfile'] === 1) store.remove(assignments, String(row['Id']))
  }
  for (const set of store.rowsWhere(sets, 'ProfileId', user['ProfileId'] ?? null)) {
    store.insert(assignments, {
      Id: store.nextId(assignments),
      PermissionSetId: set['Id'] ?? null,
      AssigneeId: user['Id'] ?? null,
      IsActive: 1,
      SystemModstamp: now(),
    })
  }
}
