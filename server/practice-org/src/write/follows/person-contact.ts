// A person account and its contact: one record, seen from two sides, that an org keeps in step.
import type { Catalog, ObjectDef } from '../../schema/catalog.ts'
import type { Write } from '../../rules/core.ts'
import { personPairs } from '../../schema/person-fields.ts'
import type { Row } from '../../store/row.ts'
import { stampsOf } from '../checks/stamps.ts'
import { defaultRow } from '../checks/check.ts'
import { keepCopies } from '../checks/copies.ts'
import { recordChanges } from '../checks/history.ts'

/**
 * Brings the other side of a person in line with the one that was stored: its fields, its stamps (which an org keeps
 * equal), its change event. Asks no rules and no rights.
 */
export function keepPerson(write: Write, object: ObjectDef, row: Row, changed: readonly string[]): void {
  if (row['IsPersonAccount'] !== 1 || changed.length === 0) return
  if (object.name === 'Account' && row['LastName']) keepContact(write, object, row, changed)
  if (object.name === 'Contact' && row['AccountId']) keepAccount(write, row, changed)
}

function keepContact(write: Write, accounts: ObjectDef, account: Row, changed: readonly string[]): void {
  const contacts = write.catalog.get('Contact')
  const contact = contactOf(write, contacts, account)
  if (!contact) return newContact(write, accounts, contacts, account)
  if (account['PersonContactId'] !== contact['Id']) link(write, accounts, account, String(contact['Id']))
  const fields = personPairs(accounts)
    .filter(([own]) => changed.includes(own))
    .map(([own, other]) => [other, account[own] ?? null])
  follow(write, contacts, contact, Object.fromEntries(fields) as Row)
}

function keepAccount(write: Write, contact: Row, changed: readonly string[]): void {
  const accounts = write.catalog.get('Account')
  const account = write.store.row(accounts, String(contact['AccountId']))
  if (account?.['PersonContactId'] !== contact['Id'] || !account) return
  const fields = personPairs(accounts)
    .filter(([, own]) => changed.includes(own))
    .map(([other, own]) => [other, contact[own] ?? null])
  follow(write, accounts, account, Object.fromEntries(fields) as Row)
}

/** The contact; what came back out of the bin has one already, but no longer knows it. */
function contactOf(write: Write, contacts: ObjectDef, account: Row): Row | undefined {
  if (account['PersonContactId']) return write.store.row(contacts, String(account['PersonContactId']))
  return write.store
    .rowsWhere(contacts, 'AccountId', account['Id'] ?? null)
    .find((each) => each['IsPersonAccount'] === 1 && each['IsDeleted'] === 0)
}

function newContact(write: Write, accounts: ObjectDef, contacts: ObjectDef, account: Row): void {
  const id = write.store.nextId(contacts)
  const row: Row = {
    ...personContact(write.catalog, account),
    ...stampsOf(write, contacts),
    Id: id,
    CreatedDate: write.now(),
    CreatedById: write.caller.userId,
  }
  write.store.insert(contacts, row)
  const set = Object.keys(row).filter((name) => row[name] !== null)
  write.draft.change('CREATE', contacts, id, set, row)
  link(write, accounts, account, id)
}

/** The contact of a person as a new row, without id and stamps. */
export function personContact(catalog: Catalog, account: Row): Row {
  return {
    ...defaultRow(catalog.get('Contact')),
    ...Object.fromEntries(personPairs(catalog.get('Account')).map(([own, other]) => [other, account[own] ?? null])),
    IsDeleted: 0,
    IsPersonAccount: 1,
    AccountId: account['Id'] ?? null,
  }
}

function link(write: Write, accounts: ObjectDef, account: Row, contactId: string): void {
  write.store.update(accounts, String(account['Id']), { PersonContactId: contactId })
  account['PersonContactId'] = contactId
}

function follow(write: Write, object: ObjectDef, before: Row, fields: Row): void {
  const changed = Object.keys(fields).filter((name) => fields[name] !== before[name])
  const changes = { ...fields, ...stampsOf(write, object) }
  const after = { ...before, ...changes }
  write.store.update(object, String(before['Id']), changes)
  if (object.name === 'Account') recordChanges(write, object, before, after, changed)
  keepCopies(write, object, after, changed)
  write.draft.change('UPDATE', object, String(before['Id']), changed, after)
}
