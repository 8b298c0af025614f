// One word of a name: as written, without accents, and what it means the same as.
import commonWords from '../data/common-words.json' with { type: 'json' }
import tradeWords from '../data/trade-words.json' with { type: 'json' }
import { plainWord, speltOut } from './accents.ts'
import { byBlanks } from './listed.ts'
import { isOneErrorApart } from './one-error.ts'
import { numberOf, sameNumber, withNumbersJoined } from './number-word.ts'
import { foldText, scriptOf, splitWords, type Script } from './text.ts'

export interface NameWord {
  /** Folded, with its accents. */
  written: string
  /** Without accents, in its own script. */
  plain: string
  /** With umlauts spelt out; null when it has none. */
  speltOut: string | null
  /** Equal for words that mean the same: `mfg` and `manufacturing`, `ii` and `2`. */
  canon: string
  script: Script
  kind: 'word' | 'common' | 'filler' | 'number' | 'letter' | 'place' | 'structure'
}

const FILLER = new Set(
  byBlanks(
    'the of for de la le les el los las der die das des du di da do dos del della dei von van den het een a an in at on by to al zu zum zur im am',
  ),
)
/** Words that join two others; `&` and `+` are read as the first. */
const CONJUNCTIONS = new Set(['and', 'und', 'et', 'og', 'och', 've', 'та', 'και'])
/** Conjunctions of one letter are letters of a series too: `Section E`. They stay, and weigh nothing. */
const LETTER_CONJUNCTIONS = new Set(['y', 'e', 'и'])

const meaning = (lists: Record<string, string>) =>
  Object.entries(lists).flatMap(([canon, others]) => [canon, ...byBlanks(others)].map((word) => [word, canon] as const))
const TRADE = new Map(meaning(tradeWords.words).map(([word, canon]) => [plainWord(word), canon]))
const COMMON = new Set(commonWords.common.flatMap(byBlanks))

/** Words of a name in order, folded: conjunctions between two words left out, single letters in a row joined. */
export function namedWords(text: string): string[] {
  const all = splitWords(
    foldText(
      text
        .slice(0, LONGEST)
        .replaceAll(/[&＆+＋]/g, ' and ')
        .replaceAll(/[%％]/g, ' percent '),
    ),
  )
  const kept = all.filter(
    (word, index) => !CONJUNCTIONS.has(word) || index === 0 || (index === all.length - 1 && word.length === 1),
  )
  const joined: string[] = []
  let letters = ''
  for (const word of [...kept, '']) {
    if (/^[^\d]$/u.test(word) && isAlphabetic(word)) {
      letters += word
      continue
    }
    if (letters !== '') joined.push(letters)
    letters = ''
    if (word !== '') joined.push(word)
  }
  return withNumbersJoined(joined)
}

/** Longest name that is looked at: fields of an org hold 255 signs. */
const LONGEST = 400

const isAlphabetic = (word: string) => ['latin', 'cyrillic', 'greek'].includes(scriptOf(word))

/** The word `written` at the end (`isLast`) or elsewhere in a name of several words. */
export function nameWord(written: string, isLast: boolean): NameWord {
  const key = isLast ? `${written} ` : written
  const before = words.get(key)
  if (before !== undefined) return before
  if (words.size >= MOST_KEPT) words.clear()
  const word = newWord(written, isLast)
  words.set(key, word)
  return word
}

/** Words that many names have; they are never changed, so names share them. */
const words = new Map<string, Readonly<NameWord>>()

function newWord(written: string, isLast: boolean): NameWord {
  const plain = plainWord(written)
  const script = scriptOf(plain)
  const number = numberOf(plain, isLast)
  const base = { written, plain, speltOut: speltOut(written), script }
  if (number !== null) return { ...base, canon: number, kind: 'number' }
  if (!isLast && LETTER_CONJUNCTIONS.has(plain)) return { ...base, canon: plain, kind: 'filler' }
  if ([...plain].length === 1 && isAlphabetic(plain)) return { ...base, canon: plain, kind: 'letter' }
  if (FILLER.has(plain)) return { ...base, canon: plain, kind: 'filler' }
  const trade = TRADE.get(plain) ?? TRADE.get(withoutS(plain)) ?? (COMMON.has(plain) ? undefined : misspeltTrade(plain))
  return {
    ...base,
    canon: trade ?? singular(plain),
    kind: trade !== undefined || COMMON.has(plain) ? 'common' : 'word',
  }
}

/** `hosps` without its plural, where too little is left for a plural of another word. */
const withoutS = (plain: string) => (/^[a-z]{3,}s$/.test(plain) && !plain.endsWith('ss') ? plain.slice(0, -1) : plain)

/** Trade words in which a typing error is found, by first letter and length. */
const LONG_TRADE = Map.groupBy(
  [...TRADE.keys()].filter((word) => /^[a-z]{7,}$/.test(word)),
  (word) => `${word[0] ?? ''}${word.length}`,
)
/** The trade word that a word is with one typing error: `Tehcnology`, `Manufaacturing`. */
function misspeltTrade(plain: string): string | undefined {
  if (!/^[a-z]{7,}$/.test(plain)) return undefined
  const near = [0, -1, 1].flatMap((more) => LONG_TRADE.get(`${plain[0] ?? ''}${plain.length + more}`) ?? [])
  return TRADE.get(near.find((word) => isOneErrorApart(word, plain)) ?? '')
}

const MOST_KEPT = 50_000

/** English plurals of longer words. */
function singular(plain: string): string {
  if (plain.length < 5 || !/^[a-z]+s$/.test(plain) || /(?:ss|us|is)$/.test(plain)) return plain
  return plain.endsWith('ies') ? `${plain.slice(0, -3)}y` : plain.slice(0, -1)
}

export function isFiller(plain: string): boolean {
  return FILLER.has(plain) || CONJUNCTIONS.has(plain)
}

/** Other words for the same thing, for searches: `mfg` for `manufacturing`, `first` for `1st`. */
export function sameMeaning(plain: string): string[] {
  const canon = TRADE.get(plain)
  const trade =
    canon === undefined ? [] : [canon, ...byBlanks((tradeWords.words as Record<string, string>)[canon] ?? '')]
  return [...new Set([...trade, ...sameNumber(plain)])].filter((word) => word !== plain)
}

const UNSPACED_TRADE = [...TRADE.keys()]
  .filter((word) => /^[\p{Script=Han}\p{Script=Hangul}]{2,}$/u.test(word))
  .sort((a, b) => b.length - a.length)

/** Divides a word of an unspaced script before a word of the trade at its end: `東海印刷` is `東海` and `印刷`. */
export function dividedTrade(written: string): string[] {
  if (/^[a-z0-9]*$/.test(written)) return [written]
  const plain = plainWord(written)
  const trade = UNSPACED_TRADE.find((word) => plain.endsWith(word) && plain.length >= word.length + 2)
  return trade === undefined ? [written] : [written.slice(0, -trade.length), written.slice(-trade.length)]
}
