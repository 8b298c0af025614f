import { z } from 'zod'
import { normalizeId } from '../../schema/ids.ts'
import { OrgError, type Caller, type Org } from '../../org/org.ts'
import type { Value } from '../../org/values.ts'
import { refusal } from '../http/errors.ts'

/** Field values of one row by field name. */
export type Row = Record<string, Value>

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The body as one JSON object. Throws OrgError JSON_PARSER_ERROR. */
export function jsonObject(body: unknown): Record<string, unknown> {
  if (isObject(body)) return body
  throw refusal.badJson(
    body === undefined
      ? 'The HTTP entity body is required, but this request has no entity body.'
      : `Can not deserialize SObject out of ${tokenOf(body)} token at [line:1, column:1]`,
  )
}

/** The parser's name of the token a value begins with. */
function tokenOf(value: unknown): string {
  if (Array.isArray(value)) return 'START_ARRAY'
  if (typeof value === 'string') return 'VALUE_STRING'
  if (typeof value === 'number') return Number.isInteger(value) ? 'VALUE_NUMBER_INT' : 'VALUE_NUMBER_FLOAT'
  return value === null ? 'VALUE_NULL' : value === true ? 'VALUE_TRUE' : 'VALUE_FALSE'
}

/**
 * The field values of a JSON row without its `attributes`. A parent given by external id
 * (`{"Account": {"ExtId__c": "x"}}`) becomes its lookup field.
 * Throws OrgError JSON_PARSER_ERROR for arrays, INVALID_FIELD for objects that are no such reference.
 */
export function fieldsOf(org: Org, caller: Caller, object: string, json: Record<string, unknown>): Row {
  const values = Object.entries(json).filter(([name]) => name !== 'attributes')
  // Built from entries, so that a field named __proto__ stays a field, which the org then refuses.
  return Object.fromEntries(values.map(([name, value]) => fieldOf(org, caller, object, name, value)))
}

function fieldOf(org: Org, caller: Caller, object: string, name: string, value: unknown): [string, Value] {
  if (isObject(value) || Array.isArray(value)) {
    const field = describedFields(org, caller, object).find((one) => one.name.toLowerCase() === name.toLowerCase())
    if (field) throw noScalar(field.type, Array.isArray(value))
  }
  if (isObject(value)) return parentByExternalId(org, caller, object, name, value)
  if (Array.isArray(value))
    throw refusal.badInput(`No such column '${name}' on sobject of type ${object}`, 'INVALID_FIELD')
  return [name, scalar(name, value)]
}

/** A list or an object in place of a field's value. */
const noScalar = (type: string, isList: boolean): OrgError =>
  refusal.badJson(
    isList
      ? `Cannot deserialize instance of ${type} from START_ARRAY value [line:1, column:2]`
      : `Cannot deserialize instance of ${type} from START_OBJECT value { or request may be missing a required field at [line:1, column:2]`,
  )

function scalar(name: string, value: unknown): Value {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  throw refusal.badJson(`Cannot deserialize the value of ${name}`)
}

function parentByExternalId(
  org: Org,
  caller: Caller,
  object: string,
  relationship: string,
  reference: Record<string, unknown>,
): [field: string, id: string] {
  const lookup = describedFields(org, caller, object).find((field) => field.relationshipName === relationship)
  const [target, ...others] = lookup?.referenceTo ?? []
  const [external, ...more] = Object.entries(reference).filter(([name]) => name !== 'attributes')
  if (!lookup || !target || others.length > 0 || !external || more.length > 0) {
    throw refusal.badInput(`Cannot reference a foreign key field ${relationship}.`, 'INVALID_FIELD')
  }
  const [name, value] = external
  const ids = rowsByField(org, caller, target, name, String(value))
  if (ids.length > 1) throw severalRows(name, ids)
  if (ids[0]) return [lookup.name, ids[0]]
  throw refusal.badInput(
    `Foreign key external ID: ${String(value)} not found for field ${name} in entity ${target}`,
    'INVALID_FIELD',
  )
}

/**
 * Ids of the rows whose key, an external id or a field of the same standing, has this value.
 * Throws OrgError NOT_FOUND for a field that is no key.
 */
export function rowsByField(org: Org, caller: Caller, object: string, field: string, value: string): string[] {
  const key = describedFields(org, caller, object).find((f) => f.name.toLowerCase() === field.toLowerCase())
  if (!key || !(key.externalId || key.idLookup || key.type === 'id')) {
    throw refusal.notFound(`Provided external ID field does not exist or is not accessible: ${field}`)
  }
  const numeric = key.type === 'double' || key.type === 'int'
  if (numeric && !/^-?\d+(\.\d+)?$/.test(value)) return []
  if (key.type === 'id' && normalizeId(value) === undefined) return []
  const literal = numeric ? value : soqlText(value)
  const page = org.query(caller, `SELECT Id FROM ${object} WHERE ${key.name} = ${literal}`)
  return page.records.map((record) => String(record['Id']))
}

/** DUPLICATE_EXTERNAL_ID: a key names these rows, where one is wanted. */
export function severalRows(field: string, ids: readonly string[]): OrgError {
  const message = `${field}: more than one record found for external id field: [${ids.join(', ')}]`
  return new OrgError({ status: 400, errorCode: 'DUPLICATE_EXTERNAL_ID', message, fields: [field] })
}

/** A text literal for SOQL, quoted and escaped. */
export function soqlText(value: string): string {
  const escaped = value
    .replace(/[\\'"]/g, (character) => `\\${character}`)
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
  return `'${escaped}'`
}

const DescribedField = z.object({
  name: z.string(),
  label: z.string().catch(''),
  type: z.string(),
  relationshipName: z.string().nullish(),
  referenceTo: z.array(z.string()).catch([]),
  nameField: z.boolean().catch(false),
  externalId: z.boolean().catch(false),
  idLookup: z.boolean().catch(false),
  custom: z.boolean().catch(false),
  createable: z.boolean().catch(false),
  updateable: z.boolean().catch(false),
})
export type DescribedField = z.infer<typeof DescribedField>

/** The parts of describe that the doors themselves need. */
export function describedFields(org: Org, caller: Caller, object: string): DescribedField[] {
  return z.array(DescribedField).parse(org.describe(caller, object)['fields'])
}
