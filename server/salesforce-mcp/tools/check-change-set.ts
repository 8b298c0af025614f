import { blockersOf } from '../commit/blockers.ts'
import { driftOf } from '../commit/drift.ts'
import { readStates } from '../writers/state.ts'
import { outsideGrant } from '../grants/covers.ts'
import type { Tool } from '../services/services.ts'

export const checkChangeSet: Tool<'checkChangeSet'> = async ({ grant, operations, base }, { services, count }) => {
  const outside = outsideGrant(services.grants.get(grant), operations)
  if (outside !== null) {
    const blocker = { code: 'not-granted', sentence: `${outside[0]?.toUpperCase()}${outside.slice(1)}.`, ids: [] }
    return { base: {}, drift: [], blockers: [blocker], calls: count.calls }
  }
  const states = await readStates(services.reader, services.schemas, operations, count)
  const now = [...states.values()].map(({ id, values }) => [id, String(values.SystemModstamp)] as const)
  return {
    base: Object.fromEntries(now),
    drift: driftOf(operations, base, states),
    blockers: blockersOf(operations, states),
    calls: count.calls,
  }
}
