// Words without accents: a second level beside the word as written, never instead of it.
import variants from '../data/sign-variants.json' with { type: 'json' }
import { scriptOf } from './text.ts'

const LETTERS = new Map(Object.entries(variants.latin))
const SPELT_OUT = new Map(Object.entries(variants.speltOut))
const SIMPLE = new Map(
  Object.entries(variants.han).flatMap(([to, from]) => [...from].map((sign) => [sign, to] as const)),
)
const CYRILLIC = new Map(Object.entries(variants.cyrillic))
const HOMOGLYPHS = new Map(Object.entries(variants.homoglyphs))

/** A folded word without accents and sign variants, in its own script. */
export function plainWord(word: string): string {
  if (/^[a-z0-9]*$/.test(word)) return word
  switch (scriptOf(word)) {
    case 'latin':
      return stripped(unmixed(stripped(word)))
    case 'greek':
      return stripped(word)
    case 'cyrillic':
      return mapped(word, CYRILLIC)
    case 'han':
      return mapped(word, SIMPLE)
    case 'kana':
      return word.replaceAll(/[ぁ-ゖ]/g, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0x60))
    case 'arabic':
      return word
        .replaceAll(/[\u064B-\u065F\u0670\u0640]/g, '')
        .replaceAll(/[أإآٱ]/g, 'ا')
        .replaceAll('ى', 'ي')
        .replaceAll('ة', 'ه')
    case 'hebrew':
      return word.replaceAll(/[\u0591-\u05C7]/g, '')
    default:
      return word
  }
}

/** Other spelling of a Latin word with an umlaut or the like (`mueller` of `müller`); null when it has none. */
export function speltOut(word: string): string | null {
  if (![...word].some((sign) => SPELT_OUT.has(sign))) return null
  return stripped(mapped(word, SPELT_OUT))
}

/** Cyrillic signs that look Latin, inside a Latin word, become Latin. */
const unmixed = (word: string) => (/\p{Script=Cyrillic}/u.test(word) ? mapped(word, HOMOGLYPHS) : word)

const stripped = (word: string) =>
  mapped(word.normalize('NFD').replaceAll(/[\u0300-\u036F]/g, ''), LETTERS).normalize('NFC')

const mapped = (word: string, table: ReadonlyMap<string, string>) =>
  [...word].map((sign) => table.get(sign) ?? sign).join('')
