import { OrgError, type Caller, type Org, type RecordJson, type Value } from '../../org.ts'
import { refusal } from '../http/errors.ts'
import { describedFields, type Row } from '../writes/row.ts'
import { all, isElement, text, texts, type XmlElement, type XmlValue } from './xml.ts'

/** An `sObject` element: its type, id and the typed values of its fields. */
export interface SObject {
  type: string
  id?: string
  fields: Row
}

const PLAIN = ['type', 'Id', 'id', 'fieldsToNull']

/**
 * Reads `<sObjects><type>Account</type><Id>…</Id><Name>…`; texts become what the described field type holds.
 * @throws OrgError INVALID_TYPE, INVALID_FIELD, MISSING_ARGUMENT
 */
export function readSObject(org: Org, caller: Caller, element: XmlElement): SObject {
  const type = text(element, 'type')
  if (!type) throw refusal.badInput('Object type is missing', 'MISSING_ARGUMENT')
  const types = new Map(describedFields(org, caller, type).map((field) => [field.name.toLowerCase(), field.type]))
  const fields: Row = {}
  for (const [name, value] of Object.entries(element)) {
    if (!PLAIN.includes(name)) fields[name] = typed(name, types.get(name.toLowerCase()), value)
  }
  for (const name of texts(element, 'fieldsToNull')) fields[name] = null
  return { type, id: idOf(element), fields }
}

/** Some clients repeat the id element; the first one counts. */
function idOf(element: XmlElement): string | undefined {
  const [value] = [...all(element, 'Id'), ...all(element, 'id')]
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

function typed(name: string, type: string | undefined, value: XmlValue): Value {
  if (value === null || value === '') return null
  if (typeof value !== 'string') {
    throw new OrgError({
      status: 400,
      errorCode: 'INVALID_FIELD',
      message: `Cannot reference a foreign key field ${name}.`,
      fields: [name],
    })
  }
  switch (type) {
    case 'boolean':
      return value.trim() === 'true' || value.trim() === '1'
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
    case 'long':
      return number(name, value)
    default:
      return value
  }
}

function number(name: string, value: string): number {
  const parsed = Number(value.trim())
  if (Number.isFinite(parsed)) return parsed
  throw new OrgError({
    status: 400,
    errorCode: 'INVALID_TYPE_ON_FIELD_IN_RECORD',
    message: `${name}: value not of required type: ${value}`,
    fields: [name],
  })
}

/** A record as SOAP returns it: `sf:type`, `sf:Id`, then the selected fields; nested records and child results too. */
export function writeSObject(record: RecordJson): Record<string, unknown> {
  const { attributes, Id, ...fields } = record
  const rendered = Object.entries(fields).map(([name, value]) => [`sf:${name}`, render(value)])
  return {
    '@xsi:type': 'sf:sObject',
    'sf:type': attributes.type,
    'sf:Id': Id === undefined ? null : Id,
    ...Object.fromEntries(rendered),
  }
}

const REST_OFFSET = /^(\d{4}-\d\d-\d\dT[\d:.]+)\+0000$/

function render(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(REST_OFFSET, '$1Z')
  if (value === null || typeof value !== 'object') return value
  if (isRecord(value)) return writeSObject(value)
  if ('records' in value && Array.isArray(value.records)) {
    const { totalSize, done } = value as { totalSize?: number; done?: boolean }
    const records = value.records.filter(isRecord).map(writeSObject)
    return { '@xsi:type': 'QueryResult', done: done ?? true, queryLocator: null, records, size: totalSize }
  }
  const parts = Object.entries(value).map(([name, part]) => [name, render(part)])
  return Object.fromEntries(parts)
}

function isRecord(value: unknown): value is RecordJson {
  return typeof value === 'object' && value !== null && 'attributes' in value
}

/** True for an element that could be an sObject. */
export function sObjectElements(element: XmlElement, name: string): XmlElement[] {
  return all(element, name).filter(isElement)
}
