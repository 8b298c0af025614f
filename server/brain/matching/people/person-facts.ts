// Facts about a person from one contact or lead, in normal form.
import personWords from '../data/person-words.json' with { type: 'json' }
import type { FieldValue } from '../../../contract/values/field-value.ts'
import { addressOf, type Address } from '../normal-forms/address.ts'
import { companyName, type CompanyName } from '../normal-forms/company-name.ts'
import { isSharedDomain, webAddressesOf } from '../normal-forms/domain.ts'
import { byBlanks } from '../normal-forms/listed.ts'
import { countryOfPhone, phonesOf } from '../normal-forms/phone.ts'
import { personName, type PersonName } from './person-name.ts'

interface Mailbox {
  /** In small letters, without a tag after `+`. */
  address: string
  /** Part before the `@`, without signs. */
  user: string
  /** The company's own domain; null for a provider's. */
  domain: string | null
  /** True for `info@` and the like, which many people read. */
  isRole: boolean
  field: string
}

export interface PersonFacts {
  object: 'Contact' | 'Lead'
  id: string
  name: PersonName
  mailboxes: Mailbox[]
  /** The person's own telephones and those of the office, each with its field. */
  phones: { number: string; field: string; isMobile: boolean }[]
  company: CompanyName
  accountId: string | null
  address: Address
  birthdate: string | null
}

const PARTS = ['Street', 'City', 'State', 'PostalCode', 'Country']

/** Every field that the facts of a person are taken from, by object. */
export const COMPARED_PERSON_FIELDS: Readonly<Record<'Contact' | 'Lead', readonly string[]>> = {
  Contact: [
    ...['Name', 'FirstName', 'MiddleName', 'LastName', 'Suffix', 'Email', 'Phone', 'MobilePhone'],
    ...['AccountId', 'Account.Name', 'Birthdate', ...PARTS.map((part) => `Mailing${part}`)],
  ],
  Lead: ['Name', 'FirstName', 'MiddleName', 'LastName', 'Suffix', 'Email', 'Phone', 'MobilePhone', 'Company', ...PARTS],
}

const ROLES = new Set(byBlanks(personWords.roleMailboxes))

/** Facts of a contact or lead; a field that is missing is no fact. */
export function factsOfPerson(
  object: 'Contact' | 'Lead',
  id: string,
  values: Readonly<Record<string, FieldValue>>,
): PersonFacts {
  const fields = COMPARED_PERSON_FIELDS[object]
  const text = (field: string): string | null => {
    const value = fields.includes(field) ? values[field] : undefined
    return typeof value === 'string' && value.trim() !== '' ? value : null
  }
  const at = (part: string) => text(object === 'Lead' ? part : `Mailing${part}`)
  const address = addressOf({
    street: at('Street'),
    city: at('City'),
    state: at('State'),
    postalCode: at('PostalCode'),
    country: at('Country'),
  })
  const phone = (field: string, isMobile: boolean) => {
    const number = text(field)
    return phonesOf(number, address.country ?? countryOfPhone(number)).map((each) => ({
      number: each,
      field,
      isMobile,
    }))
  }
  return {
    object,
    id,
    name: personName({
      full: text('Name'),
      first: text('FirstName'),
      middle: text('MiddleName'),
      last: text('LastName'),
      suffix: text('Suffix'),
    }),
    mailboxes: mailboxesOf(text('Email'), 'Email'),
    phones: [...phone('Phone', false), ...phone('MobilePhone', true)],
    company: companyName(text(object === 'Lead' ? 'Company' : 'Account.Name') ?? ''),
    accountId: text('AccountId'),
    address,
    birthdate: text('Birthdate'),
  }
}

/** Mailboxes of a field that may hold several. Providers that ignore dots and `googlemail` get one spelling. */
function mailboxesOf(text: string | null, field: string): Mailbox[] {
  const parts = (text ?? '').toLowerCase().split(/[\s;,|<>]+/)
  return parts.flatMap((part): Mailbox[] => {
    const [user = '', host = '', ...more] = part.replace(/^mailto:/, '').split('@')
    const domain = webAddressesOf(host)[0]?.domain
    if (user === '' || domain === undefined || more.length > 0) return []
    const untagged = user.replace(/\+.*$/, '')
    const isGoogle = domain === 'gmail.com' || domain === 'googlemail.com'
    const plain = untagged.replaceAll(/[^\p{L}\p{N}]/gu, '')
    return [
      {
        address: isGoogle ? `${plain}@gmail.com` : `${untagged}@${host}`,
        user: plain,
        domain: isSharedDomain(domain) ? null : domain,
        isRole: ROLES.has(untagged) || ROLES.has(plain.replace(/\d+$/, '')),
        field,
      },
    ]
  })
}
