import { OrgError, type Caller, type Org, type Value } from '../../org.ts'
import { describedFields, fieldsOf, rowsByField, type DescribedField } from '../writes/row.ts'

export const OPERATIONS = ['insert', 'update', 'upsert', 'delete'] as const
export type Operation = (typeof OPERATIONS)[number]

/** What every row of a job is written to. */
export interface WriteSpec {
  org: Org
  caller: Caller
  object: string
  operation: Operation
  externalIdFieldName?: string | undefined
  columns: string[]
}

export interface RowResult {
  id: string
  created: boolean
  /** `CODE:message:fields --`, as result files have it. */
  error?: string
}

/** The whole job cannot be run. */
export class BadBatch extends Error {}

/** Checks the columns before any row is written. @throws BadBatch */
export function checkColumns({ org, caller, object, operation, columns, externalIdFieldName }: WriteSpec): void {
  const known = describedFields(org, caller, object)
  const names = new Set(known.map((field) => field.name.toLowerCase()))
  const parents = new Set(
    known.flatMap((field) => (field.relationshipName ? [field.relationshipName.toLowerCase()] : [])),
  )
  for (const column of columns) {
    const [first = '', ...rest] = column.toLowerCase().split('.')
    if (rest.length > 0 ? !parents.has(first) : !names.has(first)) {
      throw new BadBatch(`InvalidBatch : Field name not found : ${column}`)
    }
  }
  const needed = operation === 'update' || operation === 'delete' ? 'id' : externalIdFieldName?.toLowerCase()
  if (needed && !columns.some((column) => column.toLowerCase() === needed)) {
    throw new BadBatch(`InvalidBatch : Field name not found : ${needed === 'id' ? 'Id' : externalIdFieldName}`)
  }
}

/** Writes one row; a refusal is its result. */
export function writeRow(spec: WriteSpec, types: Map<string, string>, cells: string[]): RowResult {
  try {
    return write(spec, jsonOf(spec.columns, cells, types))
  } catch (error) {
    if (!(error instanceof OrgError)) throw error
    const { errorCode, message, fields = [] } = error.body
    return { id: '', created: false, error: `${errorCode}:${message}:${fields.join(',')} --` }
  }
}

/** Describe types by field name in lower case. */
export function typesOf(spec: WriteSpec): Map<string, string> {
  const fields: DescribedField[] = describedFields(spec.org, spec.caller, spec.object)
  return new Map(fields.map(({ name, type }) => [name.toLowerCase(), type]))
}

function write({ org, caller, object, operation, externalIdFieldName = 'Id' }: WriteSpec, row: Row): RowResult {
  const key = Object.keys(row).find((name) => name.toLowerCase() === 'id')
  const { [key ?? 'Id']: id, ...rest } = row
  if (operation === 'insert') {
    return { id: org.create(caller, object, fieldsOf(org, caller, object, rest)), created: true }
  }
  if (operation === 'upsert') return upsert(org, caller, object, externalIdFieldName, row)
  const given = typeof id === 'string' ? id : ''
  if (given === '') throw missing('Id not specified in an update call')
  if (operation === 'delete') org.delete(caller, object, given)
  else org.update(caller, object, given, fieldsOf(org, caller, object, rest))
  return { id: given, created: false }
}

function upsert(org: Org, caller: Caller, object: string, field: string, row: Row): RowResult {
  const name = Object.keys(row).find((one) => one.toLowerCase() === field.toLowerCase())
  const { [name ?? field]: value, ...rest } = row
  if (value === null || value === undefined || typeof value === 'object') throw missing(`${field} not specified`)
  if (rowsByField(org, caller, object, field, String(value)).length > 1) {
    const message = `${field}: more than one record found for external id field`
    throw new OrgError({ status: 300, errorCode: 'DUPLICATE_EXTERNAL_ID', message, fields: [field] })
  }
  return org.upsert(caller, object, field, String(value), fieldsOf(org, caller, object, rest))
}

function missing(message: string): OrgError {
  return new OrgError({ status: 400, errorCode: 'MISSING_ARGUMENT', message, fields: ['Id'] })
}

type Row = Record<string, Value | Record<string, Value>>

/** An empty cell leaves a field as it is, `#N/A` empties it; `Owner.Username` names a parent by another of its fields. */
function jsonOf(columns: string[], cells: string[], types: Map<string, string>): Row {
  const row: Row = {}
  for (const [index, column] of columns.entries()) {
    const cell = cells[index] ?? ''
    if (cell === '') continue
    const [parent = '', field] = column.split('.')
    if (field) row[parent] = { [field]: cell }
    else row[column] = typed(cell, types.get(column.toLowerCase()))
  }
  return row
}

const NUMBERS = new Set(['int', 'double', 'currency', 'percent', 'long'])

function typed(cell: string, type: string | undefined): Value {
  if (cell === '#N/A') return null
  if (type === 'boolean' && /^(true|1|yes|y)$/i.test(cell)) return true
  if (type === 'boolean' && /^(false|0|no|n)$/i.test(cell)) return false
  return type && NUMBERS.has(type) && cell.trim() !== '' && Number.isFinite(Number(cell)) ? Number(cell) : cell
}
