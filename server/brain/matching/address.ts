import { countryCode, countryOfState, stateCode } from './country.ts'
import streetWords from './data/street-words.json' with { type: 'json' }
import { words } from './words.ts'

export interface Address {
  street: string | null
  city: string | null
  /** `MA`, or the text as entered. */
  state: string | null
  postal: string | null
  /** ISO code. */
  country: string | null
}

interface TypedAddress {
  street: string | null
  city: string | null
  state: string | null
  postalCode: string | null
  country: string | null
}

const SHORT = new Map(
  Object.entries(streetWords).flatMap(([short, long]) =>
    Array.isArray(long) ? long.map((word): [string, string] => [word, short]) : [],
  ),
)
const UNIT = new Set(['ste', 'fl', 'apt', 'unit', 'room', 'rm', 'bldg'])

/** Normal form of an address: words shortened the same way, rooms and floors left out, postal codes without blanks. */
export function addressOf(typed: TypedAddress): Address {
  const country = countryCode(typed.country) ?? (typed.country === null ? countryOfState(typed.state) : null)
  return {
    street: blankToNull(streetWordsOf(typed.street ?? '').join(' ')),
    city: blankToNull(words(typed.city ?? '').join(' ')),
    state: stateCode(typed.state, country),
    postal: postalOf(typed.postalCode, country),
    country,
  }
}

function streetWordsOf(street: string): string[] {
  const short = words(street)
    .map((word) => word.replace(/(?<=[a-z]{3})(?:strasse|str)$/, ' st'))
    .flatMap((word) => word.split(' '))
    .map((word) => SHORT.get(word) ?? word)
  const unit = short.findIndex((word, index) => index > 0 && UNIT.has(word))
  return unit === -1 ? short : short.slice(0, unit)
}

function postalOf(text: string | null, country: string | null): string | null {
  const plain = words(text ?? '').join('')
  if (plain === '') return null
  return (country === 'US' || country === null) && /^\d{9}$/.test(plain) ? plain.slice(0, 5) : plain
}

const blankToNull = (text: string) => (text === '' ? null : text)
