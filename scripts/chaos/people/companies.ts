// Companies of the chaos: each with one or two accounts, and a lead that a run is about.
import type { Person } from '../../../test/support/person.ts'

type Kind = 'merge' | 'link'

/** A company of the org and the lead about it; `loser` is the account that a merge ends, null for a link. */
export interface Subject {
  name: string
  kind: Kind
  survivor: string
  loser: string | null
  lead: string
}

const SYLLABLES = 'ba ko mi ru ne do sha ver tul gri pon zel qua fin hos lyn wex'.split(' ')
const PRIME = SYLLABLES.length
const PLACES = [1, 2, 3, 4, 5]
const MOST = PRIME ** 3
/** Without a common divisor with MOST: neighbours sound different. */
const STRIDE = 1823

/**
 * A pronounceable name for n: any two differ in three of their five syllables (a Reed–Solomon code), so that no company resembles
 * another. Throws RangeError from 4,913 on.
 */
function companyName(n: number): string {
  if (n >= MOST) throw new RangeError(`there are ${MOST} names only`)
  const at = (n * STRIDE) % MOST
  const [a, b, c] = [at % PRIME, Math.floor(at / PRIME) % PRIME, Math.floor(at / PRIME ** 2)] as const
  const word = PLACES.map((x) => SYLLABLES[(a + b * x + c * x * x) % PRIME]).join('')
  return word[0]!.toUpperCase() + word.slice(1)
}

const STREETS = ['Pine', 'Cedar', 'Howell', 'Madison', 'Union', 'Denny', 'Mercer', 'Harrison']

/** Creates the accounts, a contact and an opportunity; then the lead, from which on runs are at work. */
export async function createSubject(admin: Person, n: number, kind: Kind): Promise<Subject> {
  const name = companyName(n)
  const domain = `${name.toLowerCase()}.example`
  const shared = {
    Phone: `+1 206 ${200 + Math.floor(n / 10_000)} ${String(n % 10_000).padStart(4, '0')}`,
    BillingStreet: `${100 + n * 7} ${STREETS[n % STREETS.length]} Street`,
    BillingCity: 'Seattle',
    BillingState: 'WA',
    BillingCountry: 'United States',
    BillingPostalCode: '98101',
  }
  const first = { Name: `${name} Inc`, Website: `https://www.${domain}`, Type: 'Customer - Direct', ...shared }
  const survivor = await admin.create('Account', first)
  await admin.create('Contact', { LastName: 'One', Email: `one@${domain}`, AccountId: survivor })
  let loser: string | null = null
  if (kind === 'merge') {
    loser = await admin.create('Account', { Name: name, Website: domain, Fax: '206-555-0000', ...shared })
    const deal = { Name: `${name} deal`, StageName: 'Prospecting', CloseDate: '2027-03-01', Amount: 5000 }
    await admin.create('Opportunity', { ...deal, AccountId: loser })
    await admin.create('Contact', { LastName: 'Two', Email: `two@${domain}`, AccountId: loser })
  }
  const lead = await admin.create('Lead', {
    Company: name,
    LastName: name,
    Email: `chaos@${domain}`,
    Website: domain,
    State: 'WA',
    Country: 'United States',
    Status: 'Open - Not Contacted',
  })
  return { name, kind, survivor, loser, lead }
}
