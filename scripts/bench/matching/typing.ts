// What happens to a name between the company's register and an org: abbreviations, errors, other forms.
import type { Chance } from './chance.ts'
import type { Company } from './company.ts'
import { FORM_IN_FRONT, shortFormsOf, TRADE_WORDS } from './vocabulary.ts'

const NEIGHBOURS: Record<string, string> = {
  a: 'sqz',
  b: 'vgn',
  c: 'xdv',
  d: 'sfe',
  e: 'wr',
  f: 'dgr',
  g: 'fht',
  h: 'gjy',
  i: 'uo',
  j: 'hku',
  k: 'jli',
  l: 'ko',
  m: 'n',
  n: 'bm',
  o: 'ip',
  p: 'ol',
  q: 'wa',
  r: 'et',
  s: 'adw',
  t: 'ry',
  u: 'yi',
  v: 'cb',
  w: 'qe',
  x: 'zc',
  y: 'tu',
  z: 'xa',
}
const SOUNDS: [string, string][] = [
  ['ph', 'f'],
  ['f', 'ph'],
  ['ck', 'k'],
  ['c', 'k'],
  ['k', 'c'],
  ['y', 'i'],
  ['i', 'y'],
  ['ie', 'ei'],
  ['ei', 'ie'],
  ['z', 's'],
  ['s', 'z'],
  ['ou', 'u'],
  ['ea', 'ee'],
  ['x', 'ks'],
  ['w', 'v'],
  ['er', 're'],
  ['th', 't'],
]
const NUMBERS = 'Zero One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve'.split(' ')

/** One typing error in a word of four letters or more; other words stay. */
export function misspelt(chance: Chance, word: string): string {
  if (word.length < 4 || !/^\p{L}+$/u.test(word)) return word
  const at = 1 + chance.below(word.length - 2)
  const [before, letter, after] = [word.slice(0, at), word.slice(at, at + 1), word.slice(at + 1)]
  switch (chance.below(6)) {
    case 0:
      return before + after
    case 1:
      return before + letter + letter + after
    case 2:
      return before + after.slice(0, 1) + letter + after.slice(1)
    case 3:
      return before + (NEIGHBOURS[letter] ? chance.pick([...NEIGHBOURS[letter]]) : letter) + after
    case 4: {
      const fitting = SOUNDS.filter(([from]) => word.toLowerCase().includes(from, 1))
      if (fitting.length === 0) return before + after
      const [from, to] = chance.pick(fitting)
      return word.slice(0, 1) + word.slice(1).replace(from, to)
    }
    default:
      return before + letter + chance.pick([...'aeioulnrst']) + after
  }
}

const withoutAccents = (text: string) =>
  text.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('ł', 'l').replaceAll('ı', 'i')
const speltOut = (text: string) =>
  text.replaceAll('ä', 'ae').replaceAll('ö', 'oe').replaceAll('ü', 'ue').replaceAll('ß', 'ss')

/** How hard the truth is to see: formats alone, usual changes, or several of them at once. */
export type Difficulty = 'easy' | 'medium' | 'hard'

type Change = (words: string[], chance: Chance, company: Company) => string[]

const eachWord =
  (share: number, change: (word: string, chance: Chance) => string): Change =>
  (words, chance) =>
    words.map((word) => (chance.happens(share) ? change(word, chance) : word))

const abbreviate: Change = eachWord(0.8, (word, chance) => {
  const short = shortFormsOf(word)
  return short.length > 0 ? chance.pick(short) : word
})

const misspell: Change = (words, chance) => {
  const at = chance.below(words.length)
  return words.map((word, index) => (index === at ? misspelt(chance, word) : word))
}

const join: Change = (words, chance) => {
  if (words.length < 2) return words
  const at = chance.below(words.length - 1)
  return [
    ...words.slice(0, at),
    `${words[at] ?? ''}${words[at + 1] ?? ''}`.replace(
      /^(.*)$/,
      (text) => text.slice(0, 1) + text.slice(1).toLowerCase(),
    ),
    ...words.slice(at + 2),
  ]
}

const split: Change = (words, chance) => {
  const at = chance.below(words.length)
  const word = words[at] ?? ''
  if (word.length < 7 || !/^\p{Script=Latin}+$/u.test(word)) return words
  const cut = 3 + chance.below(word.length - 5)
  return [...words.slice(0, at), word.slice(0, cut), word.slice(cut), ...words.slice(at + 1)]
}

const reorder: Change = (words, chance) => {
  const joiner = words.findIndex((word) => word === '&' || word === 'and')
  if (joiner === 1 && words.length >= 3) return [words[2] ?? '', words[1] ?? '', words[0] ?? '', ...words.slice(3)]
  return words.length === 2 && chance.happens(0.5) ? [`${words[1] ?? ''},`, words[0] ?? ''] : words
}

/** Leaves out a last word of the trade; a number or a body at the end is never left out. */
const dropTrade: Change = (words) =>
  words.length >= 3 && TRADE_WORDS.has(words.at(-1) ?? '') ? words.slice(0, -1) : words

const addTrade: Change = (words, chance) => [
  ...words,
  chance.pick(['Services', 'Solutions', 'Group', 'Company', 'International', 'Technologies', 'Systems', 'Online']),
]

const initials: Change = (words) =>
  words.length >= 3 && words.every((word) => /^\p{Script=Latin}/u.test(word))
    ? [words.map((word) => word.slice(0, 1).toUpperCase()).join('')]
    : words

const townAtEnd: Change = (words, chance, company) => [
  ...words,
  ...(chance.happens(0.5) ? ['-'] : []),
  company.town.name,
]

const numberAsWord: Change = (words) =>
  words.map((word) =>
    /^\d+$/.test(word)
      ? (NUMBERS[Number(word)] ?? word)
      : NUMBERS.includes(word)
        ? String(NUMBERS.indexOf(word))
        : word,
  )

const plural: Change = (words) =>
  words.map((word, index) =>
    index === words.length - 1 && /[a-z]$/.test(word) ? (word.endsWith('s') ? word.slice(0, -1) : `${word}s`) : word,
  )

const ampersand: Change = (words, chance) =>
  words.map((word) => (word === '&' ? 'and' : word === 'and' ? chance.pick(['&', '+']) : word))

const CHANGES: Record<Difficulty, { change: Change; share: number }[]> = {
  easy: [
    { change: ampersand, share: 0.4 },
    { change: numberAsWord, share: 0.2 },
  ],
  medium: [
    { change: abbreviate, share: 0.45 },
    { change: misspell, share: 0.2 },
    { change: ampersand, share: 0.3 },
    { change: join, share: 0.06 },
    { change: split, share: 0.05 },
    { change: reorder, share: 0.08 },
    { change: plural, share: 0.06 },
    { change: townAtEnd, share: 0.04 },
    { change: numberAsWord, share: 0.3 },
    { change: dropTrade, share: 0.06 },
  ],
  hard: [
    { change: abbreviate, share: 0.55 },
    { change: misspell, share: 0.35 },
    { change: misspell, share: 0.08 },
    { change: join, share: 0.14 },
    { change: split, share: 0.1 },
    { change: reorder, share: 0.15 },
    { change: dropTrade, share: 0.14 },
    { change: addTrade, share: 0.1 },
    { change: initials, share: 0.06 },
    { change: townAtEnd, share: 0.08 },
    { change: numberAsWord, share: 0.4 },
    { change: plural, share: 0.1 },
  ],
}

/** The name as somebody types it. */
export function typedName(chance: Chance, company: Company, difficulty: Difficulty): string {
  if (company.otherName !== null && difficulty !== 'easy' && chance.happens(0.35)) {
    const own = withForm(chance, company, company.words.join(' '), difficulty)
    return chance.pick([
      `${own} dba ${company.otherName}`,
      `${own} (formerly ${company.otherName})`,
      `${company.otherName} d/b/a ${own}`,
      `${own} (${company.otherName})`,
    ])
  }
  let words = company.words
  for (const { change, share } of CHANGES[difficulty]) if (chance.happens(share)) words = change(words, chance, company)
  const text = inCase(
    chance,
    withForm(chance, company, words.join(' ').replaceAll(' - ', chance.pick([' - ', ' ', '-'])), difficulty),
    difficulty,
  )
  if (chance.happens(difficulty === 'easy' ? 0.15 : 0.3)) return withoutAccents(text)
  return chance.happens(0.15) ? speltOut(text) : text
}

function withForm(chance: Chance, { form, country }: Company, name: string, difficulty: Difficulty): string {
  const spelling = chance.pick(form)
  if (spelling === '' || chance.happens(difficulty === 'easy' ? 0.15 : 0.4)) return name
  const written = difficulty === 'hard' && chance.happens(0.06) ? misspelt(chance, spelling) : spelling
  if (country === 'CN') return name + written
  const front = FORM_IN_FRONT.has(country) && (country !== 'JP' || chance.happens(0.5))
  if (front) return country === 'JP' ? written + name : `${written} ${chance.happens(0.5) ? `«${name}»` : name}`
  return country === 'JP' || country === 'KR' ? name + written : `${name}${chance.happens(0.3) ? ',' : ''} ${written}`
}

function inCase(chance: Chance, text: string, difficulty: Difficulty): string {
  const kind = chance.below(100)
  if (kind < (difficulty === 'easy' ? 8 : 12)) return text.toUpperCase()
  return kind < 20 ? text.toLowerCase() : kind < 24 ? `The ${text}` : text
}
