import {
  type Operation,
  endedBy,
  isIn,
  revivedBy,
  touchedBy,
  type KindIn,
  type OperationOf,
} from '../../contract/operations/operation.ts'
import type { ToolOutput } from '../../contract/tools.ts'
import { isGone, PARENTS_UP, type States } from '../writers/state.ts'

type Blocker = ToolOutput<'checkChangeSet'>['blockers'][number]
type Merge = OperationOf<KindIn<'merge'>>

/** The reasons, found by reading, for which the org will refuse a write. */
export function blockersOf(operations: readonly Operation[], states: States): Blocker[] {
  const deleted = new Set(
    operations
      .flatMap((operation) => (isIn('composite', operation) ? endedBy(operation) : []))
      .map(({ record }) => record.id),
  )
  return operations.flatMap((operation) => {
    const revived = new Set(revivedBy(operation).map(({ record }) => record.id))
    const living = touchedBy(operation).filter(({ id }) => !revived.has(id))
    const gone = [
      ...goneBlockers(
        living.map(({ id }) => id),
        states,
      ),
      ...purgedBlockers([...revived], states),
    ]
    return isIn('merge', operation) ? [...gone, ...mergeBlockers(operation, states, deleted)] : gone
  })
}

function mergeBlockers(merge: Merge, states: States, deleted: ReadonlySet<string>): Blocker[] {
  const all = [merge.survivor, ...merge.losers]
  return [...sharedContacts(all, states, deleted), ...mixedKinds(all, states), ...circular(merge, states)]
}

function goneBlockers(ids: readonly string[], states: States): Blocker[] {
  const gone = ids.filter((id) => isGone(states.get(id)))
  if (gone.length === 0) return []
  return [{ code: 'record-deleted', sentence: 'A record of the change set no longer exists.', ids: gone }]
}

function purgedBlockers(ids: readonly string[], states: States): Blocker[] {
  const purged = ids.filter((id) => !states.has(id))
  if (purged.length === 0) return []
  const sentence = 'A record to restore is no longer in the Recycle Bin.'
  return [{ code: 'not-in-recycle-bin', sentence, ids: purged }]
}

/** Salesforce refuses to merge accounts that share a related contact; deletes of the same change set come before its merges. */
function sharedContacts(ids: readonly string[], states: States, deleted: ReadonlySet<string>): Blocker[] {
  const seen = new Set<string>()
  const shared = new Set<string>()
  for (const id of ids) {
    const relations = states.get(id)?.relations.filter((relation) => !deleted.has(relation.id)) ?? []
    for (const contact of new Set(relations.map(({ contactId }) => contactId))) {
      if (seen.has(contact)) shared.add(contact)
      seen.add(contact)
    }
  }
  if (shared.size === 0) return []
  const sentence = 'A contact is related to more than one of the accounts, so Salesforce refuses their merge.'
  return [{ code: 'related-contact-on-both', sentence, ids: [...shared] }]
}

function mixedKinds(ids: readonly string[], states: States): Blocker[] {
  const person = ids.filter((id) => states.get(id)?.values.IsPersonAccount === true)
  if (person.length === 0 || person.length === ids.length) return []
  const sentence = 'A person account and a business account cannot be merged.'
  return [{ code: 'person-and-business', sentence, ids: person }]
}

/** Parents are told as far up as they were read (`PARENTS_UP`): an account may stand between two that are merged. */
function circular({ survivor, losers }: Merge, states: States): Blocker[] {
  const family = new Set<unknown>([survivor, ...losers])
  const inside = [survivor, ...losers].filter((id) =>
    PARENTS_UP.some((path) => family.has(states.get(id)?.values[path])),
  )
  if (inside.length === 0) return []
  const sentence = 'One of the accounts is the parent of another, so the merged account would be its own parent.'
  return [{ code: 'circular-hierarchy', sentence, ids: inside }]
}
