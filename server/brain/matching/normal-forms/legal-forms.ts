// Company forms at either end of a name, in full or abbreviated, in their own scripts.
import { distance } from 'fastest-levenshtein'
import data from '../data/legal-forms.json' with { type: 'json' }
import { plainWord } from './accents.ts'
import { byBars, byBlanks } from './listed.ts'
import { namedWords } from './name-word.ts'

export interface FoundForm {
  /** Kind of form across countries: `LLC`, `JSC` … */
  is: string
  /** Countries it is used in; empty when there are many. */
  countries: readonly string[]
  words: number
  /** `JSC`, `LLC` … where the form says it beyond doubt; null for `Ltd` or `Company`, which people write for many forms. */
  kind: string | null
}

type Entry = Omit<FoundForm, 'words'>

/** Forms whose kinds are two kinds of company; what else is a form says too little. */
const KINDS: Record<string, string> = {
  JSC: 'JSC',
  PLC: 'JSC',
  LLC: 'LLC',
  LP: 'LP',
  GP: 'GP',
  NGO: 'NGO',
  COOP: 'COOP',
}
/** Written for companies of any kind. */
const LOOSE = new Set(['ltd', 'limited', 'lmtd', 'ltd co', 'co ltd', 'coltd', 'lp', 'llp', '株式会社', '有限公司'])

const FORMS = new Map<string, Entry>()
for (const { is, names, countries } of data.forms) {
  for (const name of byBars(names)) {
    const key = namedWords(name).map(plainWord).join(' ')
    if (!FORMS.has(key))
      FORMS.set(key, { is, countries: byBlanks(countries), kind: LOOSE.has(key) ? null : (KINDS[is] ?? null) })
  }
}
const MOST_WORDS = Math.max(...[...FORMS.keys()].map((key) => key.split(' ').length))

/** Forms that stand in front as well, or are too short to be a word at the end of another name. */
const ONLY_IN_FRONT = new Set(['pt', 'tov', 'too', 'ano'])
const NEVER_IN_FRONT = new Set(
  'na eg co inc incorporated corp corporation limited company ltd plc pc pe as ab se sa us cv ag kg ug hb ky ev ek bt ks sal me spa kb od ad dd sci earl me epp sti snc ood lp sl gk ek is hf oy kk nv bv ua'.split(
    ' ',
  ),
)
/** Forms of an own word: taken off in the middle of a name too (`Acme Ltd London`). */
const ANYWHERE = new Set([
  'inc',
  'ltd',
  'llc',
  'gmbh',
  'plc',
  'pvt ltd',
  'pty ltd',
  'pte ltd',
  'sdn bhd',
  'sp zoo',
  'sro',
  'srl',
  'sarl',
  'co ltd',
  'llp',
  'bv',
  'gmbh co kg',
  'incorporated',
  'private limited',
])

/** Words written without blanks, with the form attached: `青葉電機製作株式会社`. */
const ATTACHED = [...FORMS.keys()]
  .filter((key) => /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Thai}]{2,}$/u.test(key))
  .sort((a, b) => b.length - a.length)

/** True for a legal form of one word, of two letters and more. */
export const isForm = (word: string): boolean => word.length >= 2 && FORMS.has(word)

/** The longest form that the words end with, leaving at least one word. */
export function formAtEnd(plain: readonly string[]): FoundForm | null {
  for (let count = Math.min(MOST_WORDS, plain.length - 1); count > 0; count--) {
    const key = plain.slice(plain.length - count).join(' ')
    const entry = FORMS.get(key)
    if (entry && !ONLY_IN_FRONT.has(key)) return { ...entry, words: count }
  }
  return null
}

/** Forms of several words, and long words, by their number of words: typing errors in them are found. */
const LONG = Map.groupBy(
  [...FORMS.keys()].filter((key) => (key.includes(' ') ? key.length >= 14 : key.length >= 7 && /^[a-z]+$/.test(key))),
  (key) => key.split(' ').length,
)

/** A form in full with a typing error at the end: `Limted`, `Joynt Stock Company`; leaves at least one word. */
export function misspeltFormAtEnd(plain: readonly string[]): FoundForm | null {
  for (let count = Math.min(MOST_WORDS, plain.length - 1); count > 0; count--) {
    const text = plain.slice(plain.length - count).join(' ')
    if (text.length < 6) continue
    const key = LONG.get(count)?.find((form) => isMisspelt(text, form))
    const entry = key === undefined ? undefined : FORMS.get(key)
    if (entry) return { ...entry, words: count }
  }
  return null
}

/** One error in a word, two in several words; the first letter is right. */
function isMisspelt(text: string, form: string): boolean {
  const most = form.includes(' ') || form.length >= 14 ? 2 : 1
  return text[0] === form[0] && Math.abs(text.length - form.length) <= most && distance(text, form) <= most
}

/** The longest form that the words begin with, leaving at least one word. */
export function formInFront(plain: readonly string[]): FoundForm | null {
  for (let count = Math.min(MOST_WORDS, plain.length - 1); count > 0; count--) {
    const key = plain.slice(0, count).join(' ')
    const entry = FORMS.get(key)
    if (entry && !NEVER_IN_FRONT.has(key)) return { ...entry, words: count }
  }
  return null
}

/** A form between two words of the name, and where it begins. */
export function formInside(plain: readonly string[]): (FoundForm & { at: number }) | null {
  for (let count = Math.min(3, plain.length - 2); count > 0; count--) {
    for (let at = 1; at + count < plain.length; at++) {
      const key = plain.slice(at, at + count).join(' ')
      const entry = ANYWHERE.has(key) ? FORMS.get(key) : undefined
      if (entry) return { ...entry, words: count, at }
    }
  }
  return null
}

/** A word of an unspaced script without the form attached to it; null when none is. */
export function withoutAttachedForm(plain: string): { rest: string; form: FoundForm } | null {
  if (/^[a-z0-9]*$/.test(plain)) return null
  for (const key of ATTACHED) {
    const entry = FORMS.get(key)
    if (!entry || plain.length <= key.length) continue
    if (plain.endsWith(key)) return { rest: plain.slice(0, -key.length), form: { ...entry, words: 0 } }
    if (plain.startsWith(key)) return { rest: plain.slice(key.length), form: { ...entry, words: 0 } }
  }
  return null
}
