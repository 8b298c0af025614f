import { blockersOf } from '../commit/blockers.ts'
import { judge } from '../commit/gate.ts'
import { apartIn, apartQueries, KEPT_APART } from '../commit/kept-apart.ts'
import { driftOfChildren } from '../commit/moved-children.ts'
import { readOrgNow } from '../commit/org-now.ts'
import { driftOf } from '../commit/drift.ts'
import { outsideGrant } from '../grants/covers.ts'
import type { Tool } from '../services/services.ts'

export const checkChangeSet: Tool<'checkChangeSet'> = async ({ grant: name, operations, base }, call) => {
  const { services, count } = call
  const granted = services.grants.get(name)
  const outside = outsideGrant(granted, operations)
  if (outside !== null) {
    const blocker = { code: 'not-granted', sentence: `${outside[0]?.toUpperCase()}${outside.slice(1)}.`, ids: [] }
    return { base: {}, drift: [], blockers: [blocker], gate: null, calls: count.calls }
  }
  const { states, relationships, others } = await readOrgNow(
    call,
    { operations },
    granted,
    apartQueries(operations, services),
  )
  const apart = apartIn(operations, others[0]?.rows ?? [], services)
  const children = driftOfChildren(operations, states, relationships)
  const now = [...states.values()].map(({ id, values }) => [id, String(values.SystemModstamp)] as const)
  return {
    base: Object.fromEntries(now),
    drift: [...driftOf(operations, base, states), ...children.map((found) => ({ ...found, by: null, at: null }))],
    blockers: [
      ...blockersOf(operations, states),
      ...(apart.length > 0 ? [{ code: 'kept-apart', sentence: `${KEPT_APART}.`, ids: apart }] : []),
    ],
    gate: judge(granted, operations, states),
    calls: count.calls,
  }
}
