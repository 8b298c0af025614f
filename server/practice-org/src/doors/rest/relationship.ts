// Records reached through a relationship of another: `/sobjects/Contact/{id}/Account/Owner`.

import { z } from 'zod'
import { refusal } from '../../wire/http/errors.ts'
import { describedFields, soqlText } from '../../wire/rows/row.ts'
import { readBlob } from './request/blob.ts'
import { queryAnswer } from './query/query.ts'
import type { RestContext, RestRequest, RestResponse } from './request/request.ts'
import { deleteRow, fieldsAsked, readRow, updateRow } from './rows.ts'

const ChildRelationship = z.object({ childSObject: z.string(), field: z.string(), relationshipName: z.string() })

interface Place {
  object: string
  id: string
}

/** `GET /sobjects/X/{id}/{relationship}…`: the parent record, the children as a query answers, or the bytes of a blob. */
export function readRelationship(
  request: RestRequest,
  context: RestContext,
  object: string,
  id: string,
  ...steps: string[]
): RestResponse {
  const last = steps.pop() ?? ''
  const place = parentAt(context, { object, id }, steps)
  const field = fieldNamed(context, place.object, last)
  if (field?.type === 'base64') return readBlob(context, place.object, place.id, last)
  const parent = lookupNamed(context, place.object, last)
  if (!parent) return readChildren(request, context, place, last)
  const target = parentAt(context, place, [last])
  return readRow(request, context, target.object, target.id)
}

type RowVerb = (request: RestRequest, context: RestContext, object: string, id: string) => RestResponse

/** The same verb upon the record that the relationships lead to. */
const through =
  (verb: RowVerb) =>
  (request: RestRequest, context: RestContext, object: string, id: string, ...steps: string[]): RestResponse => {
    const target = parentAt(context, { object, id }, steps)
    return verb(request, context, target.object, target.id)
  }

/** `PATCH /sobjects/X/{id}/{relationship}…`: changes the parent record. */
export const updateThrough = through(updateRow)

/** `DELETE /sobjects/X/{id}/{relationship}…`: deletes the parent record. */
export const deleteThrough = through(deleteRow)

const fieldNamed = ({ org, caller }: RestContext, object: string, name: string) =>
  describedFields(org, caller, object).find((field) => field.name.toLowerCase() === name.toLowerCase())

const lookupNamed = ({ org, caller }: RestContext, object: string, name: string) =>
  describedFields(org, caller, object).find((field) => field.relationshipName?.toLowerCase() === name.toLowerCase())

/** Follows lookups upwards. Throws OrgError NOT_FOUND where there is no such lookup, or it is blank. */
function parentAt(context: RestContext, from: Place, steps: string[]): Place {
  return steps.reduce<Place>(({ object, id }, step) => {
    const lookup = lookupNamed(context, object, step)
    if (!lookup) throw refusal.notFound()
    const parentId = context.org.retrieve(context.caller, object, id, [lookup.name])[lookup.name]
    if (typeof parentId !== 'string') throw refusal.notFound()
    return { object: objectOfId(context, parentId), id: parentId }
  }, from)
}

function readChildren(request: RestRequest, context: RestContext, { object, id }: Place, name: string): RestResponse {
  const { org, caller } = context
  const wanted = name.toLowerCase()
  const child = childRelationships(context, object).find((one) => one.relationshipName.toLowerCase() === wanted)
  if (!child) throw refusal.notFound()
  const parent = String(org.retrieve(caller, object, id, ['Id'])['Id'])
  const asked = fieldsAsked(request)
  const strange = asked?.find((field) => !/^\w+(\.\w+)*$/.test(field))
  if (strange !== undefined) {
    throw refusal.badInput(`No such column '${strange}' on sobject of type ${child.childSObject}`, 'INVALID_FIELD')
  }
  const names = asked ?? describedFields(org, caller, child.childSObject).map((field) => field.name)
  const soql = `SELECT ${names.join(', ')} FROM ${child.childSObject} WHERE ${child.field} = ${soqlText(parent)}`
  return queryAnswer(org.query(caller, soql), context)
}

/** The named relationships to children that this caller sees. */
export function childRelationships(context: RestContext, object: string): z.infer<typeof ChildRelationship>[] {
  const all = z.array(z.unknown()).catch([]).parse(context.org.describe(context.caller, object)['childRelationships'])
  return all.flatMap((one) => {
    const parsed = ChildRelationship.safeParse(one)
    return parsed.success ? [parsed.data] : []
  })
}

/** The object whose key prefix this id carries. */
function objectOfId(context: RestContext, id: string): string {
  const prefix = id.slice(0, 3)
  const found = context.org.describeGlobal(context.caller).find((summary) => summary['keyPrefix'] === prefix)
  if (typeof found?.['name'] !== 'string') throw refusal.notFound()
  return found['name']
}
