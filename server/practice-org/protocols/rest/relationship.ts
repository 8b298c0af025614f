import { z } from 'zod'
import { refusal } from '../http/errors.ts'
import { describedFields, soqlText } from '../writes/row.ts'
import { queryAnswer } from './query.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from './request.ts'

const ChildRelationship = z.object({ childSObject: z.string(), field: z.string(), relationshipName: z.string() })

/** `GET /sobjects/X/{id}/{relationship}`: the parent record, or the children as a query answers. */
export function readRelationship(
  request: RestRequest,
  context: RestContext,
  object: string,
  id: string,
  relationship: string,
): RestResponse {
  const { org, caller } = context
  const wanted = relationship.toLowerCase()
  const lookup = describedFields(org, caller, object).find((f) => f.relationshipName?.toLowerCase() === wanted)
  const fields = request.query.get('fields')?.split(',').filter(Boolean)
  if (lookup) {
    const parentId = org.retrieve(caller, object, id, [lookup.name])[lookup.name]
    if (typeof parentId !== 'string') throw refusal.notFound()
    return ok(org.retrieve(caller, objectOfId(context, parentId), parentId, fields))
  }
  const child = childRelationships(context, object).find((one) => one.relationshipName.toLowerCase() === wanted)
  if (!child) throw refusal.notFound()
  org.retrieve(caller, object, id, ['Id'])
  const names = fields ?? describedFields(org, caller, child.childSObject).map((field) => field.name)
  const soql = `SELECT ${names.join(', ')} FROM ${child.childSObject} WHERE ${child.field} = ${soqlText(id)}`
  return queryAnswer(org.query(caller, soql), context)
}

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
