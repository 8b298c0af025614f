// Searching for duplicates of a record or of values, without saving anything (docs/sources.md#duplicate-rules).
import type { Caller } from '../org/org.ts'
import type { Value } from '../org/values.ts'
import { type Core, liveRow, rightsOf } from '../rules/core.ts'
import { refusal } from '../schema/refuse.ts'
import type { Row } from '../store/row.ts'
import { coerce } from '../store/coerce.ts'
import { duplicateResults } from './detect.ts'

/**
 * One `DuplicateResult` per duplicate rule of the object, with the records that the caller may see.
 * @param id of a record whose values stand in for those not given
 * Throws OrgError when the object has no duplicate rules, or the caller does not see the record.
 */
export function findDuplicates(
  core: Core,
  caller: Caller,
  objectName: string,
  fields: Record<string, Value>,
  id?: string,
): Record<string, unknown>[] {
  const user = rightsOf(core, caller.userId)
  const object = core.catalog.find(objectName)
  if (!object || !user.object(object).read)
    throw refusal('INVALID_TYPE', `sObject type '${objectName}' is not supported.`)
  if (core.automation.duplicateRules(object).length === 0) {
    const message = `No active duplicate rules are defined for the ${object.name} object type.`
    throw refusal('INVALID_OPERATION', message)
  }
  const row: Row = { ...(id === undefined ? {} : liveRow(core, user, object, id)) }
  for (const [name, value] of Object.entries(fields)) {
    const field = object.byName.get(name.toLowerCase())
    if (field) row[field.name] = coerce(field, value)
  }
  return duplicateResults({ ...core, caller }, object, row, (other) => user.sharedRow(object, other, 'read'))
}
