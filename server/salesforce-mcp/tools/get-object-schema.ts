import { readableOf, type Tool } from '../services.ts'

/** Only granted fields are named, and only child objects the grant reads. */
export const getObjectSchema: Tool<'getObjectSchema'> = async ({ grant, object }, call) => {
  const readable = readableOf(grant, call)
  readable.object(object)
  const schema = await readable.schema(object)
  const fields = schema.fields.filter(({ name }) => readable.reads(schema.name, name))
  return {
    object: schema.name,
    label: schema.label,
    fields: fields.map(({ relationshipName: _unused, ...field }) => field),
    childRelationships: schema.childRelationships.map(({ childSObject, field, relationshipName }) => ({
      object: childSObject,
      field,
      relationshipName,
    })),
    calls: call.count.calls,
  }
}
