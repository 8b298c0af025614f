import { parsePhoneNumberFromString, type CountryCode, isSupportedCountry } from 'libphonenumber-js/min'

/** E.164 form of a phone number; its country from the number, else from `country`, else the US. Null for no phone number. */
export function phoneOf(text: string | null, country: string | null): string | null {
  if (text === null) return null
  const fallback: CountryCode = country !== null && isSupportedCountry(country) ? country : 'US'
  const number = parsePhoneNumberFromString(text, fallback)
  if (!number || !number.isPossible()) return null
  return isFiller(number.nationalNumber) ? null : number.number
}

/** Country of a number in international form, e.g. `DE` for `+49 …`; null when the prefix is ambiguous or missing. */
export function countryOfPhone(text: string | null): string | null {
  if (text === null || !text.trim().startsWith('+')) return null
  return parsePhoneNumberFromString(text)?.country ?? null
}

/** Placeholder digits that users enter in a required field. */
function isFiller(digits: string): boolean {
  return new Set(digits).size <= 2 || '01234567890'.includes(digits)
}

/** National digits of an E.164 number, for searches by ending. */
export function nationalDigits(e164: string): string {
  return parsePhoneNumberFromString(e164)?.nationalNumber ?? e164.replaceAll(/\D/g, '')
}
