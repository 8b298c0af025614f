// The people of a roster, as the org answers it.
import { ToolFailure } from '../failure/failure.ts'
import type { CallCount } from './calls.ts'
import type { OrgConnection } from './connection.ts'
import { idList, quoted, runQueries, type Row } from './query.ts'
import { recordOf } from './records.ts'

interface Asking {
  reader: OrgConnection
  count: CallCount
}

interface Person {
  id: string
  name: string
}

/**
 * Direct members of a public group, or everyone whose permission sets carry a custom permission: active users, by name. Throws
 * ToolFailure `bad-request` for another roster.
 */
export async function peopleOf(from: string, asking: Asking): Promise<Person[]> {
  const [, kind, name] = /^(group|permission):([A-Za-z]\w{0,79})$/.exec(from) ?? []
  if (!kind || !name) throw new ToolFailure('bad-request', `"${from}" is neither group:Name nor permission:Name`)
  const ids = kind === 'group' ? await memberIds(name, asking) : await holderIds(name, asking)
  return ids.length > 0 ? activeUsers(ids, asking) : []
}

async function memberIds(group: string, asking: Asking): Promise<string[]> {
  const soql = `SELECT UserOrGroupId FROM GroupMember WHERE Group.DeveloperName = ${quoted(group)} AND Group.Type = 'Regular'`
  return column(await rows(soql, asking), 'UserOrGroupId')
}

async function holderIds(permission: string, asking: Asking): Promise<string[]> {
  const named = `SELECT Id FROM CustomPermission WHERE DeveloperName = ${quoted(permission)}`
  const sets = column(
    await rows(`SELECT ParentId FROM SetupEntityAccess WHERE SetupEntityId IN (${named})`, asking),
    'ParentId',
  )
  if (sets.length === 0) return []
  const soql = `SELECT AssigneeId FROM PermissionSetAssignment WHERE PermissionSetId IN ${idList(sets)}`
  return column(await rows(soql, asking), 'AssigneeId')
}

async function activeUsers(ids: readonly string[], asking: Asking): Promise<Person[]> {
  const soql = `SELECT Id, Name FROM User WHERE IsActive = true AND Id IN ${idList(ids)} ORDER BY Name`
  const records = (await rows(soql, asking)).map((row) => recordOf(row))
  return records.map(({ id, values }) => ({ id, name: String(values.Name) }))
}

async function rows(soql: string, { reader, count }: Asking): Promise<Row[]> {
  const [result] = await runQueries(reader, [{ soql }], count)
  return result?.rows ?? []
}

function column(found: readonly Row[], name: string): string[] {
  return found.map((row) => row[name]).filter((value): value is string => typeof value === 'string')
}
