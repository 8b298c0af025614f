// Record types at save: which ones a caller may use, his default, and the picklist values each allows and begins with.
import { labelOf, type ObjectDef } from '../../schema/catalog.ts'
import type { Write } from '../../rules/core.ts'
import { refusal } from '../../schema/refuse.ts'
import type { Row, Stored } from '../../store/row.ts'

/** The record type a new record gets when the caller names none. */
export function defaultRecordType(write: Write, object: ObjectDef): string | null {
  if (!object.byName.has('recordtypeid')) return null
  const name = write.automation.recordTypes(object, write.user.profile)?.default
  const found = activeTypes(write, object).find((row) => row['DeveloperName'] === name)
  return typeof found?.['Id'] === 'string' ? found['Id'] : null
}

/** The record type of a person who is made without one: the one the profile names, else the first it may use. */
export function defaultPersonType(write: Write, object: ObjectDef): string | null {
  const rule = write.automation.recordTypes(object, write.user.profile)
  const usable = activeTypes(write, object).filter(
    (row) => row['IsPersonType'] === 1 && (!rule || rule.available.includes(String(row['DeveloperName']))),
  )
  const named = usable.find((row) => row['DeveloperName'] === (rule?.personDefault ?? rule?.default))
  const found = named ?? usable[0]
  return typeof found?.['Id'] === 'string' ? found['Id'] : null
}

/** Whether the org has record types of persons, for whomever. */
export const hasPersonTypes = (write: Write, object: ObjectDef): boolean =>
  activeTypes(write, object).some((row) => row['IsPersonType'] === 1)

/** Whether records of the type are persons. */
export function isPersonType(write: Write, id: Stored | undefined): boolean {
  return typeof id === 'string' && write.store.row(write.catalog.get('RecordType'), id)?.['IsPersonType'] === 1
}

const activeTypes = ({ store, catalog }: Write, object: ObjectDef): Row[] =>
  store.rowsWhere(catalog.get('RecordType'), 'SobjectType', object.name).filter((row) => row['IsActive'] === 1)

/** Refuses a record type of another object, an inactive one, and one that the caller's profile lacks. */
export function checkRecordType(write: Write, object: ObjectDef, field: string, type: Row): void {
  const rule = write.automation.recordTypes(object, write.user.profile)
  const usable = !rule || rule.available.includes(String(type['DeveloperName']))
  if (type['SobjectType'] === object.name && type['IsActive'] === 1 && usable) return
  const message = `Record Type ID: this ID value isn't valid for the user: ${String(type['Id'])}`
  throw refusal('INVALID_CROSS_REFERENCE_KEY', message, [field])
}

/** Gives the picklists of a new record that the caller left alone what its record type begins with. */
export function applyRecordTypeDefaults(write: Write, object: ObjectDef, row: Row, given: Row): void {
  const type = typeOf(write, row)
  if (!type) return
  for (const { field, values, default: chosen } of write.automation.recordTypePicklists(object, type)) {
    if (field in given) continue
    const usual = row[field] ?? null
    row[field] = chosen ?? (values.includes(String(usual)) ? usual : null)
  }
}

/** Refuses a changed value of a picklist that the record's type does not have. */
export function checkRecordTypeValues(write: Write, object: ObjectDef, row: Row, changed: readonly string[]): void {
  const type = typeOf(write, row)
  if (!type) return
  for (const { field: name, values } of write.automation.recordTypePicklists(object, type)) {
    const field = object.byName.get(name.toLowerCase())
    const value = row[name] ?? null
    if (!field || !changed.includes(name) || value === null || values.includes(String(value))) continue
    const message = `${labelOf(field)}: bad value for restricted picklist field: ${String(value)}`
    throw refusal('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message, [name])
  }
}

/** Developer name of the record's type. */
function typeOf(write: Write, row: Row): string | undefined {
  if (!row['RecordTypeId']) return undefined
  const type = write.store.row(write.catalog.get('RecordType'), String(row['RecordTypeId']))
  return type && String(type['DeveloperName'])
}
