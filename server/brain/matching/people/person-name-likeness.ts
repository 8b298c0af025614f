// Compares two names of persons: how alike they are, and which word says that they are two.
import personWords from '../data/person-words.json' with { type: 'json' }
import weights from '../data/person-name-weights.json' with { type: 'json' }
import { byBlanks } from '../normal-forms/listed.ts'
import type { PersonName, PersonWord } from './person-name.ts'
import { pairPersonWords, type PersonPairs } from './person-name-pairs.ts'

/**
 * Likeness of two names: every word the same; the same but for short forms, spelling, order or a middle name; a given name
 * that is only an initial; only the family's or only one name; none; unknown, because one is a placeholder.
 */
type PersonNameLikeness = 'exact' | 'close' | 'initials' | 'partial' | 'different' | 'unknown'

/** What in the names tells two persons apart. */
type PersonNameConflict =
  | { code: 'given'; a: string; b: string }
  | { code: 'family'; a: string; b: string }
  | { code: 'initial'; a: string; b: string }
  | { code: 'generation'; a: string; b: string }

export interface PersonNameFinding {
  likeness: PersonNameLikeness
  /** Log odds that names so alike are one person's. */
  logit: number
  /** True when a family name agrees that few people have. */
  rare: boolean
  conflict: PersonNameConflict | null
  measures: PersonMeasures
}

type PersonMeasures = Record<keyof typeof weights.weights, number>

const FREQUENT = new Set(byBlanks(personWords.frequent))

/** Compares two names; swapping the two swaps `a` and `b` only. */
export function comparePersonNames(a: PersonName, b: PersonName): PersonNameFinding {
  const found = pairPersonWords(a, b)
  const conflict = conflictOf(found, a, b)
  const measures = measuresOf(found, a, b, conflict)
  const logit = Object.entries(weights.weights).reduce(
    (sum, [name, weight]) => sum + weight * measures[name as keyof PersonMeasures],
    weights.intercept,
  )
  const family = found.pairs.filter(isFull).flatMap((pair) => pair.a.filter(({ role }) => role !== 'given'))
  return {
    likeness: likenessOf(found, a, b, conflict),
    logit: a.words.length === 0 || b.words.length === 0 ? 0 : logit,
    rare: family.some(({ plain }) => !FREQUENT.has(plain)),
    conflict,
    measures,
  }
}

/** How probable it is that two names alone are one person's, 0 to 1; 0 when one is a placeholder. */
export function personNameProbability(a: PersonName, b: PersonName): number {
  return a.words.length === 0 || b.words.length === 0 ? 0 : 1 / (1 + Math.exp(-comparePersonNames(a, b).logit))
}

type Pair = PersonPairs['pairs'][number]
const isFull = ({ how, a, b }: Pair) => how !== 'initial' && [...a, ...b].some(({ kind }) => kind === 'name')
const names = (words: readonly PersonWord[]) => words.filter(({ kind }) => kind === 'name')
const isGiven = ({ role }: PersonWord) => role === 'given'
const isFamily = ({ role }: PersonWord) => role === 'family'

function conflictOf({ pairs, onlyA, onlyB }: PersonPairs, a: PersonName, b: PersonName): PersonNameConflict | null {
  if (a.generation !== null && b.generation !== null && a.generation !== b.generation)
    return { code: 'generation', a: String(a.generation), b: String(b.generation) }
  const [x, y] = [names(onlyA), names(onlyB)]
  const [givenA, givenB] = [x.find(isGiven), y.find(isGiven)]
  const [familyA, familyB] = [x.find(isFamily), y.find(isFamily)]
  if (familyA && familyB) return { code: 'family', a: familyA.plain, b: familyB.plain }
  if (givenA && givenB) return { code: 'given', a: givenA.plain, b: givenB.plain }
  if (x[0] && y[0] && pairs.length > 0) return { code: 'given', a: x[0].plain, b: y[0].plain }
  const [letterA, letterB] = [
    onlyA.find(({ kind }) => kind === 'initial'),
    onlyB.find(({ kind }) => kind === 'initial'),
  ]
  const [p, q] = [letterA ?? (letterB ? givenA : undefined), letterB ?? (letterA ? givenB : undefined)]
  return p && q ? { code: 'initial', a: p.plain, b: q.plain } : null
}

function measuresOf(
  { pairs, onlyA, onlyB }: PersonPairs,
  a: PersonName,
  b: PersonName,
  conflict: PersonNameConflict | null,
): PersonMeasures {
  const full = pairs.filter(isFull)
  const has = (role: 'given' | 'family', list: readonly Pair[]) =>
    list.some((pair) => [...pair.a, ...pair.b].some((word) => word.role === role))
  const crossed = full.filter((pair) => {
    const [p, q] = [pair.a[0]?.role ?? null, pair.b[0]?.role ?? null]
    return p !== null && q !== null && p !== q
  })
  const joined = full.some(({ how }) => how === 'joined')
  const [p, q] = [names(onlyA).length, names(onlyB).length]
  const lost = full.reduce((sum, { likeness }) => sum + (1 - likeness), 0)
  const count = (name: PersonName) => names(name.words).length
  return {
    family: has('family', full) ? 1 : 0,
    given: has('given', full) ? 1 : 0,
    words: Math.min(
      3,
      full.reduce(
        (sum, pair) => sum + Math.max(1, Math.min(2, Math.max(names(pair.a).length, names(pair.b).length))),
        0,
      ),
    ),
    initial: pairs.some(({ how }) => how === 'initial') ? 1 : 0,
    nickname: pairs.some(({ how }) => how === 'nickname') ? 1 : 0,
    typing: Math.min(1, lost),
    twice: full.filter(({ how }) => how === 'typing' || how === 'sound').length >= 2 ? 1 : 0,
    turned: crossed.length >= 2 ? 1 : 0,
    single: Math.min(count(a), count(b)) <= 1 && !joined ? 1 : 0,
    more: Math.min(3, Math.abs(p - q)),
    other: Math.min(2, Math.min(p, q)),
    otherInitial: conflict?.code === 'initial' ? 1 : 0,
    generation: conflict?.code === 'generation' ? 1 : 0,
  }
}

function likenessOf(
  found: PersonPairs,
  a: PersonName,
  b: PersonName,
  conflict: PersonNameConflict | null,
): PersonNameLikeness {
  if (a.words.length === 0 || b.words.length === 0) return 'unknown'
  const full = found.pairs.filter(isFull)
  if (full.length === 0 || conflict?.code === 'family' || conflict?.code === 'given') return 'different'
  const left = [...found.onlyA, ...found.onlyB]
  const inPlace = found.pairs.every(
    ({ how, a: [x], b: [y] }) => how === 'same' && (x?.role === y?.role || !x?.role || !y?.role),
  )
  if (left.length === 0 && inPlace) return 'exact'
  const both = Math.min(names(a.words).length, names(b.words).length)
  const initials = found.pairs.some(({ how }) => how === 'initial')
  if (full.length >= 2 || (full.length === 1 && full[0]?.how === 'joined')) return 'close'
  if (initials) return 'initials'
  return both === 1 && left.length === 0 ? 'close' : 'partial'
}
