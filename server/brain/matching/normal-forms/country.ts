import data from '../data/countries.json' with { type: 'json' }
import states from '../data/states.json' with { type: 'json' }
import { plainWord } from './accents.ts'
import { byBars } from './listed.ts'
import { foldText, splitWords } from './text.ts'

const NAMES = Object.entries(data.countries).flatMap(([code, names]) =>
  byBars(names).map((name): [string, string] => [name.split(' ').map(plainWord).join(' '), code]),
)
const CODES = new Map(NAMES)

/** Short codes are also words of many languages (`it`, `no`, `as`), so only these qualify a company's name. */
const SHORT = new Set(['uk', 'us', 'usa', 'uae'])
export const COUNTRY_QUALIFIERS = NAMES.filter(
  ([name]) => !(name in data.parts) && (SHORT.has(name) || name.length > 3 || /[^a-z]/.test(name)),
)
export const PART_QUALIFIERS = Object.entries(data.parts)
export const REGION_QUALIFIERS = byBars(data.regions)

/** Plain words of a place, in its own script. */
const words = (text: string) => splitWords(foldText(text)).map(plainWord)

const TABLES: Record<string, Record<string, string>> = { US: states.US, CA: states.CA, AU: states.AU }

/** ISO 3166 code of a country as users enter it; null for blank or unknown. */
export function countryCode(text: string | null): string | null {
  if (text === null) return null
  const all = words(text)
  return CODES.get(all.join(' ')) ?? CODES.get(all.join('')) ?? null
}

/** Code of a state or province (`MA`, `QC`), or its text when it is not in the tables; null for blank. */
export function stateCode(text: string | null, country: string | null): string | null {
  const plain = words(text ?? '').join(' ')
  if (plain === '') return null
  const table = country === null ? { ...states.AU, ...states.CA, ...states.US } : (TABLES[country] ?? {})
  const entry = Object.entries(table).find(([code, name]) => name === plain || code.toLowerCase() === plain)
  return entry?.[0] ?? plain
}

function countriesOfState(text: string | null): string[] {
  const plain = words(text ?? '').join(' ')
  return Object.entries(TABLES)
    .filter(([, table]) => Object.entries(table).some(([code, name]) => name === plain || code.toLowerCase() === plain))
    .map(([country]) => country)
}

/** Country implied by a state alone, because users leave the country blank; null when there are several. It supports and never contradicts. */
export function countryOfState(text: string | null): string | null {
  const countries = countriesOfState(text)
  return countries.length === 1 ? (countries[0] ?? null) : null
}
