import { ToolFailure } from '../failure.ts'
import { idList, quoted, runQueries, type Row } from '../org/query.ts'
import type { Tool, ToolCall } from '../services.ts'

/** Records as UserRecordAccess answers for the user, fields by the user's permission sets; what is not known is hidden. */
export const checkVisibility: Tool<'checkVisibility'> = async ({ userId, recordIds, fields }, call) => {
  const governed = new Map<string, boolean>()
  for (const field of fields) governed.set(field, await isGoverned(field, call))
  const asked = fields.filter((field) => governed.get(field) === true)
  const queries = [
    ...(recordIds.length > 0 ? [recordQuery(userId, recordIds)] : []),
    ...(asked.length > 0 ? [fieldQuery(userId, asked)] : []),
  ]
  const results =
    queries.length > 0
      ? await runQueries(
          call.services.reader,
          queries.map((soql) => ({ soql })),
          call.count,
        )
      : []
  const readable = new Set(recordIds.length > 0 ? results[0]?.rows.filter(mayRead).map(recordIdOf) : [])
  const seen = new Set(asked.length > 0 ? results.at(-1)?.rows.map((row) => String(row.Field)) : [])
  return {
    records: Object.fromEntries(recordIds.map((id) => [id, readable.has(id)])),
    fields: Object.fromEntries(fields.map((field) => [field, governed.get(field) === false || seen.has(field)])),
    calls: call.count.calls,
  }
}

/** False: no permission governs the field, whoever sees the record sees it. A field that does not exist counts as governed. */
async function isGoverned(path: string, { services, count }: ToolCall): Promise<boolean> {
  const [object, name, ...more] = path.split('.')
  if (!object || !name || more.length > 0) throw new ToolFailure('bad-request', `"${path}" is not Object.Field`)
  try {
    const field = (await services.schemas.of(object, count)).field(name)
    return field?.permissionable !== false
  } catch (error) {
    if (error instanceof ToolFailure && error.code === 'not-found') return true
    throw error
  }
}

function recordQuery(userId: string, ids: readonly string[]): string {
  return `SELECT RecordId, HasReadAccess FROM UserRecordAccess WHERE UserId = ${quoted(userId)} AND RecordId IN ${idList(ids)}`
}

function fieldQuery(userId: string, fields: readonly string[]): string {
  const assigned = `SELECT PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = ${quoted(userId)}`
  return `SELECT Field FROM FieldPermissions WHERE PermissionsRead = true AND Field IN ${idList(fields)} AND ParentId IN (${assigned})`
}

const mayRead = (row: Row) => row.HasReadAccess === true
const recordIdOf = (row: Row) => String(row.RecordId)
