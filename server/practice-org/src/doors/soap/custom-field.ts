// A field as the Metadata API reads it, out of its describe.
import { z } from 'zod'
import { OrgError, type Caller, type Org } from '../../org/org.ts'
import { isSince } from '../../org/api-versions.ts'
import { FIRST_WITH_VALUE_SETS, picklistValue, statusFlags, type PicklistEntry } from './value-sets.ts'

const Field = z.object({
  name: z.string(),
  label: z.string(),
  type: z.string(),
  custom: z.boolean(),
  length: z.number(),
  digits: z.number(),
  precision: z.number(),
  scale: z.number(),
  nillable: z.boolean(),
  unique: z.boolean(),
  externalId: z.boolean(),
  autoNumber: z.boolean(),
  caseSensitive: z.boolean(),
  cascadeDelete: z.boolean(),
  calculatedFormula: z.string().nullable(),
  restrictedPicklist: z.boolean(),
  referenceTo: z.array(z.string()),
  relationshipName: z.string().nullable(),
  picklistValues: z.array(z.object({ value: z.string(), label: z.string(), defaultValue: z.boolean() })),
})
type Field = z.infer<typeof Field>

/** Types of fields by those of describes; fields of other types are no components. */
const TYPES: Record<string, string> = {
  boolean: 'Checkbox',
  combobox: 'Picklist',
  currency: 'Currency',
  date: 'Date',
  datetime: 'DateTime',
  double: 'Number',
  email: 'Email',
  int: 'Number',
  multipicklist: 'MultiselectPicklist',
  percent: 'Percent',
  phone: 'Phone',
  picklist: 'Picklist',
  string: 'Text',
  textarea: 'TextArea',
  url: 'Url',
}

const LONG_TEXT = 255

/** The field `Object.Field`, null when the caller knows of none. */
export function readCustomField(org: Org, caller: Caller, fullName: string): Record<string, unknown> | null {
  const [objectName = '', fieldName = '', ...more] = fullName.split('.')
  const described = more.length === 0 ? describeOrNull(org, caller, objectName) : null
  if (!described) return null
  const fields = z.array(z.looseObject({ name: z.string() })).parse(described['fields'])
  const found = fields.find(({ name }) => name.toLowerCase() === fieldName.toLowerCase())
  const type = found && typeOf(Field.parse(found))
  if (!type) return null
  const field = Field.parse(found)
  const name = `${String(described['name'])}.${field.name}`
  return { fullName: name, ...properties(field, type), ...valuesOf(org, caller, name, field) }
}

function describeOrNull(org: Org, caller: Caller, object: string): Record<string, unknown> | null {
  try {
    return org.describe(caller, object)
  } catch (error) {
    if (error instanceof OrgError && error.body.errorCode === 'NOT_FOUND') return null
    throw error
  }
}

function typeOf({ type, length, autoNumber, cascadeDelete }: Field): string | undefined {
  if (autoNumber) return 'AutoNumber'
  if (type === 'reference') return cascadeDelete ? 'MasterDetail' : 'Lookup'
  return type === 'textarea' && length > LONG_TEXT ? 'LongTextArea' : TYPES[type]
}

/** Members in the order of the WSDL, which is that of the alphabet. */
function properties(field: Field, type: string): Record<string, unknown> {
  const { custom, calculatedFormula, referenceTo, relationshipName } = field
  const isNumber = ['Currency', 'Number', 'Percent'].includes(type)
  return {
    caseSensitive: custom && field.unique ? field.caseSensitive : undefined,
    externalId: custom ? field.externalId : undefined,
    formula: calculatedFormula ?? undefined,
    label: field.label,
    length: custom && ['Text', 'LongTextArea'].includes(type) ? field.length : undefined,
    precision: custom && isNumber ? field.precision || field.digits : undefined,
    referenceTo: custom ? referenceTo[0] : undefined,
    relationshipName: custom ? (relationshipName?.replace(/__r$/, '') ?? undefined) : undefined,
    required: custom ? !field.nillable && type !== 'Checkbox' : undefined,
    scale: custom && isNumber ? field.scale : undefined,
    type,
    unique: custom && type === 'Text' ? field.unique : undefined,
  }
}

/** A picklist's values: up to 37.0 in the field, from 38.0 on those of a standard field in a set of their own. */
function valuesOf(org: Org, caller: Caller, name: string, field: Field): Record<string, unknown> {
  if (!['picklist', 'multipicklist', 'combobox'].includes(field.type)) return {}
  const entries: PicklistEntry[] = field.picklistValues
  if (!isSince(caller.version, FIRST_WITH_VALUE_SETS)) {
    const flags = statusFlags(org, caller, name)
    const values = entries.map((entry) => picklistValue(entry, flags.get(entry.value), false))
    return { picklist: { picklistValues: values, sorted: false } }
  }
  if (!field.custom) return {}
  const value = entries.map((entry) => picklistValue(entry, undefined, true))
  return { valueSet: { restricted: field.restrictedPicklist, valueSetDefinition: { sorted: false, value } } }
}
