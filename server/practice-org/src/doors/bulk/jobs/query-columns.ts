import type { FieldType } from '@jetstreamapp/soql-parser-js'
import { parseSoql } from '../../../query/terms/parse.ts'
import type { Caller, Org } from '../../../org/org.ts'
import type { RecordJson } from '../../../org/values.ts'
import { describedFields } from '../../../wire/rows/row.ts'
import { refusal } from '../../../wire/http/errors.ts'
import { objectComplaint } from './supported.ts'

export interface BulkQuery {
  object: string
  /** Paths as selected, e.g. `Owner.Name`. */
  columns: string[]
}

/** What a bulk query may be, by the form of its results: children of a record have no place in CSV. */
export type ResultForm = 'CSV' | 'XML' | 'JSON'

/** Who asks: the two bulk APIs name themselves differently when they refuse. */
export interface QueryDoor {
  name: 'Bulk V2 Query' | 'Bulk Query'
  form: ResultForm
}
const V2: QueryDoor = { name: 'Bulk V2 Query', form: 'CSV' }

/** Functions on a selected field that give one value for each record. */
const PER_ROW = new Set(['TOLABEL', 'CONVERTCURRENCY', 'FORMAT', 'CONVERTTIMEZONE'])

/** What a query job selects. Throws OrgError for a query that is none, or that bulk jobs do not run. */
export function bulkQuery(org: Org, caller: Caller, soql: string, door: QueryDoor = V2): BulkQuery {
  const query = parseSoql(soql)
  if (query.groupBy) throw unsupported('GROUP BY')
  if (query.offset !== undefined) throw unsupported('OFFSET')
  const object = query.sObject ?? ''
  const complaint = objectComplaint(object)
  if (complaint) throw refusal.badInput(complaint, 'INVALIDENTITY')
  const columns = (query.fields ?? []).map((field) => columnOf(field, door)).filter((path) => path !== '')
  refuseCompound(org, caller, object, columns, door)
  return { object, columns }
}

function columnOf(field: FieldType, door: QueryDoor): string {
  switch (field.type) {
    case 'Field':
      return field.alias ?? field.field
    case 'FieldRelationship':
      return field.rawValue ?? [...field.relationships, field.field].join('.')
    case 'FieldFunctionExpression': {
      const [parameter] = field.parameters
      if (!PER_ROW.has(field.functionName.toUpperCase()) || typeof parameter !== 'string') {
        throw unsupported('Aggregate Relationships', door)
      }
      return field.alias ?? parameter
    }
    case 'FieldSubquery':
      if (door.form === 'CSV') throw unsupported('Aggregate Relationships', door)
      return ''
    default:
      throw unsupported('TYPEOF')
  }
}

/** Compound and blob fields have no place in a bulk result. */
function refuseCompound(org: Org, caller: Caller, object: string, columns: readonly string[], door: QueryDoor): void {
  const types = new Map(describedFields(org, caller, object).map(({ name, type }) => [name.toLowerCase(), type]))
  for (const column of columns) {
    const type = types.get(column.toLowerCase())
    if (type === 'address' || type === 'location') throw unsupported('Selecting compound data')
    if (type === 'base64') throw unsupported('Blob field', door)
  }
}

/** What depends on the form of the result is refused in the name of the door, the rest in one for both. */
function unsupported(what: string, door?: QueryDoor) {
  const where = door ? `${door.name} with ${door.form} content type` : 'Bulk Query'
  return refusal.badInput(`${what} not supported in ${where}`, 'API_ERROR')
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
