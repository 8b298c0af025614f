import type { NameWord } from '../normal-forms/name-word.ts'
import type { Alignment } from './name-alignment.ts'

/** Measures of an alignment, the same for both orders of the names. */
export interface NameFeatures {
  /** Share of the weight of both names that agrees, 0 to 1. */
  dice: number
  /** The same of the name that agrees more fully. */
  cover: number
  /** Weight of rare words left over on both sides, and on one side more than on the other. */
  rareBoth: number
  rareOne: number
  commonBoth: number
  commonOne: number
  /** Weight lost to spelling in words that agree. */
  spelling: number
  /** Rare words of which the other name has the first letters alone: `Micro`, `Microsoft`. */
  cutShort: number
  initials: number
  sound: number
  reordered: number
  formsDiffer: number
  /** Rare words that agree. */
  rareAgreed: number
}

const WEIGHTS: Record<NameWord['kind'], number> = {
  word: 1,
  number: 0.8,
  letter: 0.4,
  common: 0.35,
  place: 0.4,
  structure: 0.2,
  filler: 0.05,
}

/** Weight of a word in its name; common words weigh more in a name that has no other. */
function weightOf(word: NameWord, hasRare: boolean): number {
  if (word.kind === 'common' && !hasRare) return 0.7
  return word.kind === 'word' && word.plain.length <= 2 ? 0.7 : WEIGHTS[word.kind]
}

const hasRare = (words: readonly NameWord[]) => words.some(({ kind }) => kind === 'word')

export function weighedSum(words: readonly NameWord[]): number {
  const rare = hasRare(words)
  return words.reduce((sum, word) => sum + weightOf(word, rare), 0)
}

/** 1 for initials of three words and more; two letters are initials of many names. */
function initialsOf(pairs: Alignment['pairs']): number {
  const lengths = pairs.flatMap(({ how, a, b }) => (how === 'initials' ? [Math.max(a.length, b.length)] : []))
  const longest = Math.max(0, ...lengths)
  return longest >= 3 ? 1 : longest === 2 ? 0.3 : 0
}

export function nameFeatures(
  { pairs, onlyA, onlyB, sameOrder }: Alignment,
  a: readonly NameWord[],
  b: readonly NameWord[],
  formsDiffer: boolean,
): NameFeatures {
  const rare = hasRare(a) && hasRare(b)
  const sum = (words: readonly NameWord[]) => words.reduce((total, word) => total + weightOf(word, rare), 0)
  const of = (words: readonly NameWord[], places: readonly number[]) => places.map((place) => words[place] as NameWord)
  const [totalA, totalB] = [sum(a), sum(b)]
  let [agreedA, agreedB, spelling] = [0, 0, 0]
  for (const pair of pairs) {
    const [x, y] = [sum(of(a, pair.a)), sum(of(b, pair.b))]
    agreedA += pair.likeness * x
    agreedB += pair.likeness * y
    if (pair.how === 'typing' || pair.how === 'shortened' || pair.how === 'sound')
      spelling += ((1 - pair.likeness) * (x + y)) / 2
  }
  const rest = (words: readonly NameWord[], isRare: boolean) =>
    sum(words.filter(({ kind }) => (kind === 'word') === isRare))
  const [rareA, rareB, commonA, commonB] = [
    rest(onlyA, true),
    rest(onlyB, true),
    rest(onlyA, false),
    rest(onlyB, false),
  ]
  const total = totalA + totalB
  return {
    dice: total === 0 ? 0 : (agreedA + agreedB) / total,
    cover: total === 0 ? 0 : Math.max(totalA === 0 ? 0 : agreedA / totalA, totalB === 0 ? 0 : agreedB / totalB),
    rareBoth: Math.min(rareA, rareB),
    rareOne: Math.abs(rareA - rareB),
    commonBoth: Math.min(commonA, commonB),
    commonOne: Math.abs(commonA - commonB),
    spelling,
    cutShort: pairs.filter((pair) => pair.how === 'shortened' && hasRare(of(a, pair.a)) && hasRare(of(b, pair.b)))
      .length,
    initials: initialsOf(pairs),
    sound: pairs.some(({ how }) => how === 'sound') ? 1 : 0,
    reordered: sameOrder ? 0 : 1,
    formsDiffer: formsDiffer ? 1 : 0,
    rareAgreed: pairs.filter((pair) => pair.likeness >= 0.8 && hasRare(of(a, pair.a)) && hasRare(of(b, pair.b))).length,
  }
}
