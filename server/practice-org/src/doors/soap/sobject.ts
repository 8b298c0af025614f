import { parseDate, parseDatetime } from '../../schema/dates.ts'
import { OrgError, type Caller, type Org } from '../../org/org.ts'
import type { Value } from '../../org/values.ts'
import { refusal } from '../../wire/http/errors.ts'
import { rowsByField, type Row } from '../../wire/rows/row.ts'
import { type Field, knownObject, noSuchField } from './fields.ts'
import type { SoapCall } from './envelope.ts'
import { all, isElement, text, texts, type XmlElement, type XmlValue } from '../../wire/xml/xml.ts'

/** An `sObject` element: its type, id and the typed values of its fields. */
export interface SObject {
  type: string
  id?: string
  fields: Row
}

const PLAIN = ['type', 'Id', 'id', 'fieldsToNull']
/** Types whose too long values AllowFieldTruncationHeader cuts. */
const CUT = ['string', 'textarea', 'email', 'phone', 'picklist', 'multipicklist', 'combobox']

/**
 * Reads `<sObjects><type>Account</type><Id>…</Id><Name>…`; texts become what the described field type holds. A value that
 * is `xsi:nil` says nothing: what shall be blank is named in `fieldsToNull`.
 * Throws OrgError INVALID_TYPE and INVALID_FIELD, which an org answers with a fault for the whole call; MALFORMED_ID.
 */
export function readSObject(org: Org, caller: Caller, call: SoapCall, element: XmlElement): SObject {
  const type = text(element, 'type')
  if (!type) throw refusal.badInput('sObject type cannot be null', 'INVALID_TYPE')
  const object = knownObject(org, caller, type)
  const fields: Row = {}
  for (const [name, value] of Object.entries(element)) {
    if (PLAIN.includes(name) || value === null) continue
    const field = object.fields.get(name.toLowerCase())
    if (field) fields[field.name] = typed(field, value, call.allowTruncation)
    else Object.assign(fields, parentOf(org, caller, object, name, value))
  }
  for (const name of texts(element, 'fieldsToNull')) {
    const field = object.fields.get(name.toLowerCase())
    if (!field) throw noSuchField(name, object.name)
    fields[field.name] = null
  }
  return { type: object.name, id: idOf(element), fields }
}

/** A parent named by its external id: `<Account><type>Account</type><Ext__c>x</Ext__c></Account>`. */
function parentOf(
  org: Org,
  caller: Caller,
  object: ReturnType<typeof knownObject>,
  name: string,
  value: XmlValue,
): Row {
  const lookup = [...object.fields.values()].find(
    (field) => field.relationshipName?.toLowerCase() === name.toLowerCase(),
  )
  if (!lookup || !isElement(value)) throw noSuchField(name, object.name)
  const type = text(value, 'type')
  const [external, ...more] = Object.entries(value).filter(([each]) => !PLAIN.includes(each))
  if (!type || !external || more.length > 0 || typeof external[1] !== 'string') {
    throw refusal.badInput(`Cannot reference a foreign key field ${name}.`, 'INVALID_FIELD')
  }
  const [key, wanted] = external
  const parent = knownObject(org, caller, type)
  if (!parent.fields.has(key.toLowerCase())) throw noSuchField(key, parent.name)
  const [first] = rowsByField(org, caller, type, key, wanted)
  if (first) return { [lookup.name]: first }
  const message = `Foreign key external ID: ${wanted.toLowerCase()} not found for field ${key} in entity ${type}`
  throw new OrgError({ status: 400, errorCode: 'INVALID_FIELD', message, fields: [] })
}

/** Some clients repeat the id element; the first one counts. */
function idOf(element: XmlElement): string | undefined {
  const [value] = [...all(element, 'Id'), ...all(element, 'id')]
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

function typed(field: Field, value: XmlValue, cut: boolean): Value {
  if (value === null || value === '') return null
  if (typeof value !== 'string') {
    throw refusal.badInput(`Cannot reference a foreign key field ${field.name}.`, 'INVALID_FIELD')
  }
  switch (field.type) {
    case 'boolean':
      return boolean(field.name, value)
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
    case 'long':
      return number(field.name, value)
    case 'date':
      // An xsd:date may carry an offset, which a day has no use for.
      return readable(field.name, value.trim().replace(/^(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)$/, '$1'), parseDate)
    case 'datetime':
      return readable(field.name, value.trim(), parseDatetime)
    default:
      return cut && field.length > 0 && CUT.includes(field.type) ? value.slice(0, field.length) : value
  }
}

function boolean(name: string, value: string): boolean {
  const text = value.trim().toLowerCase()
  if (['true', '1'].includes(text)) return true
  if (['false', '0'].includes(text)) return false
  throw wrongType(name, value)
}

function number(name: string, value: string): number {
  const text = value.trim()
  const parsed = Number(text)
  if (Number.isFinite(parsed) && /^[-+]?[\d.]+(e[-+]?\d+)?$/i.test(text)) return parsed
  throw wrongType(name, value)
}

/** The text of a time, once it can be read as one. */
function readable(name: string, text: string, parse: (text: string) => unknown): string {
  if (parse(text) === undefined) throw wrongType(name, text)
  return text
}

function wrongType(name: string, value: string): OrgError {
  const message = `${name}: value not of required type: ${value}`
  return new OrgError({ status: 400, errorCode: 'INVALID_TYPE_ON_FIELD_IN_RECORD', message, fields: [name] })
}

/** Elements that could be sObjects. */
export function sObjectElements(element: XmlElement, name: string): XmlElement[] {
  return all(element, name).filter(isElement)
}
