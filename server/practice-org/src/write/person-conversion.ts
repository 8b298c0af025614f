// Turning a company into a person, and back, by a change of its record type and nothing else [web].
import type { ObjectDef } from '../schema/catalog.ts'
import type { Write } from '../rules/core.ts'
import { personFields, personPairs } from '../schema/person-fields.ts'
import { refusal } from '../schema/refuse.ts'
import type { Row } from '../store/row.ts'
import { notAlone, personName } from './checks/person-account.ts'
import { dropDirectRelation, keepDirectRelation } from './checks/relations.ts'
import { isPersonType } from './checks/record-types.ts'

/**
 * Gives the account as it is once it and its contact were married or separated, to be updated with its new record type, which
 * alone is told of; the account itself when its kind stays. Throws OrgError when more than the record type is given, or when
 * account and contact cannot become one
 */
export function convertedKind(write: Write, object: ObjectDef, account: Row, given: Row): Row {
  const type = given['RecordTypeId'] ?? null
  if (object.name !== 'Account' || type === null || type === account['RecordTypeId']) return account
  const isPerson = isPersonType(write, type)
  if (isPerson === (account['IsPersonAccount'] === 1)) return account
  if (Object.keys(given).length > 1) throw notAlone()
  return isPerson ? marry(write, object, account) : separate(write, object, account)
}

function marry(write: Write, accounts: ObjectDef, account: Row): Row {
  const contacts = write.catalog.get('Contact')
  const contact = onlyContact(write, contacts, account)
  const pairs = personPairs(accounts)
  const shared = pairs
    .filter(([own]) => own !== 'Name')
    .map(([own, other]) => [own, account[own] ?? contact[other] ?? null])
  const person: Row = { ...Object.fromEntries(shared), IsPersonAccount: 1, PersonContactId: contact['Id'] ?? null }
  // Check boxes of a company are unticked: those of the contact hold.
  for (const field of personFields(accounts)) person[field.name] = contact[field.ofContact ?? ''] ?? null
  Object.assign(person, personName({ ...account, ...person }))
  write.store.update(accounts, String(account['Id']), person)
  const own = Object.fromEntries(pairs.map(([name, other]) => [other, person[name] ?? null]))
  write.store.update(contacts, String(contact['Id']), { ...own, IsPersonAccount: 1 })
  dropDirectRelation(write, String(contact['Id']))
  return { ...account, ...person }
}

/** The account keeps its name; the contact stays with it, as that of any company. */
function separate(write: Write, accounts: ObjectDef, account: Row): Row {
  const blank = personFields(accounts).map(({ name, type }) => [name, type === 'boolean' ? 0 : null])
  const company: Row = { ...Object.fromEntries(blank), IsPersonAccount: 0, PersonContactId: null }
  const contacts = write.catalog.get('Contact')
  const contactId = account['PersonContactId']
  if (typeof contactId === 'string') {
    write.store.update(contacts, contactId, { IsPersonAccount: 0 })
    keepDirectRelation(write, { Id: contactId, AccountId: account['Id'] ?? null }, write.caller.userId)
  }
  write.store.update(accounts, String(account['Id']), company)
  return { ...account, ...company }
}

/** Fields of which account and contact must not hold different values. */
const EQUAL = ['OwnerId', 'Phone', 'Fax', 'CurrencyIsoCode']

/** The contact a company can become one with; code and text of the refusal are remembered only [K]. */
function onlyContact(write: Write, contacts: ObjectDef, account: Row): Row {
  const live = write.store
    .rowsWhere(contacts, 'AccountId', account['Id'] ?? null)
    .filter((contact) => contact['IsDeleted'] === 0)
  const [contact] = live
  if (!contact || live.length > 1) throw unfit('The account must have exactly one contact')
  if (account['ParentId']) throw unfit('A person account has no parent account')
  if (contact['ReportsToId']) throw unfit('The contact of a person account reports to nobody')
  const differs = EQUAL.find((name) => account[name] && contact[name] && account[name] !== contact[name])
  if (differs) throw unfit(`Account and contact must agree: ${differs}`)
  return contact
}

const unfit = (reason: string) => refusal('FIELD_INTEGRITY_EXCEPTION', reason, ['RecordTypeId'])
