import { z } from 'zod'
import type { Grant } from '../../server/contract/grant.ts'
import { ok, unknown, wrong, type Context, type Outcome } from './check.ts'
import { OrgRefusal, type OrgSession } from './org-session.ts'

const Described = z.object({
  createable: z.boolean(),
  updateable: z.boolean(),
  deletable: z.boolean(),
  fields: z.array(z.object({ name: z.string(), updateable: z.boolean(), createable: z.boolean() })),
})
type Described = z.infer<typeof Described>

/** Objects of the package that salesforce-mcp reads and creates records of. */
const OWN = ['Mission_Receipt__c', 'Mission_Activation__c', 'Mission_Exclusion__c']

/** Null when the user has no access to the object. */
async function describeObject(session: OrgSession, object: string): Promise<Described | null> {
  try {
    return Described.parse(await session.get(`/sobjects/${object}/describe`))
  } catch (error) {
    if (error instanceof OrgRefusal && error.code === 'NOT_FOUND') return null
    throw error
  }
}

const objectsOf = (grants: readonly Grant[], part: 'reads' | 'writes') =>
  [...new Set(grants.flatMap((grant) => Object.keys(grant[part])))].sort()

/** Checks every object that missions read; a missing object of an optional feature is listed, not wrong. */
export async function checkReaderReads({ reader, grants }: Context): Promise<Outcome> {
  const objects = [...objectsOf(grants, 'reads'), ...OWN]
  const seen = await Promise.all(objects.map((object) => describeObject(reader, object)))
  const missing = objects.filter((_, index) => seen[index] === null)
  const needed = missing.filter((object) => !['AccountContactRelation', 'AccountTeamMember'].includes(object))
  if (needed.length > 0) return wrong(`${reader.username} does not see ${needed.join(', ')}`)
  return ok(
    missing.length > 0
      ? `sees all but ${missing.join(', ')} (features this org has not)`
      : `sees ${objects.length} objects`,
  )
}

/** A field that the org has not never changes: its mission would never start, and no error would say why. */
export async function checkTriggerFields({ reader, triggerFields }: Context): Promise<Outcome> {
  const objects = [...new Set(triggerFields.map(({ object }) => object))]
  const seen = await Promise.all(objects.map((object) => describeObject(reader, object)))
  const names = new Map(
    objects.map((object, n) => [object, new Set(seen[n]?.fields.map(({ name }) => name.toLowerCase()))]),
  )
  // A parent's field is looked up by the query that names it.
  const lacking = triggerFields.filter(
    ({ object, field }) => !field.includes('.') && !names.get(object)?.has(field.toLowerCase()),
  )
  if (lacking.length === 0) return ok(`${triggerFields.length} fields`)
  const named = lacking.map(({ mission, object, field }) => `${object}.${field} (${mission})`)
  return wrong(`the org has not, or ${reader.username} does not see, ${named.join(', ')}`)
}

/** The reader must not be able to write what missions write, nor the receipts that prove it, nor the register of activations. */
export async function checkReaderWritesNothing({ reader, grants }: Context): Promise<Outcome> {
  const objects = [...objectsOf(grants, 'writes'), ...OWN]
  const seen = await Promise.all(objects.map((object) => describeObject(reader, object)))
  const open = objects.filter((_, index) => {
    const described = seen[index]
    return described && (described.createable || described.updateable || described.deletable)
  })
  return open.length > 0
    ? wrong(`${reader.username} may write ${open.join(', ')}: take away every permission but Missions_Reader`)
    : ok(`writes none of ${objects.join(', ')}`)
}

export async function checkWriterWrites({ writer, grants }: Context): Promise<Outcome> {
  if (!writer) return unknown('the writer’s key is with salesforce-mcp: run this with its settings there')
  const lacks: string[] = []
  for (const object of OWN) {
    const described = await describeObject(writer, object)
    if (!described?.createable) lacks.push(`create ${object}`)
  }
  for (const [object, { kinds, fields }] of grants.flatMap(({ writes }) => Object.entries(writes))) {
    const described = await describeObject(writer, object)
    if (!described && object !== 'AccountContactRelation') lacks.push(`see ${object}`)
    if (described) lacks.push(...lacking(object, kinds, fields, described))
  }
  return lacks.length > 0 ? wrong(`${writer.username} cannot ${lacks.join(', ')}`) : ok('may do what the grants name')
}

/** Fields the org lacks are skipped: missions leave them out. */
function lacking(object: string, kinds: readonly string[], fields: readonly string[], described: Described): string[] {
  const creates = kinds.includes('create')
  const edits = kinds.some((kind) => ['update', 'changeOwner', 'merge', 'convertLead'].includes(kind))
  const deletes = kinds.some((kind) => ['merge', 'delete', 'undelete'].includes(kind))
  const known = described.fields.filter(({ name }) => fields.includes(name))
  return [
    ...(creates && !described.createable ? [`create ${object}`] : []),
    ...(edits && !described.updateable ? [`edit ${object}`] : []),
    ...(deletes && !described.deletable ? [`delete ${object}`] : []),
    ...known
      .filter((field) => (edits && !field.updateable) || (creates && !field.createable))
      .map(({ name }) => `set ${object}.${name}`),
  ]
}

export function checkTwoUsers({ reader, writer }: Context): Outcome {
  if (!writer) return unknown('the writer’s key is with salesforce-mcp')
  return reader.userId === writer.userId
    ? wrong('reader and writer are one user')
    : ok(`${reader.username}, ${writer.username}`)
}
