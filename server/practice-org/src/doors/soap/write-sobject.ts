import type { RecordJson } from '../../org/values.ts'

/** A record as SOAP returns it: `sf:type`, `sf:Id`, then the selected fields; nested records and child results too. */
export function writeSObject(record: RecordJson): Record<string, unknown> {
  const { attributes, Id, ...fields } = record
  const value = attributes.type === 'AggregateResult' ? aggregated : rendered
  return {
    '@xsi:type': 'sf:sObject',
    'sf:type': attributes.type,
    'sf:Id': Id === undefined ? null : Id,
    ...Object.fromEntries(Object.entries(fields).map(([name, each]) => [`sf:${name}`, value(each)])),
  }
}

/** Results of functions have no field to tell their type, so they bring it along. */
function aggregated(value: unknown): unknown {
  if (value === null) return null
  const type = typeof value === 'number' ? (Number.isInteger(value) ? 'xsd:int' : 'xsd:double') : `xsd:${typeof value}`
  return { '@xsi:type': type, '#text': rendered(value) }
}

const REST_OFFSET = /^(\d{4}-\d\d-\d\dT[\d:.]+)\+0000$/

function rendered(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(REST_OFFSET, '$1Z')
  if (value === null || typeof value !== 'object') return value
  if (isRecord(value)) return writeSObject(value)
  if ('records' in value && Array.isArray(value.records)) {
    const { totalSize, done } = value as { totalSize?: number; done?: boolean }
    const records = value.records.filter(isRecord).map(writeSObject)
    return { '@xsi:type': 'QueryResult', done: done ?? true, queryLocator: null, records, size: totalSize }
  }
  const parts = Object.entries(value).map(([name, part]) => [name, rendered(part)])
  return { '@xsi:type': 'address', ...Object.fromEntries(parts) }
}

function isRecord(value: unknown): value is RecordJson {
  return typeof value === 'object' && value !== null && 'attributes' in value
}

/** A duplicate result with its records as sObjects, or as `shown` makes them. */
export function writeDuplicates(value: unknown, shown: (record: RecordJson) => unknown = writeSObject): unknown {
  if (Array.isArray(value)) return value.map((each) => writeDuplicates(each, shown))
  if (typeof value !== 'object' || value === null) return value
  if (isRecord(value)) return shown(value)
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, writeDuplicates(part, shown)]))
}
