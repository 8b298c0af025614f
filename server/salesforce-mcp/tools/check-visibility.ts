import { ToolFailure } from '../failure/failure.ts'
import { idList, quoted, runQueries } from '../org/query.ts'
import type { Tool, ToolCall } from '../services/services.ts'

/** Records as UserRecordAccess answers for the user, fields by profile and permission sets; what is not known is hidden. */
export const checkVisibility: Tool<'checkVisibility'> = async ({ userId, recordIds, fields }, call) => {
  const governing = new Map<string, string | null>()
  for (const field of fields) governing.set(field, await governingField(field, call))
  const asked = [...new Set(governing.values())].filter((name) => name !== null)
  const readable = recordIds.length > 0 ? await readableRecords(userId, recordIds, call) : new Set<string>()
  const seen = asked.length > 0 ? await readableFields(userId, asked, call) : new Set<string>()
  const isSeen = (field: string) => {
    const name = governing.get(field)
    return name === null || (name !== undefined && seen.has(name))
  }
  return {
    records: Object.fromEntries(recordIds.map((id) => [id, readable.has(id)])),
    fields: Object.fromEntries(fields.map((field) => [field, isSeen(field)])),
    calls: call.count.calls,
  }
}

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
