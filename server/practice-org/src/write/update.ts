// Changing a record.
import { readableObject, writableRow, type Write } from '../rules/core.ts'
import { type Alike, checkDuplicates } from '../duplicates/detect.ts'
import { reportDuplicates } from '../duplicates/report.ts'
import { refusal } from '../schema/refuse.ts'
import type { Row } from '../store/row.ts'
import type { WriteOptions } from '../org/org.ts'
import type { Value } from '../org/values.ts'
import { applyChanges } from './apply.ts'
import { givenRow } from './checks/check.ts'
import { insertNew } from './create.ts'
import { followOwner, mayTransfer } from './owner-change.ts'
import { checkFile, checkParent } from './checks/parent-rights.ts'
import { checkNoOwnName } from './checks/person-account.ts'
import { convertedKind } from './person-conversion.ts'

/** Changes a record after every check. Must run inside a transaction. */
export function updateRecord(
  write: Write,
  objectName: string,
  id: string,
  fields: Record<string, Value>,
  options: WriteOptions = {},
): void {
  const object = readableObject(write, write.user, objectName)
  const stored = writableRow(write, write.user, object, id, 'edit')
  if (object.readOnly)
    throw refusal('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', `entity type cannot be updated: ${object.label}`, [])
  checkUnmodified(stored, options.ifUnmodifiedSince)
  if (object.name === 'Lead' && stored['IsConverted'] === 1 && !write.user.system.has('ModifyAllData')) {
    throw refusal('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead', [])
  }
  const given = givenRow(write, object, fields, 'update')
  checkNoOwnName(object, stored, given)
  const before = convertedKind(write, object, stored, given)
  checkParent(write, object, before)
  if (object.name === 'ContentDocumentLink') checkFile(write, object, { ...before, ...given })
  const newOwner = given['OwnerId'] !== undefined && given['OwnerId'] !== before['OwnerId']
  if (newOwner && !mayTransfer(write, object, before)) {
    throw refusal('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id', [])
  }
  const changed = Object.keys(given).filter((name) => given[name] !== before[name])
  let alike: Alike[] = []
  applyChanges(write, object, before, given, new Set(Object.keys(given)), (after) => {
    alike = checkDuplicates(write, object, after, changed, options.allowSaveOnDuplicate ?? false)
  })
  reportDuplicates(write, String(before['Id']), alike, insertNew)
  if (newOwner) followOwner(write, object, before, String(given['OwnerId']), options.ownerChange ?? {})
}

/** HTTP dates have whole seconds, so the comparison has too. */
function checkUnmodified(row: Row, since: number | undefined): void {
  if (since === undefined) return
  const modified = Number(row['LastModifiedDate'] ?? row['SystemModstamp'])
  if (Math.floor(modified / 1000) > Math.floor(since / 1000)) {
    throw refusal('PRECONDITION_FAILED', 'The record was modified after the given time', [], 412)
  }
}
