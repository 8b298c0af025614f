import type { Person } from './person.ts'

export interface Twins {
  /** The account that survives: it is the customer. */
  kept: string
  merged: string
}

/** Two accounts that are one company; `merged` is what only the one that will be merged away has. */
export async function createTwins(
  person: Person,
  name: string,
  fields: { both?: Record<string, unknown>; merged?: Record<string, unknown>; amount?: number } = {},
): Promise<Twins> {
  const website = siteOf(name)
  const both = { Website: website, Phone: '+1 415 555 0182', BillingCity: 'San Francisco', BillingState: 'CA' }
  const shared = { ...both, BillingCountry: 'United States', ...fields.both }
  const kept = await person.create('Account', { ...shared, Name: `${name} Inc`, Type: 'Customer - Direct' })
  const merged = await person.create('Account', { ...shared, Name: `${name} Incorporated`, ...fields.merged })
  const deal = { Name: `${name} order`, StageName: 'Prospecting', CloseDate: '2027-03-01', AccountId: merged }
  if (fields.amount !== undefined) await person.create('Opportunity', { ...deal, Amount: fields.amount })
  return { kept, merged }
}

/** A lead of that company; gives its id. */
export function createTwinsLead(person: Person, name: string, fields: Record<string, unknown> = {}): Promise<string> {
  return person.create('Lead', {
    Company: name,
    LastName: 'Marlow',
    Email: `marlow@${siteOf(name)}`,
    Website: siteOf(name),
    State: 'CA',
    Country: 'United States',
    Status: 'Open - Not Contacted',
    ...fields,
  })
}

const siteOf = (name: string) => `${name.toLowerCase().replaceAll(' ', '')}.example`
