// Merging records: losers go to the recycle bin, everything that pointed at them points at the survivor.
import type { ChildRelationship, ObjectDef } from '../catalog.ts'
import { type Write, writableRow } from '../core.ts'
import { normalizeId } from '../ids.ts'
import { refusal } from '../refuse.ts'
import type { Row } from '../store.ts'
import type { MergeRequest, MergeResult } from '../../org.ts'
import { keepTotals } from './after-save.ts'
import { applyChanges, stampsOf } from './apply.ts'
import { givenRow } from './check.ts'
import { removeQuietly } from './delete.ts'
import { recordChanges, recordSpecial } from './history.ts'
import { relatedAccounts } from './relations.ts'

const MAX_LOSERS = 2

const failed = (message: string) => refusal('MERGE_FAILED', message, [])

/**
 * Merges up to two records into the master (salesforce-facts 5.3). Only the given fields change on the master; its creation
 * date becomes the oldest. Children move silently: no rules, no automation. Must run inside a transaction.
 */
export function mergeRecords(write: Write, request: MergeRequest): MergeResult {
  const object = mergeable(write, request.type)
  if (request.loserIds.length === 0 || request.loserIds.length > MAX_LOSERS) {
    throw failed(`A merge takes one or two records to merge into the master, not ${request.loserIds.length}`)
  }
  const master = mergedRow(write, object, request.masterId, 'edit')
  const masterId = String(master['Id'])
  const losers = request.loserIds.map((id) => mergedRow(write, object, id, 'delete'))
  const loserIds = losers.map((loser) => String(loser['Id']))
  if (new Set([masterId, ...loserIds]).size !== losers.length + 1) throw failed('A record cannot be merged with itself')
  const given = givenRow(write, object, request.fields, 'update')
  checkAccounts(write, object, master, losers)
  for (const loser of losers) removeLoser(write, object, loser, masterId)
  const movedIds = moveChildren(write, object, loserIds, masterId)
  survive(write, object, masterId, given, losers)
  recordSpecial(write, object, masterId, `${object.name.toLowerCase()}Merged`)
  const merged = write.store.row(object, masterId) ?? master
  write.automation.schedule(object, 'merge', merged, Object.keys(given))
  return { id: masterId, success: true, mergedRecordIds: loserIds, updatedRelatedIds: movedIds, errors: [] }
}

function mergeable(write: Write, type: string): ObjectDef {
  const object = write.catalog.find(type)
  if (!object || !write.user.object(object).read) {
    throw refusal('INVALID_TYPE', `sObject type '${type}' is not supported.`)
  }
  if (!object.mergeable)
    throw refusal('INVALID_TYPE_FOR_OPERATION', 'entity type does not support merge', undefined, 500)
  return object
}

function mergedRow(write: Write, object: ObjectDef, id: string, verb: 'edit' | 'delete'): Row {
  const id18 = normalizeId(id)
  if (id18 === undefined) throw refusal('MALFORMED_ID', `malformed id ${id}`, ['Id'])
  const target = write.catalog.byPrefix(id18)
  if (target !== object) throw failed(`All records of a merge must be of type ${object.name}: ${id18}`)
  const row = write.store.row(object, id18)
  if (!row) throw refusal('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', [])
  if (row['IsDeleted'] === 1) throw refusal('ENTITY_IS_DELETED', 'entity is deleted', [])
  return writableRow(write, write.user, object, id18, verb)
}

/** What an org will not merge: a person with a company, two accounts that share a contact. */
function checkAccounts(write: Write, object: ObjectDef, master: Row, losers: Row[]): void {
  if (object.name === 'Lead' && [master, ...losers].some((row) => row['IsConverted'] === 1)) {
    throw refusal('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead', [])
  }
  if (object.name !== 'Account') return
  if (losers.some((loser) => loser['IsPersonAccount'] !== master['IsPersonAccount'])) {
    throw failed('Person accounts can only be merged with other person accounts')
  }
  const merged = new Set([master, ...losers].map((row) => String(row['Id'])))
  const relation = write.catalog.get('AccountContactRelation')
  for (const accountId of merged) {
    for (const row of write.store.rowsWhere(relation, 'AccountId', accountId)) {
      const related = relatedAccounts(write, String(row['ContactId'])).filter((id) => merged.has(id))
      if (row['IsDeleted'] !== 1 && related.length > 1) {
        throw failed(
          'These accounts have the same related contact. Remove the relationship of that contact to all but one of ' +
            'the accounts, then merge again.',
        )
      }
    }
  }
}

function removeLoser(write: Write, object: ObjectDef, loser: Row, masterId: string): void {
  write.store.run('INSERT INTO _recycled(root, object, id) VALUES (?, ?, ?)', [
    loser['Id'] ?? '',
    object.name,
    loser['Id'] ?? '',
  ])
  removeQuietly(write, object, loser)
  write.store.update(object, String(loser['Id']), { MasterRecordId: masterId })
}

/** Re-points every lookup at a loser, found in the describes; gives the ids of the moved rows the caller may see. */
function moveChildren(write: Write, object: ObjectDef, loserIds: string[], masterId: string): string[] {
  const moved = new Set<string>()
  for (const relationship of write.catalog.children(object.name)) {
    if (relationship.child.keepOnMerge || relationship.field.name === 'MasterRecordId') continue
    for (const loserId of loserIds) {
      for (const row of write.store.rowsWhere(relationship.child, relationship.field.name, loserId)) {
        if (moveChild(write, relationship, row, masterId)) moved.add(String(row['Id']))
      }
    }
  }
  return [...moved].filter((id) => {
    const child = write.catalog.byPrefix(id)
    return child !== undefined && write.user.object(child).read && write.user.sharedRow(child, id, 'read')
  })
}

/** Moves one row; false when it disappears instead, or is in the recycle bin already (it moves unseen). */
function moveChild(write: Write, { child, field }: ChildRelationship, row: Row, masterId: string): boolean {
  const id = String(row['Id'])
  if (child.dropOnMerge || (child.collapseOnMerge && twin(write, child, row, field.name, masterId))) {
    removeQuietly(write, child, row)
    return false
  }
  const changes: Row = { [field.name]: masterId, ...stampsOf(write, child) }
  // An activity's account follows from what it is about; it is not a relationship of its own.
  write.store.update(child, id, changes)
  if (row['IsDeleted'] === 1) return false
  recordChanges(write, child, row, { ...row, ...changes }, [field.name])
  write.draft.change('UPDATE', child, id, [field.name], { ...row, ...changes })
  keepTotals(write, child, [row, { ...row, ...changes }])
  return field.createable || field.updateable
}

/** A row that would be the same as this one after the move. */
function twin(write: Write, child: ObjectDef, row: Row, field: string, masterId: string): boolean {
  const keys = child.collapseOnMerge ?? []
  return write.store
    .rowsWhere(child, field, masterId)
    .some((other) => other['IsDeleted'] !== 1 && keys.every((key) => key === field || other[key] === row[key]))
}

/** The master takes the given values and the oldest creation date; a hierarchy that now leads back to it is refused. */
function survive(write: Write, object: ObjectDef, masterId: string, given: Row, losers: Row[]): void {
  const master = write.store.row(object, masterId)
  if (!master) throw failed('The master record is gone')
  const oldest = Math.min(...[master, ...losers].map((row) => Number(row['CreatedDate'])))
  for (const field of object.fields) {
    if (!field.referenceTo.includes(object.name) || field.name === 'MasterRecordId') continue
    const seen = new Set([masterId])
    const start = given[field.name] !== undefined ? given[field.name] : master[field.name]
    for (let at = start ?? null; typeof at === 'string'; at = write.store.row(object, at)?.[field.name] ?? null) {
      if (seen.has(at)) throw failed(`Merging these records would make a circular hierarchy (${field.name})`)
      seen.add(at)
    }
  }
  applyChanges(write, object, master, given, new Set(Object.keys(given)))
  if (oldest !== master['CreatedDate']) write.store.update(object, masterId, { CreatedDate: oldest })
  const after = write.store.row(object, masterId) ?? master
  // The survivor changes even when no field was given: its event tells listeners about the merge.
  write.draft.change('UPDATE', object, masterId, oldest !== master['CreatedDate'] ? ['CreatedDate'] : [], after)
}
