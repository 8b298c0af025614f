// The way back from a change set: which operations put it back, and what does not come back. Pure; said before approval and done afterwards by the same function.
import { hasTeam } from '../../../contract/org-objects.ts'
import { assertNever } from '../../../contract/values/assert-never.ts'
import { type ComparedAs, type FieldTypes, type FieldValue, isTrue } from '../../../contract/values/field-value.ts'
import {
  type Operation,
  type OperationOf,
  closedBy,
  endedBy,
  isIn,
  movedBy,
  revivedBy,
  setBy,
  touchedBy,
} from '../../../contract/operations/operation.ts'
import { planTransactions } from '../../../contract/operations/operation.ts'
import type { RecordKey } from '../../../contract/values/ids.ts'
import { sameValue } from '../../../contract/values/field-value.ts'
import { onePerRecord, restored, unmerged, withinLimit } from './bring-back.ts'
import {
  UNDO_SOURCE,
  type Held,
  type Org,
  type Parts,
  type Stay,
  type UndoGrant,
  type UndoPlan,
  type Written,
} from './plan-parts.ts'

type Update = OperationOf<'update'>

interface Chain {
  record: RecordKey
  /** From the first value before to the last one written, over all operations on the field. */
  fields: Map<string, { from: FieldValue; to: FieldValue; byOwnerChange: boolean }>
}

/**
 * Plans the way back. A field goes back only while it still holds what was written and the mission's grant writes it; what was
 * created goes only if the grant deletes that object and nobody worked on it; what was merged or deleted comes back while it lies
 * in the Recycle Bin as it went there. Conversions do not come back. `types` are of the held records' fields.
 */
export function planUndo(written: Written, held: Held, types: FieldTypes): UndoPlan {
  return planBack(written, { held, typeOf: ({ object }, field) => types[object]?.[field] ?? null })
}

function planBack(written: Written, org: Org): UndoPlan {
  const ended = endedOrClosed(written.operations)
  const values = chainsOf(written.operations)
    .filter(({ record }) => !ended.has(record.id))
    .map((chain) => putBack(chain, written.grant.writes, org))
  const others = written.operations.map((operation) => undone(operation, written, org))
  const parts = [...values, ...others]
  const found = parts.flatMap((part) => part.operations)
  const rest = (['changeOwner', 'delete', 'undelete'] as const).flatMap((kind) =>
    found.filter((operation) => operation.kind === kind),
  )
  const own = updatesIn(values)
  const touched = new Set(own.map(({ id }) => id))
  const moves = onePerRecord(updatesIn(others))
  const beside = moves.filter(({ id }) => touched.has(id))
  const limited = withinLimit(
    moves.filter(({ id }) => !touched.has(id)),
    [...own, ...rest],
    written.grant,
  )
  const operations = [...onePerRecord([...own, ...beside]), ...limited.moves, ...rest]
  const stays = [...parts.flatMap((part) => part.stays), ...limited.stays]
  return { class: operations.length === 0 ? 'none' : stays.length === 0 ? 'full' : 'partial', operations, stays }
}

const updatesIn = (parts: readonly Parts[]): Update[] =>
  parts.flatMap(({ operations }) => operations.filter((operation): operation is Update => operation.kind === 'update'))

/** The plan if everything is written exactly as proposed and nobody touches it: what people are told before they approve. */
export function foreseeUndo(operations: readonly Operation[], grant: UndoGrant): UndoPlan {
  const creates = operations.filter((operation) => operation.kind === 'create')
  // A key stands for the id that the record will get.
  const created = Object.fromEntries(creates.map(({ key }) => [key, key]))
  const written = { operations, created, grant, origins: null, before: {}, at: null }
  // What is held is what was written, letter by letter.
  return planBack(written, { held: asWritten(operations, created), typeOf: () => 'text' })
}

/** The touched records as they are right after everything was written. */
export function asWritten(operations: readonly Operation[], created: Written['created']): Held {
  const held = new Map<string, Record<string, FieldValue>>()
  for (const { record, fields } of chainsOf(operations)) {
    held.set(record.id, Object.fromEntries([...fields].map(([field, { to }]) => [field, to])))
  }
  const alsoHeld = (id: string, values: Readonly<Record<string, FieldValue>>) =>
    held.set(id, { ...held.get(id), ...values })
  for (const operation of operations) {
    for (const { record, mergedInto } of endedBy(operation))
      alsoHeld(record.id, { IsDeleted: true, MasterRecordId: mergedInto })
    for (const { record } of revivedBy(operation)) alsoHeld(record.id, { IsDeleted: false, MasterRecordId: null })
    for (const { move, to } of movedBy(operation)) {
      if ('ids' in move) move.ids.forEach((id) => alsoHeld(id, { [move.field]: to }))
    }
    const id = operation.kind === 'create' ? created[operation.key] : undefined
    if (operation.kind !== 'create' || id === undefined) continue
    held.set(id, Object.fromEntries(Object.entries(operation.fields).map(([field, { to }]) => [field, to])))
  }
  return held
}

/** Records that the operations themselves ended or closed to changes: values set on them do not count. */
function endedOrClosed(operations: readonly Operation[]): Set<string> {
  const ended = operations.flatMap(endedBy).map(({ record }) => record)
  return new Set([...ended, ...operations.flatMap(closedBy)].map(({ id }) => id))
}

/** Each record's values from before the first write to after the last, in the order of writing. */
function chainsOf(operations: readonly Operation[]): Chain[] {
  const inOrder = planTransactions(operations).flatMap(({ operations: indexes }) =>
    indexes.flatMap((index) => operations[index] ?? []),
  )
  const chains = new Map<string, Chain>()
  const add = (record: RecordKey, field: string, from: FieldValue, to: FieldValue, byOwnerChange: boolean) => {
    const chain = chains.get(record.id) ?? { record, fields: new Map() }
    const before = chain.fields.get(field)
    const owned = byOwnerChange || (before?.byOwnerChange ?? false)
    chain.fields.set(field, { from: before ? before.from : from, to, byOwnerChange: owned })
    chains.set(record.id, chain)
  }
  for (const operation of inOrder) {
    for (const { record, field, from, to } of setBy(operation)) {
      if (record) add(record, field, from ?? null, to, isIn('owners', operation))
    }
  }
  return [...chains.values()]
}

function putBack({ record, fields }: Chain, writes: UndoGrant['writes'], { held, typeOf }: Org): Parts {
  const now = held.get(record.id)
  const changed = [...fields].filter(([field, { from, to }]) => !sameValue(from, to, typeOf(record, field)))
  if (changed.length === 0) return { operations: [], stays: [] }
  if (!now || isTrue(now['IsDeleted'])) return { operations: [], stays: [{ why: 'gone', record }] }
  const stays: Stay[] = []
  const back: Extract<Operation, { kind: 'update' }>['fields'] = {}
  const operations: Operation[] = []
  for (const [field, { from, to, byOwnerChange }] of changed) {
    const value = now[field]
    const as = typeOf(record, field)
    if (value !== undefined && sameValue(value, from, as)) continue
    const why = reasonToStay(record, field, { value, from, to, byOwnerChange, as }, { now, writes, held })
    if (why) stays.push({ why, record, field })
    else if (!byOwnerChange) back[field] = { from: value ?? null, to: from, source: UNDO_SOURCE }
    else operations.push(ownerBack(record, String(value), String(from)))
  }
  if (Object.keys(back).length > 0) operations.unshift({ kind: 'update', ...record, fields: back })
  return { operations, stays }
}

interface Standing {
  value: FieldValue | undefined
  from: FieldValue
  to: FieldValue
  byOwnerChange: boolean
  as: ComparedAs | null
}

function reasonToStay(
  { object }: RecordKey,
  field: string,
  { value, from, to, byOwnerChange, as }: Standing,
  { now, writes, held }: { now: Readonly<Record<string, FieldValue>>; writes: UndoGrant['writes']; held: Held },
): Extract<Stay, { field: string }>['why'] | null {
  if (value === undefined) return 'unread'
  if (!sameValue(value, to, as)) return 'changed'
  if (isTrue(now['IsConverted'])) return 'converted'
  const granted = writes[object]
  if (!granted?.kinds.includes(byOwnerChange ? 'changeOwner' : 'update')) return 'not-granted'
  if (!granted.fields.includes(field)) return 'not-granted'
  return byOwnerChange && held.get(String(from))?.['IsActive'] === false ? 'inactive' : null
}

/** Nothing is carried along: what moved with the owner, or left the team then, is no longer known to be the same. */
const ownerBack = (record: RecordKey, from: string, to: string): Operation => ({
  kind: 'changeOwner',
  ...record,
  from,
  to,
  source: UNDO_SOURCE,
  keepTeam: true,
  transfer: [],
})

/** What an operation leaves besides values: records created, ended or moved. */
function undone(operation: Operation, written: Written, org: Org): Parts {
  switch (operation.kind) {
    case 'update':
      return { operations: [], stays: [] }
    case 'create':
      return createdBack(operation, written, org)
    case 'changeOwner': {
      const record = { object: operation.object, id: operation.id }
      const stays: Stay[] = []
      if (operation.transfer.length > 0) stays.push({ why: 'transferred', record })
      if (!operation.keepTeam && hasTeam(operation.object)) stays.push({ why: 'team', record })
      return { operations: [], stays }
    }
    case 'merge':
      return unmerged(operation, written, org)
    case 'convertLead':
      return { operations: [], stays: touchedBy(operation).map((record) => ({ why: 'lead-converted', record })) }
    case 'delete':
      return restored({ object: operation.object, id: operation.id }, null, written, org)
    case 'undelete':
      return endedAgain(operation, written, org)
    default:
      return assertNever(operation)
  }
}

function createdBack(
  { object, key, fields }: Extract<Operation, { kind: 'create' }>,
  { created, grant: { writes } }: Written,
  { held, typeOf }: Org,
): Parts {
  const id = created[key]
  if (id === undefined) return { operations: [], stays: [{ why: 'unfound', object }] }
  const now = held.get(id)
  if (!now || isTrue(now['IsDeleted'])) return { operations: [], stays: [] }
  const record = { object, id }
  const untouched = Object.entries(fields).every(([field, { to }]) =>
    sameValue(now[field] ?? null, to, typeOf(record, field)),
  )
  if (!untouched) return { operations: [], stays: [{ why: 'worked-on', record }] }
  if (!writes[object]?.kinds.includes('delete')) return { operations: [], stays: [{ why: 'created', record }] }
  return { operations: [{ kind: 'delete', ...record }], stays: [] }
}

/** A restored record is deleted again only where the mission deletes; one that was merged stays, with the children it has by now. */
function endedAgain(
  { object, id, mergedInto }: OperationOf<'undelete'>,
  { grant: { writes } }: Written,
  { held }: Org,
): Parts {
  const record = { object, id }
  const now = held.get(id)
  if (!now || isTrue(now['IsDeleted'])) return { operations: [], stays: [] }
  const isGranted = mergedInto === null && writes[object]?.kinds.includes('delete')
  if (!isGranted) return { operations: [], stays: [{ why: 'restored', record }] }
  return { operations: [{ kind: 'delete', ...record }], stays: [] }
}
