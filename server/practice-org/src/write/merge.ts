// Merging records: losers go to the recycle bin, everything that pointed at them points at the survivor.
import { labelOf, type FieldDef, type ObjectDef } from '../schema/catalog.ts'
import { type Write, writableRow } from '../rules/core.ts'
import { normalizeId } from '../schema/ids.ts'
import { noAccess, refusal } from '../schema/refuse.ts'
import type { Row, Stored } from '../store/row.ts'
import type { MergeRequest, MergeResult } from '../org/row-calls.ts'
import { applyChanges } from './apply.ts'
import { givenRow } from './checks/check.ts'
import { intoBin } from './recycle-bin.ts'
import { removeQuietly } from './delete.ts'
import { recordSpecial } from './checks/history.ts'
import { checkMergeable, mergeFailed } from './merge-refusals.ts'
import { moveChildren } from './move-children.ts'
import { followOwner, mayTransfer } from './owner-change.ts'
import { checkNoOwnName } from './checks/person-account.ts'

const MAX_LOSERS = 2

/**
 * Merges up to two records into the master (docs/sources.md#merge). Only the given fields change on the master; its creation
 * date becomes the oldest. Children move silently: no rules, no automation. Must run inside a transaction.
 */
export function mergeRecords(write: Write, request: MergeRequest): MergeResult {
  const object = mergeable(write, request.type)
  if (request.loserIds.length === 0 || request.loserIds.length > MAX_LOSERS) {
    throw mergeFailed(`A merge takes one or two records to merge into the master, not ${request.loserIds.length}`)
  }
  const master = mergedRow(write, object, request.masterId, 'edit')
  const masterId = String(master['Id'])
  const losers = request.loserIds.map((id) => mergedRow(write, object, id, 'delete'))
  const loserIds = losers.map((loser) => String(loser['Id']))
  const given = givenRow(write, object, request.fields, 'update')
  checkMergeable(write, object, master, losers, given)
  checkNoOwnName(object, master, given)
  const newOwner = given['OwnerId'] !== undefined && given['OwnerId'] !== master['OwnerId']
  if (newOwner && !mayTransfer(write, object, master)) throw noAccess()
  for (const loser of losers) removeLoser(write, object, loser, masterId)
  const movedIds = moveChildren(write, object, loserIds, { ...master, ...given })
  survive(write, object, masterId, given, losers)
  if (newOwner) followOwner(write, object, master, String(given['OwnerId']), {})
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
  if (target !== object) throw mergeFailed(`All records of a merge must be of type ${object.name}: ${id18}`)
  const row = write.store.row(object, id18)
  if (!row) throw refusal('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', [])
  if (row['IsDeleted'] === 1) throw refusal('ENTITY_IS_DELETED', 'entity is deleted', [])
  return writableRow(write, write.user, object, id18, verb)
}

function removeLoser(write: Write, object: ObjectDef, loser: Row, masterId: string): void {
  write.automation.trigger(object, 'delete', loser, [])
  write.automation.checkRowLocks(object, loser)
  intoBin(write, String(loser['Id']), object, String(loser['Id']))
  removeQuietly(write, object, loser)
  write.store.update(object, String(loser['Id']), { MasterRecordId: masterId })
}

/** The master takes the given values and the oldest creation date; a hierarchy that now leads back to it is refused. */
function survive(write: Write, object: ObjectDef, masterId: string, given: Row, losers: Row[]): void {
  const master = write.store.row(object, masterId)
  if (!master) throw mergeFailed('The master record is gone')
  const oldest = Math.min(...[master, ...losers].map((row) => Number(row['CreatedDate'])))
  const changes: Row = { ...inheritedSuperior(object, master, given, losers), ...given }
  for (const field of object.fields) {
    if (!field.referenceTo.includes(object.name) || field.name === 'MasterRecordId') continue
    const start = changes[field.name] !== undefined ? changes[field.name] : master[field.name]
    checkNoCircle(write, object, field, masterId, start ?? null)
  }
  applyChanges(write, object, master, changes, new Set(Object.keys(changes)))
  if (oldest !== master['CreatedDate']) write.store.update(object, masterId, { CreatedDate: oldest })
  const after = write.store.row(object, masterId) ?? master
  // The survivor changes even when no field was given: its event tells listeners about the merge.
  write.draft.change('UPDATE', object, masterId, oldest !== master['CreatedDate'] ? ['CreatedDate'] : [], after)
}

/** The one value of losers that a merge carries over by itself: whom a contact reports to, when the master names nobody. */
function inheritedSuperior(object: ObjectDef, master: Row, given: Row, losers: Row[]): Row {
  if (object.name !== 'Contact' || given['ReportsToId'] !== undefined || master['ReportsToId'] !== null) return {}
  const superior = losers.map((loser) => loser['ReportsToId']).find((id) => typeof id === 'string')
  const isMerged = losers.some((loser) => loser['Id'] === superior)
  return superior ? { ReportsToId: isMerged ? (master['Id'] ?? null) : superior } : {}
}

function checkNoCircle(write: Write, object: ObjectDef, field: FieldDef, masterId: string, start: Stored): void {
  const seen = new Set([masterId])
  for (let at = start; typeof at === 'string'; at = write.store.row(object, at)?.[field.name] ?? null) {
    if (seen.has(at)) throw mergeFailed(`Merging these records would make a circular hierarchy (${labelOf(field)})`)
    seen.add(at)
  }
}
