// The people who approved, looked at again right before the first write: an approval ends when the right to give it does.
import { ANY_DECIDER, type Roster } from '../../contract/gate/lines.ts'
import type { ToolOutput } from '../../contract/tools.ts'
import { CallCount, CallLedger } from '../org/calls.ts'
import { idList, quoted, runQueries } from '../org/query.ts'
import type { Services } from '../services/services.ts'

type Lapsed = ToolOutput<'commitChangeSet'>['lapsed'][number]

export interface Approver {
  userId: string
  /** Rosters the person was on when the org signed. */
  on: readonly string[]
  /** When this server took the approval. */
  at: string
}

/** Approvers who may no longer approve, each with the reason. Asked about people: not part of a run's calls. */
export async function lapsedApprovers(
  approvers: readonly Omit<Approver, 'at'>[],
  rosters: readonly Roster[],
  services: Services,
): Promise<Lapsed[]> {
  const ids = approvers.map(({ userId }) => userId)
  const belonging = await rostersNow([ANY_DECIDER, ...rosters.map(({ from }) => from)], ids, services)
  return approvers.flatMap(({ userId, on }) => {
    const reason = reasonOf(userId, on, belonging)
    return reason === null ? [] : [{ userId, reason }]
  })
}

function reasonOf(userId: string, on: readonly string[], { active, members }: Belonging): string | null {
  if (!active.has(userId)) return 'is no longer an active user'
  const left = [...new Set([ANY_DECIDER, ...on])].filter((from) => !members.get(from)?.has(userId))
  return left.length === 0 ? null : `is no longer in ${left.join(', ')}`
}

interface Belonging {
  active: ReadonlySet<string>
  /** User ids by roster. */
  members: ReadonlyMap<string, ReadonlySet<string>>
}

/** Two API calls: who is active and in which group, and which permission sets carry the permissions; then who holds those. */
async function rostersNow(rosters: readonly string[], ids: readonly string[], services: Services): Promise<Belonging> {
  const names = [...new Set(rosters)]
  const among = idList(ids)
  const [active, ...first] = await columns(
    [
      { soql: `SELECT Id FROM User WHERE IsActive = true AND Id IN ${among}`, column: 'Id' },
      ...names.map((from) => membership(from, among)),
    ],
    services,
  )
  const members = new Map<string, ReadonlySet<string>>()
  const permissions = names.flatMap((from, index) => {
    const found = first[index] ?? new Set<string>()
    if (from.startsWith('permission:')) return found.size > 0 ? [{ from, sets: found }] : []
    members.set(from, found)
    return []
  })
  const assigned = permissions.map(({ sets }) => ({
    soql: `SELECT AssigneeId FROM PermissionSetAssignment WHERE AssigneeId IN ${among} AND PermissionSetId IN ${idList(sets)}`,
    column: 'AssigneeId',
  }))
  const holders = await columns(assigned, services)
  permissions.forEach(({ from }, index) => members.set(from, holders[index] ?? new Set()))
  return { active: active ?? new Set(), members }
}

interface ColumnQuery {
  soql: string
  column: string
}

function membership(from: string, among: string): ColumnQuery {
  const [kind, name = ''] = from.split(':')
  if (kind === 'group') {
    const of = `Group.DeveloperName = ${quoted(name)} AND Group.Type = 'Regular'`
    return {
      soql: `SELECT UserOrGroupId FROM GroupMember WHERE ${of} AND UserOrGroupId IN ${among}`,
      column: 'UserOrGroupId',
    }
  }
  const named = `SELECT Id FROM CustomPermission WHERE DeveloperName = ${quoted(name)}`
  return { soql: `SELECT ParentId FROM SetupEntityAccess WHERE SetupEntityId IN (${named})`, column: 'ParentId' }
}

async function columns(queries: readonly ColumnQuery[], services: Services): Promise<Set<string>[]> {
  const results = await runQueries(services.reader, queries, new CallCount(new CallLedger(), null))
  return results.map(({ rows }, index) => {
    const values = rows.map((row) => row[queries[index]?.column ?? ''])
    return new Set(values.filter((value): value is string => typeof value === 'string'))
  })
}
