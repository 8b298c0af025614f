// Person accounts: an account that is a person, with the contact that an org keeps for it.
import type { ObjectDef } from '../catalog.ts'
import type { Write } from '../core.ts'
import { refusal, requiredMissing } from '../refuse.ts'
import type { Row } from '../store.ts'
import { defaultRow } from './check.ts'

/** Field of the account, field of its contact. */
const SHARED: readonly (readonly [string, string])[] = [
  ...['LastName', 'FirstName', 'Salutation', 'Phone', 'Fax', 'OwnerId'].map((name) => [name, name] as const),
  ...['Email', 'MobilePhone', 'HomePhone', 'OtherPhone', 'AssistantPhone', 'AssistantName', 'Title', 'Department'].map(
    (name) => [`Person${name}`, name] as const,
  ),
  ['PersonBirthdate', 'Birthdate'],
  ['PersonLeadSource', 'LeadSource'],
  ...['Street', 'City', 'State', 'PostalCode', 'Country'].map(
    (part) => [`PersonMailing${part}`, `Mailing${part}`] as const,
  ),
]
const ONLY_PERSONS = /^(Person[A-Z]|LastName$|FirstName$|Salutation$)/

const badFields = (names: string[]) =>
  refusal(
    'INVALID_FIELD_FOR_INSERT_UPDATE',
    `Account: bad field names on insert/update call: ${names.join(', ')}`,
    names,
  )

/** An account that is created with a last name is a person; the name of a person is put together [K]. */
export function preparePerson(object: ObjectDef, row: Row, given: Row): void {
  if (object.name !== 'Account' || !given['LastName']) return
  if (given['Name']) throw badFields(['Name'])
  row['IsPersonAccount'] = 1
}

/** Refuses a company with fields of a person, and a person without a last name or with a name of its own. */
export function checkPerson(before: Row | undefined, row: Row): void {
  const isNew = (name: string): boolean => row[name] !== null && row[name] !== (before?.[name] ?? null)
  if (row['IsPersonAccount'] !== 1) {
    const given = Object.keys(row).filter((name) => ONLY_PERSONS.test(name) && isNew(name))
    if (given.length > 0) throw badFields(given)
    return
  }
  if (before?.['LastName'] && !row['LastName']) throw requiredMissing(['LastName'])
}

/** The name of a person; a company's is its own. */
export function personName(row: Row): Row {
  if (row['IsPersonAccount'] !== 1 || !row['LastName']) return {}
  return { Name: [row['FirstName'], row['LastName']].filter(Boolean).join(' ') }
}

/** Keeps the contact of a person in step with the account, silently: it is the same record seen from another side. */
export function keepPersonContact(write: Write, object: ObjectDef, account: Row, changed: readonly string[]): void {
  if (object.name !== 'Account' || account['IsPersonAccount'] !== 1 || !account['LastName']) return
  if (account['PersonContactId'] && !SHARED.some(([name]) => changed.includes(name))) return
  const contacts = write.catalog.get('Contact')
  const now = write.now()
  const userId = write.caller.userId
  const fields: Row = {
    ...Object.fromEntries(SHARED.map(([own, name]) => [name, account[own] ?? null])),
    Name: account['Name'] ?? null,
    LastModifiedDate: now,
    LastModifiedById: userId,
    SystemModstamp: now,
  }
  if (account['PersonContactId']) return write.store.update(contacts, String(account['PersonContactId']), fields)
  // What came back out of the bin has its contact already, but no longer knows it.
  const back = write.store
    .rowsWhere(contacts, 'AccountId', account['Id'] ?? null)
    .find((each) => each['IsPersonAccount'] === 1 && each['IsDeleted'] === 0)
  const id = back ? String(back['Id']) : write.store.nextId(contacts)
  const whose = { Id: id, IsDeleted: 0, IsPersonAccount: 1, AccountId: account['Id'] ?? null }
  if (!back)
    write.store.insert(contacts, {
      ...defaultRow(contacts),
      ...fields,
      ...whose,
      CreatedDate: now,
      CreatedById: userId,
    })
  write.store.update(object, String(account['Id']), { PersonContactId: id })
  account['PersonContactId'] = id
}
