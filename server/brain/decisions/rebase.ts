// A proposal brought up to the org as it is now, after a record it rests on was changed.
import { assertNever } from '../../contract/values/assert-never.ts'
import { type Operation, createdBy, setBy, touchedBy } from '../../contract/operations/operation.ts'
import type { Drift } from '../../contract/tool-shapes.ts'
import type { Phrase } from '../domain/phrase.ts'
import type { Proposal } from '../domain/proposal.ts'
import { nameOf } from './operation-words.ts'
import { sameValue } from '../../contract/values/field-value.ts'

/**
 * The proposal with the base values of today. A change that the org already holds is left out; of an undo, every change since
 * the write is left out. An empty list of operations means that nothing is left to do.
 */
export function rebase(proposal: Proposal, drift: readonly Drift[], base: Readonly<Record<string, string>>): Proposal {
  const operations = proposal.operations.flatMap((operation) =>
    proposal.undoes ? leftAlone(operation, drift) : rebased(operation, drift),
  )
  const before = { ...proposal.before }
  for (const { id, field, now } of drift) before[id] = { ...before[id], [field]: now }
  // What a change set makes goes with what it changes; one that only makes something stands by itself.
  const changes = (operation: Operation) => createdBy(operation) === null
  const isKept = operations.some(changes) || !proposal.operations.some(changes)
  return { ...proposal, operations: isKept ? operations : [], base: { ...proposal.base, ...base }, before }
}

/** An undo never takes back what it did not find: a value or record that changed is no longer what was written. */
function leftAlone(operation: Operation, drift: readonly Drift[]): Operation[] {
  const changed = (id: string, field?: string) =>
    drift.some((change) => change.id === id && (field === undefined || change.field === field))
  switch (operation.kind) {
    case 'update': {
      const left = Object.entries(operation.fields).filter(([field]) => !changed(operation.id, field))
      return left.length === 0 ? [] : [{ ...operation, fields: Object.fromEntries(left) }]
    }
    case 'changeOwner':
      return changed(operation.id, 'OwnerId') ? [] : [operation]
    case 'delete':
    case 'undelete':
      return changed(operation.id) ? [] : [operation]
    case 'create':
    case 'merge':
    case 'convertLead':
      return [operation]
    default:
      return assertNever(operation)
  }
}

function rebased(operation: Operation, drift: readonly Drift[]): Operation[] {
  const nowOf = (id: string, field: string) => drift.find((change) => change.id === id && change.field === field)
  switch (operation.kind) {
    case 'update':
    case 'merge': {
      const id = operation.kind === 'update' ? operation.id : operation.survivor
      const fields: typeof operation.fields = {}
      for (const [field, change] of Object.entries(operation.fields)) {
        const found = nowOf(id, field)
        const from = found ? found.now : change.from
        if (!found || !sameValue(from, change.to, found.as ?? null)) fields[field] = { ...change, from }
      }
      const isEmpty = operation.kind === 'update' && Object.keys(fields).length === 0
      return isEmpty ? [] : [{ ...operation, fields }]
    }
    case 'changeOwner': {
      const found = nowOf(operation.id, 'OwnerId')
      if (typeof found?.now !== 'string') return [operation]
      return found.now === operation.to ? [] : [{ ...operation, from: found.now }]
    }
    case 'create':
    case 'convertLead':
    case 'undelete':
    case 'delete':
      return [operation]
    default:
      return assertNever(operation)
  }
}

/** True when the operations change a value that drifted: the approvals are for another value. */
export function overlaps(operations: readonly Operation[], drift: readonly Pick<Drift, 'id' | 'field'>[]): boolean {
  return drift.some(({ id, field }) =>
    operations.flatMap(setBy).some((set) => set.record?.id === id && set.field === field),
  )
}

/**
 * A record that would end or has ended, a value that was evidence, or a record that no operation touches, e.g. a child record that
 * came meanwhile: what was concluded may no longer hold.
 */
export function restsOnIt(
  { operations, evidence = [] }: Pick<Proposal, 'operations' | 'evidence'>,
  { id, field }: Drift,
): boolean {
  if (field === 'SystemModstamp' || field === 'IsDeleted') return true
  const isSet = overlaps(operations, [{ id, field }])
  if (!isSet && evidence.some((value) => value.id === id && value.field === field)) return true
  return !operations.flatMap(touchedBy).some((record) => record.id === id)
}

/** Who changed what: why the earlier version is void. */
export function driftNotice(proposal: Proposal, drift: readonly Drift[]): Phrase {
  const first = drift[0]
  if (!first) return ['A record changed since this was proposed. Nothing was written.']
  const name = `${first.object}.${first.field}`
  // Every person may read the names of users, so that this one needs no record of which the reader must be sure.
  const by: Phrase = first.by ? [{ text: first.by }] : ['A user']
  const value = (text: Drift['now']): Phrase => [
    {
      text: text === null || text === '' ? '(blank)' : String(text),
      record: { object: first.object, id: first.id },
      field: name,
    },
  ]
  const more = drift.length > 1 ? ` and ${drift.length - 1} more` : ''
  return [
    ...by,
    ` changed ${proposal.labels[name] ?? first.field} of `,
    nameOf(first.id, proposal),
    ' from ',
    ...value(first.was),
    ' to ',
    ...value(first.now),
    `${more} since this was proposed. Nothing was written.`,
  ]
}
