// Compares two company names: how alike they are, and which word tells them apart.
import { distance } from 'fastest-levenshtein'
import type { CompanyName } from '../normal-forms/company-name.ts'
import type { NameWord } from '../normal-forms/name-word.ts'
import { align, alignInitials, type Alignment } from './name-alignment.ts'
import { nameFeatures, weighedSum, type NameFeatures } from './name-features.ts'
import { nameLogit, type NameMeasures } from './name-score.ts'
import { areOpposite, bodyAmong, divisionAmong, isDivision, isSide, sisterAmong } from './opposites.ts'

/**
 * Likeness of two names: the same words; the same except for spelling, order or script; one in initials; one inside the
 * other; none; or unknown, because one is a placeholder or the two scripts cannot be compared.
 */
type NameLikeness = 'exact' | 'close' | 'acronym' | 'related' | 'different' | 'unknown'

/** What in the names tells two companies apart. */
type NameConflict =
  | { code: 'number'; a: string; b: string }
  | { code: 'letter'; a: string; b: string }
  | { code: 'opposite'; a: string; b: string }
  | { code: 'place'; a: string; b: string }
  | { code: 'body'; word: string }
  | { code: 'sister'; a: string; b: string }

/** What only one of the names has and may tell two companies apart. */
type NameDoubt = 'number' | 'letter' | 'side' | 'place' | 'sister' | 'trade' | 'spelling' | 'structure' | 'form'

export interface NameFinding {
  likeness: NameLikeness
  /** Log odds that names so alike are one company's. */
  logit: number
  /** True when a rare word agrees: few companies have this name. */
  rare: boolean
  conflict: NameConflict | null
  doubts: NameDoubt[]
  /** True when only one name has a line of business that a division is called by: `Acme Credit` beside `Acme`. */
  division: boolean
  /** Words that agree or were added, for a person who reads the evidence. */
  measures: NameMeasures
}

const UNKNOWN: NameFinding = {
  likeness: 'unknown',
  logit: 0,
  rare: false,
  conflict: null,
  doubts: [],
  division: false,
  measures: {
    ...nameFeatures({ pairs: [], onlyA: [], onlyB: [], sameOrder: true }, [], [], false),
    conflict: 0,
    doubts: 0,
  },
}

/** Compares two names and their second names; swapping the two swaps `a` and `b` only. */
export function compareNames(
  a: CompanyName,
  b: CompanyName,
  townA: NameWord[] | null = null,
  townB: NameWord[] | null = null,
): NameFinding {
  const ways = (name: CompanyName, town: NameWord[] | null) => [name.words, ...(town ? [town] : []), ...name.aliases]
  const found: NameFinding[] = []
  for (const [i, x] of ways(a, townA).entries()) {
    for (const [j, y] of ways(b, townB).entries()) {
      if (x.length > 0 && y.length > 0) found.push(compareWords(x, y, a, b, i + j > 0))
    }
  }
  // Ways that score alike are ordered by what they say, not by which name came first.
  return found.sort((p, q) => q.logit - p.logit || rankOf(p) - rankOf(q))[0] ?? UNKNOWN
}

const LIKENESSES: readonly NameLikeness[] = ['exact', 'close', 'acronym', 'related', 'different', 'unknown']
const rankOf = ({ likeness, conflict }: NameFinding) => LIKENESSES.indexOf(likeness) * 2 + (conflict === null ? 0 : 1)

function compareWords(
  a: NameWord[],
  b: NameWord[],
  nameA: CompanyName,
  nameB: CompanyName,
  isSecond: boolean,
): NameFinding {
  const swapped = keyOf(a) > keyOf(b)
  const byWords = swapped ? swap(align(b, a)) : align(a, b)
  const initials = isSecond || byWords.pairs.length > 0 ? null : alignInitials(a, b, nameA.initials, nameB.initials)
  const alignment = initials ?? byWords
  const formsDiffer = formsApart(nameA, nameB)
  const features = nameFeatures(alignment, a, b, formsDiffer)
  const conflict = conflictOf(alignment, a, b)
  const doubts = doubtsOf(alignment, a, b, nameA, nameB)
  const likenessByWords = likenessOf(alignment, features, a, b)
  // Names that differ in many letters, each a little, are still one name misspelt.
  const isDoubted = likenessByWords === 'different' || doubts.includes('trade')
  const misspelt = conflict === null && isDoubted && !hasOtherWord(alignment) && nearlySameLetters(a, b)
  const likeness = misspelt && likenessByWords === 'different' ? 'related' : likenessByWords
  if (misspelt) doubts.splice(0, doubts.length, ...doubts.filter((each) => each !== 'trade'), 'spelling')
  const words = doubts.filter((each) => each !== 'structure' && each !== 'form' && each !== 'spelling')
  const measures = { ...features, conflict: conflict ? 1 : 0, doubts: words.length }
  const logit = nameLogit(measures) - (isSecond ? 0.2 : 0)
  const [restA, restB] = [alignment.onlyA.filter(isTelling), alignment.onlyB.filter(isTelling)]
  const more = restA.length === 0 ? restB : restB.length === 0 ? restA : []
  const division = more.some(({ canon, plain }) => isDivision(canon) || isDivision(plain))
  return { likeness, logit, rare: features.rareAgreed > 0, conflict, doubts, division, measures }
}

/** Half the letters of a word: what differs more is another word, however alike the rest of the names is. */
const ANOTHER_WORD = 0.45

/** Each name has one word more, and the two are no spellings of one: `Cliffside Bakers`, `Cliffside Tilers`. */
function hasOtherWord({ pairs, onlyA, onlyB }: Alignment): boolean {
  const [x, y] = [onlyA.filter(isTelling), onlyB.filter(isTelling)]
  const [first, second] = [x[0]?.plain, y[0]?.plain]
  if (pairs.length === 0 || x.length !== 1 || y.length !== 1 || first === undefined || second === undefined)
    return false
  return distance(first, second) / Math.max(first.length, second.length) >= ANOTHER_WORD
}

const keyOf = (words: readonly NameWord[]) => words.map(({ written }) => written).join(' ')

const swap = ({ pairs, onlyA, onlyB, sameOrder }: Alignment): Alignment => ({
  pairs: pairs.map((pair) => ({ ...pair, a: pair.b, b: pair.a })),
  onlyA: onlyB,
  onlyB: onlyA,
  sameOrder,
})

/** Forms of two kinds of company whose countries have none in common, as `Inc` and `GmbH`. */
function formsApart(a: CompanyName, b: CompanyName): boolean {
  if (a.formCountries.length === 0 || b.formCountries.length === 0) return false
  return !a.formCountries.some((country) => b.formCountries.includes(country))
}

function conflictOf(
  { pairs, onlyA, onlyB }: Alignment,
  a: readonly NameWord[],
  b: readonly NameWord[],
): NameConflict | null {
  const [numberA, numberB] = [onlyA.filter(isNumeral), onlyB.filter(isNumeral)]
  if (numberA[0] && numberB[0]) return { code: 'number', a: numberA[0].plain, b: numberB[0].plain }
  const [letterA, letterB] = [letterAmong(onlyA, onlyB), letterAmong(onlyB, onlyA)]
  if (pairs.length > 0 && (letterA ?? numberA[0]) && (letterB ?? numberB[0])) {
    return { code: 'letter', a: (letterA ?? numberA[0])?.plain ?? '', b: (letterB ?? numberB[0])?.plain ?? '' }
  }
  for (const x of onlyA) {
    const y = onlyB.find((each) => areOpposite(x.plain, each.plain))
    if (y && pairs.length > 0) return { code: 'opposite', a: x.plain, b: y.plain }
  }
  const [placeA, placeB] = [onlyA.find(({ kind }) => kind === 'place'), onlyB.find(({ kind }) => kind === 'place')]
  if (placeA && placeB) return { code: 'place', a: placeA.plain, b: placeB.plain }
  return bodyConflict(onlyA, onlyB, a, b)
}

/** A single letter; a conjunction of one letter counts where the other name has a letter in its place. */
function letterAmong(only: readonly NameWord[], other: readonly NameWord[]): NameWord | undefined {
  const letter = only.find(({ kind }) => kind === 'letter')
  if (letter || !other.some(({ kind }) => kind === 'letter')) return letter
  return only.find(({ kind, plain }) => kind === 'filler' && plain.length === 1)
}

/** A body named by one of the names alone, beside a name that is otherwise the same. */
function bodyConflict(
  onlyA: readonly NameWord[],
  onlyB: readonly NameWord[],
  a: readonly NameWord[],
  b: readonly NameWord[],
): NameConflict | null {
  const words = (list: readonly NameWord[]) =>
    list.flatMap(({ canon, plain }) => (canon === plain ? [plain] : [canon, plain]))
  const plain = (list: readonly NameWord[]) => list.map((each) => each.plain)
  const bodyOf = (only: readonly NameWord[], own: readonly NameWord[], other: readonly NameWord[]) => {
    const body = bodyAmong(plain(only)) ?? bodyAmong(words(only)) ?? phraseOf(only, plain(own))
    if (body === null || bodyAmong(plain(other)) === body) return null
    return body
  }
  const body = bodyOf(onlyA, a, b) ?? bodyOf(onlyB, b, a)
  if (body !== null && onlyA.length + onlyB.length < a.length + b.length) return { code: 'body', word: body }
  const [x, y] = [divisionAmong(words(onlyA)), divisionAmong(words(onlyB))]
  return x !== null && y !== null && x !== y ? { code: 'sister', a: x, b: y } : null
}

/** A phrase of which the other name has a word: `College District` beside `College`. */
function phraseOf(only: readonly NameWord[], own: readonly string[]): string | null {
  const phrase = bodyAmong(own)
  if (phrase === null || !phrase.includes(' ')) return null
  return only.some(({ plain }) => phrase.split(' ').includes(plain)) ? phrase : null
}

const isTelling = ({ kind }: NameWord) => kind === 'common' || kind === 'word'

const isNumeral = ({ kind, plain }: NameWord) => kind === 'number' || /^(?=.*\d)[\p{L}\d]+$/u.test(plain)

function doubtsOf(
  { onlyA, onlyB }: Alignment,
  a: readonly NameWord[],
  b: readonly NameWord[],
  nameA: CompanyName,
  nameB: CompanyName,
): NameDoubt[] {
  const only = [...onlyA, ...onlyB]
  const doubts: NameDoubt[] = []
  if (only.some(isNumeral)) doubts.push('number')
  if (only.some((word) => word.kind === 'letter' && (word === a.at(-1) || word === b.at(-1)))) doubts.push('letter')
  if (only.some(({ plain }) => isSide(plain))) doubts.push('side')
  if (only.some(({ kind }) => kind === 'place')) doubts.push('place')
  if (sisterAmong(only.map(({ plain }) => plain)) !== null) doubts.push('sister')
  if (only.some(({ kind }) => kind === 'structure')) doubts.push('structure')
  if (onlyA.some(isTelling) && onlyB.some(isTelling)) doubts.push('trade')
  if (formsApart(nameA, nameB)) doubts.push('form')
  return doubts
}

/** Likeness of the words; numbers and opposites are judged apart from it. */
function likenessOf(
  { pairs, onlyA, onlyB, sameOrder }: Alignment,
  features: NameFeatures,
  a: readonly NameWord[],
  b: readonly NameWord[],
): NameLikeness {
  if (pairs.length === 0) return scriptsDiffer(a, b) ? 'unknown' : 'different'
  const left = (words: readonly NameWord[]) =>
    words.filter(({ kind }) => kind !== 'filler' && kind !== 'structure' && kind !== 'place')
  const [leftA, leftB] = [left(onlyA), left(onlyB)]
  const worst = Math.min(...pairs.map(({ likeness }) => likeness))
  const agreed = weighedSum(pairs.flatMap(({ a: places }) => places.map((place) => a[place] as NameWord)))
  if (leftA.length === 0 && leftB.length === 0) {
    if (pairs.some(({ how, a: i, b: j }) => how === 'initials' && i.length + j.length > 2))
      return pairs.some(isLongInitials) || pairs.length > 1 ? 'acronym' : 'related'
    if (pairs.some(({ how }) => how === 'initials')) return 'close'
    if (worst < 0.72) return 'related'
    return sameOrder && pairs.every(({ how }) => how === 'same' || how === 'meaning' || how === 'joined') && worst > 0.9
      ? 'exact'
      : 'close'
  }
  if (agreed === 0) return 'different'
  const [rareA, rareB] = [leftA, leftB].map((words) => words.filter(({ kind }) => kind === 'word'))
  if (rareA && rareB && rareA.length > 0 && rareB.length > 0)
    return scriptsDiffer(rareA, rareB) ? 'related' : 'different'
  const shared = features.rareAgreed > 0 || (features.dice >= 0.6 && (leftA.length === 0 || leftB.length === 0))
  if (!shared || worst < 0.6) return 'different'
  return leftA.length > 0 && leftB.length > 0 && features.dice < 0.55 ? 'different' : 'related'
}

const isLongInitials = ({ how, a, b }: Alignment['pairs'][number]) =>
  how === 'initials' && Math.max(a.length, b.length) >= 3

function nearlySameLetters(a: readonly NameWord[], b: readonly NameWord[]): boolean {
  const letters = (words: readonly NameWord[]) => words.map(({ plain }) => plain).join('')
  const [x, y] = [letters(a), letters(b)]
  const longer = Math.max(x.length, y.length)
  return Math.min(x.length, y.length) >= 8 && distance(x, y) <= longer * 0.2
}

/** True when no script of the one is in the other. */
function scriptsDiffer(a: readonly NameWord[], b: readonly NameWord[]): boolean {
  const scripts = (words: readonly NameWord[]) =>
    new Set(words.map(({ script }) => script).filter((script) => script !== 'number'))
  const [x, y] = [scripts(a), scripts(b)]
  return x.size > 0 && y.size > 0 && ![...x].some((script) => y.has(script))
}
