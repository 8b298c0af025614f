// Facts about a company from one record, in normal form.
import type { FieldValue } from '../../contract/values/field-value.ts'
import { addressOf, type Address } from './address.ts'
import { companyName, endsWithFiller, type CompanyName } from './company-name.ts'
import { domainOf, isSharedDomain } from './domain.ts'
import { countryOfPhone, phoneOf } from './phone.ts'

export interface CompanyFacts {
  object: 'Lead' | 'Account'
  id: string
  /** Without the town at its end. */
  name: CompanyName
  /** Town at the end of the name when the address has it too, as in `Pizza Bella - Boston`: an outlet. */
  site: string | null
  /** The company's own registrable domains, each with its field. */
  domains: { domain: string; field: string }[]
  /** Domains of providers on the record; they are no evidence. */
  sharedDomains: { domain: string; field: string }[]
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
    ...domainsOf(values, ['Website', 'Email']),
    phones: phonesOf(values, ['Phone'], address.country ?? countryOfPhone(text(values, 'Phone'))),
    address,
    duns: text(values, 'CompanyDunsNumber'),
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
    ...domainsOf(values, ['Website']),
    phones: phonesOf(values, ['Phone'], address.country),
    address,
    duns: text(values, 'DunsNumber'),
    parentId: text(values, 'ParentId'),
    personAccount: values['IsPersonAccount'] === true,
  }
}

/** Removes the company's town from the end of its name, unless too little is left or it belongs there (`Bank of Boston`). */
function nameAt(raw: string, { city }: Address): Pick<CompanyFacts, 'name' | 'site'> {
  const name = companyName(raw)
  const town = city?.split(' ') ?? []
  const brand = name.tokens.slice(0, name.tokens.length - town.length)
  const ends = town.length > 0 && brand.length > 0 && name.tokens.slice(brand.length).join(' ') === city
  const belongs = ends && (endsWithFiller(raw, town) || brand.join('').length < 3)
  if (!ends || belongs) return { name, site: null }
  return { name: { ...name, tokens: brand, core: brand.join(' ') }, site: city }
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

function domainsOf(values: Values, fields: readonly string[]) {
  const all = fields.flatMap((field) => {
    const domain = domainOf(text(values, field))
    return domain === null ? [] : [{ domain, field }]
  })
  const first = all.filter(({ domain }, index) => all.findIndex((each) => each.domain === domain) === index)
  return {
    domains: first.filter(({ domain }) => !isSharedDomain(domain)),
    sharedDomains: first.filter(({ domain }) => isSharedDomain(domain)),
  }
}

function phonesOf(values: Values, fields: readonly string[], country: string | null) {
  return fields.flatMap((field) => {
    const number = phoneOf(text(values, field), country)
    return number === null ? [] : [{ number, field }]
  })
}
