// The standard matching rules (docs/sources.md#duplicate-rules), and rows as these compare them.
import type { ObjectDef } from '../schema/catalog.ts'
import type { Write } from '../rules/core.ts'
import type { Comparison } from '../rules/rules.ts'
import type { Row } from '../store/row.ts'

const fields = (...pairs: [string, Comparison['method']][]): Comparison[] =>
  pairs.map(([field, method]) => ({ field, method }))

/** The company of a contact is the name of its account, which is no field of it. */
const ACCOUNT_NAME = 'Account.Name'

/** What is compared of people, besides first and last name: any of these has to fit whole. */
function person(company: string, street: string, city: string, zip: string): Comparison[][] {
  const name = fields(['FirstName', 'person'], ['LastName', 'lastName'])
  const also = (...pairs: [string, Comparison['method']][]): Comparison[] => [...name, ...fields(...pairs)]
  return [
    also(['Title', 'title'], [company, 'company']),
    also(['Email', 'exact']),
    also(['Phone', 'phone'], [company, 'company']),
    also([street, 'street'], [city, 'exact']),
    also([street, 'street'], [zip, 'exact']),
    also([street, 'street'], ['Phone', 'phone']),
    also([street, 'street'], ['Title', 'title']),
    also(['Title', 'title'], ['Email', 'exact']),
    also(['Phone', 'phone']),
  ]
}

/** The equations of the standard rules; that of accounts is remembered, not verified [K]. */
export const STANDARD: Record<string, Comparison[][]> = {
  Account: [
    fields(['Name', 'company'], ['BillingStreet', 'street']),
    fields(['Name', 'company'], ['BillingCity', 'exact'], ['BillingState', 'exact']),
    fields(['Name', 'company'], ['BillingPostalCode', 'exact']),
    fields(['Name', 'company'], ['Phone', 'phone']),
    fields(['Website', 'domain'], ['Phone', 'phone']),
    fields(['Website', 'domain'], ['BillingStreet', 'street']),
  ],
  Contact: person(ACCOUNT_NAME, 'MailingStreet', 'MailingCity', 'MailingPostalCode'),
  Lead: person('Company', 'Street', 'City', 'PostalCode'),
}

/** Whether a rule of the object needs no `match` of its own. */
export const hasStandardRule = (object: string): boolean => Object.hasOwn(STANDARD, object)

/** The developer name of an object's standard matching rule. */
export const standardRule = (object: string): string =>
  `Standard_${object}_Match_Rule_${object === 'Contact' ? 'v1_1' : 'v1_0'}`

/** The field of the row itself whose change can set a comparison off. */
export const ownField = (field: string): string => (field === ACCOUNT_NAME ? 'AccountId' : field)

/** A row with what its equations ask of another: the name of a contact's account. */
export function comparable({ store, catalog }: Pick<Write, 'store' | 'catalog'>, object: ObjectDef, row: Row): Row {
  if (object.name !== 'Contact' || !row['AccountId']) return row
  const account = store.row(catalog.get('Account'), String(row['AccountId']))
  return account ? { ...row, [ACCOUNT_NAME]: account['Name'] ?? null } : row
}

/** First and last name may have been entered the wrong way round: a person is compared both ways. */
export function bothWays(row: Row): Row[] {
  const { FirstName: first, LastName: last } = row
  return first && last ? [row, { ...row, FirstName: last, LastName: first }] : [row]
}
