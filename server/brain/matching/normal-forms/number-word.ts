// Numbers in names: digits, words, ordinals and Roman numerals get one canonical form.
import numberWords from '../data/number-words.json' with { type: 'json' }
import { plainWord } from './accents.ts'
import { byBlanks } from './listed.ts'

const meanings = (lists: Record<string, string>) =>
  Object.entries(lists).flatMap(([canon, others]) => [canon, ...byBlanks(others)].map((word) => [word, canon] as const))
const NUMBERS = new Map<string, string>([
  ...meanings(numberWords.cardinals),
  ...meanings(numberWords.ordinals),
  ...Object.entries(numberWords.roman),
])
const LAST_LETTERS = new Map(Object.entries(numberWords.romanLetters))

/** English number words: only these are added up, because those of other languages are short words of many. */
const ENGLISH = new Map(
  Object.entries({ ...numberWords.cardinals, ...numberWords.ordinals }).map(([canon, words]) => [
    byBlanks(words)[0] ?? '',
    canon,
  ]),
)

/** Canonical number of a plain word (`44`, `21st`), at the end of a name (`isLast`) or elsewhere; null for other words. */
export function numberOf(plain: string, isLast: boolean): string | null {
  if (/^\d+$/.test(plain)) return plain.replace(/^0+(?=\d)/, '')
  if (/^\d+(?:st|nd|rd|th)$/.test(plain)) return plain.replace(/^0+(?=\d)/, '')
  return NUMBERS.get(plain) ?? compoundOf(plain) ?? (isLast ? (LAST_LETTERS.get(plain) ?? null) : null)
}

/** `fortyfour` and `twentysecond`: tens and a unit without a sign between them. */
function compoundOf(plain: string): string | null {
  for (let at = 5; at <= 7 && at < plain.length; at++) {
    const [tens, unit] = [ENGLISH.get(plain.slice(0, at)), ENGLISH.get(plain.slice(at))]
    if (tens !== undefined && unit !== undefined) return sumOf(tens, unit)
  }
  return null
}

/** Tens and a unit, cardinal or ordinal; null when the two are no number together. */
function sumOf(tens: string, unit: string): string | null {
  if (!/^[2-9]0$/.test(tens) || !/^[1-9](?:st|nd|rd|th)?$/.test(unit)) return null
  return (tens[0] ?? '') + unit
}

/** Words of a name with numbers of several words made one: `Forty Four`, `Forty 4` and `Two Hundred`. */
export function withNumbersJoined(words: readonly string[]): string[] {
  const joined: string[] = []
  for (let at = 0; at < words.length; at++) {
    const [first, second] = [words[at] ?? '', words[at + 1] ?? '']
    const [tens, unit] = [ENGLISH.get(plainWord(first)), ENGLISH.get(plainWord(second)) ?? second]
    const both = tens === undefined ? null : (sumOf(tens, unit) ?? hundredsOf(tens, unit))
    joined.push(both ?? first)
    if (both !== null) at++
  }
  return joined
}

function hundredsOf(count: string, unit: string): string | null {
  return /^[1-9]$/.test(count) && (unit === '100' || unit === '1000') ? count + unit.slice(1) : null
}

/** Other words for the number of a plain word, for searches: `first` for `1st`. */
export function sameNumber(plain: string): string[] {
  const canon = NUMBERS.get(plain)
  if (canon === undefined) return []
  const lists = [numberWords.cardinals, numberWords.ordinals] as Record<string, string>[]
  return [canon, ...lists.flatMap((list) => byBlanks(list[canon] ?? ''))]
}
