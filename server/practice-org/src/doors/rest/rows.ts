import { hasIdShape } from '../../schema/ids.ts'
import { refusal } from '../../wire/http/errors.ts'
import { fieldsOf, jsonObject } from '../../wire/rows/row.ts'
import { withFiles } from './request/blob.ts'
import { dated, etagOf, isDated, isTagged, requireVersion, tagged } from './request/conditional.ts'
import { writeOptions } from './request/write-options.ts'
import { noteRecent } from './request/recent.ts'
import { noContent, ok, type RestContext, type RestRequest, type RestResponse } from './request/request.ts'

/** `POST /sobjects/X`. */
export function createRow(request: RestRequest, context: RestContext, object: string): RestResponse {
  const { org, caller, base } = context
  const fields = fieldsOf(org, caller, object, withFiles(request, jsonObject(request.body)))
  const id = org.create(caller, object, fields, writeOptions(request))
  noteRecent(request, context, [id])
  return {
    status: 201,
    body: { id, success: true, errors: [] },
    headers: { Location: `${base}/sobjects/${object}/${id}` },
  }
}

/** The names of `?fields=a,b`; undefined when it is left out. */
export function fieldsAsked(request: RestRequest): string[] | undefined {
  return request.query
    .get('fields')
    ?.split(',')
    .map((field) => field.trim())
    .filter(Boolean)
}

/**
 * `GET /sobjects/X/{id}?fields=A,B`.
 * Throws OrgError NOT_FOUND where the path names no id: then it is read as the name of a key.
 */
export function readRow(request: RestRequest, context: RestContext, object: string, id: string): RestResponse {
  requireId(context, object, id)
  const fields = fieldsAsked(request)
  const row = context.org.retrieve(context.caller, object, id, fields)
  noteRecent(request, context, [String(row['Id'])])
  const answer = ok(row)
  if (isDated(request)) {
    const stamp = context.org.retrieve(context.caller, object, id, ['SystemModstamp'])['SystemModstamp']
    return dated(request, Date.parse(String(stamp)) || 0, () => answer)
  }
  if (!isTagged(object)) return answer
  const whole = fields ? context.org.retrieve(context.caller, object, id) : row
  return tagged(request, whole, answer)
}

/** Throws OrgError NOT_FOUND, of the object when that is none. */
function requireId({ org, caller }: RestContext, object: string, id: string): void {
  if (hasIdShape(id)) return
  org.describe(caller, object)
  throw refusal.notFound(`Provided external ID field does not exist or is not accessible: ${id}`)
}

/** Of the whole row, whichever fields were asked for. */
const tagOf = (context: RestContext, object: string, id: string): string =>
  etagOf(context.org.retrieve(context.caller, object, id))

/** `PATCH /sobjects/X/{id}`. */
export function updateRow(request: RestRequest, context: RestContext, object: string, id: string): RestResponse {
  const { org, caller } = context
  requireId(context, object, id)
  const fields = fieldsOf(org, caller, object, withFiles(request, jsonObject(request.body)))
  const named = Object.keys(fields).find((name) => name.toLowerCase() === 'id')
  if (named) {
    throw refusal.badInput('The Id field should not be specified in the sobject data.', 'INVALID_FIELD')
  }
  if (isTagged(object)) requireVersion(request, () => tagOf(context, object, id))
  org.update(caller, object, id, fields, writeOptions(request))
  noteRecent(request, context, [id])
  return noContent
}

/** `DELETE /sobjects/X/{id}`. */
export function deleteRow(_request: RestRequest, context: RestContext, object: string, id: string): RestResponse {
  requireId(context, object, id)
  context.org.delete(context.caller, object, id)
  return noContent
}
