// Creating a record.
import type { ObjectDef } from '../schema/catalog.ts'
import { readableObject, type Write } from '../rules/core.ts'
import { type Alike, checkDuplicates } from '../duplicates/detect.ts'
import { reportDuplicates } from '../duplicates/report.ts'
import { refusal } from '../schema/refuse.ts'
import { isListed } from '../store/share-numbers.ts'
import type { Store } from '../store/store.ts'
import type { Row, Stored } from '../store/row.ts'
import type { WriteOptions } from '../org/org.ts'
import type { Value } from '../org/values.ts'
import { applyChanges } from './apply.ts'
import { checkRequired, checkUnique, defaultRow, givenRow } from './checks/check.ts'
import { afterSave } from './follows/after-save.ts'
import { derive } from './checks/derive.ts'
import { prepareFile } from './checks/files.ts'
import { recordCreated } from './checks/history.ts'
import { checkObjectRules } from './checks/object-rules.ts'
import { checkFile, checkParent } from './checks/parent-rights.ts'
import { preparePerson } from './checks/person-account.ts'
import { checkDependentPicklists } from './checks/picklists.ts'
import { applyRecordTypeDefaults, checkRecordTypeValues, defaultRecordType } from './checks/record-types.ts'
import { fillLevels, sameShare } from './checks/shares.ts'

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
  checkParent(write, object, row)
  checkFile(write, object, row)
  if (object.byName.has('ownerid') && !row['OwnerId']) row['OwnerId'] = write.caller.userId
  if (!row['RecordTypeId']) row['RecordTypeId'] = defaultRecordType(write, object)
  preparePerson(write, object, row, given)
  applyRecordTypeDefaults(write, object, row, given)
  prepareFile(write, object, row, insertNew)
  fillLevels(write, object, row, given)
  const same = sameShare(write, object, row)
  if (same) return changeShare(write, object, same, given)
  let alike: Alike[] = []
  const id = insertNew(write, object, row, new Set(Object.keys(given)), (after) => {
    alike = checkDuplicates(write, object, after, Object.keys(given), options.allowSaveOnDuplicate ?? false)
  })
  reportDuplicates(write, id, alike, insertNew)
  return id
}

/** A record is shared with somebody once: sharing it again changes the level, but not that of its owner. */
function changeShare(write: Write, object: ObjectDef, before: Row, given: Row): string {
  if (isListed(String(before['Id']))) return String(before['Id'])
  applyChanges(write, object, before, given, new Set(Object.keys(given)))
  return String(before['Id'])
}

/**
 * The rest of a creation, for rows the engine itself makes (lead conversion): no right to single fields is asked for.
 * @param gate the last that may refuse, once every other rule has passed: duplicate rules
 */
export function insertNew(
  write: Write,
  object: ObjectDef,
  row: Row,
  given: ReadonlySet<string>,
  gate?: (row: Row) => void,
): string {
  checkStorage(write)
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
  const audited = (name: string, usual: Stored): Stored => (given.has(name) ? (row[name] ?? usual) : usual)
  Object.assign(row, {
    Id: id,
    ...(object.hasIsDeleted ? { IsDeleted: 0 } : {}),
    CreatedDate: audited('CreatedDate', now),
    CreatedById: audited('CreatedById', userId),
    LastModifiedDate: audited('LastModifiedDate', now),
    LastModifiedById: audited('LastModifiedById', userId),
    SystemModstamp: now,
  })
  const changed = Object.keys(row).filter((name) => row[name] !== null)
  checkUnique(write, object, row, changed)
  checkRecordTypeValues(write, object, row, changed)
  checkDependentPicklists(object, row, changed)
  write.automation.trigger(object, 'create', row, changed)
  write.automation.validate(object, row, changed)
  gate?.(row)
  store.insert(object, row)
  recordCreated(write, object, id)
  write.draft.change('CREATE', object, id, changed, row)
  afterSave(write, object, undefined, row, changed)
  write.saved.push({ object, on: 'create', id, changed })
  write.automation.schedule(object, 'create', row, changed)
  return id
}

/** Records of every kind that counts against an org's data storage; setup and history are free. */
function checkStorage({ automation, catalog, store }: Write): void {
  const most = automation.storageRows
  if (most === undefined) return
  const counted = catalog.objects.filter(({ access, virtual, readOnly }) => access === 'crud' && !virtual && !readOnly)
  const rows = counted.reduce(
    (sum, { name }) => sum + Number(store.select(`SELECT count(*) FROM "${name}"`, [])[0]?.[0]),
    0,
  )
  if (rows >= most) throw refusal('STORAGE_LIMIT_EXCEEDED', 'storage limit exceeded', [])
}

/** `MR-{000000}` becomes the next number of the field, padded to the zeros. */
export function fillAutoNumbers(store: Store, object: ObjectDef, row: Row): void {
  for (const field of object.fields) {
    if (!field.autoNumber || row[field.name]) continue
    const n = store.nextNumber(`auto:${object.name}.${field.name}`)
    row[field.name] = field.autoNumber.replace(/\{(0+)\}/, (_, zeros: string) => String(n).padStart(zeros.length, '0'))
  }
}
