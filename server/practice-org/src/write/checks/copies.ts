// Fields that show what stands in another record: a case's contact, a campaign member's person.
import type { Catalog, ObjectDef } from '../../schema/catalog.ts'
import type { Write } from '../../rules/core.ts'
import type { Store } from '../../store/store.ts'
import type { Row, Stored } from '../../store/row.ts'

type Pairs = readonly (readonly [copy: string, source: string])[]

const CASE: Pairs = [
  ['ContactPhone', 'Phone'],
  ['ContactMobile', 'MobilePhone'],
  ['ContactEmail', 'Email'],
  ['ContactFax', 'Fax'],
]
const PERSON = [
  ...['Name', 'Salutation', 'FirstName', 'LastName', 'Title', 'Email', 'Phone', 'Fax', 'MobilePhone', 'Description'],
  ...['DoNotCall', 'HasOptedOutOfEmail', 'HasOptedOutOfFax', 'LeadSource'],
]
const ADDRESS = ['Street', 'City', 'State', 'PostalCode', 'Country']
const same = (names: string[], prefix = ''): Pairs => names.map((name) => [name, prefix + name] as const)
const OWNER: Pairs = [['LeadOrContactOwnerId', 'OwnerId']]
const LEAD: Pairs = [...same(PERSON), ...same(ADDRESS), ...OWNER, ['CompanyOrAccount', 'Company']]
const CONTACT: Pairs = [...same(PERSON), ...same(ADDRESS, 'Mailing'), ...OWNER]

function copied(pairs: Pairs, source: Row | undefined): Row {
  const flag = (name: string): Stored => (/^(DoNot|HasOptedOut)/.test(name) ? 0 : null)
  return Object.fromEntries(pairs.map(([copy, name]) => [copy, source?.[name] ?? flag(copy)]))
}

interface Known {
  store: Store
  catalog: Catalog
  after: Row
}

const linked = ({ store, catalog, after }: Known, object: string): Row | undefined => {
  const id = after[`${object}Id`]
  return typeof id === 'string' ? store.row(catalog.get(object), id) : undefined
}

export const caseContact = (known: Known): Row => copied(CASE, linked(known, 'Contact'))

/** Who a campaign member is: the contact, else the lead. */
export function memberPerson(known: Known): Row {
  const contact = linked(known, 'Contact')
  const lead = contact ? undefined : linked(known, 'Lead')
  const account = contact && linked({ ...known, after: contact }, 'Account')
  return {
    ...copied(contact ? CONTACT : LEAD, contact ?? lead),
    ...(contact ? { CompanyOrAccount: account?.['Name'] ?? null } : {}),
    Type: contact ? 'Contact' : 'Lead',
    LeadOrContactId: contact?.['Id'] ?? lead?.['Id'] ?? null,
  }
}

/** Brings what others show of a person or account up to date; no stamp changes and nobody is told, as of any formula. */
export function keepCopies(write: Write, object: ObjectDef, row: Row, changed: readonly string[]): void {
  const id = row['Id'] ?? null
  const touches = (pairs: Pairs): boolean => pairs.some(([, source]) => changed.includes(source))
  if (object.name === 'Contact' && touches(CASE)) refresh(write, 'Case', 'ContactId', id, caseContact)
  if (object.name === 'Contact' && touches([...CONTACT, ['CompanyOrAccount', 'AccountId']]))
    refresh(write, 'CampaignMember', 'ContactId', id, memberPerson)
  if (object.name === 'Lead' && touches(LEAD)) refresh(write, 'CampaignMember', 'LeadId', id, memberPerson)
  if (object.name !== 'Account' || !changed.includes('Name')) return
  for (const contact of write.store.rowsWhere(write.catalog.get('Contact'), 'AccountId', id))
    refresh(write, 'CampaignMember', 'ContactId', contact['Id'] ?? null, memberPerson)
}

function refresh({ store, catalog }: Write, name: string, field: string, id: Stored, copies: (known: Known) => Row) {
  const target = catalog.get(name)
  for (const row of store.rowsWhere(target, field, id))
    store.update(target, String(row['Id']), copies({ store, catalog, after: row }))
}
