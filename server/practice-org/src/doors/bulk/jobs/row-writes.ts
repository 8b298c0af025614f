import { OrgError, type Caller, type Org } from '../../../org/org.ts'
import type { Value } from '../../../org/values.ts'
import { rowsByField } from '../../../wire/rows/row.ts'
import { BadBatch, parentId, typed, type Column, type Columns } from './columns.ts'

export const OPERATIONS = ['insert', 'update', 'upsert', 'delete', 'hardDelete'] as const
export type Operation = (typeof OPERATIONS)[number]

/** A row as it was sent: paths and their values; `undefined` leaves a field as it is, null empties it. */
export interface SentRow {
  paths: readonly string[]
  values: readonly (Value | undefined)[]
}

/** What every row of a job is written to. */
export interface WriteSpec {
  org: Org
  caller: Caller
  object: string
  operation: Operation
  externalIdFieldName?: string | undefined
}

export interface RowError {
  code: string
  message: string
  fields: string[]
}

/** What became of one row. */
export interface TriedRow {
  id: string
  created: boolean
  error?: RowError
  /** The row as it was sent, where the outcome repeats it. */
  cells?: string[]
}

/** `CODE:message:fields --`, as result files have it. */
export const errorText = ({ code, message, fields }: RowError): string => `${code}:${message}:${fields.join(',')} --`

/** Resolves the names of rows before any is written. Throws BadBatch. */
export function checkPaths({ operation }: WriteSpec, columns: Columns, paths: readonly string[]): void {
  const isDelete = operation === 'delete' || operation === 'hardDelete'
  const onlyId = paths.length === 1 && paths[0]?.trim().toLowerCase() === 'id'
  if (isDelete && !onlyId) throw new BadBatch(`InvalidBatch : The '${operation}' batch must contain only ids`)
  for (const path of paths) columns.of(path)
}

/** Writes the rows of one transaction, each its own success or refusal. */
export function writeChunk(spec: WriteSpec, columns: Columns, rows: readonly SentRow[]): TriedRow[] {
  const seen = new Set<string>()
  return rows.map((row) => {
    try {
      return write(spec, fieldsOf(spec, columns, row), seen)
    } catch (error) {
      if (!(error instanceof OrgError)) throw error
      const { errorCode: code, message, fields = [] } = error.body
      return { id: '', created: false, error: { code, message, fields } }
    }
  })
}

type Fields = Record<string, Value>

function fieldsOf(spec: WriteSpec, columns: Columns, { paths, values }: SentRow): Fields {
  const entries = paths.flatMap((path, index): [string, Value][] => {
    const value = values[index]
    if (value === undefined) return []
    const column = columns.of(path)
    return [[column.kind === 'field' ? column.field : column.lookup, valueOf(spec, column, value)]]
  })
  return Object.fromEntries(entries)
}

function valueOf(spec: WriteSpec, column: Column, value: Value): Value {
  if (value === null) return null
  if (column.kind === 'parent') return parentId(spec, column, String(value))
  return typeof value === 'string' ? typed(value, column.type) : value
}

function write(spec: WriteSpec, fields: Fields, seen: Set<string>): TriedRow {
  const { org, caller, object, operation } = spec
  if (operation === 'upsert') return upsert(spec, fields, seen)
  const { Id: id, ...rest } = fields
  if (operation === 'insert') {
    if (typeof id === 'string')
      throw refused('INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', 'Id')
    return { id: org.create(caller, object, rest), created: true }
  }
  if (typeof id !== 'string') {
    throw refused(
      'MISSING_ARGUMENT',
      `Id not specified in ${operation === 'update' ? 'an update' : 'a delete'} call`,
      'Id',
    )
  }
  once(seen, id.slice(0, 15), () => refused('DUPLICATE_VALUE', `duplicate id in list: ${id}`, 'Id'))
  if (operation === 'update') org.update(caller, object, id, rest)
  else org.delete(caller, object, id)
  if (operation === 'hardDelete') org.purge(caller, id)
  return { id, created: false }
}

function upsert(spec: WriteSpec, fields: Fields, seen: Set<string>): TriedRow {
  const { org, caller, object, externalIdFieldName: key = 'Id' } = spec
  const name = Object.keys(fields).find((one) => one.toLowerCase() === key.toLowerCase())
  const { [name ?? key]: value, ...rest } = fields
  if (value === null || value === undefined) {
    if (key.toLowerCase() === 'id') return { id: org.create(caller, object, rest), created: true }
    throw refused('MISSING_ARGUMENT', `${key} not specified`, key)
  }
  const text = String(value)
  once(seen, text.toLowerCase(), () => refused('DUPLICATE_VALUE', `Duplicate external id specified: ${text}`, key))
  if (key.toLowerCase() === 'id') {
    org.update(caller, object, text, rest)
    return { id: text, created: false }
  }
  if (rowsByField(org, caller, object, key, text).length > 1) {
    throw refused('DUPLICATE_EXTERNAL_ID', `${key}: more than one record found for external id field`, key)
  }
  return org.upsert(caller, object, key, text, rest)
}

/** One transaction cannot write the same record twice. */
function once(seen: Set<string>, key: string, error: () => OrgError): void {
  if (seen.has(key)) throw error()
  seen.add(key)
}

function refused(errorCode: string, message: string, field: string): OrgError {
  return new OrgError({ status: 400, errorCode, message, fields: [field] })
}
