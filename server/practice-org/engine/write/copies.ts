// Fields that show what stands in another record: a case's contact, a campaign member's person.
import type { Catalog, ObjectDef } from '../catalog.ts'
import type { Write } from '../core.ts'
import type { Row, Store, Stored } from '../store.ts'

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

/** Brings what others show of a person up to date; no stamp changes and nobody is told, as of any formula. */
export function keepCopies(write: Write, object: ObjectDef, person: Row, changed: readonly string[]): void {
  if (object.name !== 'Contact' && object.name !== 'Lead') return
  const { store, catalog } = write
  const refresh = (name: string, pairs: Pairs, fields: (known: Known) => Row): void => {
    const target = catalog.get(name)
    if (!pairs.some(([, source]) => changed.includes(source))) return
    for (const row of store.rowsWhere(target, `${object.name}Id`, person['Id'] ?? null)) {
      store.update(target, String(row['Id']), fields({ store, catalog, after: row }))
    }
  }
  if (object.name === 'Contact') refresh('Case', CASE, caseContact)
  refresh(
    'CampaignMember',
    object.name === 'Lead' ? LEAD : [...CONTACT, ['CompanyOrAccount', 'AccountId']],
    memberPerson,
  )
}
