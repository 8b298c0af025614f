import type { FieldValue } from '../../../../contract/values/field-value.ts'
import { addressOf } from '../../../matching/normal-forms/address.ts'
import { countryCode, stateCode } from '../../../matching/normal-forms/country.ts'
import { domainOf } from '../../../matching/normal-forms/domain.ts'
import { phoneOf } from '../../../matching/normal-forms/phone.ts'
import { words } from '../../../matching/normal-forms/ascii-words.ts'

type Values = Readonly<Record<string, FieldValue>>

export function isBlank(value: FieldValue | undefined): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}

/** Whether two records mean the same by a field although it may be written differently. Two blanks do; a blank and a value do not. */
export function sameMeaning(field: string, a: Values, b: Values): boolean {
  const [x, y] = [a[field], b[field]]
  if (isBlank(x) || isBlank(y)) return isBlank(x) && isBlank(y)
  if (typeof x !== 'string' || typeof y !== 'string') return x === y
  return x === y || meaning(field, x, a) === meaning(field, y, b)
}

function meaning(field: string, value: string, record: Values): string {
  const country = countryOf(field, record)
  const plain = words(value).join(' ')
  if (field === 'Phone' || field === 'Fax') return phoneOf(value, country) ?? plain
  if (field === 'Website') return bareAddress(value)
  if (field.endsWith('Street')) {
    return addressOf({ street: value, city: null, state: null, postalCode: null, country: null }).street ?? plain
  }
  if (field.endsWith('Country')) return countryCode(value) ?? plain
  if (field.endsWith('State')) return stateCode(value, country) ?? plain
  if (field.endsWith('PostalCode')) return plain.replaceAll(' ', '')
  return field.endsWith('City') ? plain : value.trim()
}

function countryOf(field: string, record: Values): string | null {
  const value = record[field.startsWith('Shipping') ? 'ShippingCountry' : 'BillingCountry']
  return typeof value === 'string' ? countryCode(value) : null
}

/** A website without scheme, `www.` and a closing slash: a path still makes a difference. */
function bareAddress(value: string): string {
  const bare = value
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/^www\./, '')
    .replace(/\/+$/, '')
  return bare === '' ? (domainOf(value) ?? value) : bare
}
