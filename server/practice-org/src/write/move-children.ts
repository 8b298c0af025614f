// What hangs on records that are merged away, and how it comes to hang on the survivor.
import type { ChildRelationship, ObjectDef } from '../schema/catalog.ts'
import type { Write } from '../rules/core.ts'
import type { Row } from '../store/row.ts'
import { keepTotals } from './follows/after-save.ts'
import { stampsOf } from './checks/stamps.ts'
import { keepCopies } from './checks/copies.ts'
import { removeQuietly } from './delete.ts'
import { derive } from './checks/derive.ts'
import { recordChanges } from './checks/history.ts'
import { relatedAccounts } from './checks/relations.ts'

/**
 * Re-points every lookup at a loser, found in the describes; gives the ids of the moved rows the caller may see.
 * @param survivor the master as it will be
 */
export function moveChildren(write: Write, object: ObjectDef, loserIds: string[], survivor: Row): string[] {
  const moved = new Set<string>()
  for (const relationship of write.catalog.children(object.name)) {
    if (relationship.child.keepOnMerge || relationship.field.name === 'MasterRecordId') continue
    for (const loserId of loserIds) {
      for (const row of write.store.rowsWhere(relationship.child, relationship.field.name, loserId)) {
        if (moveChild(write, relationship, row, survivor)) moved.add(String(row['Id']))
      }
    }
  }
  return [...moved].filter((id) => {
    const child = write.catalog.byPrefix(id)
    return child !== undefined && write.user.object(child).read && write.user.sharedRow(child, id, 'read')
  })
}

/** Moves one row; false when it disappears instead, or is in the recycle bin already (it moves unseen). */
function moveChild(write: Write, { child, field }: ChildRelationship, row: Row, survivor: Row): boolean {
  const id = String(row['Id'])
  const masterId = String(survivor['Id'])
  if (child.name === 'Contact' && row['IsPersonAccount'] === 1) return uniteContacts(write, child, row, survivor)
  if (child.dropOnMerge || isTwin(write, child, row, field.name, survivor)) {
    removeQuietly(write, child, row)
    return false
  }
  // A contact has one direct relation, to its own account: that of a loser goes on as an indirect one.
  const indirect: Row = child.name === 'AccountContactRelation' && field.name === 'ContactId' ? { IsDirect: 0 } : {}
  const lookup: Row = { [field.name]: masterId, ...indirect }
  const after: Row = { ...row, ...lookup, ...stampsOf(write, child) }
  Object.assign(after, followed(write, child, row, after), lookup)
  const changed = Object.keys(after).filter((name) => after[name] !== row[name])
  write.store.update(child, id, Object.fromEntries(changed.map((name) => [name, after[name] ?? null])))
  keepCopies(write, child, after, changed)
  recordChanges(write, child, row, after, [field.name])
  if (row['IsDeleted'] === 1) return false
  write.draft.change('UPDATE', child, id, [field.name], after)
  keepTotals(write, child, [row, after])
  return field.createable || field.updateable
}

/** What follows from whom a row now hangs on: the person it shows, the account of an activity. */
function followed({ store, catalog, now }: Write, object: ObjectDef, before: Row, after: Row): Row {
  return derive({ store, catalog, object, after, before, given: new Set(), now: now() })
}

/** The contact of a person account goes with its account: what hangs on it goes to the contact of the survivor. */
function uniteContacts(write: Write, contacts: ObjectDef, row: Row, survivor: Row): boolean {
  const kept = write.store.row(contacts, String(survivor['PersonContactId']))
  if (kept) moveChildren(write, contacts, [String(row['Id'])], kept)
  write.store.update(contacts, String(row['Id']), { MasterRecordId: kept?.['Id'] ?? null })
  removeQuietly(write, contacts, row)
  return false
}

/** Whether the row would be the same as one that the survivor has, or could not be its own. */
function isTwin(write: Write, child: ObjectDef, row: Row, field: string, survivor: Row): boolean {
  const masterId = String(survivor['Id'])
  if (child.name === 'AccountContactRelation' && field === 'ContactId') {
    const known = relatedAccounts(write, masterId)
    return survivor['AccountId'] === null || known.includes(String(row['AccountId']))
  }
  const keys = child.collapseOnMerge
  if (!keys) return false
  return write.store
    .rowsWhere(child, field, masterId)
    .some((other) => other['IsDeleted'] !== 1 && keys.every((key) => key === field || other[key] === row[key]))
}
