import {
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
  type CountryCode,
} from 'libphonenumber-js/min'
import { isPlaceholderNumber } from './placeholder.ts'

/** E.164 form of a phone number; its country from the number, else from `country`, else the US. Null for no phone number. */
export function phoneOf(text: string | null, country: string | null): string | null {
  if (text === null) return null
  const fallback: CountryCode = country !== null && isSupportedCountry(country) ? country : 'US'
  const number = parsePhoneNumberFromString(international(text), fallback)
  if (!number || !number.isPossible()) return null
  return isPlaceholderNumber(number.nationalNumber) ? null : number.number
}

/** Fewest and most digits of a number that no numbering plan knows and that is still compared. */
const UNPLANNED = /^\d{8,15}$/

/** Digits of a number that no numbering plan knows, because a digit is missing or one too many; null for no telephone. */
function unplannedNumber(text: string, country: string | null): string | null {
  const typed = international(text.replace(/(?:ext|x|extension|durchwahl)\.?\s*\d+\s*$/i, ''))
  const national = typed.replaceAll(/\D/g, '').replace(typed.startsWith('+') ? '' : /^0+/, '')
  if (!UNPLANNED.test(national) || isPlaceholderNumber(national)) return null
  const code = country !== null && isSupportedCountry(country) ? getCountryCallingCode(country) : ''
  return `?${typed.startsWith('+') || national.startsWith(code) ? '' : code}${national}`
}

/**
 * Every number in a field that may hold several: `406-555-0128 / 406-555-0129`. E.164 forms; digits after a question mark
 * where no numbering plan knows the number.
 */
export function phonesOf(text: string | null, country: string | null): string[] {
  if (text === null) return []
  const parts = text.split(/[;,|\n]|\s\/\s|\s(?:or|oder|ou|o)\s/i)
  const several = parts.length > 1 && parts.every((part) => part.replaceAll(/\D/g, '').length >= 7)
  const bySlash = several ? [] : text.split('/').filter((part) => part.replaceAll(/\D/g, '').length >= 7)
  const all = several ? parts : bySlash.length > 1 ? bySlash : [text]
  const numbers = all.map((part) => phoneOf(part, country) ?? unplannedNumber(part, country))
  return [...new Set(numbers.filter((number) => number !== null))]
}

/** `00` and `(0)` of numbers written for callers abroad or at home. */
const international = (text: string) =>
  text
    .trim()
    .replace(/^\(?00\)?(?=[\s1-9(])/, '+')
    .replace(/^(\+\d{1,3})\s*\(0\)/, '$1 ')

/** Country of a number in international form, e.g. `DE` for `+49 …`; null when the prefix is ambiguous or missing. */
export function countryOfPhone(text: string | null): string | null {
  if (text === null) return null
  const typed = international(text)
  return typed.startsWith('+') ? (parsePhoneNumberFromString(typed)?.country ?? null) : null
}

/** National digits of a number, for searches by ending. */
export function nationalDigits(e164: string): string {
  if (e164.startsWith('?')) return e164.slice(-8)
  return parsePhoneNumberFromString(e164)?.nationalNumber ?? e164.replaceAll(/\D/g, '')
}

const FREE =
  /^(?:\+1(?:800|888|877|866|855|844|833)|\+44(?:800|808|84\d|87\d)|\+49(?:800|180)|\+33(?:80|81|82)|\+61(?:1800|1300))/

/** True for numbers that call centres have: many offices share one. */
export function isCallCentreNumber(e164: string): boolean {
  return FREE.test(e164)
}
