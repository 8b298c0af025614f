// Names of a grant's fields in field-level security, and the fields that no permission set can carry
// (docs/salesforce-facts.md#what-a-person-may-see).

/** Address parts are granted together, under their compound field; `Object.Prefix` → that field. */
const ADDRESSES: Record<string, string> = {
  'Account.Billing': 'BillingAddress',
  'Account.Shipping': 'ShippingAddress',
  'Contact.Mailing': 'MailingAddress',
  'Contact.Other': 'OtherAddress',
  'Lead.': 'Address',
}
const ADDRESS_PARTS = ['Street', 'City', 'State', 'PostalCode', 'Country', 'StateCode', 'CountryCode']

/** Fields visible with the record: names, owners, required and system fields. A deployment that grants them fails. */
const ALWAYS_VISIBLE: Record<string, readonly string[]> = {
  Account: ['Name', 'OwnerId', 'RecordTypeId', 'IsPersonAccount'],
  Asset: ['Name'],
  Case: ['CaseNumber', 'IsClosed', 'OwnerId', 'Status'],
  Contact: ['Name', 'FirstName', 'LastName', 'OwnerId'],
  Contract: ['AccountId', 'ContractNumber', 'Name', 'OwnerId', 'Status'],
  Event: ['OwnerId', 'Subject'],
  Lead: ['Name', 'FirstName', 'LastName', 'Company', 'IsConverted', 'OwnerId', 'Status'],
  Opportunity: ['Name', 'CloseDate', 'IsClosed', 'IsWon', 'OwnerId', 'StageName'],
  Task: ['IsClosed', 'OwnerId', 'Priority', 'Status', 'Subject'],
}

/** Fields that an org has only with Data.com or the like: granting a missing one fails the whole deployment. */
const ONLY_IN_SOME_ORGS: Record<string, readonly string[]> = {
  Account: ['DunsNumber', 'NaicsCode', 'NaicsDesc', 'Tradestyle', 'YearStarted'],
  Lead: ['CompanyDunsNumber'],
}

/** Objects whose access follows a parent, a user permission or nothing at all: they take no object permissions. */
const FOLLOWS: Record<string, string> = {
  Task: 'activities',
  Event: 'activities',
  Note: 'its parent',
  Attachment: 'its parent',
  CaseComment: 'its case',
  EmailMessage: 'its case',
  AccountContactRelation: 'account and contact, in orgs with contacts to multiple accounts',
  AccountTeamMember: 'the account, in orgs with account teams',
  LeadStatus: 'nothing',
  RecordType: 'nothing',
  User: 'the sharing of users',
}

export const takesObjectPermissions = (object: string): boolean => !(object in FOLLOWS)

/** `Object.Field` as permission sets name it; null when no permission governs it or the shipped set cannot carry it. */
export function securedAs(object: string, field: string): string | null {
  const governed = takesObjectPermissions(object) || object === 'Task' || object === 'Event'
  // Visible wherever an org has several currencies; elsewhere there is no such field.
  if (field === 'CurrencyIsoCode') return null
  if (!governed || ALWAYS_VISIBLE[object]?.includes(field) || isOnlyInSomeOrgs(object, field)) return null
  const address = Object.entries(ADDRESSES).find(([prefix]) =>
    ADDRESS_PARTS.some((part) => `${object}.${field}` === `${prefix}${part}`),
  )
  return `${object}.${address ? address[1] : field}`
}

export const isOnlyInSomeOrgs = (object: string, field: string): boolean =>
  ONLY_IN_SOME_ORGS[object]?.includes(field) ?? false
