// Letters that differ between two words: how likely a typing error is.
import anyAscii from 'any-ascii'
import { distance } from 'fastest-levenshtein'
import { jaroWinkler } from '@skyra/jaro-winkler'
import { isSwap } from '../normal-forms/one-error.ts'
import { scriptOf } from '../normal-forms/text.ts'
import { loanLikeness } from './loan-words.ts'

/** 0 for two words, up to 1 for one and the same; between for what a typing error may have made of one. */
export function typingLikeness(a: string, b: string): number {
  if (a === b) return 1
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  if (short.length < 4 || long.length - short.length > 3) return 0
  if (/\d/.test(a + b)) return withDigit(a, b)
  if (sharesTooLittle(a, b)) return 0
  if (isInitialism(a) && isInitialism(b)) return 0
  if (undoubled(a) === undoubled(b)) return 0.95
  if (isSwap(a, b)) return 0.93
  const apart = distance(a, b)
  const most = short.length >= 11 ? 3 : short.length >= 7 ? 2 : 1
  if (apart > most) return 0
  if (swappedWithError(a, b)) return 0.85
  const sameStart = a[0] === b[0] ? 0 : 0.12
  const share = apart / long.length
  return Math.max(0, 1 - share * 1.2 - sameStart - (sameConsonants(a, b) ? 0 : 0.02))
}

/** `Micr0soft`: one digit where the other word has a letter; more digits, or one at an end, are a number. */
function withDigit(a: string, b: string): number {
  const [x, y] = /\d/.test(a) ? [a, b] : [b, a]
  return x.length === y.length && /^\p{L}+\d\p{L}+$/u.test(x) && !/\d/.test(y) && distance(x, y) === 1 ? 0.88 : 0
}

/** Words of signs that each mean something: two signs in the other order, or one left out; another sign is another name. */
export function signLikeness(a: string, b: string): number {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  if (long.length < 4 || long.length - short.length > 1) return 0
  if (short.length === long.length) return isSwap(a, b) ? 0.9 : 0
  return distance(a, b) === 1 ? 0.7 : 0
}

/** Short words of consonants are initials, and another letter is another name: `ELCFB`, `ELCFD`. */
const isInitialism = (word: string) =>
  word.length <= 6 && /[bcdfghjklmnpqrstvwxz]{3}/.test(word) && !/[aeiouy].*[aeiouy]/.test(word)

/** Two words that begin and end otherwise are no typing errors of each other. */
const sharesTooLittle = (a: string, b: string) => a[0] !== b[0] && a[1] !== b[1] && a.at(-1) !== b.at(-1)

/** A word with each doubled letter once. */
function undoubled(word: string): string {
  let single = ''
  for (let at = 0; at < word.length; at++) if (word[at] !== word[at - 1]) single += word[at]
  return single
}
const consonants = (word: string) => word.replaceAll(/[aeiouyäöü]/g, '')
const sameConsonants = (a: string, b: string) => consonants(a) === consonants(b)

const swappedWithError = (a: string, b: string) =>
  a.length >= 9 && distance(a, b) <= 2 && [...a].sort().join('') === [...b].sort().join('')

/** Latin form of a word in another script; it supports a match of two scripts and never decides within one. */
function transliterated(word: string): string {
  return anyAscii(word)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
}

/** How alike two words of two scripts sound, 0 to 1. */
export function soundLikeness(a: string, b: string): number {
  const [x, y] = [transliterated(a), transliterated(b)]
  if (x === '' || y === '' || Math.min(x.length, y.length) < 2) return 0
  if (x === y) return 0.95
  const [p, q] = [skeleton(x), skeleton(y)]
  if (p === q && p.length >= 3) return 0.85
  const [kanaA, kanaB] = [scriptOf(a) === 'kana', scriptOf(b) === 'kana']
  const loan = kanaA === kanaB ? 0 : kanaA ? loanLikeness(x, y) : loanLikeness(y, x)
  if (loan > 0) return loan
  const alike = jaroWinkler(x, y)
  return alike >= 0.88 && Math.min(x.length, y.length) >= 4 ? 0.8 : 0
}

/** How a word sounds, roughly, in Latin letters; equal for many spellings of one name. */
export const soundSkeleton = (word: string): string => skeleton(transliterated(word))

/** Consonants, with those that scripts confuse made one. */
const skeleton = (word: string) =>
  undoubled(
    word
      .replaceAll(/ph/g, 'f')
      .replaceAll(/(?:tch|tsch|ch|sh|sch|zh|kh|x|ts|tz|cz|c|z)/g, 's')
      .replaceAll(/[qg]/g, 'k')
      .replaceAll(/[wb]/g, 'v')
      .replaceAll(/[j]/g, 'y')
      .replaceAll(/[aeiouyh]/g, ''),
  )
