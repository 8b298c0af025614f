import type { FieldValue } from '../../contract/values/field-value.ts'
import type { RecordValues } from '../../contract/values/record-values.ts'
import { UnclearAnswer } from '../failure/failure.ts'
import type { ExactJson } from './json.ts'
import { rowsOf, type Row } from './query.ts'

type Values = Record<string, FieldValue>
type Children = NonNullable<RecordValues['children']>

/**
 * A REST row in the contract's form: parents flattened to dotted names, child relationships under `children`.
 * `fields` and `relationships` are the names that were asked for: a field below an empty parent is null, not missing, and a
 * child relationship without rows, which an org answers with null, has none.
 */
export function recordOf(
  row: Row,
  fields: readonly string[] = [],
  relationships: readonly string[] = [],
): RecordValues {
  const { object, id } = identityOf(row)
  const values: Values = {}
  const children: Children = {}
  collect(row, '', values, children)
  for (const name of relationships) {
    if (children[name]) continue
    children[name] = { total: 0, records: [] }
    delete values[name]
  }
  for (const field of fields) {
    if (!hasField(values, field)) values[field] = null
  }
  for (const name of Object.keys(values)) {
    if (values[name] === null && fields.some((field) => field.startsWith(`${name}.`))) delete values[name]
  }
  return { object, id, values, ...(Object.keys(children).length > 0 && { children }) }
}

function hasField(values: Values, field: string): boolean {
  return field in values || Object.keys(values).some((name) => name.toLowerCase() === field.toLowerCase())
}

function identityOf(row: Row): { object: string; id: string } {
  const { attributes, Id } = row
  const { type, url } = (attributes ?? {}) as { type?: ExactJson; url?: ExactJson }
  const id = typeof Id === 'string' ? Id : typeof url === 'string' ? url.slice(url.lastIndexOf('/') + 1) : null
  if (typeof type !== 'string' || !id) throw new UnclearAnswer('the org sent a row without type and id')
  return { object: type, id }
}

function collect(row: Row, prefix: string, values: Values, children: Children): void {
  for (const [name, value] of Object.entries(row)) {
    if (name === 'attributes' && value !== null && typeof value === 'object') continue
    if (value === null || typeof value !== 'object') values[prefix + name] = value
    else if (Array.isArray(value)) throw new UnclearAnswer(`the org sent a list in ${name}`)
    else if ('records' in value && 'totalSize' in value) children[name] = childrenOf(value)
    else collect(value, `${prefix}${name}.`, values, children)
  }
}

function childrenOf(value: Row): Children[string] {
  const { totalSize, rows } = rowsOf(value)
  return { total: totalSize, records: rows.map((row) => recordOf(row)).map(({ id, values }) => ({ id, values })) }
}
