// What is known of a company from one record, in normal form.
import type { FieldValue } from '../../contract/change-set.ts'
import { addressOf, type Address } from './address.ts'
import { companyName, type CompanyName } from './company-name.ts'
import { domainOf, isSharedDomain } from './domain.ts'
import { countryOfPhone, phoneOf } from './phone.ts'

export interface CompanyFacts {
  object: 'Lead' | 'Account'
  id: string
  name: CompanyName
  /** The company's own registrable domains, each with the field that told it. */
  domains: { domain: string; field: string }[]
  /** Domains it was seen with that belong to a provider; they prove nothing. */
  sharedDomains: { domain: string; field: string }[]
  phones: { number: string; field: string }[]
  address: Address
  duns: string | null
  parentId: string | null
  personAccount: boolean
}

type Values = Readonly<Record<string, FieldValue>>

/** A text value; null when blank, missing or no text. */
export function text(values: Values, field: string): string | null {
  const value = values[field]
  return typeof value === 'string' && value.trim() !== '' ? value : null
}

export function factsOfLead(id: string, values: Values): CompanyFacts {
  const address = postalAddress(values, '')
  return {
    object: 'Lead',
    id,
    name: companyName(text(values, 'Company') ?? ''),
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
    name: companyName(text(values, 'Name') ?? ''),
    ...domainsOf(values, ['Website']),
    phones: phonesOf(values, ['Phone'], address.country),
    address,
    duns: text(values, 'DunsNumber'),
    parentId: text(values, 'ParentId'),
    personAccount: values['IsPersonAccount'] === true,
  }
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
