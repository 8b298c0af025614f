import { z } from 'zod'
import { OrgError } from '../../org/org.ts'
import type { SaveResult } from '../../org/row-calls.ts'
import { refusal } from '../../wire/http/errors.ts'
import { fieldsOf, jsonObject, rowsByField, severalRows } from '../../wire/rows/row.ts'
import { saveRows, type RowWrite } from '../../wire/rows/save-rows.ts'
import { namedFile, withFiles } from './request/blob.ts'
import { isTrue, writeOptions } from './request/write-options.ts'
import { noteRecent } from './request/recent.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from './request/request.ts'

const Attributes = z.object({
  type: z.string(),
  binaryPartName: z.string().optional(),
  binaryPartNameAlias: z.string().optional(),
})
const Rows = z.object({
  allOrNone: z.boolean().default(false),
  records: z.array(z.looseObject({ attributes: Attributes.optional() })).min(1),
})
type JsonRow = z.infer<typeof Rows>['records'][number]

const MAX_ROWS = 200
/** Neighbouring rows of one type are written as one chunk. */
const MAX_CHUNKS = 10

/** `POST /composite/sobjects`. */
export function createRows(request: RestRequest, context: RestContext): RestResponse {
  return save(request, context, (row) => {
    const { org, caller } = context
    const type = typeOf(row)
    const fields = fieldsOf(org, caller, type, filled(request, row, row))
    const id = org.create(caller, type, fields, writeOptions(request))
    noteRecent(request, context, [id])
    return { id }
  })
}

/** `PATCH /composite/sobjects`: each row carries its id. */
export function updateRows(request: RestRequest, context: RestContext): RestResponse {
  return save(request, context, (row) => {
    const { org, caller } = context
    const type = typeOf(row)
    const { Id, id, ...rest } = row
    const given = id ?? Id
    if (typeof given !== 'string') throw refusal.badInput('Id not specified in an update call', 'MISSING_ARGUMENT')
    const fields = fieldsOf(org, caller, type, filled(request, row, rest))
    org.update(caller, type, given, fields, writeOptions(request))
    noteRecent(request, context, [given])
    return { id: given }
  })
}

/** `PATCH /composite/sobjects/X/Field`. */
export function upsertRows(request: RestRequest, context: RestContext, object: string, field: string): RestResponse {
  const { org, caller } = context
  const read = (row: JsonRow): { value: string; rest: Record<string, unknown> } => {
    if (row.attributes && row.attributes.type.toLowerCase() !== object.toLowerCase()) {
      const message = `The type ${row.attributes.type} in the request body doesn't match the type in the URI: ${object}`
      throw refusal.badInput(message, 'INVALID_TYPE')
    }
    const key = Object.keys(row).find((name) => name.toLowerCase() === field.toLowerCase())
    const { [key ?? field]: value, ...rest } = row
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw refusal.badInput(`${field} not specified`, 'MISSING_ARGUMENT')
    }
    return { value: String(value), rest }
  }
  const creates = (row: JsonRow): boolean => {
    const { value } = read(row)
    requireSingle(context, object, field, value)
    return org.upsertTarget(caller, object, field, value) === null
  }
  const write = (row: JsonRow): { id: string; created: boolean } => {
    const { value, rest } = read(row)
    const fields = fieldsOf(org, caller, object, filled(request, row, rest))
    return org.upsert(caller, object, field, value, fields, writeOptions(request))
  }
  return save(request, context, write, creates)
}

/** `DELETE /composite/sobjects?ids=a,b&allOrNone=`. */
export function deleteRows(request: RestRequest, context: RestContext): RestResponse {
  const { org, caller } = context
  const ids = idList(request.query.get('ids'))
  if (ids.length === 0) throw refusal.badInput('ids must be specified', 'MISSING_ARGUMENT')
  if (ids.length > MAX_ROWS) throw tooManyRows()
  const remove = (id: string): { id: string } => {
    org.delete(caller, objectOfId(context, id), id)
    return { id }
  }
  const writes = ids.map((id): RowWrite => ({ write: () => remove(id) }))
  const allOrNone = isTrue(request.query.get('allOrNone'))
  return answer(saveRows(org, caller, writes, { allOrNone, inTransaction: context.inTransaction }))
}

const Retrieve = z.object({ ids: z.array(z.string()).min(1).max(2000), fields: z.array(z.string()).min(1) })

/** `GET|POST /composite/sobjects/X`: `null` for a row that cannot be read. */
export function retrieveRows(request: RestRequest, context: RestContext, object: string): RestResponse {
  const list = (name: string): string[] => idList(request.query.get(name))
  const given = request.method === 'POST' ? jsonObject(request.body) : { ids: list('ids'), fields: list('fields') }
  const parsed = Retrieve.safeParse(given)
  if (!parsed.success) throw refusal.badInput('ids and fields must be specified', 'MISSING_ARGUMENT')
  const { ids, fields } = parsed.data
  return ok(ids.map((id) => rowOrNull(context, object, id, fields)))
}

function rowOrNull(context: RestContext, object: string, id: string, fields: string[]): unknown {
  try {
    return context.org.retrieve(context.caller, object, id, fields)
  } catch (error) {
    if (error instanceof OrgError && ['NOT_FOUND', 'ENTITY_IS_DELETED'].includes(error.body.errorCode)) return null
    throw error
  }
}

function save(
  request: RestRequest,
  context: RestContext,
  write: (row: JsonRow) => { id: string; created?: boolean },
  creates?: (row: JsonRow) => boolean,
): RestResponse {
  const parsed = Rows.safeParse(request.body)
  if (!parsed.success) throw refusal.shape(parsed.error.issues[0]?.path ?? [])
  const { records, allOrNone } = parsed.data
  if (records.length > MAX_ROWS) {
    throw tooManyRows()
  }
  const types = records.map(({ attributes }) => attributes?.type.toLowerCase())
  const chunks = types.filter((type, index) => index === 0 || type !== types[index - 1]).length
  if (chunks > MAX_CHUNKS) throw tooManyChunks()
  const writes = records.map((row): RowWrite => ({
    write: () => write(row),
    ...(creates ? { creates: () => creates(row) } : {}),
  }))
  return answer(saveRows(context.org, context.caller, writes, { allOrNone, inTransaction: context.inTransaction }))
}

const tooManyRows = (): OrgError =>
  refusal.badInput(`record limit reached. cannot process more than ${MAX_ROWS} records`, 'LIMIT_EXCEEDED')

const tooManyChunks = (): OrgError =>
  refusal.badInput(
    `Cannot have more than ${MAX_CHUNKS} chunks in a single operation. Please rearrange the data to reduce chunking.`,
    'LIMIT_EXCEEDED',
  )

/** Throws OrgError DUPLICATE_EXTERNAL_ID when the key is that of several rows. */
function requireSingle({ org, caller }: RestContext, object: string, field: string, value: string): void {
  if (field.toLowerCase() === 'id') return
  const ids = rowsByField(org, caller, object, field, value)
  if (ids.length > 1) throw severalRows(field, ids)
}

/** `created`, of an upsert, comes last. */
function answer(results: SaveResult[]): RestResponse {
  return ok(
    results.map(({ id, created, ...rest }) => ({
      ...(id === null ? {} : { id }),
      ...rest,
      ...(created === undefined ? {} : { created }),
    })),
  )
}

/** The fields of a row with the binary part that its attributes name. */
function filled(request: RestRequest, row: JsonRow, fields: Record<string, unknown>): Record<string, unknown> {
  return withFiles({ ...request, files: namedFile(request, row.attributes) }, fields)
}

function typeOf(row: JsonRow): string {
  const type = row.attributes?.type
  if (!type) throw refusal.badInput('Object type is not specified: attributes.type is missing', 'INVALID_INPUT')
  return type
}

function idList(text: string | null): string[] {
  const ids = (text ?? '').split(',').map((id) => id.trim())
  const list = ids.filter(Boolean)
  if (list.length > MAX_ROWS * 10) throw refusal.badInput('too many ids', 'LIMIT_EXCEEDED')
  return list
}

function objectOfId(context: RestContext, id: string): string {
  const found = context.org.describeGlobal(context.caller).find((one) => one['keyPrefix'] === id.slice(0, 3))
  if (typeof found?.['name'] === 'string') return found['name']
  throw refusal.badInput(`malformed id ${id}`, 'MALFORMED_ID')
}
