// Pairs the words of two names: equal ones first, then joined, abbreviated, misspelt and transliterated ones.
import { isForm } from '../normal-forms/legal-forms.ts'
import { isFiller, type NameWord } from '../normal-forms/name-word.ts'
import { areOpposite, hasGluedBody } from './opposites.ts'
import { signLikeness, soundLikeness, typingLikeness } from './typing-errors.ts'

type Pairing = 'same' | 'meaning' | 'joined' | 'initials' | 'shortened' | 'typing' | 'sound'

interface WordPair {
  /** Places of the words in each name. */
  a: number[]
  b: number[]
  how: Pairing
  /** 0 to 1. */
  likeness: number
}

export interface Alignment {
  pairs: WordPair[]
  onlyA: NameWord[]
  onlyB: NameWord[]
  /** False when the paired words stand in another order. */
  sameOrder: boolean
}

/** Pairs the words of two names; swapping the names swaps `a` and `b` only. */
export function align(a: readonly NameWord[], b: readonly NameWord[]): Alignment {
  const work: Work = { a, b, freeA: new Set(a.keys()), freeB: new Set(b.keys()), pairs: [] }
  pairEqual(work)
  pairJoined(work)
  pairTurned(work)
  pairInitials(work)
  pairUnspaced(work)
  pairAlike(work)
  const pairs = work.pairs
  return {
    pairs,
    onlyA: a.filter((_, index) => work.freeA.has(index)),
    onlyB: b.filter((_, index) => work.freeB.has(index)),
    sameOrder: inOrder(pairs, a, b),
  }
}

/** One word that is the initials of the other whole name with its legal form: `TSMC`, `3M`; null for other names. */
export function alignInitials(
  a: readonly NameWord[],
  b: readonly NameWord[],
  initialsA: string,
  initialsB: string,
): Alignment | null {
  const [short, letters] = a.length === 1 ? [a[0], initialsB] : [b[0], initialsA]
  if (!short || Math.min(a.length, b.length) !== 1 || Math.max(a.length, b.length) < 2) return null
  const counted = /^([2-9])([a-z])$/.exec(short.plain)
  const spelt = counted ? (counted[2] ?? '').repeat(Number(counted[1])) : short.plain
  if (spelt.length < 3 || spelt !== letters) return null
  const pair: WordPair = {
    a: [...a.keys()],
    b: [...b.keys()],
    how: 'initials',
    likeness: spelt.length === 3 ? 0.8 : 0.9,
  }
  return { pairs: [pair], onlyA: [], onlyB: [], sameOrder: true }
}

interface Work {
  a: readonly NameWord[]
  b: readonly NameWord[]
  freeA: Set<number>
  freeB: Set<number>
  pairs: WordPair[]
}

function take(work: Work, pair: WordPair): void {
  work.pairs.push(pair)
  for (const index of pair.a) work.freeA.delete(index)
  for (const index of pair.b) work.freeB.delete(index)
}

function pairEqual(work: Work): void {
  const ways: [Pairing, number, (x: NameWord, y: NameWord) => boolean][] = [
    ['same', 1, (x, y) => x.written === y.written && x.kind === y.kind],
    ['same', 1, (x, y) => x.plain === y.plain || x.speltOut === y.plain || x.plain === y.speltOut],
    ['meaning', 0.98, (x, y) => x.canon === y.canon],
  ]
  for (const [how, likeness, equal] of ways) {
    for (const i of [...work.freeA]) {
      const x = work.a[i]
      const found = [...work.freeB].filter((j) => x !== undefined && equal(x, work.b[j] as NameWord))
      const j = found.sort((p, q) => Math.abs(p - i) - Math.abs(q - i) || p - q)[0]
      if (j !== undefined) take(work, { a: [i], b: [j], how, likeness })
    }
  }
}

/** `Face book` and `Facebook`, `7 Eleven` and `7Eleven`: runs of words that are equal without their blanks. */
function pairJoined(work: Work): void {
  for (const [i, long] of runs(work.a, work.freeA)) {
    if (i.some((index) => !work.freeA.has(index))) continue
    for (const [j, other] of runs(work.b, work.freeB)) {
      if (j.some((index) => !work.freeB.has(index)) || (i.length === 1 && j.length === 1)) continue
      const likeness = joinedLikeness(work, i, long, j, other)
      if (likeness > 0) take(work, { a: i, b: j, how: 'joined', likeness })
      else continue
      break
    }
  }
}

/** A name in kana without blanks beside words of another script that sound like it; and two whole names that sound alike. */
function pairUnspaced(work: Work): void {
  for (const [i, x] of runs(work.a, work.freeA)) {
    for (const [j, y] of runs(work.b, work.freeB)) {
      if (!i.every((index) => work.freeA.has(index)) || !j.every((index) => work.freeB.has(index))) continue
      if ((i.length === 1) === (j.length === 1) && !(isWhole(i, work.a) && isWhole(j, work.b))) continue
      if (scriptOfRun(work.a, i) === scriptOfRun(work.b, j) || Math.min(x.length, y.length) < 5) continue
      const likeness = soundLikeness(x, y)
      if (likeness >= 0.8) take(work, { a: i, b: j, how: 'sound', likeness })
    }
  }
}

const isWhole = (run: readonly number[], words: readonly NameWord[]) => run.length === words.length && run.length > 1
const scriptOfRun = (words: readonly NameWord[], run: readonly number[]) => words[run[0] ?? 0]?.script

/** How alike two runs of words are without their blanks. */
function joinedLikeness(work: Work, i: readonly number[], x: string, j: readonly number[], y: string): number {
  if (x === y || numbered(work.a, i) === y || x === numbered(work.b, j)) return 0.97
  if (/^\p{Script=Han}+$/u.test(x + y)) return signLikeness(x, y)
  const least = Math.min(x.length, y.length) >= 10 ? 0.78 : 0.85
  return isFuzzy(work, i, j) && typingLikeness(x, y) >= least && !areOpposite(x, y) ? 0.88 : 0
}

/** A run with its numbers in canonical form: `First Diagnostics` is `1stdiagnostics`. */
const numbered = (words: readonly NameWord[], run: readonly number[]) =>
  run.map((index) => (words[index]?.kind === 'number' ? words[index].canon : (words[index]?.plain ?? ''))).join('')

/** A number or a single letter in a run must be the very same. */
function isFuzzy({ a, b }: Work, i: readonly number[], j: readonly number[]): boolean {
  const words = [...i.map((index) => a[index]), ...j.map((index) => b[index])]
  return (
    words.every((word) => word?.kind !== 'number' && word?.kind !== 'letter') &&
    words.map((word) => word?.plain ?? '').join('').length >= 16
  )
}

/** `Smythapteka` and `Apteka, Smyth`: two words in the other order without their blank. */
function pairTurned(work: Work): void {
  for (const [a, freeA, b, freeB, isSwapped] of [
    [work.a, work.freeA, work.b, work.freeB, false],
    [work.b, work.freeB, work.a, work.freeA, true],
  ] as const) {
    for (const i of [...freeA]) {
      const long = a[i]?.plain ?? ''
      const j = long.length < 8 ? undefined : [...freeB].find((at) => freeB.has(at + 1) && turned(b, at) === long)
      if (j === undefined) continue
      const [one, two] = [[i], [j, j + 1]]
      take(work, { a: isSwapped ? two : one, b: isSwapped ? one : two, how: 'joined', likeness: 0.95 })
    }
  }
}

const turned = (words: readonly NameWord[], at: number) => `${words[at + 1]?.plain ?? ''}${words[at]?.plain ?? ''}`

/** Runs of up to four free words in a row, without blanks; longer runs first. */
function runs(words: readonly NameWord[], free: ReadonlySet<number>): [number[], string][] {
  const found: [number[], string][] = []
  for (let length = 4; length >= 1; length--) {
    for (let at = 0; at + length <= words.length; at++) {
      const indexes = Array.from({ length }, (_, step) => at + step)
      if (!indexes.every((index) => free.has(index))) continue
      found.push([indexes, indexes.map((index) => words[index]?.plain ?? '').join('')])
    }
  }
  return found
}

/** One word whose letters are the initials of several: `IBM`; and `J` for `John`. */
function pairInitials(work: Work): void {
  for (const side of ['a', 'b'] as const) {
    const [short, freeShort, long, freeLong] =
      side === 'a' ? [work.a, work.freeA, work.b, work.freeB] : [work.b, work.freeB, work.a, work.freeA]
    for (const i of [...freeShort]) {
      const word = short[i]
      if (!word || word.kind === 'number' || word.script !== 'latin') continue
      // A single letter stands for a word only beside a word that agrees; at the end it numbers a series.
      if (
        word.plain.length === 1 &&
        (i === short.length - 1 || !work.pairs.some(({ a }) => isTelling(work.a[a[0] ?? 0])))
      )
        continue
      const run = initialsRun(word.plain, long, freeLong)
      if (!run) continue
      const [a, b] = side === 'a' ? [[i], run] : [run, [i]]
      const likeness =
        word.plain.length === 1 ? 0.8 : word.plain.length === 2 ? 0.6 : word.plain.length === 3 ? 0.8 : 0.9
      take(work, { a, b, how: 'initials', likeness })
    }
  }
}

const isTelling = (word: NameWord | undefined) => word?.kind === 'word' || word?.kind === 'common'

/** Free words in a row whose initials are `letters`, with or without filler words. */
function initialsRun(letters: string, words: readonly NameWord[], free: ReadonlySet<number>): number[] | null {
  if (letters.length > 7) return null
  for (const start of free) {
    for (const keepFiller of [true, false]) {
      const run: number[] = []
      let at = start
      let matched = 0
      while (matched < letters.length && free.has(at)) {
        const word = words[at]
        if (!word) break
        if (!keepFiller && isFiller(word.plain) && matched > 0) {
          run.push(at++)
          continue
        }
        if (word.plain[0] !== letters[matched] || word.kind === 'number') break
        run.push(at++)
        matched++
      }
      const enough = letters.length === 1 ? (words[start]?.plain.length ?? 0) > 1 : run.length >= 2
      if (matched === letters.length && enough) return run
    }
  }
  return null
}

/** Pairs what is left by likeness, the most alike first. */
function pairAlike(work: Work): void {
  const found: WordPair[] = []
  for (const i of work.freeA) {
    for (const j of work.freeB) {
      const pair = alike(work.a[i] as NameWord, work.b[j] as NameWord)
      if (pair) found.push({ a: [i], b: [j], ...pair })
    }
  }
  found.sort((p, q) => q.likeness - p.likeness || distanceOf(p) - distanceOf(q) || sumOf(p) - sumOf(q))
  for (const pair of found) {
    if (pair.a.every((index) => work.freeA.has(index)) && pair.b.every((index) => work.freeB.has(index)))
      take(work, pair)
  }
}

const distanceOf = ({ a, b }: WordPair) => Math.abs((a[0] ?? 0) - (b[0] ?? 0))
const sumOf = ({ a, b }: WordPair) => (a[0] ?? 0) + (b[0] ?? 0)

function alike(x: NameWord, y: NameWord): { how: Pairing; likeness: number } | null {
  if (['number', 'letter', 'place'].some((kind) => x.kind === kind || y.kind === kind)) return null
  if (areOpposite(x.plain, y.plain)) return null
  if (x.script !== y.script) {
    const likeness = soundLikeness(x.plain, y.plain)
    return likeness > 0 ? { how: 'sound', likeness } : null
  }
  if (x.script === 'han' || ((x.script === 'hangul' || x.script === 'kana') && x.plain.length < 5)) {
    const likeness =
      x.script === 'kana' && unvoiced(x.plain) === unvoiced(y.plain) ? 0.85 : signLikeness(x.plain, y.plain)
    return likeness > 0 ? { how: 'typing', likeness } : null
  }
  if (hasGluedBody(x.plain, y.plain)) return null
  if (isGluedForm(x.plain, y.plain)) return { how: 'joined', likeness: 0.95 }
  const shortened = shorteningLikeness(x, y)
  if (shortened > 0) return { how: 'shortened', likeness: shortened }
  // Two known words are two words, however few letters differ.
  if (x.kind === 'common' && y.kind === 'common') return null
  const likeness = typingLikeness(x.plain, y.plain)
  return likeness >= 0.6 ? { how: 'typing', likeness } : null
}

/** Kana without the marks that voice a sound: `みどり` and `みとり`. */
const unvoiced = (word: string) => word.normalize('NFD').replaceAll(/[\u3099\u309A]/g, '')

/** `siemensag` beside `siemens`, `citigroup` beside `citi`. */
function isGluedForm(x: string, y: string): boolean {
  const [short, long] = x.length <= y.length ? [x, y] : [y, x]
  const rest = long.slice(short.length)
  return long.startsWith(short) && ((short.length >= 5 && isForm(rest)) || (short.length >= 4 && rest === 'group'))
}

/** `Tech` and `Technologies`, `Mfg` and `Manufacturing`: the first letters, or consonants in order. */
function shorteningLikeness(x: NameWord, y: NameWord): number {
  const [short, long] = x.plain.length <= y.plain.length ? [x, y] : [y, x]
  if (short.plain.length < 3 || long.plain.length - short.plain.length < 2) return 0
  if (long.plain.startsWith(short.plain)) return long.kind === 'common' ? 0.9 : short.plain.length >= 4 ? 0.65 : 0.5
  const rest = [...short.plain.slice(1)]
  if (long.kind !== 'common' || short.kind === 'common' || /[aeiou]/.test(rest.join(''))) return 0
  let at = 1
  for (const letter of rest) {
    at = long.plain.indexOf(letter, at) + 1
    if (at === 0) return 0
  }
  return short.plain[0] === long.plain[0] ? 0.85 : 0
}

function inOrder(pairs: readonly WordPair[], a: readonly NameWord[], b: readonly NameWord[]): boolean {
  const telling = pairs.filter(({ a: [i], b: [j] }) => a[i ?? 0]?.kind !== 'filler' && b[j ?? 0]?.kind !== 'filler')
  const sorted = [...telling].sort((p, q) => (p.a[0] ?? 0) - (q.a[0] ?? 0))
  return sorted.every(({ b: [j] }, index) => index === 0 || (j ?? 0) > (sorted[index - 1]?.b[0] ?? 0))
}
