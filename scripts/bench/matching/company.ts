// Invented companies: what is true of one before anybody types it in.
import type { Chance } from './chance.ts'
import {
  COUNTRIES,
  DIAL,
  ENDS,
  formsOf,
  GIVEN,
  LANGUAGE,
  MIDDLES,
  NATURE,
  ownWordsOf,
  STARTS,
  STREETS,
  SURNAMES,
  TLD,
  townsOf,
  tradesOf,
  type Town,
} from './vocabulary.ts'

export interface Company {
  /** Words of the name without legal form. */
  words: string[]
  /** Spellings of its legal form; the first is the usual one. */
  form: string[]
  country: string
  town: Town
  street: { number: number; name: string; unit: number | null }
  postal: string
  phone: string
  domain: string
  duns: string
  /** Trading or former name; null when it has none. */
  otherName: string | null
}

/** Share of companies per country: most in the United States, the rest anywhere. */
const anyCountry = (chance: Chance) => (chance.happens(0.55) ? 'US' : chance.pick(COUNTRIES))

const capital = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1)

/** A word that no dictionary has. */
function inventedWord(chance: Chance): string {
  const middle = chance.happens(0.4) ? chance.pick(MIDDLES) : ''
  return capital(chance.pick(STARTS) + middle + chance.pick(ENDS))
}

function brandWords(chance: Chance, language: string): string[] {
  const own = ownWordsOf(language)
  if (own.length > 0)
    return chance.happens(0.3)
      ? [chance.pick(own) + (language === 'zh' ? chance.pick(own).slice(0, 1) : '')]
      : chance.pick(own).split(' ')
  const kind = chance.below(100)
  if (kind < 38) return [inventedWord(chance)]
  if (kind < 50) return [inventedWord(chance), inventedWord(chance)]
  if (kind < 64) return [chance.pick(SURNAMES)]
  if (kind < 72) return [chance.pick(SURNAMES), chance.pick(['&', 'and']), chance.pick(SURNAMES)]
  if (kind < 76) return [chance.pick(GIVEN), chance.pick(SURNAMES)]
  if (kind < 80)
    return [chance.pick(SURNAMES), chance.pick(['Brothers', '& Sons', 'Family'])].flatMap((part) => part.split(' '))
  if (kind < 95) return [chance.pick(NATURE), ...(chance.happens(0.35) ? [chance.pick(NATURE)] : [])]
  const letters = 'ABCDEFGHIJKLMNOPRSTUVWZ'
  return [Array.from({ length: 2 + chance.below(3) }, () => letters[chance.below(letters.length)]).join('')]
}

export const inventDuns = (chance: Chance): string => String(10_000_000 + chance.below(980_000_000)).padStart(9, '0')

/** A company with everything known about it. */
export function inventCompany(chance: Chance, country: string = anyCountry(chance)): Company {
  const language = LANGUAGE.get(country) ?? 'en'
  const brand = brandWords(chance, language)
  const trade = chance.happens(0.8) || brand.length === 1 ? chance.pick(tradesOf(language)).split(' ') : []
  const unspaced = language === 'zh' || language === 'ja' || language === 'ko'
  const words = unspaced ? [[...brand, ...trade].join('')] : [...brand, ...trade]
  const town = chance.pick(townsOf(country))
  return {
    words,
    form: chance.pick(formsOf(country)),
    country,
    town,
    ...place(chance, country, town),
    phone: phoneIn(chance, country, town),
    domain: domainFor(chance, words, country),
    duns: inventDuns(chance),
    otherName: chance.happens(0.06) ? `${inventedWord(chance)} ${chance.pick(tradesOf('en'))}` : null,
  }
}

export function place(chance: Chance, country: string, town: Town): Pick<Company, 'street' | 'postal'> {
  return {
    street: {
      number: 1 + chance.below(country === 'US' ? 9_800 : 180),
      name: chance.pick(STREETS),
      unit: chance.happens(0.3) ? 1 + chance.below(1_900) : null,
    },
    postal:
      country === 'GB'
        ? `${town.postal}${1 + chance.below(9)} ${1 + chance.below(9)}AB`
        : (town.postal + String(chance.below(1_000)).padStart(3, '0')).slice(0, country === 'US' ? 5 : 6),
  }
}

/** National digits with area code. */
export function phoneIn(chance: Chance, country: string, town: Town): string {
  const digits = (count: number) =>
    Array.from({ length: count }, (_, index) => (index === 0 ? 2 + chance.below(8) : chance.below(10))).join('')
  return `+${DIAL.get(country) ?? '1'}${town.area.replace(/^0/, '')}${digits(country === 'US' || country === 'CA' ? 7 : Math.max(6, 9 - town.area.length))}`
}

const ascii = (word: string) =>
  word
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')

export function domainFor(chance: Chance, words: readonly string[], country: string): string {
  const plain = words.map(ascii).filter((word) => word !== '' && word !== 'and')
  const own =
    plain.length === 0
      ? ascii(inventedWord(chance))
      : chance.pick([
          plain.join(''),
          plain.slice(0, 2).join(''),
          plain.slice(0, 2).join('-'),
          plain.length >= 3 ? plain.map((word) => word.slice(0, 1)).join('') + String(plain.at(-1)) : plain.join(''),
        ])
  const unique = own.length < 5 ? own + ascii(inventedWord(chance)) : own
  return `${unique}.${chance.happens(0.5) ? 'com' : (TLD.get(country) ?? 'com')}`
}
