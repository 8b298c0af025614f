import { hasIdShape } from '../../schema/ids.ts'
import { refusal } from '../../wire/http/errors.ts'
import { describedFields, fieldsOf, jsonObject, rowsByField } from '../../wire/rows/row.ts'
import { withFiles } from './request/blob.ts'
import { isTrue, writeOptions } from './request/write-options.ts'
import { noteRecent } from './request/recent.ts'
import { deleteRow, readRow } from './rows.ts'
import type { RestContext, RestRequest, RestResponse } from './request/request.ts'

/** True when `/sobjects/X/{name}/{value}` means a row by this field, not a relationship of the row `name`. */
export function isExternalIdField(context: RestContext, object: string, name: string): boolean {
  if (!hasIdShape(name)) return true
  const lower = name.toLowerCase()
  const field = describedFields(context.org, context.caller, object).find((f) => f.name.toLowerCase() === lower)
  return field !== undefined && (field.externalId || field.idLookup)
}

/** `PATCH /sobjects/X/{Field}/{value}`: 201 when created, 200 when updated, 300 with URLs when several match. */
export function upsertRow(
  request: RestRequest,
  context: RestContext,
  object: string,
  field: string,
  value: string,
): RestResponse {
  const { org, caller } = context
  const several = ambiguous(context, object, field, value)
  if (several) return several
  const fields = fieldsOf(org, caller, object, withFiles(request, jsonObject(request.body)))
  if (isTrue(request.query.get('updateOnly')) && rowsByField(org, caller, object, field, value).length === 0) {
    throw refusal.notFound()
  }
  const { id, created } = org.upsert(caller, object, field, value, fields, writeOptions(request))
  noteRecent(request, context, [id])
  return { status: created ? 201 : 200, body: { id, success: true, errors: [], created } }
}

export function readByExternalId(
  request: RestRequest,
  context: RestContext,
  object: string,
  field: string,
  value: string,
): RestResponse {
  return (
    ambiguous(context, object, field, value) ?? readRow(request, context, object, only(context, object, field, value))
  )
}

export function deleteByExternalId(
  request: RestRequest,
  context: RestContext,
  object: string,
  field: string,
  value: string,
): RestResponse {
  return (
    ambiguous(context, object, field, value) ?? deleteRow(request, context, object, only(context, object, field, value))
  )
}

function only(context: RestContext, object: string, field: string, value: string): string {
  const [id] = rowsByField(context.org, context.caller, object, field, value)
  if (!id) throw refusal.notFound()
  return id
}

function ambiguous(context: RestContext, object: string, field: string, value: string): RestResponse | undefined {
  const ids = rowsByField(context.org, context.caller, object, field, value)
  if (ids.length < 2) return undefined
  return { status: 300, body: ids.map((id) => `${context.base}/sobjects/${object}/${id}`) }
}
