// Pairs the words of two persons' names: equal, joined, short forms, other spellings, initials.
import givenNames from '../data/given-names.json' with { type: 'json' }
import { byBlanks } from '../normal-forms/listed.ts'
import { soundLikeness, soundSkeleton, typingLikeness } from '../names/typing-errors.ts'
import type { PersonName, PersonWord } from './person-name.ts'

type PersonPairing = 'same' | 'joined' | 'nickname' | 'sound' | 'typing' | 'initial'

interface PersonWordPair {
  a: PersonWord[]
  b: PersonWord[]
  how: PersonPairing
  /** 0 to 1. */
  likeness: number
}

export interface PersonPairs {
  pairs: PersonWordPair[]
  onlyA: PersonWord[]
  onlyB: PersonWord[]
}

/** For each form of a given name, the names it may stand for. */
const STANDS_FOR = new Map<string, Set<string>>()
for (const [name, forms] of Object.entries(givenNames.names)) {
  for (const form of [name, ...byBlanks(forms)]) STANDS_FOR.set(form, (STANDS_FOR.get(form) ?? new Set()).add(name))
}

/** Full names: the beginning of another one is no short form of it, as `Paul` of `Paulina`. */
const NAMES = new Set(Object.keys(givenNames.names))

/** Pairs the words of two names whichever their order; particles that only one has are left out. */
export function pairPersonWords(a: PersonName, b: PersonName): PersonPairs {
  const [restA, restB] = [[...a.words], [...b.words]]
  const pairs: PersonWordPair[] = []
  for (const [how, likeness] of WAYS) pairBy(restA, restB, pairs, how, likeness)
  pairJoined(restA, restB, pairs)
  pairJoined(restB, restA, pairs, true)
  pairByLikeness(restA, restB, pairs)
  pairBy(restA, restB, pairs, 'initial', initialLikeness)
  const telling = (words: readonly PersonWord[]) => words.filter(({ kind }) => kind !== 'particle')
  return { pairs, onlyA: telling(restA), onlyB: telling(restB) }
}

type Likeness = (x: PersonWord, y: PersonWord) => number

const WAYS: [PersonPairing, Likeness][] = [
  ['same', (x, y) => (x.plain === y.plain && x.role === y.role ? 1 : 0)],
  ['same', (x, y) => (x.plain === y.plain || x.speltOut === y.plain || x.plain === y.speltOut ? 1 : 0)],
  ['nickname', (x, y) => (x.role !== 'family' && y.role !== 'family' && isNickname(x.plain, y.plain) ? 0.92 : 0)],
]

function pairBy(
  restA: PersonWord[],
  restB: PersonWord[],
  pairs: PersonWordPair[],
  how: PersonPairing,
  likeness: Likeness,
): void {
  for (const x of [...restA]) {
    const y = restB.find((each) => likeness(x, each) > 0)
    if (y) take(restA, restB, pairs, { a: [x], b: [y], how, likeness: likeness(x, y) })
  }
}

function take(restA: PersonWord[], restB: PersonWord[], pairs: PersonWordPair[], pair: PersonWordPair): void {
  pairs.push(pair)
  for (const word of pair.a) restA.splice(restA.indexOf(word), 1)
  for (const word of pair.b) restB.splice(restB.indexOf(word), 1)
}

/** Names that a form may stand for: `robert` for `bob`. */
export const givenNamesOf = (form: string): string[] => [...(STANDS_FOR.get(form) ?? [])]

/** True when two forms may be one given name: `bob` and `robert`, `sasha` and `alexander`. */
function isNickname(x: string, y: string): boolean {
  const [p, q] = [STANDS_FOR.get(x), STANDS_FOR.get(y)]
  if (p !== undefined && q !== undefined && [...p].some((name) => q.has(name))) return true
  const [short, long] = x.length <= y.length ? [x, y] : [y, x]
  // `Alex` and `Alexandrina`, `Tilda` and `Matilda`: the first or the last letters of a longer name.
  if (short.length < 3 || long.length - short.length < 2) return false
  return (long.startsWith(short) && !NAMES.has(short)) || (short.length >= 4 && long.endsWith(short))
}

/** `Vanderberg` and `van der Berg`, `Jan Daniel` and `JanDaniel`; and the same in two scripts. */
function pairJoined(long: PersonWord[], parts: PersonWord[], pairs: PersonWordPair[], isSwapped = false): void {
  for (const word of [...long].filter(({ plain }) => plain.length >= 5)) {
    for (let at = 0; at < parts.length; at++) {
      const run = [3, 2].map((count) => parts.slice(at, at + count)).find((each) => isJoined(word, each))
      if (!run) continue
      const pair: PersonWordPair = { a: [word], b: run, how: 'joined', likeness: 0.95 }
      const [restA, restB] = isSwapped ? [parts, long] : [long, parts]
      take(restA, restB, pairs, isSwapped ? { ...pair, a: pair.b, b: pair.a } : pair)
      break
    }
  }
}

function isJoined(word: PersonWord, run: readonly PersonWord[]): boolean {
  if (run.length < 2) return false
  const joined = run.map(({ plain }) => plain).join('')
  return joined === word.plain || typingLikeness(joined, word.plain) >= 0.88
}

/** Pairs what is left by likeness, the most alike first. */
function pairByLikeness(restA: PersonWord[], restB: PersonWord[], pairs: PersonWordPair[]): void {
  const found = restA.flatMap((x) =>
    restB.flatMap((y): PersonWordPair[] => {
      const pair = alike(x, y)
      return pair ? [{ a: [x], b: [y], ...pair }] : []
    }),
  )
  found.sort((p, q) => q.likeness - p.likeness || (keyOf(p) < keyOf(q) ? -1 : 1))
  for (const pair of found) {
    if (pair.a.every((word) => restA.includes(word)) && pair.b.every((word) => restB.includes(word)))
      take(restA, restB, pairs, pair)
  }
}

const keyOf = ({ a, b }: PersonWordPair) => [a[0]?.plain ?? '', b[0]?.plain ?? ''].sort().join(' ')

function alike(x: PersonWord, y: PersonWord): { how: PersonPairing; likeness: number } | null {
  if (x.kind !== 'name' || y.kind !== 'name') return null
  if (x.script !== y.script) {
    const likeness = soundLikeness(x.plain, y.plain)
    return likeness > 0 ? { how: 'sound', likeness } : null
  }
  if (x.script === 'han' || isOtherName(x, y)) return null
  const typing = typingLikeness(x.plain, y.plain)
  const sound = soundsSame(x.plain, y.plain) ? 0.82 : 0
  if (typing < 0.72 && sound === 0) return null
  return typing >= sound ? { how: 'typing', likeness: typing } : { how: 'sound', likeness: sound }
}

/** `Mario` and `Maria`, `Petrov` and `Petrova`: one letter at the end makes another person. */
function isOtherName(x: PersonWord, y: PersonWord): boolean {
  const [short, long] = x.plain.length <= y.plain.length ? [x.plain, y.plain] : [y.plain, x.plain]
  if (short.length === long.length)
    return (
      short.slice(0, -1) === long.slice(0, -1) && /[ao]/.test(short.at(-1) ?? '') && /[aoei]/.test(long.at(-1) ?? '')
    )
  return long === `${short}a` || long === `${short}а`
}

/** Other spellings of one sound, as transliteration leaves them: `Mohammed` and `Muhamad`. */
function soundsSame(x: string, y: string): boolean {
  const [p, q] = [soundSkeleton(x), soundSkeleton(y)]
  return p === q && p.length >= 3 && x[0] !== undefined && Math.abs(x.length - y.length) <= 3
}

const initialLikeness: Likeness = (x, y) => {
  const [short, long] = x.kind === 'initial' ? [x, y] : [y, x]
  if (short.kind !== 'initial' || long.kind !== 'name' || short.role === 'family' || long.role === 'family') return 0
  return [long.plain, ...givenNamesOf(long.plain)].some((name) => name.startsWith(short.plain)) ? 0.6 : 0
}
