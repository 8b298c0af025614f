// Facts about a company from one record, in normal form.
import type { FieldValue } from '../../../contract/values/field-value.ts'
import { addressOf, type Address } from '../normal-forms/address.ts'
import { companyName, type CompanyName } from '../normal-forms/company-name.ts'
import { isSharedDomain, webAddressesOf } from '../normal-forms/domain.ts'
import { isFiller, type NameWord } from '../normal-forms/name-word.ts'
import { countryOfPhone, phonesOf } from '../normal-forms/phone.ts'
import { dunsOf } from '../normal-forms/placeholder.ts'

export interface CompanyFacts {
  object: 'Lead' | 'Account'
  id: string
  name: CompanyName
  /** Town at the end of the name when the address has it too, as in `Pizza Bella - Boston`: an outlet. */
  site: string | null
  /** The name's words without that town; null when there is none. */
  withoutTown: NameWord[] | null
  /** The company's own registrable domains, each with its field. */
  domains: { domain: string; section: string | null; field: string }[]
  /** Domains of providers on the record; they are no evidence. */
  sharedDomains: { domain: string; field: string }[]
  /** Pages that the company has on a shared domain. */
  pages: { page: string; field: string }[]
  phones: { number: string; field: string }[]
  address: Address
  duns: string | null
  parentId: string | null
  personAccount: boolean
}

const ADDRESS = ['Street', 'City', 'State', 'PostalCode', 'Country']

/** Every field that the facts are taken from, by object. */
export const COMPARED_FIELDS: Readonly<Record<string, readonly string[]>> = {
  Lead: ['Company', 'Website', 'Email', 'Phone', 'CompanyDunsNumber', ...ADDRESS],
  Account: ['Name', 'Website', 'Phone', 'DunsNumber', 'ParentId', ...ADDRESS.map((part) => `Billing${part}`)],
}

type Values = Readonly<Record<string, FieldValue>>

/** A text value; null when blank, missing or no text. */
function text(values: Values, field: string): string | null {
  const value = values[field]
  return typeof value === 'string' && value.trim() !== '' ? value : null
}

export function factsOfLead(id: string, values: Values): CompanyFacts {
  const address = postalAddress(values, '')
  return {
    object: 'Lead',
    id,
    ...nameAt(text(values, 'Company') ?? '', address),
    ...webOf(values, ['Website', 'Email']),
    phones: phoneFields(values, ['Phone'], address.country ?? countryOfPhone(text(values, 'Phone'))),
    address,
    duns: dunsOf(text(values, 'CompanyDunsNumber')),
    parentId: null,
    personAccount: false,
  }
}

export function factsOfAccount(id: string, values: Values): CompanyFacts {
  const address = postalAddress(values, 'Billing')
  return {
    object: 'Account',
    id,
    ...nameAt(text(values, 'Name') ?? '', address),
    ...webOf(values, ['Website']),
    phones: phoneFields(values, ['Phone'], address.country),
    address,
    duns: dunsOf(text(values, 'DunsNumber')),
    parentId: text(values, 'ParentId'),
    personAccount: values['IsPersonAccount'] === true,
  }
}

/** Finds the company's town at the end of its name, unless too little is left or it belongs there (`Bank of Boston`). */
function nameAt(raw: string, { city }: Address): Pick<CompanyFacts, 'name' | 'site' | 'withoutTown'> {
  const name = companyName(raw)
  const town = city?.split(' ') ?? []
  const { words } = name
  const brand = words.slice(0, words.length - town.length)
  const ends =
    town.length > 0 &&
    brand.length > 0 &&
    words.slice(brand.length).every(({ plain, canon }, index) => plain === town[index] || canon === town[index])
  const belongs = ends && (isFiller(brand.at(-1)?.plain ?? '') || brand.map(({ plain }) => plain).join('').length < 3)
  return ends && !belongs ? { name, site: city, withoutTown: brand } : { name, site: null, withoutTown: null }
}

function postalAddress(values: Values, prefix: string): Address {
  return addressOf({
    street: text(values, `${prefix}Street`),
    city: text(values, `${prefix}City`),
    state: text(values, `${prefix}State`),
    postalCode: text(values, `${prefix}PostalCode`),
    country: text(values, `${prefix}Country`),
  })
}

function webOf(values: Values, fields: readonly string[]): Pick<CompanyFacts, 'domains' | 'sharedDomains' | 'pages'> {
  const all = fields.flatMap((field) => webAddressesOf(text(values, field)).map((address) => ({ ...address, field })))
  const first = all.filter(({ domain }, index) => all.findIndex((each) => each.domain === domain) === index)
  return {
    domains: first
      .filter(({ domain }) => !isSharedDomain(domain))
      .map(({ domain, section, field }) => ({ domain, section, field })),
    sharedDomains: first.filter(({ domain }) => isSharedDomain(domain)).map(({ domain, field }) => ({ domain, field })),
    pages: all.flatMap(({ page, field }) => (page === null ? [] : [{ page, field }])),
  }
}

function phoneFields(values: Values, fields: readonly string[], country: string | null): CompanyFacts['phones'] {
  return fields.flatMap((field) => phonesOf(text(values, field), country).map((number) => ({ number, field })))
}
