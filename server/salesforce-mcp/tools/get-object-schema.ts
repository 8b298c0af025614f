import { readableOf, type Tool } from '../services/services.ts'

/** The whole description of a granted object: names are no secret, values are. */
export const getObjectSchema: Tool<'getObjectSchema'> = async ({ grant, object }, call) => {
  const readable = readableOf(grant, call)
  readable.object(object)
  const schema = await readable.schema(object)
  return {
    object: schema.name,
    label: schema.label,
    fields: schema.fields.map(
      ({ relationshipName: _unused, restrictedPicklist: _restricted, picklistValues: _values, ...field }) => field,
    ),
    childRelationships: schema.childRelationships.map(({ childSObject, field, relationshipName }) => ({
      object: childSObject,
      field,
      relationshipName,
    })),
    calls: call.count.calls,
  }
}
