import type { Grant } from '../../contract/grant.ts'
import { ToolFailure } from '../failure/failure.ts'
import { idList, quoted, runQueries } from '../org/query.ts'
import type { Tool, ToolCall } from '../services/services.ts'

/**
 * Records as UserRecordAccess answers for the user, fields by profile and permission sets. What is not known is hidden, and so is
 * what is of no object that one of the grants names: the org is not asked about it.
 */
export const checkVisibility: Tool<'checkVisibility'> = async ({ userId, grants, recordIds, fields }, call) => {
  const known = grants.flatMap((hash) => call.services.grants.everActivated(hash) ?? [])
  const objects = objectsOf(known)
  const governing = new Map<string, string | null>()
  for (const field of fields.filter((path) => objects.has(objectIn(path))))
    governing.set(field, await governingField(field, call))
  const asked = [...new Set(governing.values())].filter((name) => name !== null)
  const records = await recordsOf(objects, recordIds, call)
  const readable = records.length > 0 ? await readableRecords(userId, records, call) : new Set<string>()
  const seen = asked.length > 0 ? await readableFields(userId, asked, call) : new Set<string>()
  const isSeen = (field: string) => {
    const name = governing.get(field)
    return name === null || (name !== undefined && seen.has(name))
  }
  return {
    records: Object.fromEntries(recordIds.map((id) => [id, readable.has(id)])),
    fields: Object.fromEntries(fields.map((field) => [field, isSeen(field)])),
    unknown: grants.filter((hash) => call.services.grants.everActivated(hash) === null),
    calls: call.count.calls,
  }
}

/** Objects that the grants name, by their names in small letters. */
function objectsOf(grants: readonly Grant[]): Map<string, string> {
  const names = grants.flatMap(({ reads, writes }) => [...Object.keys(reads), ...Object.keys(writes)])
  return new Map(names.map((name) => [name.toLowerCase(), name]))
}

const objectIn = (path: string): string => path.split('.')[0]?.toLowerCase() ?? ''

/** The ids of records of these objects. */
async function recordsOf(
  objects: ReadonlyMap<string, string>,
  ids: readonly string[],
  { services, count }: ToolCall,
): Promise<string[]> {
  const wanted = new Set(ids.map(prefixOf))
  const granted = new Set<string>()
  for (const object of objects.values()) {
    if (wanted.size === 0) break
    const prefix = await services.schemas.keyPrefix(object, count)
    if (prefix !== null && wanted.delete(prefix)) granted.add(prefix)
  }
  return ids.filter((id) => granted.has(prefixOf(id)))
}

const prefixOf = (id: string): string => id.slice(0, 3)

async function readableRecords(userId: string, ids: readonly string[], call: ToolCall): Promise<Set<string>> {
  const who = `UserId = ${quoted(userId)}`
  const soql = `SELECT RecordId, HasReadAccess FROM UserRecordAccess WHERE ${who} AND RecordId IN ${idList(ids)}`
  const [result] = await runQueries(call.services.reader, [{ soql }], call.count)
  const readable = result?.rows.filter(({ HasReadAccess }) => HasReadAccess === true) ?? []
  return new Set(readable.map(({ RecordId }) => String(RecordId)))
}

/** A profile's rights are those of a permission set it owns, which not every org lists among the assigned ones. */
async function readableFields(userId: string, fields: readonly string[], call: ToolCall): Promise<Set<string>> {
  const who = `SELECT ProfileId FROM User WHERE Id = ${quoted(userId)} AND IsActive = true`
  const [users] = await runQueries(call.services.reader, [{ soql: who }], call.count)
  const profileId = users?.rows[0]?.ProfileId
  if (typeof profileId !== 'string') return new Set()
  const readable = `SELECT Field FROM FieldPermissions WHERE PermissionsRead = true AND Field IN ${idList(fields)}`
  const assigned = `SELECT PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = ${quoted(userId)}`
  const queries = [
    { soql: `${readable} AND ParentId IN (${assigned})` },
    { soql: `${readable} AND Parent.ProfileId = ${quoted(profileId)}` },
  ]
  const results = await runQueries(call.services.reader, queries, call.count)
  return new Set(results.flatMap(({ rows }) => rows.map(({ Field }) => String(Field))))
}

/**
 * The `Object.Field` whose permission decides about a field: a part's is that of its compound (`Account.BillingAddress` for
 * `Account.BillingStreet`), the only one FieldPermissions has. Null: no permission governs the field, so that every
 * user who sees the record sees it. A field that does not exist counts as governed.
 */
async function governingField(path: string, { services, count }: ToolCall): Promise<string | null> {
  const [object, name, ...more] = path.split('.')
  if (!object || !name || more.length > 0) throw new ToolFailure('bad-request', `"${path}" is not Object.Field`)
  try {
    const schema = await services.schemas.of(object, count)
    const field = schema.field(name)
    if (!field) return path
    return field.permissionable ? `${schema.name}.${field.compoundFieldName ?? field.name}` : null
  } catch (error) {
    if (error instanceof ToolFailure && error.code === 'not-found') return path
    throw error
  }
}
