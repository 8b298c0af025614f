// From the fields a client sent to the values a row gets: every rule an org applies to single fields.
import { type FieldDef, type ObjectDef, picklistOf } from '../../schema/catalog.ts'
import type { Write } from '../../rules/core.ts'
import { fieldNotWritable, refusal, requiredMissing, unknownField } from '../../schema/refuse.ts'
import { quote } from '../../store/store.ts'
import type { Row, Stored } from '../../store/row.ts'
import type { Value } from '../../org/values.ts'
import { coerce } from '../../store/coerce.ts'
import { checkLookup } from './lookups.ts'

/** What whoever has the right "Set Audit Fields upon Record Creation" may give; SystemModstamp is not among them. */
const AUDIT = new Set(['CreatedDate', 'CreatedById', 'LastModifiedDate', 'LastModifiedById'])

/**
 * Checks and stores-as the given fields. Refuses unknown fields (INVALID_FIELD) and fields that are read-only for
 * everybody or for this caller (INVALID_FIELD_FOR_INSERT_UPDATE), then values that do not fit.
 */
export function givenRow(write: Write, object: ObjectDef, given: Record<string, Value>, on: 'create' | 'update'): Row {
  const row: Row = {}
  const fields = Object.entries(given).map(([name, value]): [FieldDef, Value] => {
    const field = object.byName.get(name.toLowerCase())
    if (!field) throw unknownField(name, object.name)
    return [field, value]
  })
  const able = on === 'create' ? 'createable' : 'updateable'
  const audits = on === 'create' && write.user.system.has('CreateAuditFields')
  const closed = fields.filter(([field]) => {
    if (audits && AUDIT.has(field.name)) return false
    return !field[able] || !write.user.editable(object, field)
  })
  if (closed.length) throw fieldNotWritable(closed.map(([field]) => field.name))
  for (const [field, value] of fields) {
    const stored = coerce(field, value)
    row[field.name] = field.type === 'reference' ? checkLookup(write, object, field, stored) : stored
  }
  return row
}

/** The defaults of a new row: the field's own, the picklist's, `false` for check boxes. */
export function defaultRow(object: ObjectDef): Row {
  const row: Row = {}
  for (const field of object.fields) {
    const chosen = picklistOf(field).find((entry) => entry.default)?.value
    if (field.type === 'boolean') row[field.name] = Number(field.default === true)
    else if (field.default !== undefined)
      row[field.name] = typeof field.default === 'boolean' ? Number(field.default) : field.default
    else row[field.name] = chosen ?? null
  }
  return row
}

/** Refuses a row without its required fields; only fields a client could have set count. */
export function checkRequired(object: ObjectDef, row: Row): void {
  const missing = object.fields.filter(
    (field) => !field.nillable && (field.createable || field.updateable) && (row[field.name] ?? null) === null,
  )
  if (missing.length) throw requiredMissing(missing.map((field) => field.name))
}

/** Refuses a value of a unique field that another live row has. */
export function checkUnique(write: Write, object: ObjectDef, row: Row, changed: string[]): void {
  for (const field of object.fields) {
    const value: Stored = row[field.name] ?? null
    if (!field.unique || value === null || !changed.includes(field.name)) continue
    const live = object.hasIsDeleted ? ' AND "IsDeleted" = 0' : ''
    const sql = `SELECT "Id" FROM ${quote(object.name)} WHERE ${quote(field.name)} = ? AND "Id" <> ?${live} LIMIT 1`
    const other = write.store.select(sql, [value, row['Id'] ?? ''])[0]?.[0]
    if (other !== undefined) throw duplicateValue(write, object, field, String(other))
  }
}

/** Names the field and the record that has the value already, unless the caller may not know of them. */
function duplicateValue({ user }: Write, object: ObjectDef, field: FieldDef, other: string) {
  const isKnown = user.readable(object, field) && user.sharedRow(object, other, 'read')
  const [name, id] = isKnown ? [field.name, other.slice(0, 15)] : ['<unknown>', '<unknown>']
  return refusal('DUPLICATE_VALUE', `duplicate value found: ${name} duplicates value on record with id: ${id}`, [])
}
