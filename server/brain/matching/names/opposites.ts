// Words that tell two similar names apart: opposites, bodies of a company, houses of a group.
import data from '../data/counter-words.json' with { type: 'json' }
import { byBars, byBlanks } from '../normal-forms/listed.ts'
import { typingLikeness } from './typing-errors.ts'

/** For each word, the lines it stands on and its place there. */
const LINES = new Map<string, { line: number; at: number }[]>()
const OPPOSITES = data.opposites.map((text) => text.split('/').map(byBars))
for (const [line, members] of OPPOSITES.entries()) {
  for (const [at, member] of members.entries()) {
    for (const word of member) LINES.set(word, [...(LINES.get(word) ?? []), { line, at }])
  }
}
const BODIES = new Set(byBlanks(data.bodies))
const BODY_PHRASES = byBars(data.bodyPhrases).map((text) => text.split(' '))
const JOINED_PHRASES = BODY_PHRASES.map((words) => words.join(''))
const LONG_BODIES = [...BODIES].filter((word) => word.length >= 7)
const SISTERS = new Set(byBlanks(data.sisters))
const DIVISIONS = new Set(byBlanks(data.divisions))
const HOUSEHOLDS = new Set(byBlanks(data.households))
const CONGREGATIONS = new Set(byBlanks(data.places))
const SIDES = new Set((data.opposites[0] ?? '').split('/').flatMap(byBars))
const PREFIXES = byBlanks(data.prefixes)

/** True for `east` and `west`, `mens` and `womens`, `Northgate` and `Southgate`. */
export function areOpposite(a: string, b: string): boolean {
  if (a === b) return false
  const [x, y] = [LINES.get(a) ?? [], LINES.get(b) ?? []]
  const shared = x.filter(({ line }) => y.some((other) => other.line === line))
  if (shared.length > 0) {
    return shared.every(({ line, at }) => y.every((other) => other.line !== line || other.at !== at))
  }
  return haveOppositeStarts(a, b) || haveOppositeEnds(a, b) || isMisspeltOpposite(a, y) || isMisspeltOpposite(b, x)
}

const ENDS = [...LINES.keys()].filter((word) => word.length >= 3).sort((x, y) => y.length - x.length)

/** `Movcorwomens` and `Movcormens`: opposites that were written together with the word before them. */
function haveOppositeEnds(a: string, b: string): boolean {
  if (a.length < 7 || b.length < 7) return false
  const x = endOf(a)
  const y = x === undefined ? undefined : endOf(b)
  if (x === undefined || y === undefined || x === y) return false
  const [p, q] = [a.slice(0, -x.length), b.slice(0, -y.length)]
  return (p === q || typingLikeness(p, q) >= 0.8) && areOpposite(x, y)
}

const endOf = (word: string) => ENDS.find((end) => word.endsWith(end) && word.length >= end.length + 4)

/** True when one word is the other with a body or a side written at its end: `Plasticspress`. */
export function hasGluedBody(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  const rest = long.slice(short.length)
  return long.startsWith(short) && short.length >= 4 && (BODIES.has(rest) || SISTERS.has(rest) || SIDES.has(rest))
}

/** The word among `words` that a division or a house of a group is called by. */
export function divisionAmong(words: readonly string[]): string | null {
  return words.find(isDivision) ?? null
}

/** `Jumior` beside `senior`: a word that is nearly one of the other places of the line. */
function isMisspeltOpposite(word: string, lines: readonly { line: number; at: number }[]): boolean {
  if (word.length < 5 || LINES.has(word)) return false
  const alike = (member: string) => member[0] === word[0] && typingLikeness(member, word) >= 0.8
  return lines.some(({ line, at }) => {
    const members = OPPOSITES[line] ?? []
    return !members[at]?.some(alike) && members.some((words) => words.some(alike))
  })
}

function haveOppositeStarts(a: string, b: string): boolean {
  const start = (word: string) => PREFIXES.find((prefix) => word.startsWith(prefix) && word.length >= prefix.length + 3)
  const [x, y] = [start(a), start(b)]
  return x !== undefined && y !== undefined && x !== y && a.slice(x.length) === b.slice(y.length)
}

/** `east`, `upper`: a side of something. */
export function isSide(word: string): boolean {
  return SIDES.has(word) && word.length > 1
}

/** The word or phrase among `words` that names another body: `foundation`, `credit union`; null when none does. */
export function bodyAmong(words: readonly string[]): string | null {
  const phrase = BODY_PHRASES.find((each) =>
    words.some((_, at) => each.every((word, index) => words[at + index] === word)),
  )
  if (phrase) return phrase.join(' ')
  return words.find((word) => BODIES.has(word)) ?? misspeltBody(words)
}

/** A body whose words are joined, divided or misspelt: `creditunion`, `foun dation`, `housign authority`. */
function misspeltBody(words: readonly string[]): string | null {
  for (let count = 1; count <= 3; count++) {
    for (let at = 0; at + count <= words.length; at++) {
      const text = words.slice(at, at + count).join('')
      if (text.length < 6) continue
      const found = nearBody(text, count)
      if (found !== null) return found
    }
  }
  return null
}

/** Answers for words that many names have. */
const near = new Map<string, string | null>()
const MOST_KEPT = 50_000

/** The body that a text without blanks nearly is, joined of `count` words. */
function nearBody(text: string, count: number): string | null {
  const key = `${count} ${text}`
  const before = near.get(key)
  if (before !== undefined) return before
  if (near.size >= MOST_KEPT) near.clear()
  const alike = (body: string, least: number) => body[0] === text[0] && typingLikeness(body, text) >= least
  const found =
    JOINED_PHRASES.find((phrase) => alike(phrase, count === 1 ? 0.9 : 0.85)) ??
    LONG_BODIES.find((body) => alike(body, count === 1 ? 0.85 : 0.9)) ??
    null
  near.set(key, found)
  return found
}

/** The word among `words` that may name another house of one group: `capital`, `ventures`. */
export function sisterAmong(words: readonly string[]): string | null {
  return words.find((word) => SISTERS.has(word)) ?? null
}

/** A line of business that a house of a group is called by: `credit`, `aerospace`. */
export function isDivision(word: string): boolean {
  return DIVISIONS.has(word) || SISTERS.has(word)
}

export function isHousehold(words: readonly string[]): boolean {
  return words.some((word) => HOUSEHOLDS.has(word))
}

export function isCongregation(words: readonly string[]): boolean {
  return words.some((word) => CONGREGATIONS.has(word))
}
