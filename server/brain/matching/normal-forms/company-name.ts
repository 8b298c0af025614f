// Company names in a form that can be compared: words, second names, and what the name says of form, place and structure.
import cues from '../data/name-cues.json' with { type: 'json' }
import { plainWord } from './accents.ts'
import { byBars, byBlanks } from './listed.ts'
import {
  formAtEnd,
  formInFront,
  formInside,
  misspeltFormAtEnd,
  withoutAttachedForm,
  type FoundForm,
} from './legal-forms.ts'
import { dividedTrade, isFiller, namedWords, nameWord, sameMeaning, type NameWord } from './name-word.ts'
import { placeAtEnd } from './name-places.ts'
import { isPlaceholderName } from './placeholder.ts'
import { scriptOf } from './text.ts'

export interface CompanyName {
  /** Every word but the legal form, in order; places and structure at its end are marked. Empty for a placeholder. */
  words: NameWord[]
  /** Distinguishing words, plain, without place and structure. */
  tokens: string[]
  /** `tokens` joined by blanks; empty when the name has none. */
  core: string
  /** Second names: trading names, former names, initials in brackets. */
  aliases: NameWord[][]
  /** Kinds of legal form. */
  forms: string[]
  /** Kinds of company that the legal form says beyond doubt: `JSC`, `LLC`. */
  formKinds: string[]
  /** First letters of every word with its legal form: `tsmc`. */
  initials: string
  /** Countries the legal form is used in; empty when there is none, or it is used in many. */
  formCountries: string[]
  /** Countries, parts of countries and regions the name itself mentions at its end, e.g. `Acme UK`. */
  countries: string[]
  regions: string[]
  /** `holding`, `group` … at the end of the name. */
  structure: string[]
}

const STRUCTURE = new Set(byBlanks(cues.structure))
const NOTES = byBars(cues.notes)
  .map((text) => text.split(' '))
  .sort((a, b) => b.length - a.length)
const CUES = [...byBars(cues.alias), ...byBars(cues.former)]
  .map((text) => text.split(' '))
  .sort((a, b) => b.length - a.length)

/** Normal form of a company name. Normalising the core again gives the same core. */
export function companyName(raw: string): CompanyName {
  if (isPlaceholderName(raw)) return NO_NAME
  const { main, second } = secondNames(raw)
  const parsed = parse(main)
  const aliases = second
    .filter((text) => !isPlaceholderName(text))
    .map((text) => parse(text).words)
    .filter((words) => words.length > 0)
  const core = parsed.words.filter(({ kind }) => kind !== 'place' && kind !== 'structure')
  const tokens = (core.length > 0 ? core : parsed.words).map(({ plain }) => plain)
  return {
    words: parsed.words,
    tokens,
    core: tokens.join(' '),
    aliases,
    forms: unique(parsed.forms.map(({ is }) => is)),
    formKinds: unique(parsed.forms.flatMap(({ kind }) => (kind === null ? [] : [kind]))),
    initials: plainOf(main)
      .filter((word) => !isFiller(word))
      .map((word) => word[0])
      .join(''),
    formCountries: unique(parsed.forms.flatMap(({ countries }) => countries)),
    countries: unique(parsed.countries),
    regions: unique(parsed.regions),
    structure: unique(parsed.words.filter(({ kind }) => kind === 'structure').map(({ plain }) => plain)),
  }
}

const NO_NAME: CompanyName = {
  words: [],
  tokens: [],
  core: '',
  aliases: [],
  forms: [],
  formKinds: [],
  initials: '',
  formCountries: [],
  countries: [],
  regions: [],
  structure: [],
}

/** Forms that East Asia writes as one sign in brackets. */
const BRACKETED_FORMS = /[(（]([株有合주유])[)）]/gu
const SPELT_FORMS: Record<string, string> = {
  株: '株式会社',
  有: '有限会社',
  合: '合同会社',
  주: '주식회사',
  유: '유한회사',
}

/** Separates `A dba B`, `A (formerly B)` and `Alpha Beta Works (ABW)`; other brackets stay part of the name. */
function secondNames(typed: string): { main: string; second: string[] } {
  const raw = typed.normalize('NFKC').replaceAll(BRACKETED_FORMS, (_, sign: string) => SPELT_FORMS[sign] ?? sign)
  const second: string[] = []
  const inside = raw.replaceAll(/[([（［{]([^()[\]（）［］{}]*)[)\]）］}]/gu, (whole, text: string, at: number) => {
    const words = plainOf(text)
    const cue = startsWithCue(words)
    if (cue > 0) {
      second.push(words.slice(cue).join(' '))
      return ' '
    }
    const before = plainOf(raw.slice(0, at))
    if (words.length === 1 && isInitialsOf(words[0] ?? '', before)) {
      second.push(text)
      return ' '
    }
    return ` ${text} `
  })
  const words = plainOf(inside)
  const at = words.findIndex((_, index) => index > 0 && startsWithCue(words.slice(index)) > 0)
  if (at === -1) return { main: inside, second }
  const length = startsWithCue(words.slice(at))
  if (at + length >= words.length) return { main: inside, second }
  const written = namedWords(inside)
  return { main: written.slice(0, at).join(' '), second: [...second, written.slice(at + length).join(' ')] }
}

const plainOf = (text: string) => namedWords(text).map(plainWord)

function startsWithCue(words: readonly string[]): number {
  const cue = CUES.find((each) => words.length > each.length && each.every((word, index) => words[index] === word))
  return cue?.length ?? 0
}

const isInitialsOf = (short: string, long: readonly string[]) =>
  short.length >= 2 &&
  [long, long.filter((word) => !isFiller(word))].some((words) =>
    words
      .map((word) => word[0])
      .join('')
      .startsWith(short),
  )

/** Before a form in capitals at the end of a word in small letters: `SiemensAG`. */
const GLUED_FORMS =
  /(?<=\p{Ll}{2})(?=(?:AG|KG|SE|GmbH|Ltd|LTD|LLC|Inc|INC|PLC|Plc|Corp|BV|NV|SA|SAS|SARL|SpA|SRL|AB|LP)(?!\p{L}))/gu

interface Parsed {
  words: NameWord[]
  forms: FoundForm[]
  countries: string[]
  regions: string[]
}

/** Takes forms off both ends, then places and structure off the end, and marks the latter. */
function parse(text: string): Parsed {
  const found: Parsed = { words: [], forms: [], countries: [], regions: [] }
  let written = namedWords(text.replaceAll(GLUED_FORMS, ' '))
  const marked: NameWord[] = []
  for (;;) {
    const plain = written.map(plainWord)
    const next = withoutForm(written, plain, found) ?? withoutNote(written, plain)
    if (next) written = next
    else {
      const rest = withoutMark(written, plain, found, marked)
      if (!rest) break
      written = rest
    }
  }
  const divided = written.flatMap(dividedTrade)
  found.words = [...divided.map((word, index) => nameWord(word, index > 0 && index === divided.length - 1)), ...marked]
  return found
}

function withoutForm(written: string[], plain: string[], found: Parsed): string[] | null {
  if (plain.length > 1 && ['the', 'los', 'las', 'die', 'der', 'das', 'les'].includes(plain[0] ?? ''))
    return written.slice(1)
  if (plain.length > 1 && plain.at(-1) === 'the') return written.slice(0, -1)
  const [exact, misspelt] = [formAtEnd(plain), misspeltForm(plain)]
  const end = misspelt && misspelt.words > (exact?.words ?? 0) ? misspelt : exact
  if (
    end &&
    !isOrdinaryWord(plain, end.words) &&
    plain.slice(0, plain.length - end.words).some((word) => !isFiller(word))
  ) {
    found.forms.push(end)
    return written.slice(0, written.length - end.words)
  }
  const front = formInFront(plain)
  if (front) {
    found.forms.push(front)
    return written.slice(front.words)
  }
  const inside = formInside(plain)
  if (inside) {
    found.forms.push(inside)
    return [...written.slice(0, inside.at), ...written.slice(inside.at + inside.words)]
  }
  for (const [index, word] of plain.entries()) {
    const attached = withoutAttachedForm(word)
    if (attached) {
      found.forms.push(attached.form)
      return written.with(index, attached.rest)
    }
  }
  return null
}

/** A form with a typing error, unless its first word is a known one: `Limited Edition`, `Companion`. */
function misspeltForm(plain: readonly string[]): FoundForm | null {
  const found = misspeltFormAtEnd(plain)
  return found && plain.slice(plain.length - found.words).every((word) => nameWord(word, false).kind !== 'word')
    ? null
    : found
}

/** `Day Spa` and `Cash & Co` end with a word, not with a form. */
const isOrdinaryWord = (plain: readonly string[], count: number) =>
  count === 1 &&
  plain.at(-1) === 'spa' &&
  /^(?:day|med|medi|nail|head|hair|dental|wellness|pet|salon|beauty|urban|city)$/.test(plain.at(-2) ?? '')

function withoutNote(written: string[], plain: string[]): string[] | null {
  const note = NOTES.find((each) => {
    const rest = plain.length - each.length
    return rest > 0 && each.every((word, index) => plain[rest + index] === word)
  })
  return note ? written.slice(0, written.length - note.length) : null
}

/** Moves a place or a word of structure from the end of `written` to `marked`. */
function withoutMark(written: string[], plain: string[], found: Parsed, marked: NameWord[]): string[] | null {
  const last = plain.at(-1) ?? ''
  if (plain.length > 1 && STRUCTURE.has(last)) {
    marked.unshift({ ...nameWord(written.at(-1) ?? '', false), kind: 'structure' })
    return written.slice(0, -1)
  }
  const place = placeAtEnd(plain)
  if (!place || isFiller(plain[plain.length - place.words - 1] ?? '')) return null
  const text = written.slice(written.length - place.words).join(' ')
  marked.unshift({
    written: text,
    plain: plain.slice(plain.length - place.words).join(' '),
    speltOut: null,
    canon: `@${place.place}`,
    script: scriptOf(text),
    kind: 'place',
  })
  if (place.is === 'country') found.countries.push(place.place)
  else found.regions.push(place.place)
  return written.slice(0, written.length - place.words)
}

/** Search words of a name in its own script, the most distinctive first, with other spellings of the same words. */
export function searchWords(name: CompanyName, atMost: number): string[] {
  const words = name.words.filter(({ kind, plain }) => kind !== 'filler' && kind !== 'place' && [...plain].length >= 2)
  const rare = words.filter(({ kind }) => kind === 'word')
  const telling = rare.length > 0 ? rare : words
  const spelt = telling.flatMap(({ written, plain, speltOut }) => [written, plain, ...(speltOut ? [speltOut] : [])])
  const meant = words.flatMap(({ plain }) => sameMeaning(plain)).filter((word) => word.length >= 3)
  return [...new Set([...spelt, ...(rare.length > 0 ? [] : meant)])].slice(0, atMost)
}

/** Most names have no place, no structure and one form: the empty lists are one. */
const NONE: string[] = []
const unique = (values: readonly string[]) => (values.length === 0 ? NONE : [...new Set(values)].sort())
