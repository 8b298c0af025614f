// Person accounts: which accounts are persons, and what such an account may hold.
import type { OrgError } from '../../org/org.ts'
import type { FieldDef, ObjectDef } from '../../schema/catalog.ts'
import type { Write } from '../../rules/core.ts'
import { personFields } from '../../schema/person-fields.ts'
import { fieldNotWritable, refusal, requiredMissing } from '../../schema/refuse.ts'
import type { Row, Stored } from '../../store/row.ts'
import { defaultPersonType, hasPersonTypes, isPersonType } from './record-types.ts'

const badFields = (names: string[]) =>
  refusal(
    'INVALID_FIELD_FOR_INSERT_UPDATE',
    `Account: bad field names on insert/update call: ${names.join(', ')}`,
    names,
  )

/**
 * An account is a person whose record type is one of persons; one that is created with a last name and no record type gets
 * the default of those. The name of a person is put together, and nobody gives it.
 */
export function preparePerson(write: Write, object: ObjectDef, row: Row, given: Row): void {
  if (object.name !== 'Account') return
  const isNamed = (given['LastName'] ?? null) !== null
  if (isNamed && !given['RecordTypeId'])
    row['RecordTypeId'] = defaultPersonType(write, object) ?? row['RecordTypeId'] ?? null
  // An org that was kept from before has no record type of persons: there the name decides.
  const isPerson = hasPersonTypes(write, object) ? isPersonType(write, row['RecordTypeId']) : isNamed
  if (!isPerson) return
  if ((given['Name'] ?? null) !== null) throw fieldNotWritable(['Name'])
  if (!isNamed) throw requiredMissing(['LastName'])
  row['IsPersonAccount'] = 1
}

/** Refuses a name for a person whose name is put together of others. */
export function checkNoOwnName(object: ObjectDef, before: Row, given: Row): void {
  if (object.name === 'Account' && before['IsPersonAccount'] === 1 && 'Name' in given) throw badFields(['Name'])
}

/** Refuses a company with fields of a person, and a person without what its contact must have or without such a type. */
export function checkPerson(write: Write, object: ObjectDef, before: Row | undefined, row: Row): void {
  const isPerson = row['IsPersonAccount'] === 1
  if (!isPerson) {
    const given = personFields(object).filter((field) => isNew(field, before, row))
    if (given.length > 0) throw badFields(given.map(({ name }) => name))
  } else if (!before || before['LastName']) {
    const missing = neededFields(write, object).filter(({ name }) => (row[name] ?? null) === null)
    if (missing.length > 0) throw requiredMissing(missing.map(({ name }) => name))
  }
  if (!before || before['RecordTypeId'] === row['RecordTypeId']) return
  // Only a call that changes nothing else turns one into the other: see person-conversion.ts.
  if (isPersonType(write, row['RecordTypeId']) !== isPerson && row['RecordTypeId'] !== null) throw notAlone()
}

/** What an org says to a change of record type between persons and companies that comes with other changes [web]. */
export const notAlone = (): OrgError =>
  refusal(
    'INVALID_FIELD_FOR_INSERT_UPDATE',
    'Cannot specify any additional fields when marrying or separating a Person-Account',
    [],
  )

/** A check box is never blank: unticked it says nothing. */
function isNew(field: FieldDef, before: Row | undefined, row: Row): boolean {
  const value = (of: Row | undefined): Stored =>
    (field.type === 'boolean' ? of?.[field.name] || null : of?.[field.name]) ?? null
  return value(row) !== null && value(row) !== value(before)
}

function neededFields({ catalog }: Write, object: ObjectDef): FieldDef[] {
  const contacts = catalog.get('Contact')
  const needed = (name: string): boolean => contacts.byName.get(name.toLowerCase())?.nillable === false
  return personFields(object).filter(({ ofContact, nillable }) => nillable && needed(ofContact ?? ''))
}

/** The name of a person; a company's is its own. */
export function personName(row: Row): Row {
  if (row['IsPersonAccount'] !== 1 || !row['LastName']) return {}
  return { Name: [row['FirstName'], row['LastName']].filter(Boolean).join(' ') }
}

/** The contact of a person stays with its account [web], and without a record type of its own [K]. */
export function checkPersonContact(before: Row | undefined, row: Row): void {
  if (!before || row['IsPersonAccount'] !== 1) return
  const moved = ['AccountId', 'RecordTypeId'].filter((name) => (row[name] ?? null) !== (before[name] ?? null))
  if (moved.length > 0) throw badFields(moved)
}
