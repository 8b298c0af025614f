// Company forms at either end of a name, in full or abbreviated, in their own scripts.
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
}

interface Entry {
  is: string
  countries: readonly string[]
}

const FORMS = new Map<string, Entry>()
for (const { is, names, countries } of data.forms) {
  for (const name of byBars(names)) {
    const key = namedWords(name).map(plainWord).join(' ')
    if (!FORMS.has(key)) FORMS.set(key, { is, countries: byBlanks(countries) })
  }
}
const MOST_WORDS = Math.max(...[...FORMS.keys()].map((key) => key.split(' ').length))

/** Forms that stand in front as well, or are too short to be a word at the end of another name. */
const ONLY_IN_FRONT = new Set(['pt', 'tov', 'too'])
const NEVER_IN_FRONT = new Set(
  'co inc incorporated corp corporation limited company ltd plc pc pe as ab se sa us cv ag kg ug hb ky ev ek bt ks sal me spa kb od ad dd sci earl me epp sti snc ood lp sl gk ek is hf oy kk nv bv ua'.split(
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

/** The longest form that the words end with, leaving at least one word. */
export function formAtEnd(plain: readonly string[]): FoundForm | null {
  for (let count = Math.min(MOST_WORDS, plain.length - 1); count > 0; count--) {
    const key = plain.slice(plain.length - count).join(' ')
    const entry = FORMS.get(key)
    if (entry && !ONLY_IN_FRONT.has(key)) return { ...entry, words: count }
  }
  return null
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
