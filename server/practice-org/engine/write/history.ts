// Field history: who changed which tracked field from what to what.
import type { FieldDef, ObjectDef } from '../catalog.ts'
import type { Write } from '../core.ts'
import type { Row, Stored } from '../store.ts'
import { toJson } from '../values.ts'

function add(write: Write, object: ObjectDef, id: string, field: string, before: Stored, after: Stored): void {
  if (!object.history) return
  const history = write.catalog.get(object.history)
  write.store.insert(history, {
    Id: write.store.nextId(history),
    IsDeleted: 0,
    [`${object.name}Id`]: id,
    Field: field,
    OldValue: before,
    NewValue: after,
    CreatedDate: write.now(),
    CreatedById: write.caller.userId,
  })
}

export function recordCreated(write: Write, object: ObjectDef, id: string): void {
  add(write, object, id, 'created', null, null)
}

/** `accountMerged` and the like. */
export function recordSpecial(write: Write, object: ObjectDef, id: string, what: string): void {
  add(write, object, id, what, null, null)
}

/** One row per changed tracked field; a lookup gets two, with names and with ids, as in an org [K]. */
export function recordChanges(write: Write, object: ObjectDef, before: Row, after: Row, changed: string[]): void {
  if (!object.history) return
  const id = String(after['Id'])
  for (const name of changed) {
    const field = object.byName.get(name.toLowerCase())
    if (!field?.tracked) continue
    const title = field.type === 'reference' && field.relationshipName ? field.relationshipName : field.name
    if (field.type === 'reference')
      add(write, object, id, title, nameOf(write, before[name]), nameOf(write, after[name]))
    add(write, object, id, title, shown(field, before[name]), shown(field, after[name]))
  }
}

const shown = (field: FieldDef, value: Stored | undefined): Stored => {
  const json = toJson(field, value ?? null)
  return json === null ? null : String(json)
}

function nameOf(write: Write, id: Stored | undefined): Stored {
  const object = typeof id === 'string' ? write.catalog.byPrefix(id) : undefined
  if (!object || typeof id !== 'string') return null
  return write.store.row(object, id)?.[object.nameField ?? 'Id'] ?? null
}
