import { parseQuery, type FieldType, type Query } from '@jetstreamapp/soql-parser-js'
import type { Caller, Org, RecordJson } from '../../org.ts'
import { describedFields } from '../writes/row.ts'
import { refusal } from '../http/errors.ts'

export interface BulkQuery {
  object: string
  /** Paths as selected, e.g. `Owner.Name`. */
  columns: string[]
}

/** What a bulk query may be, by the form of its results: children of a record have no place in CSV. */
export type ResultForm = 'CSV' | 'XML' | 'JSON'

/** Functions on a selected field that give one value for each record. */
const PER_ROW = new Set(['TOLABEL', 'CONVERTCURRENCY', 'FORMAT', 'CONVERTTIMEZONE'])

/** What a query job selects. @throws OrgError for a query that is none, or that bulk jobs do not run */
export function bulkQuery(org: Org, caller: Caller, soql: string, form: ResultForm = 'CSV'): BulkQuery {
  const query = parsed(soql)
  if (query.groupBy) throw unsupported('GROUP BY')
  if (query.offset !== undefined) throw unsupported('OFFSET')
  const object = query.sObject ?? ''
  const columns = (query.fields ?? []).map((field) => columnOf(field, form)).filter((path) => path !== '')
  refuseCompound(org, caller, object, columns)
  return { object, columns }
}

function columnOf(field: FieldType, form: ResultForm): string {
  switch (field.type) {
    case 'Field':
      return field.alias ?? field.field
    case 'FieldRelationship':
      return field.rawValue ?? [...field.relationships, field.field].join('.')
    case 'FieldFunctionExpression': {
      const [parameter] = field.parameters
      if (!PER_ROW.has(field.functionName.toUpperCase()) || typeof parameter !== 'string') {
        throw unsupported('Aggregate Relationships', form)
      }
      return field.alias ?? parameter
    }
    case 'FieldSubquery':
      if (form === 'CSV') throw unsupported('Aggregate Relationships', form)
      return ''
    default:
      throw unsupported('TYPEOF')
  }
}

/** Compound and blob fields have no place in a bulk result. */
function refuseCompound(org: Org, caller: Caller, object: string, columns: readonly string[]): void {
  const types = new Map(describedFields(org, caller, object).map(({ name, type }) => [name.toLowerCase(), type]))
  for (const column of columns) {
    const type = types.get(column.toLowerCase())
    if (type === 'address' || type === 'location') throw unsupported('Selecting compound data')
    if (type === 'base64') throw unsupported('Blob field', 'CSV')
  }
}

const unsupported = (what: string, form?: ResultForm) =>
  refusal.badInput(
    `${what} not supported in Bulk Query${form === undefined ? '' : ` with ${form} content type`}`,
    'API_ERROR',
  )

function parsed(soql: string): Query {
  try {
    return parseQuery(soql)
  } catch (error) {
    throw refusal.badInput(error instanceof Error ? error.message : String(error), 'MALFORMED_QUERY')
  }
}

/** The cells of one record; null is an empty cell. */
export function cellsOf(record: RecordJson, columns: readonly string[]): string[] {
  return columns.map((column) => {
    const value = column.split('.').reduce<unknown>((parent, name) => memberOf(parent, name), record)
    if (value === null || value === undefined) return ''
    return typeof value === 'object' ? JSON.stringify(value) : String(value).replace(/(\.\d{3})\+0000$/, '$1Z')
  })
}

/** Members by name in any case: a query may spell them otherwise than the org. */
function memberOf(parent: unknown, name: string): unknown {
  if (typeof parent !== 'object' || parent === null) return null
  const lower = name.toLowerCase()
  const found = Object.entries(parent).find(([key]) => key.toLowerCase() === lower)
  return found?.[1]
}
