import data from './data/countries.json' with { type: 'json' }
import states from './data/states.json' with { type: 'json' }
import { words } from './words.ts'

const NAMES = Object.entries(data.countries).flatMap(([code, names]) =>
  names.map((name): [string, string] => [name, code]),
)
const CODES = new Map(NAMES)

/** Short codes are also words of many languages (`it`, `no`, `as`), so only these qualify a company's name. */
const SHORT = new Set(['uk', 'u k', 'us', 'usa', 'u s a', 'uae'])
export const COUNTRY_QUALIFIERS = NAMES.filter(([name]) => SHORT.has(name) || name.length > 3)
export const REGION_QUALIFIERS = data.regions

/** ISO 3166 code of a country as users enter it; null for blank or unknown. */
export function countryCode(text: string | null): string | null {
  return text === null ? null : (CODES.get(words(text).join(' ')) ?? null)
}

/** Code of a state or province (`MA`, `QC`), or its text when it is not in the tables; null for blank. */
export function stateCode(text: string | null, country: string | null): string | null {
  const plain = words(text ?? '').join(' ')
  if (plain === '') return null
  const tables: Record<string, Record<string, string>> = { US: states.US, CA: states.CA, AU: states.AU }
  const table = country === null ? { ...states.AU, ...states.CA, ...states.US } : (tables[country] ?? {})
  const entry = Object.entries(table).find(([code, name]) => name === plain || code.toLowerCase() === plain)
  return entry?.[0] ?? plain
}

/** Country implied by a state alone, because users leave the country blank; null when ambiguous. */
export function countryOfState(text: string | null): string | null {
  const plain = words(text ?? '').join(' ')
  const tables = [
    ['US', states.US],
    ['CA', states.CA],
  ] as const
  return (
    tables.find(([, table]) =>
      Object.entries(table).some(([code, name]) => name === plain || code.toLowerCase() === plain),
    )?.[0] ?? null
  )
}
