import type { RecordJson } from '../../../org/values.ts'

/** A record of a query as XML: its type, its id twice, and its fields; a parent is a record in it, children are a list. */
export function xmlRecord(record: RecordJson): Record<string, unknown> {
  const { attributes, ...fields } = record
  const entries = Object.entries(fields).map(([name, value]): [string, unknown] => {
    if (name === 'Id') return [name, [value, value]]
    if (isRecord(value)) return [name, xmlRecord(value)]
    const children = childrenOf(value)
    return [name, children ? { records: children.map(xmlRecord) } : typeof value === 'string' ? zulu(value) : value]
  })
  return { '@xsi:type': 'sObject', type: attributes.type, ...Object.fromEntries(entries) }
}

const zulu = (text: string): string => text.replace(/^(\d{4}-\d\d-\d\dT[\d:.]+)\+0000$/, '$1Z')

/**
 * A record of a query as JSON: dates and datetimes are milliseconds since 1970.
 * @param typeOf describe type of a field by its path from the queried object, `''` when that is not known
 */
export function jsonRecord(record: RecordJson, typeOf: (path: string) => string, path = ''): Record<string, unknown> {
  const { attributes, ...fields } = record
  const entries = Object.entries(fields).map(([name, value]): [string, unknown] => {
    if (isRecord(value)) return [name, jsonRecord(value, typeOf, `${path}${name}.`)]
    const children = childrenOf(value)
    if (children) return [name, children.map((one) => jsonRecord(one, () => ''))]
    const type = typeof value === 'string' ? typeOf(path + name) : ''
    return [name, type === 'datetime' || type === 'date' ? Date.parse(String(value)) : value]
  })
  return { attributes, ...Object.fromEntries(entries) }
}

function isRecord(value: unknown): value is RecordJson {
  return typeof value === 'object' && value !== null && 'attributes' in value
}

function childrenOf(value: unknown): RecordJson[] | undefined {
  if (typeof value !== 'object' || value === null || !('records' in value) || !Array.isArray(value.records))
    return undefined
  return value.records.filter(isRecord)
}
