import type { SealedDocument } from '../../contract/change-set.ts'
import type { RecordKey } from '../../contract/values/ids.ts'
import type { FieldValue } from '../../contract/values/field-value.ts'
import { type Operation, endedBy, leftBy, revivedBy, setBy, touchedBy } from '../../contract/operations/operation.ts'
import type { Drift } from '../../contract/tool-shapes.ts'
import { sameValue } from '../../contract/values/field-value.ts'
import { isGone, type RecordState, type States } from '../writers/state.ts'

type Base = Record<string, string>
type Found = Omit<Drift, 'by' | 'at'>

/**
 * Where the org is no longer what the change set was composed on: a changed value that an operation replaces, a record that is
 * gone, any change at all to a record that would vanish. Values are compared by the type of their field. `base` null leaves the
 * last rule out: a commit that has begun changed those records itself.
 */
export function driftOf(operations: readonly Operation[], base: Base | null, states: States): Drift[] {
  return operations
    .flatMap((operation) => driftOfOne(operation, base, states))
    .map((found) => ({ ...found, ...lastChange(states.get(found.id)) }))
}

function driftOfOne(operation: Operation, base: Base | null, states: States): Found[] {
  const ending = new Set(endedBy(operation).map(({ record }) => record.id))
  const reviving = new Map(revivedBy(operation).map(({ record, mergedInto }) => [record.id, mergedInto]))
  return [
    ...touchedBy(operation).flatMap((record) => {
      const mergedInto = reviving.get(record.id)
      if (mergedInto !== undefined) return unlikeEnded(record, mergedInto, base, states)
      return ending.has(record.id) ? vanishing(record, base, states) : missing(record, states)
    }),
    ...setBy(operation).flatMap(({ record, field, from }) => (record ? changed(record, field, from, states) : [])),
    // The values it leaves behind must not stand yet.
    ...leftBy(operation).flatMap(({ record, field, to }) => changed(record, field, notYet(to), states)),
  ]
}

/** Where a value that the change set was concluded from is another, apart from those that its operations set. */
export function driftOfEvidence(
  { operations, evidence = [] }: Pick<SealedDocument, 'operations' | 'evidence'>,
  states: States,
): Drift[] {
  const own = new Set(
    operations
      .flatMap((operation) => [...setBy(operation), ...leftBy(operation)])
      .map(({ record, field }) => `${record?.id}.${field}`),
  )
  return evidence
    .filter(({ id, field }) => !own.has(`${id}.${field}`))
    .flatMap(({ object, id, field, value }) => [
      ...missing({ object, id }, states),
      ...changed({ object, id }, field, value, states),
    ])
    .map((found) => ({ ...found, ...lastChange(states.get(found.id)) }))
}

const notYet = (to: FieldValue): FieldValue => (typeof to === 'boolean' ? !to : null)

function missing({ object, id }: RecordKey, states: States): Found[] {
  return isGone(states.get(id)) ? [gone(object, id)] : []
}

function changed({ object, id }: RecordKey, field: string, from: FieldValue | undefined, states: States): Found[] {
  const state = states.get(id)
  if (!state || isGone(state)) return []
  const now = valueOf(state, field)
  const as = state.schema.comparedAs(field)
  return sameValue(now, from, as) ? [] : [{ id, object, field, was: from ?? null, now, ...(as && { as }) }]
}

function vanishing({ object, id }: RecordKey, base: Base | null, states: States): Found[] {
  const state = states.get(id)
  if (!state || isGone(state)) return [gone(object, id)]
  const was = base?.[id]
  const now = valueOf(state, 'SystemModstamp')
  return was === undefined || sameValue(was, now, 'time') ? [] : [{ id, object, field: 'SystemModstamp', was, now }]
}

/** A record to restore must lie in the Recycle Bin as it was found there: deleted, and merged into the same record or none. */
function unlikeEnded({ object, id }: RecordKey, mergedInto: string | null, base: Base | null, states: States): Found[] {
  const state = states.get(id)
  if (!state) return [gone(object, id)]
  if (!isGone(state)) return [{ id, object, field: 'IsDeleted', was: true, now: false }]
  const master = valueOf(state, 'MasterRecordId')
  if (master !== mergedInto) return [{ id, object, field: 'MasterRecordId', was: mergedInto, now: master }]
  const was = base?.[id]
  const now = valueOf(state, 'SystemModstamp')
  return was === undefined || sameValue(was, now, 'time') ? [] : [{ id, object, field: 'SystemModstamp', was, now }]
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
