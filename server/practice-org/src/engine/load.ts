// Loading rows as they are given: for the seed and for a new org's own people; no rules, no rights, no events.
import { z } from 'zod'
import type { Value } from '../org/values.ts'
import type { Core } from '../rules/core.ts'
import type { ObjectDef } from '../schema/catalog.ts'
import { counterOf, makeId } from '../schema/ids.ts'
import { hasGroups, keepSystemGroups } from '../write/checks/system-groups.ts'
import type { Row } from '../store/row.ts'
import { defaultRow } from '../write/checks/check.ts'
import { coerce } from '../store/coerce.ts'
import { fillAutoNumbers } from '../write/create.ts'
import { derive } from '../write/checks/derive.ts'
import { personContact } from '../write/follows/person-contact.ts'
import { directRelation } from '../write/checks/relations.ts'

const id18 = z.string().regex(/^[0-9A-Za-z]{18}$/)

/** Loads rows of several objects in one transaction, all or none, and gives their ids. */
export function loadInOne(
  core: Core,
  batches: [object: string, rows: Record<string, Value>[]][],
  userId: string,
): string[] {
  const ids = core.store.loading(0, () => batches.flatMap(([object, rows]) => loadRows(core, object, rows, userId)))
  if (batches.some(([object]) => hasGroups(object))) {
    keepSystemGroups(core.store, core.catalog, core.now(), userId)
  }
  core.rights.forget()
  return ids
}

/**
 * Inserts rows with the ids, owners and dates they bring, filling in what is missing, and gives their ids. An unknown
 * field or a value that does not fit its type is an Error: the rows are the program's own.
 */
function loadRows(core: Core, objectName: string, rows: Record<string, Value>[], userId: string): string[] {
  const object = core.catalog.get(objectName)
  const defaults = defaultRow(object)
  let next = core.store.reserveIds(object, rows.length)
  const newId = () => makeId(object.keyPrefix ?? '000', next++)
  // What is loaded is let go of row by row: there may be very many.
  const relate = object.name === 'Contact' ? relating(core, rows) : undefined
  let highest = 0
  const ids = rows.map((given) => {
    const row = loadRow(core, object, { ...defaults, Id: null }, given, userId, newId)
    relate?.(row)
    const id = String(row['Id'])
    highest = Math.max(highest, counterOf(id) ?? 0)
    return id
  })
  // Ids that rows brought along are not given again.
  if (highest > 0) core.store.raiseCounter(`id:${object.name}`, highest)
  return ids
}

/** Gives contacts their direct relations: contacts that were just loaded have none yet. */
function relating(core: Core, contacts: Record<string, Value>[]): (contact: Row) => void {
  const relation = core.catalog.get('AccountContactRelation')
  let next = core.store.reserveIds(relation, contacts.filter(({ AccountId }) => AccountId).length)
  return (contact) => {
    if (!contact['AccountId']) return
    const id = makeId(relation.keyPrefix ?? '000', next++)
    const [by, at] = [String(contact['CreatedById']), Number(contact['CreatedDate'])]
    core.store.insert(relation, directRelation(id, contact, by, at))
  }
}

function loadRow(
  core: Core,
  object: ObjectDef,
  row: Row,
  given: Record<string, Value>,
  userId: string,
  newId: () => string,
): Row {
  for (const [name, value] of Object.entries(given)) {
    const field = object.byName.get(name.toLowerCase())
    if (!field) throw new Error(`no field ${object.name}.${name}`)
    row[field.name] = coerce(field, value)
  }
  row['Id'] = row['Id'] === null ? newId() : id18.parse(row['Id'])
  if (object.byName.has('ownerid')) row['OwnerId'] ??= userId
  const now = core.now()
  row['CreatedDate'] ??= now
  row['LastModifiedDate'] ??= row['CreatedDate']
  row['SystemModstamp'] ??= row['LastModifiedDate']
  row['CreatedById'] ??= row['OwnerId'] ?? userId
  row['LastModifiedById'] ??= row['CreatedById']
  fillAutoNumbers(core.store, object, row)
  const { store, catalog } = core
  const present = new Set(Object.keys(given))
  const derived = derive({
    store,
    catalog,
    object,
    after: row,
    before: undefined,
    given: present,
    now: Number(row['CreatedDate']),
  })
  for (const [name, value] of Object.entries(derived)) if (!present.has(name)) row[name] = value
  if (object.name !== 'Account' || row['IsPersonAccount'] !== 1 || !row['LastName']) store.insert(object, row)
  else loadPerson(core, object, row)
  return row
}

/** An org has no person without a contact, and none without a record type of persons. */
function loadPerson({ store, catalog }: Core, accounts: ObjectDef, account: Row): void {
  const types = store.rowsWhere(catalog.get('RecordType'), 'SobjectType', accounts.name)
  account['RecordTypeId'] ??= types.find((type) => type['IsPersonType'] === 1)?.['Id'] ?? null
  const contacts = catalog.get('Contact')
  const id = store.nextId(contacts)
  account['PersonContactId'] = id
  store.insert(accounts, account)
  const stamps = STAMPS.map((name) => [name, account[name] ?? null])
  store.insert(contacts, { ...personContact(catalog, account), ...Object.fromEntries(stamps), Id: id })
}

const STAMPS = ['CreatedDate', 'CreatedById', 'LastModifiedDate', 'LastModifiedById', 'SystemModstamp']
