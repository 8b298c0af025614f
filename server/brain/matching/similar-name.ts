import { jaroWinkler } from '@skyra/jaro-winkler'
import { distance } from 'fastest-levenshtein'
import { isCommonWord, type CompanyName } from './company-name.ts'

/**
 * Similarity of two names: the same words; the same except for a typing error, order or an acronym; one inside the other with
 * a distinctive word in common; or none.
 */
export type NameLikeness = 'exact' | 'close' | 'acronym' | 'related' | 'different'

export function likeness(a: CompanyName, b: CompanyName): NameLikeness {
  if (a.core === '' || b.core === '') return 'different'
  if (compact(a) === compact(b)) return 'exact'
  if (numbers(a) !== numbers(b)) return 'different'
  if (sorted(a) === sorted(b) || sameButForTyping(a.tokens, b.tokens) || almostTheSame(compact(a), compact(b))) {
    return 'close'
  }
  if (isAcronym(a, b) || isAcronym(b, a)) return 'acronym'
  return tellingInCommon(a, b) ? 'related' : 'different'
}

const compact = (name: CompanyName) => name.tokens.join('')
const sorted = (name: CompanyName) => [...name.tokens].sort().join(' ')
const numbers = (name: CompanyName) => name.tokens.filter((word) => /\d/.test(word)).join(' ')

function sameButForTyping(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, index) => typingError(word, b[index] ?? ''))
}

function typingError(a: string, b: string): boolean {
  if (a === b) return true
  const shorter = Math.min(a.length, b.length)
  return distance(a, b) <= (shorter >= 8 ? 2 : shorter >= 5 ? 1 : 0) && jaroWinkler(a, b) >= 0.85
}

/** Long names that differ by one or two letters, e.g. by the place of a blank. */
function almostTheSame(a: string, b: string): boolean {
  return Math.min(a.length, b.length) >= 10 && distance(a, b) <= 2 && jaroWinkler(a, b) >= 0.95
}

function isAcronym(short: CompanyName, long: CompanyName): boolean {
  const letters = compact(short)
  return letters.length >= 3 && long.tokens.length >= 3 && long.tokens.map((word) => word[0]).join('') === letters
}

function tellingInCommon(a: CompanyName, b: CompanyName): boolean {
  const [short, long] = a.tokens.length <= b.tokens.length ? [a, b] : [b, a]
  const inLong = new Set(long.tokens)
  return (
    short.tokens.every((word) => inLong.has(word)) &&
    short.tokens.some((word) => word.length >= 3 && !isCommonWord(word))
  )
}
