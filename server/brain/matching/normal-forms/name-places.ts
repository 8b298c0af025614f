// Countries, parts of countries and regions at the end of a name: `Acme UK`, `Acme North America`.
import { COUNTRY_QUALIFIERS, PART_QUALIFIERS, REGION_QUALIFIERS } from './country.ts'

interface NamePlace {
  /** `GB`, `scotland`, `emea`. */
  place: string
  is: 'country' | 'part' | 'region'
  /** Country of a part of one. */
  within: string | null
}

const PLACES = new Map<string, NamePlace>([
  ...REGION_QUALIFIERS.map((name): [string, NamePlace] => [name, { place: name, is: 'region', within: null }]),
  ...COUNTRY_QUALIFIERS.map(([name, code]): [string, NamePlace] => [
    name,
    { place: code, is: 'country', within: null },
  ]),
  ...PART_QUALIFIERS.map(([name, code]): [string, NamePlace] => [name, { place: name, is: 'part', within: code }]),
])
const MOST_WORDS = Math.max(...[...PLACES.keys()].map((name) => name.split(' ').length))

/** The place that the words end with, and its number of words. */
export function placeAtEnd(plain: readonly string[]): (NamePlace & { words: number }) | null {
  for (let count = Math.min(MOST_WORDS, plain.length - 1); count > 0; count--) {
    const found = PLACES.get(plain.slice(plain.length - count).join(' '))
    if (found) return { ...found, words: count }
  }
  return null
}
