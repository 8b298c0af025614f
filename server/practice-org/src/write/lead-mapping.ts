// Which field of a lead becomes which field of the records it is converted into (docs/sources.md#lead-conversion).
import type { Row, Stored } from '../store/row.ts'

export type Target = 'Account' | 'Contact' | 'Opportunity' | 'PersonAccount'
type Pairs = readonly (readonly [lead: string, target: string])[]

const ADDRESS = ['Street', 'City', 'State', 'PostalCode', 'Country', 'Latitude', 'Longitude', 'GeocodeAccuracy']
const address = (prefix: string): Pairs => ADDRESS.map((part) => [part, prefix + part] as const)
const same = (...names: string[]): Pairs => names.map((name) => [name, name] as const)

const MAPPINGS: Record<Target, Pairs> = {
  Account: [
    ['Company', 'Name'],
    ...same('Phone', 'Fax', 'Website', 'Industry', 'AnnualRevenue', 'NumberOfEmployees', 'Rating'),
    ['LeadSource', 'AccountSource'],
    ...address('Billing'),
  ],
  Contact: [
    ...same('FirstName', 'LastName', 'Salutation', 'Title', 'Email', 'Phone', 'MobilePhone', 'Fax', 'LeadSource'),
    ...same('Description', 'HasOptedOutOfEmail', 'HasOptedOutOfFax', 'DoNotCall'),
    ...address('Mailing'),
  ],
  Opportunity: same('LeadSource'),
  PersonAccount: [
    ...same('FirstName', 'LastName', 'Salutation', 'Phone', 'Fax', 'Website', 'Industry'),
    ['Email', 'PersonEmail'],
    ['MobilePhone', 'PersonMobilePhone'],
    ['Title', 'PersonTitle'],
    ['LeadSource', 'PersonLeadSource'],
    ...['HasOptedOutOfEmail', 'HasOptedOutOfFax', 'DoNotCall'].map((name) => [name, `Person${name}`] as const),
    ...address('PersonMailing'),
  ],
}

/**
 * Values of the target that the lead can fill: all for a new record, the blank ones of an existing one.
 * @param has whether the target has a field of that name
 */
export function mappedFromLead(target: Target, lead: Row, has: (field: string) => boolean, existing?: Row): Row {
  const values = MAPPINGS[target].filter(([from, to]) => {
    const blank = !existing || (existing[to] ?? null) === null
    return has(to) && (lead[from] ?? null) !== null && blank
  })
  return Object.fromEntries(values.map(([from, to]): [string, Stored] => [to, lead[from] ?? null]))
}
