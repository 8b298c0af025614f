// Person accounts: which accounts are persons, and what such an account may hold.
import type { ObjectDef } from '../catalog.ts'
import { noAccess, refusal, requiredMissing } from '../refuse.ts'
import type { Row } from '../store.ts'

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

/** Refuses a name for a person whose name is put together of others [K]. */
export function checkNoOwnName(object: ObjectDef, before: Row, given: Row): void {
  if (object.name === 'Account' && before['IsPersonAccount'] === 1 && 'Name' in given) throw badFields(['Name'])
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

/** The contact of a person stays with its account, and is of the record type of contacts that an org gives it. */
export function checkPersonContact(before: Row | undefined, row: Row): void {
  if (!before || row['IsPersonAccount'] !== 1) return
  if (['AccountId', 'RecordTypeId'].some((name) => (row[name] ?? null) !== (before[name] ?? null))) throw noAccess()
}
