import { ToolFailure } from '../failure/failure.ts'
import { idList, quoted, runQueries, type Row } from '../org/query.ts'
import { recordOf } from '../org/records.ts'
import type { Tool, ToolCall } from '../services/services.ts'

/** Direct members of a public group, or everyone whose permission sets carry a custom permission. */
export const resolveRoster: Tool<'resolveRoster'> = async ({ from }, call) => {
  const [, kind, name] = /^(group|permission):([A-Za-z]\w{0,79})$/.exec(from) ?? []
  if (!kind || !name) throw new ToolFailure('bad-request', `"${from}" is neither group:Name nor permission:Name`)
  const ids = kind === 'group' ? await memberIds(name, call) : await holderIds(name, call)
  const users = ids.length > 0 ? await activeUsers(ids, call) : []
  return { users, calls: call.count.calls }
}

async function memberIds(group: string, call: ToolCall): Promise<string[]> {
  const soql = `SELECT UserOrGroupId FROM GroupMember WHERE Group.DeveloperName = ${quoted(group)} AND Group.Type = 'Regular'`
  return column(await rows(soql, call), 'UserOrGroupId')
}

async function holderIds(permission: string, call: ToolCall): Promise<string[]> {
  const named = `SELECT Id FROM CustomPermission WHERE DeveloperName = ${quoted(permission)}`
  const sets = column(
    await rows(`SELECT ParentId FROM SetupEntityAccess WHERE SetupEntityId IN (${named})`, call),
    'ParentId',
  )
  if (sets.length === 0) return []
  const soql = `SELECT AssigneeId FROM PermissionSetAssignment WHERE PermissionSetId IN ${idList(sets)}`
  return column(await rows(soql, call), 'AssigneeId')
}

async function activeUsers(ids: readonly string[], call: ToolCall) {
  const soql = `SELECT Id, Name FROM User WHERE IsActive = true AND Id IN ${idList(ids)} ORDER BY Name`
  const records = (await rows(soql, call)).map((row) => recordOf(row))
  return records.map(({ id, values }) => ({ id, name: String(values.Name) }))
}

async function rows(soql: string, { services, count }: ToolCall): Promise<Row[]> {
  const [result] = await runQueries(services.reader, [{ soql }], count)
  return result?.rows ?? []
}

function column(found: readonly Row[], name: string): string[] {
  return found.map((row) => row[name]).filter((value): value is string => typeof value === 'string')
}
