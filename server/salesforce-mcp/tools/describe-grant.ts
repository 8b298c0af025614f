import type { Grant } from '../../contract/grant.ts'
import type { DescribedObject } from '../../contract/described-grant.ts'
import { ToolFailure } from '../failure/failure.ts'
import { SchemaCache, type ObjectSchema } from '../org/describe.ts'
import { peopleOf } from '../org/roster.ts'
import type { Tool } from '../services/services.ts'

/**
 * The grant needs no activation: names are no secret, and of people only their number is told. What may be read is described as the
 * reading user sees it, what may be set as the writing user does.
 */
export const describeGrant: Tool<'describeGrant'> = async ({ grant }, { services, count }) => {
  const { schemas, reader, writer } = services
  const ofWriter = new SchemaCache(writer)
  const names = [...new Set([...Object.keys(grant.reads), ...Object.keys(grant.writes)])].sort()
  const objects = []
  for (const object of names) {
    const schema = await orNull(schemas.of(object, count))
    const written = object in grant.writes ? await orNull(ofWriter.of(object, count)) : null
    objects.push({ object, found: schema && describedIn({ schema, written }, grant, object, names) })
  }
  const froms = grant.gate.flatMap((line) => ('asks' in line ? line.asks.map(({ from }) => from) : []))
  const rosters = []
  for (const from of new Set(froms)) rosters.push({ from, people: (await peopleOf(from, { reader, count })).length })
  return { objects, rosters, calls: count.calls }
}

/** Null for an object that the org lacks, or that the user does not see. */
async function orNull(schema: Promise<ObjectSchema>): Promise<ObjectSchema | null> {
  try {
    return await schema
  } catch (error) {
    if (error instanceof ToolFailure && (error.code === 'not-found' || error.code === 'bad-request')) return null
    throw error
  }
}

function describedIn(
  { schema, written }: { schema: ObjectSchema; written: ObjectSchema | null },
  grant: Grant,
  object: string,
  objects: readonly string[],
): DescribedObject {
  const facts = Object.values(grant.facts).flatMap((path) =>
    path.startsWith(`${object}.`) ? [path.split('.')[1]] : [],
  )
  const named = [...(grant.reads[object] ?? []), ...(grant.writes[object]?.fields ?? []), ...facts]
  return {
    names: schema.fields.map(({ name }) => name),
    fields: [...new Set(named)].flatMap((name) => {
      const field = schema.field(name ?? '')
      if (!field) return []
      const { createable = false, updateable = false } = written?.field(name ?? '') ?? {}
      const { type, calculated, referenceTo, restrictedPicklist, picklistValues } = field
      const offered = (picklistValues ?? []).filter(({ active }) => active).map(({ value }) => value)
      const values = restrictedPicklist ? offered : null
      return [{ name: field.name, type, createable, updateable, calculated, referenceTo, values }]
    }),
    children: schema.childRelationships.flatMap(({ childSObject, field, relationshipName }) =>
      relationshipName !== null && objects.includes(childSObject)
        ? [{ object: childSObject, field, relationship: relationshipName }]
        : [],
    ),
  }
}
