// Creating a record.
import type { ObjectDef } from '../catalog.ts'
import { readableObject, type Write } from '../core.ts'
import { checkDuplicates } from '../duplicates/detect.ts'
import { refusal } from '../refuse.ts'
import type { Row, Store } from '../store.ts'
import type { Value, WriteOptions } from '../../org.ts'
import { checkRequired, checkUnique, defaultRow, givenRow } from './check.ts'
import { afterSave } from './after-save.ts'
import { derive } from './derive.ts'
import { prepareFile } from './files.ts'
import { recordCreated } from './history.ts'
import { checkObjectRules } from './object-rules.ts'

/** Creates a record after every check and gives its id. Must run inside a transaction. */
export function createRecord(
  write: Write,
  objectName: string,
  fields: Record<string, Value>,
  options: WriteOptions = {},
): string {
  const object = readableObject(write, write.user, objectName)
  if (object.readOnly || !write.user.object(object).create) {
    throw refusal('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', `entity type cannot be inserted: ${object.label}`, [])
  }
  const given = givenRow(write, object, fields, 'create')
  const row: Row = { ...defaultRow(object), ...given }
  if (object.byName.has('ownerid') && !row['OwnerId']) row['OwnerId'] = write.caller.userId
  checkDuplicates(write, object, row, Object.keys(given), options.allowSaveOnDuplicate ?? false)
  prepareFile(write, object, row, insertNew)
  return insertNew(write, object, row, new Set(Object.keys(given)))
}

/** The rest of a creation, for rows the engine itself makes (lead conversion): no right to single fields is asked for. */
export function insertNew(write: Write, object: ObjectDef, row: Row, given: ReadonlySet<string>): string {
  write.automation.checkRowLocks(object, row)
  Object.assign(row, write.automation.before(object, 'create', row, [...given]))
  fillAutoNumbers(write.store, object, row)
  const now = write.now()
  const { store, catalog } = write
  Object.assign(row, derive({ store, catalog, object, after: row, before: undefined, given, now }))
  checkRequired(object, row)
  checkObjectRules(write, object, undefined, row)
  const id = store.nextId(object)
  const userId = write.caller.userId
  Object.assign(row, {
    Id: id,
    ...(object.hasIsDeleted ? { IsDeleted: 0 } : {}),
    CreatedDate: now,
    CreatedById: userId,
    LastModifiedDate: now,
    LastModifiedById: userId,
    SystemModstamp: now,
  })
  const changed = Object.keys(row).filter((name) => row[name] !== null)
  checkUnique(write, object, row, changed)
  write.automation.validate(object, row, changed)
  store.insert(object, row)
  recordCreated(write, object, id)
  afterSave(write, object, undefined, row, changed)
  write.draft.change('CREATE', object, id, changed, row)
  write.automation.schedule(object, 'create', row, changed)
  return id
}

/** `MR-{000000}` becomes the next number of the field, padded to the zeros. */
export function fillAutoNumbers(store: Store, object: ObjectDef, row: Row): void {
  for (const field of object.fields) {
    if (!field.autoNumber || row[field.name]) continue
    const n = store.nextNumber(`auto:${object.name}.${field.name}`)
    row[field.name] = field.autoNumber.replace(/\{(0+)\}/, (_, zeros: string) => String(n).padStart(zeros.length, '0'))
  }
}
