// Storing changes to a record with all that follows from them.
import type { ObjectDef } from '../schema/catalog.ts'
import type { Write } from '../rules/core.ts'
import type { Row } from '../store/row.ts'
import { checkRequired, checkUnique } from './checks/check.ts'
import { afterSave } from './follows/after-save.ts'
import { derive } from './checks/derive.ts'
import { recordChanges } from './checks/history.ts'
import { checkNoCycle } from './checks/lookups.ts'
import { checkObjectRules } from './checks/object-rules.ts'
import { checkDependentPicklists } from './checks/picklists.ts'
import { checkRecordTypeValues } from './checks/record-types.ts'
import { stampsOf } from './checks/stamps.ts'

/**
 * Lays `changes` over a row with everything that follows: derived fields, rules, history, events, later automation.
 * For the engine's own changes too; asks for no rights.
 * @param gate the last that may refuse, once every other rule has passed: duplicate rules
 */
export function applyChanges(
  write: Write,
  object: ObjectDef,
  before: Row,
  changes: Row,
  given: ReadonlySet<string>,
  gate?: (after: Row) => void,
): void {
  const { store, catalog } = write
  const now = write.now()
  const after: Row = { ...before, ...changes }
  write.automation.checkRowLocks(object, after)
  const touched = Object.keys(changes).filter((name) => changes[name] !== before[name])
  Object.assign(after, write.automation.before(object, 'update', after, touched))
  Object.assign(after, derive({ store, catalog, object, after, before, given, now, userId: write.caller.userId }))
  const changed = Object.keys(after).filter((name) => after[name] !== before[name])
  checkRequired(object, after)
  checkObjectRules(write, object, before, after)
  checkUnique(write, object, after, changed)
  const id = String(before['Id'])
  for (const field of object.fields) {
    const isHierarchy = field.referenceTo.length === 1 && field.referenceTo[0] === object.name && field.updateable
    if (isHierarchy && changed.includes(field.name)) checkNoCycle(write, object, field, id, after[field.name] ?? null)
  }
  checkRecordTypeValues(write, object, after, changed)
  checkDependentPicklists(object, after, changed)
  write.automation.trigger(object, 'update', after, changed)
  write.automation.validate(object, after, changed)
  gate?.(after)
  writeRow(write, object, before, after, changed)
  write.saved.push({ object, on: 'update', id, changed })
  write.automation.schedule(object, 'update', after, changed)
}

/** Stores the changed fields with fresh stamps, and records history and event. */
export function writeRow(write: Write, object: ObjectDef, before: Row, after: Row, changed: string[]): void {
  const id = String(before['Id'])
  const stamps = stampsOf(write, object)
  Object.assign(after, stamps)
  const touched = [...new Set([...changed, ...Object.keys(stamps)])]
  write.store.update(object, id, Object.fromEntries(touched.map((name) => [name, after[name] ?? null])))
  recordChanges(write, object, before, after, changed)
  const modifier = after['LastModifiedById'] !== before['LastModifiedById'] ? ['LastModifiedById'] : []
  if (changed.length) write.draft.change('UPDATE', object, id, [...changed, ...modifier], after)
  afterSave(write, object, before, after, changed)
}
