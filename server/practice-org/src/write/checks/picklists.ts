// Picklists whose values depend on another field of the record.
import { type FieldDef, labelOf, type ObjectDef } from '../../schema/catalog.ts'
import { refusal } from '../../schema/refuse.ts'
import type { Row, Stored } from '../../store/row.ts'

/** Refuses a value of a restricted picklist that its controlling field rules out; an open one takes any value [K]. */
export function checkDependentPicklists(object: ObjectDef, row: Row, changed: readonly string[]): void {
  for (const field of object.fields) {
    const { controlledBy } = field
    const value = row[field.name] ?? null
    if (controlledBy === undefined || !field.restricted || value === null) continue
    if (!changed.includes(field.name) && !changed.includes(controlledBy)) continue
    const control = object.byName.get(controlledBy.toLowerCase())
    const ruled = spelled(control, row[controlledBy] ?? null)
    const wrong = String(value)
      .split(';')
      .find((each) => !allowed(field, each, ruled))
    if (wrong === undefined) continue
    const message = `${labelOf(field)}: bad value for restricted picklist field: ${wrong}`
    throw refusal('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message, [field.name])
  }
}

function allowed(field: FieldDef, value: string, ruled: string | null): boolean {
  const entry = field.picklist?.find((each) => typeof each !== 'string' && each.value === value)
  const validFor = typeof entry === 'object' ? entry.validFor : undefined
  return !validFor || (ruled !== null && validFor.includes(ruled))
}

const spelled = (control: FieldDef | undefined, value: Stored): string | null => {
  if (control?.type === 'boolean') return String(value === 1)
  return value === null ? null : String(value)
}
