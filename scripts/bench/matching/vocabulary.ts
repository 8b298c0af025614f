import { readFileSync } from 'node:fs'

interface Raw {
  starts: string[]
  middles: string[]
  ends: string[]
  surnames: string[]
  given: string[]
  nature: string[]
  trades: Record<string, string>
  own: Record<string, string>
  forms: Record<string, string>
  inFront: string
  towns: Record<string, string>
  codes: string
  languages: string
  tlds: string
  countryNames: Record<string, string>
  streets: string[]
  streetTypes: string
  short: Record<string, string>
}

const raw = JSON.parse(readFileSync(new URL('vocabulary.json', import.meta.url), 'utf8')) as Raw

const words = (lines: readonly string[]) => lines.flatMap((line) => line.split(' '))
const byBars = (line: string) => line.split('|').map((item) => item.trim())
const pairs = (line: string) => {
  const all = line.split(' ')
  return new Map(all.flatMap((word, index) => (index % 2 === 0 ? [[word, all[index + 1] ?? ''] as const] : [])))
}

export interface Town {
  name: string
  state: string
  postal: string
  area: string
}

export const STARTS = words(raw.starts)
export const MIDDLES = words(raw.middles)
export const ENDS = words(raw.ends)
export const SURNAMES = words(raw.surnames)
export const GIVEN = words(raw.given)
export const NATURE = words(raw.nature)
export const STREETS = words(raw.streets)
export const STREET_TYPES = byBars(raw.streetTypes).map((line) => line.split(','))
export const COUNTRIES = [...pairs(raw.codes).keys()]
export const DIAL = pairs(raw.codes)
export const LANGUAGE = pairs(raw.languages)
export const TLD = pairs(raw.tlds)
export const FORM_IN_FRONT = new Set(raw.inFront.split(' '))

export const tradesOf = (language: string): string[] => byBars(raw.trades[language] ?? raw.trades['en'] ?? '')
/** Every word of every trade. */
export const TRADE_WORDS = new Set(
  Object.values(raw.trades)
    .flatMap(byBars)
    .flatMap((trade) => trade.split(' ')),
)
export const ownWordsOf = (language: string): string[] => {
  const line = raw.own[language] ?? ''
  return line.includes('|') ? byBars(line) : line.split(' ').filter((word) => word !== '')
}
/** Legal forms of a country, each with its spellings; an empty one stands for no form. */
export const formsOf = (country: string): string[][] => byBars(raw.forms[country] ?? '').map((line) => line.split(','))
export const townsOf = (country: string): Town[] =>
  byBars(raw.towns[country] ?? '').map((line) => {
    const [name = '', state = '', postal = '', area = ''] = line.split('/')
    return { name, state, postal, area }
  })
export const namesOfCountry = (country: string): string[] => (raw.countryNames[country] ?? country).split(',')
export const shortFormsOf = (word: string): string[] => raw.short[word]?.split(',') ?? []
