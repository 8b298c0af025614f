// Words that Japanese takes from other languages: `スターバックス` is `Starbucks` as it sounds there.
import { distance } from 'fastest-levenshtein'

/** How alike a word in kana (in Latin letters) and a Latin word sound to a Japanese ear, 0 to 1. */
export function loanLikeness(kana: string, latin: string): number {
  const [x, y] = [heard(kana), heard(latin.replaceAll(SILENT_R, ''))]
  const longer = Math.max(x.length, y.length)
  if (Math.min(x.length, y.length) < 3) return 0
  if (x === y) return 0.9
  return longer >= 5 && distance(x, y) <= longer * 0.21 ? 0.8 : 0
}

/** Before a consonant and at the end, Japanese hears a long vowel. */
const SILENT_R = /r(?=[bcdfgjklmnpqstvwxz]|$)/g

const HEARD: [RegExp, string][] = [
  [/tch|tsch|ch|ts/g, 't'],
  [/sch|sh|th/g, 's'],
  [/ph/g, 'f'],
  [/gh|w|y/g, ''],
  [/c(?=[ei])/g, 's'],
  [/[cq]/g, 'k'],
  [/x/g, 'ks'],
  [/g(?=[ei])|j/g, 'z'],
  [/v/g, 'b'],
  [/f/g, 'h'],
  [/l/g, 'r'],
  [/m/g, 'n'],
  [/[aeiou]/g, ''],
  [/(.)\1+/g, '$1'],
]

const heard = (word: string) => HEARD.reduce((text, [pattern, sound]) => text.replaceAll(pattern, sound), word)
