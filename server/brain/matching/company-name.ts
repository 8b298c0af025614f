// Company names in a form that can be compared: what distinguishes them apart from legal form, place and structure.
import businessWords from './data/business-words.json' with { type: 'json' }
import forms from './data/legal-forms.json' with { type: 'json' }
import { COUNTRY_QUALIFIERS, REGION_QUALIFIERS } from './country.ts'
import { words } from './words.ts'

export interface CompanyName {
  /** Distinguishing words joined by blanks; empty when the name has none. */
  core: string
  tokens: string[]
  /** Countries the legal form is used in; empty when there is none, or it is used everywhere. */
  formCountries: string[]
  /** Countries and regions the name itself mentions at its end, e.g. `Acme UK`. */
  countries: string[]
  regions: string[]
  /** `holding`, `group` … at the end of the name. */
  structure: string[]
}

interface Ending {
  words: string[]
  is: 'form' | 'country' | 'region' | 'structure' | 'filler'
  means: string[]
}

const ENDINGS: Ending[] = [
  ...forms.forms.flatMap((entry) =>
    entry.forms.map((form): Ending => ({ words: form.split(' '), is: 'form', means: entry.countries })),
  ),
  ...COUNTRY_QUALIFIERS.map(([name, code]): Ending => ({ words: name.split(' '), is: 'country', means: [code] })),
  ...REGION_QUALIFIERS.map((name): Ending => ({ words: name.split(' '), is: 'region', means: [name] })),
  ...forms.structure.map((word): Ending => ({ words: [word], is: 'structure', means: [word] })),
  ...forms.noise.map((text): Ending => ({ words: text.split(' '), is: 'filler', means: [] })),
  ...forms.filler.map((word): Ending => ({ words: [word], is: 'filler', means: [] })),
].sort((a, b) => b.words.length - a.words.length)

const FILLER = new Set(forms.filler)
/** Words dropped anywhere in a name; `of` and the like stay, because `Bank of America` is no bank in America. */
const DROPPED = new Set(forms.dropped)
const COMMON = new Set(businessWords.common)

function endingOf(tokens: readonly string[]): Ending | undefined {
  return ENDINGS.find(({ words: end, is }) => {
    const rest = tokens.length - end.length
    if (rest < 1 || !end.every((word, index) => tokens[rest + index] === word)) return false
    if ((is === 'country' || is === 'region') && FILLER.has(tokens[rest - 1] ?? '')) return false
    return tokens.slice(0, rest).some((word) => !FILLER.has(word))
  })
}

/** Normal form of a company name. Normalising the core again gives the same core. */
export function companyName(raw: string): CompanyName {
  const found: Record<Ending['is'], string[]> = { form: [], country: [], region: [], structure: [], filler: [] }
  let tokens = words(raw)
  for (;;) {
    const ending = endingOf(tokens)
    if (ending) {
      found[ending.is].push(...ending.means)
      tokens = tokens.slice(0, -ending.words.length)
      continue
    }
    const kept = tokens.filter((word) => !DROPPED.has(word))
    if (kept.length === 0 || kept.length === tokens.length) break
    tokens = kept
  }
  return {
    core: tokens.join(' '),
    tokens,
    formCountries: unique(found.form),
    countries: unique(found.country),
    regions: unique(found.region),
    structure: unique(found.structure),
  }
}

/** Search words of a name, the most distinctive first: long and uncommon ones. */
export function distinctiveWords(name: CompanyName, atMost: number): string[] {
  const telling = unique(name.tokens).filter((word) => word.length >= 2)
  const rare = telling.filter((word) => !COMMON.has(word) && !/^\d+$/.test(word))
  return (rare.length > 0 ? rare : telling).slice(0, atMost)
}

export function isCommonWord(word: string): boolean {
  return COMMON.has(word)
}

/** True when a filler word ties the town to the name, as in `Bank of Boston`. */
export function endsWithFiller(raw: string, town: readonly string[]): boolean {
  const all = words(raw)
  const at = all.findLastIndex((word) => word === town[0])
  return FILLER.has(all[at - 1] ?? '')
}

const unique = (values: readonly string[]) => [...new Set(values)].sort()
