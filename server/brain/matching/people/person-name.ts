// Names of persons in a form that can be compared: given and family names, initials, particles and generation.
import personWords from '../data/person-words.json' with { type: 'json' }
import { plainWord, speltOut } from '../normal-forms/accents.ts'
import { byBars, byBlanks } from '../normal-forms/listed.ts'
import { foldText, scriptOf, splitWords, type Script } from '../normal-forms/text.ts'

export interface PersonWord {
  /** Folded, without accents, in its own script. */
  plain: string
  /** With umlauts spelt out; null when it has none. */
  speltOut: string | null
  script: Script
  kind: 'name' | 'initial' | 'particle'
  /** Null where the name does not say which of the two it is. */
  role: 'given' | 'family' | null
}

export interface PersonName {
  /** In the order given names, family names. Empty for a placeholder. */
  words: PersonWord[]
  /** 1 for senior, 2 for junior, and so on; null when not said. */
  generation: number | null
}

/** A name as one text, or in the fields of a contact. */
interface TypedName {
  full: string | null
  first: string | null
  middle: string | null
  last: string | null
  suffix: string | null
}

const TITLES = new Set(byBlanks(personWords.titles))
const DEGREES = new Set(byBlanks(personWords.degrees))
const GENERATIONS = new Map(
  byBlanks(personWords.generations).map((pair): [string, number] => [
    pair.split(':')[0] ?? '',
    Number(pair.split(':')[1]),
  ]),
)
const PARTICLES = new Set(byBlanks(personWords.particles))
const PLACEHOLDERS = new Set(byBars(personWords.placeholders))
/** Longest name that is looked at. */
const LONGEST = 200

const NO_NAME: PersonName = { words: [], generation: null }

/** Normal form of a person's name; the fields decide where a text leaves open which name is the family's. */
export function personName({ full, first, middle, last, suffix }: TypedName): PersonName {
  if ((last ?? '') === '' && (first ?? '') === '') return full === null ? NO_NAME : personOfText(full)
  const given = wordsOf(`${first ?? ''} ${middle ?? ''}`)
  const family = wordsOf(last ?? '')
  const ends = generationAtEnd([...family, ...wordsOf(suffix ?? '')], family.length > 0 ? 1 : 0)
  const [names, families] = [withoutTitles(given), ends.words]
  if (isPlaceholder([...names, ...families])) return NO_NAME
  // A whole name in the field for the last name, as people type it where they know one field.
  if (names.length === 0 && families.length > 1 && !isParticle(families[0])) return personOfText(last ?? '')
  return {
    words: [...names.map(wordAs('given')), ...families.map(wordAs('family'))],
    generation: ends.generation,
  }
}

function personOfText(text: string): PersonName {
  const cut = text.slice(0, LONGEST).replaceAll(/\(.*?\)|".*?"|“.*?”/g, ' ')
  const [before = '', after = '', ...more] = cut.split(',')
  const behind = generationAtEnd(wordsOf([after, ...more].join(' ')), 0)
  const front = generationAtEnd(withoutTitles(wordsOf(before)), 1)
  const generation = front.generation ?? behind.generation
  const [x, y] = [front.words, withoutTitles(behind.words)]
  if (isPlaceholder([...y, ...x])) return NO_NAME
  // `Smith, John`; after a comma may also stand a degree alone, which is gone by now.
  if (y.length > 0) return { words: [...y.map(wordAs('given')), ...x.map(wordAs('family'))], generation }
  return { words: withRoles(x, cut), generation }
}

/** Given and family names of a text without a comma. */
function withRoles(words: readonly string[], typed: string): PersonWord[] {
  const script = scriptOf(words[0] ?? '')
  const [only = ''] = words
  // The family's name is the first sign of a name without blanks.
  if (words.length === 1 && (script === 'han' || script === 'hangul') && /^.{2,4}$/u.test(only)) {
    const [family = '', ...given] = [...only]
    return [wordAs('given')(given.join('')), wordAs('family')(family)]
  }
  if (words.length === 1 || script === 'han' || script === 'hangul') return words.map(wordAs(null))
  const capitals = new Set(
    (typed.match(/(?<!\p{L})\p{Lu}[\p{Lu}'’-]+(?!\p{L})/gu) ?? []).flatMap((each) => wordsOf(each)),
  )
  const isFamily = (word: string) => capitals.has(word)
  if (words.some(isFamily) && words.some((word) => !isFamily(word) && word.length > 1)) {
    const given = words.filter((word) => !isFamily(word))
    return [...given.map(wordAs('given')), ...words.filter(isFamily).map(wordAs('family'))]
  }
  let at = words.length - 1
  while (at > 1 && isParticle(words[at - 1])) at--
  return words.map((word, index) => wordAs(index < at ? 'given' : 'family')(word))
}

/** Words with their accents; `J.R.` are two initials, and an apostrophe or a hyphen after a particle joins: `O'Neil`, `Al-Sayed`. */
function wordsOf(text: string): string[] {
  const open = text
    .replaceAll(/(?<!\p{L})(\p{L})\.(?=\s*\p{L})/gu, '$1 ')
    .replaceAll(/(?<=\p{Ll}{3})(?=\p{Lu}\p{Ll}{2})/gu, ' ')
  return splitWords(foldText(open)).filter((word) => /[\p{L}\d]/u.test(word))
}

function withoutTitles(words: readonly string[]): string[] {
  const rest = [...words]
  while (rest.length > 1 && TITLES.has(plainWord(rest[0] ?? ''))) rest.shift()
  // Titles that stand inside a name, as `Saduddin Mullah Sayyed`, are left: some are names there.
  return rest
}

/** Takes degrees and a generation off the end, leaving `atLeast` words. */
function generationAtEnd(words: readonly string[], atLeast: number): { words: string[]; generation: number | null } {
  const rest = [...words]
  let generation: number | null = null
  while (rest.length > atLeast) {
    const last = plainWord(rest.at(-1) ?? '')
    const found = GENERATIONS.get(last)
    // A single `I` or `V` after one name is an initial.
    if (found !== undefined && (last.length > 1 || rest.length > 2)) generation = found
    else if (!DEGREES.has(last) || rest.length === atLeast) break
    rest.pop()
  }
  return { words: rest, generation }
}

function isPlaceholder(words: readonly string[]): boolean {
  const text = words.map(plainWord).join(' ')
  return (
    words.length === 0 || PLACEHOLDERS.has(text) || words.every((word) => /^\d+$/.test(word) || /^(.)\1*$/.test(word))
  )
}

const isParticle = (word: string | undefined) => PARTICLES.has(plainWord(word ?? ''))

const wordAs =
  (role: PersonWord['role']) =>
  (written: string): PersonWord => {
    const plain = plainWord(written)
    const isInitial = [...plain].length === 1 && ['latin', 'cyrillic', 'greek'].includes(scriptOf(plain))
    const kind = isParticle(written) ? 'particle' : isInitial ? 'initial' : 'name'
    return { plain, speltOut: speltOut(written), script: scriptOf(plain), kind, role }
  }
