import type { FieldValue, Operation } from '../../contract/change-set.ts'
import type { Drift } from '../../contract/tools.ts'
import { objectOf } from '../grants/covers.ts'
import { sameValue } from '../org/json.ts'
import { isGone, type RecordState, type States } from './state.ts'

type Base = Record<string, string>
type Found = Omit<Drift, 'by' | 'at'>

/**
 * Where the org is no longer what the change set was composed on: a changed value that an operation replaces, a record that is
 * gone, any change at all to a record that would vanish. `base` null leaves the last rule out: a commit that has begun
 * changed those records itself.
 */
export function driftOf(operations: readonly Operation[], base: Base | null, states: States): Drift[] {
  return operations
    .flatMap((operation) => driftOfOne(operation, base, states))
    .map((found) => ({ ...found, ...lastChange(states.get(found.id)) }))
}

function driftOfOne(operation: Operation, base: Base | null, states: States): Found[] {
  switch (operation.kind) {
    case 'create':
      return []
    case 'update':
      return changed(operation.object, operation.id, operation.fields, states)
    case 'changeOwner': {
      const { object, id, from, to } = operation
      return changed(object, id, { OwnerId: { from, to } }, states)
    }
    case 'convertLead':
      return changed('Lead', operation.id, { IsConverted: { from: false, to: true } }, states)
    case 'delete':
      return vanishing(objectOf(operation), operation.id, base, states)
    case 'merge':
      return [
        ...changed(operation.object, operation.survivor, operation.fields, states),
        ...operation.losers.flatMap((id) => vanishing(operation.object, id, base, states)),
      ]
  }
}

function changed(
  object: string,
  id: string,
  fields: Record<string, { from: FieldValue; to: FieldValue }>,
  states: States,
): Found[] {
  const state = states.get(id)
  if (!state || isGone(state)) return [gone(object, id)]
  return Object.entries(fields).flatMap(([field, { from }]) => {
    const now = valueOf(state, field)
    return sameValue(now, from) ? [] : [{ id, object, field, was: from, now }]
  })
}

function vanishing(object: string, id: string, base: Base | null, states: States): Found[] {
  const state = states.get(id)
  if (!state || isGone(state)) return [gone(object, id)]
  const was = base?.[id]
  const now = valueOf(state, 'SystemModstamp')
  return was === undefined || sameValue(was, now) ? [] : [{ id, object, field: 'SystemModstamp', was, now }]
}

function gone(object: string, id: string): Found {
  return { id, object, field: 'IsDeleted', was: false, now: true }
}

/** Field names are case-insensitive in an org, and rows carry the org's spelling. */
function valueOf(state: RecordState, field: string): FieldValue {
  const exact = state.values[field]
  if (exact !== undefined) return exact
  const name = Object.keys(state.values).find((key) => key.toLowerCase() === field.toLowerCase())
  return name === undefined ? null : (state.values[name] ?? null)
}

function lastChange(state: RecordState | undefined): { by: string | null; at: string | null } {
  const by = state?.values['LastModifiedBy.Name'] ?? state?.values.LastModifiedById ?? null
  const at = state?.values.LastModifiedDate ?? null
  return { by: by === null ? null : String(by), at: at === null ? null : String(at) }
}
