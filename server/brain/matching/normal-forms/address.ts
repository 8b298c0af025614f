import streetWords from '../data/street-words.json' with { type: 'json' }
import townNames from '../data/town-names.json' with { type: 'json' }
import { plainWord } from './accents.ts'
import { countryCode, countryOfState, stateCode } from './country.ts'
import { byBars, byBlanks } from './listed.ts'
import { foldText, splitWords } from './text.ts'

export interface Address {
  /** Without room and floor. */
  street: string | null
  /** Suite, floor, building … with its number: `ste 501`. */
  unit: string | null
  city: string | null
  /** `MA`, or the text as entered. */
  state: string | null
  postal: string | null
  /** ISO code. */
  country: string | null
  /** False when the country was taken from the state. */
  countryGiven: boolean
}

interface TypedAddress {
  street: string | null
  city: string | null
  state: string | null
  postalCode: string | null
  country: string | null
}

const shortForms = (lists: Record<string, string>, items: (line: string) => string[] = byBlanks) =>
  new Map(
    Object.entries(lists).flatMap(([short, long]) =>
      [short, ...items(long)].map((text) => [text.split(' ').map(plainWord).join(' '), short] as const),
    ),
  )
const TYPES = shortForms(streetWords.types)
const DIRECTIONS = shortForms(streetWords.directions)
const UNITS = shortForms(streetWords.units)
const OTHERS = shortForms(streetWords.words)
const ENDINGS = Object.entries(streetWords.endings).flatMap(([short, long]) =>
  byBlanks(long).map((end) => [end, short] as const),
)
const JOINERS = new Set(byBlanks(streetWords.joiners))
const TOWN_WORDS = shortForms(townNames.words)
const TOWNS = shortForms(townNames.towns, byBars)

/** Normal form of an address: words shortened the same way, rooms and floors apart, postal codes without blanks. */
export function addressOf(typed: TypedAddress): Address {
  const given = countryCode(typed.country)
  const country = given ?? (typed.country === null ? countryOfState(typed.state) : null)
  const { street, unit } = streetOf(typed.street ?? '')
  return {
    street,
    unit,
    city: townOf(typed.city),
    state: stateCode(typed.state, country),
    postal: postalOf(typed.postalCode, country),
    country,
    countryGiven: given !== null,
  }
}

const plainWords = (text: string) => splitWords(foldText(text)).map(plainWord)

function streetOf(text: string): { street: string | null; unit: string | null } {
  const first = text.split(/[\n;]/).find((line) => /\d/.test(line)) ?? text
  const short = plainWords(first.replaceAll('#', ' unit ').replaceAll(/\bp\.? ?o\.? ?box\b/gi, ' pobox ')).flatMap(
    shortened,
  )
  const floor = short.findIndex((word, index) => word === 'fl' && /^\d+(?:st|nd|rd|th)$/.test(short[index - 1] ?? ''))
  const all =
    floor > 0 ? [...short.slice(0, floor - 1), 'fl', short[floor - 1] ?? '', ...short.slice(floor + 1)] : short
  const at = all.findIndex((word, index) => isUnit(word, index, all))
  if (at === -1) return { street: blankToNull(all.join(' ')), unit: null }
  if (at === 0 && all.length > 3) return { street: all.slice(2).join(' '), unit: all.slice(0, 2).join(' ') }
  return { street: blankToNull(all.slice(0, at).join(' ')), unit: blankToNull(all.slice(at).join(' ')) }
}

/** Suites begin with their word; `Tower Road 5` and `Office Park` are streets. */
function isUnit(word: string, index: number, all: readonly string[]): boolean {
  if (!UNITS.has(word) || word === 'no') return false
  const next = all[index + 1] ?? ''
  if (index === 0) return /\d/.test(next)
  return index >= 2 || /\d/.test(next)
}

function shortened(word: string): string[] {
  for (const [end, short] of ENDINGS) {
    if (word.length > end.length + 2 && word.endsWith(end)) return [word.slice(0, -end.length), short]
  }
  return [UNITS.get(word) ?? TYPES.get(word) ?? DIRECTIONS.get(word) ?? OTHERS.get(word) ?? word]
}

function townOf(text: string | null): string | null {
  const all = plainWords((text ?? '').replace(/\(.*\)|,.*$/, ' ')).map((word) => TOWN_WORDS.get(word) ?? word)
  const town = all.join(' ')
  return blankToNull(TOWNS.get(town) ?? town)
}

function postalOf(text: string | null, country: string | null): string | null {
  const plain = plainWords(text ?? '').join('')
  if (plain === '' || /^0+$/.test(plain)) return null
  return (country === 'US' || country === null) && /^\d{9}$/.test(plain) ? plain.slice(0, 5) : plain
}

interface StreetParts {
  number: string | null
  /** Words of the name, without kind of street and side of town. */
  name: string[]
  types: string[]
  directions: string[]
}

/** The parts of a street in normal form. */
export function streetParts(street: string): StreetParts {
  const all = street.split(' ')
  const joiner = all.findIndex((word, index) => index > 1 && JOINERS.has(word))
  const words = joiner === -1 ? all : all.slice(0, joiner)
  const number = words.find((word) => /^\d+[a-z]?$/.test(word)) ?? null
  const rest = words.filter((word, index) => index !== words.indexOf(number ?? ''))
  const types = rest.filter((word) => TYPES.has(word))
  const directions = rest.filter((word) => DIRECTIONS.has(word))
  const name = rest.filter((word) => !TYPES.has(word) && !DIRECTIONS.has(word))
  return { number, name: name.length > 0 ? name : rest, types, directions }
}

const blankToNull = (text: string) => (text === '' ? null : text)
