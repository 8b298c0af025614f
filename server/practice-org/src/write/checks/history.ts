// Field history: who changed which tracked field from what to what, and an opportunity's way through its stages.
import type { FieldDef, ObjectDef } from '../../schema/catalog.ts'
import type { Write } from '../../rules/core.ts'
import { makeId } from '../../schema/ids.ts'
import type { Row, Stored } from '../../store/row.ts'
import { toJson } from '../../store/values.ts'

/** History rows of all objects have one key prefix, so they share one counter. */
const COUNTER = 'id:AccountHistory'
/** Longer text has no values in the history, only the fact that it changed [K]. */
const MAX_SHOWN = 255

function add(write: Write, object: ObjectDef, id: string, field: string, before: Stored, after: Stored): void {
  if (!object.history) return
  const history = write.catalog.get(object.history)
  const parent = history.fields.find((each) => each.referenceTo.includes(object.name))
  write.store.insert(history, {
    Id: makeId(history.keyPrefix ?? '017', write.store.nextNumber(COUNTER)),
    IsDeleted: 0,
    [parent?.name ?? 'ParentId']: id,
    Field: field,
    OldValue: before,
    NewValue: after,
    CreatedDate: write.now(),
    CreatedById: write.caller.userId,
  })
}

export function recordCreated(write: Write, object: ObjectDef, id: string): void {
  add(write, object, id, 'created', null, null)
  const row = object.name === 'Opportunity' ? write.store.row(object, id) : undefined
  if (row) snapshot(write, object, row, [])
}

/** `accountMerged` and the like. */
export function recordSpecial(write: Write, object: ObjectDef, id: string, what: string): void {
  add(write, object, id, what, null, null)
}

/** One row per changed tracked field; a lookup gets two, with names and with ids, as in an org [K]. */
export function recordChanges(write: Write, object: ObjectDef, before: Row, after: Row, changed: string[]): void {
  if (object.name === 'Opportunity' && changed.some((name) => STAGED.has(name))) snapshot(write, object, after, changed)
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

const isLong = (field: FieldDef): boolean =>
  field.type === 'multipicklist' || (field.type === 'textarea' && (field.length ?? MAX_SHOWN) > MAX_SHOWN)

const shown = (field: FieldDef, value: Stored | undefined): Stored => {
  const json = isLong(field) ? null : toJson(field, value ?? null)
  return json === null ? null : String(json)
}

function nameOf(write: Write, id: Stored | undefined): Stored {
  const object = typeof id === 'string' ? write.catalog.byPrefix(id) : undefined
  if (!object || typeof id !== 'string') return null
  return write.store.row(object, id)?.[object.nameField ?? 'Id'] ?? null
}

/** What a row of OpportunityHistory shows; a change of any of them but the last makes a new row. */
const SNAPSHOT = ['StageName', 'Amount', 'CloseDate', 'Probability', 'ForecastCategory', 'ExpectedRevenue']
const STAGED = new Set(SNAPSHOT.slice(0, -1))
const LATEST = [
  ['Amount', 'LastAmountChangedHistoryId'],
  ['CloseDate', 'LastCloseDateChangedHistoryId'],
] as const

/** The state of an opportunity after a change; the opportunity keeps where its amount and date changed last. */
function snapshot(write: Write, object: ObjectDef, row: Row, changed: readonly string[]): void {
  const history = write.catalog.get('OpportunityHistory')
  const id = write.store.nextId(history)
  const now = write.now()
  write.store.insert(history, {
    Id: id,
    IsDeleted: 0,
    OpportunityId: row['Id'] ?? null,
    ...Object.fromEntries(SNAPSHOT.map((name) => [name, row[name] ?? null])),
    CreatedDate: now,
    CreatedById: write.caller.userId,
    SystemModstamp: now,
  })
  const links = LATEST.filter(([name]) => changed.includes(name)).map(([, link]) => [link, id])
  write.store.update(object, String(row['Id']), Object.fromEntries(links) as Row)
}
