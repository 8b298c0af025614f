// Record types at save: which ones a caller may use, his default, and the picklist values each allows.
import { labelOf, type ObjectDef } from '../catalog.ts'
import type { Write } from '../core.ts'
import { refusal } from '../refuse.ts'
import type { Row } from '../store.ts'

/** The record type a new record gets when the caller names none. */
export function defaultRecordType(write: Write, object: ObjectDef): string | null {
  if (!object.byName.has('recordtypeid')) return null
  const name = write.automation.recordTypes(object, write.user.profile)?.default
  const types = write.catalog.get('RecordType')
  const own = write.store.rowsWhere(types, 'SobjectType', object.name)
  const found = own.find((row) => row['DeveloperName'] === name && row['IsActive'] === 1)
  return typeof found?.['Id'] === 'string' ? found['Id'] : null
}

/** Refuses a record type of another object, an inactive one, and one that the caller's profile lacks. */
export function checkRecordType(write: Write, object: ObjectDef, field: string, type: Row): void {
  const rule = write.automation.recordTypes(object, write.user.profile)
  const usable = !rule || rule.available.includes(String(type['DeveloperName']))
  if (type['SobjectType'] === object.name && type['IsActive'] === 1 && usable) return
  const message = `Record Type ID: this ID value isn't valid for the user: ${String(type['Id'])}`
  throw refusal('INVALID_CROSS_REFERENCE_KEY', message, [field])
}

/** Refuses a changed value of a picklist that the record's type does not have. */
export function checkRecordTypeValues(write: Write, object: ObjectDef, row: Row, changed: readonly string[]): void {
  const type = write.store.row(write.catalog.get('RecordType'), String(row['RecordTypeId']))
  if (!type) return
  for (const name of changed) {
    const values = write.automation.recordTypeValues(object, String(type['DeveloperName']), name)
    const field = object.byName.get(name.toLowerCase())
    const value = row[name] ?? null
    if (!field || !values || value === null || values.includes(String(value))) continue
    const message = `${labelOf(field)}: bad value for restricted picklist field: ${String(value)}`
    throw refusal('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message, [name])
  }
}
