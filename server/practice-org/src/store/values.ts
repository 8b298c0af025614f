// Stored values as REST JSON shows them.
import type { FieldDef, ObjectDef } from '../schema/catalog.ts'
import { formatDatetime } from '../schema/dates.ts'
import type { Row, Stored } from './row.ts'
import type { RecordJson, Value } from '../org/values.ts'

export function toJson(field: FieldDef, stored: Stored): Value {
  if (stored === null) return null
  if (field.type === 'boolean') return stored === 1
  if (field.type === 'datetime' && typeof stored === 'number') return formatDatetime(stored)
  return stored
}

/** The parts of a compound address, with the keys REST gives them. */
export const ADDRESS_PARTS = [
  ['city', 'City'],
  ['country', 'Country'],
  ['geocodeAccuracy', 'GeocodeAccuracy'],
  ['latitude', 'Latitude'],
  ['longitude', 'Longitude'],
  ['postalCode', 'PostalCode'],
  ['state', 'State'],
  ['street', 'Street'],
] as const

/** Field names of an address's parts, in the order of ADDRESS_PARTS: `BillingAddress` → `BillingCity`, … */
export const addressFields = (compound: string): string[] =>
  ADDRESS_PARTS.map(([, part]) => compound.replace(/Address$/, '') + part)

/** The compound value of an address, null when every part is. */
export function addressJson(parts: Stored[]): Record<string, Stored> | null {
  if (parts.every((part) => part === null)) return null
  return Object.fromEntries(ADDRESS_PARTS.map(([key], i) => [key, parts[i] ?? null]))
}

export const attributesOf = (object: string, id: string, version: string): RecordJson['attributes'] => ({
  type: object,
  url: `/services/data/v${version}/sobjects/${object}/${id}`,
})

/** What REST answers for a blob: where its bytes are, null when there are none. */
export const blobUrl = (object: string, id: string, field: string, version: string): string =>
  `${attributesOf(object, id, version).url}/${field}`

/** A whole row as `GET /sobjects/X/{id}` returns it, limited to `fields`. */
export function recordJson(object: ObjectDef, row: Row, fields: FieldDef[], version: string): RecordJson {
  const record: RecordJson = { attributes: attributesOf(object.name, String(row['Id']), version) }
  const id = String(row['Id'])
  for (const field of fields) {
    const stored = row[field.name] ?? null
    if (field.type === 'base64') {
      record[field.name] = stored === null ? null : blobUrl(object.name, id, field.name, version)
      continue
    }
    record[field.name] =
      field.type === 'address'
        ? addressJson(addressFields(field.name).map((name) => row[name] ?? null))
        : toJson(field, stored)
  }
  return record
}
