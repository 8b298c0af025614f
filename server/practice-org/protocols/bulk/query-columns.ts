import { parseQuery } from '@jetstreamapp/soql-parser-js'
import type { RecordJson } from '../../org.ts'
import { refusal } from '../http/errors.ts'

export interface BulkQuery {
  object: string
  /** Paths as selected, e.g. `Owner.Name`. */
  columns: string[]
}

/** What a query job selects. @throws OrgError for a query that is none, or that bulk jobs do not run */
export function bulkQuery(soql: string): BulkQuery {
  const query = parsed(soql)
  const columns = (query.fields ?? []).map((field) => {
    if (field.type === 'Field') return field.field
    if (field.type === 'FieldRelationship') return field.rawValue ?? [...field.relationships, field.field].join('.')
    throw refusal.badInput(`${field.type} is not supported by this job`, 'API_ERROR')
  })
  if (query.groupBy || query.offset) throw refusal.badInput('GROUP BY and OFFSET are not supported', 'API_ERROR')
  return { object: query.sObject ?? '', columns }
}

function parsed(soql: string) {
  try {
    return parseQuery(soql)
  } catch (error) {
    throw refusal.badInput(error instanceof Error ? error.message : String(error), 'MALFORMED_QUERY')
  }
}

/** The cells of one record; null is an empty cell. */
export function cellsOf(record: RecordJson, columns: string[]): string[] {
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
